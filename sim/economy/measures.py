"""World -> one row of measures per group, and one row per month. Kernels, so that every front end reports the same bits."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.economy.compiled import kernel
from sim.economy.landscape import count
from sim.economy.search import IDEA_ADOPTED, PRACTICE_ADOPTED, PROPOSAL_REJECTED
from sim.economy.state import Firms, State

GROUPS = ("small independent", "small interdependent", "large independent", "large interdependent")
FOCUS_GROUPS = ("small profit-focused", "small sales-focused", "large profit-focused", "large sales-focused")
ALL_GROUPS = (*GROUPS, *FOCUS_GROUPS)


class Measure(NamedTuple):
    """One reported number: its name, how a group's firms are put together, unit and meaning."""

    name: str
    kind: str  # "count", "sum" over the group, or "mean" over its firms; "market" for the month-wide ones
    unit: str
    meaning: str


GROUP_MEASURES = (
    Measure("firms", "count", "firms", "firms that sold this month"),
    Measure("age", "mean", "months", "months of trading, this one included"),
    Measure("profit", "sum", "money", "operating profit less own specialists' wages and dues"),
    Measure("operating_profit", "sum", "money", "revenue less variable cost, overhead and promotion"),
    Measure("revenue", "sum", "money", "price times quantity sold"),
    Measure("profit_per_line", "mean", "money/line", "profit per product line"),
    Measure("operating_profit_per_line", "mean", "money/line", "operating profit per product line"),
    Measure("revenue_per_line", "mean", "money/line", "revenue per product line"),
    Measure("promotion", "sum", "money", "spent on promotion"),
    Measure("specialist_cost", "sum", "money", "wages of specialists that firms hire alone"),
    Measure("dues", "sum", "money", "paid to alliances: joint wages and coordination"),
    Measure("cash", "sum", "money", "cash at the end of the month"),
    Measure("price", "mean", "money", "price"),
    Measure("markup", "mean", "money", "price less marginal cost"),
    Measure("share", "mean", "", "share of the customers of the firm's market"),
    Measure("fitness", "mean", "", "fitness of the business model in force"),
    Measure("relative_fitness", "mean", "", "fitness divided by the best in the firm's market this month"),
    Measure("coverage", "mean", "domains", "domains that the firm can judge without error"),
    Measure("specialists", "mean", "specialists", "specialists that serve the firm, hired alone or jointly"),
    Measure("alliance_members", "mean", "firms", "members of the firm's alliance, 1 = alone"),
    Measure("allied", "mean", "", "share of the firms that are in an alliance"),
    Measure("shirkers", "count", "firms", "members that did not keep their word"),
    Measure("exits", "count", "firms", "firms that ended the month without cash and close"),
    Measure("entries", "count", "firms", "start-ups that opened this month"),
    Measure("ideas_adopted", "count", "firms", "firms that put an idea of their own into force"),
    Measure("practices_adopted", "count", "firms", "firms that put an ally's practice into force"),
    Measure("proposals_rejected", "count", "firms", "firms in which a layer of management stopped a proposal"),
)

MONTH_MEASURES = (
    Measure("alliances", "market", "alliances", "alliances with at least two members"),
    Measure("interdependent_share", "market", "", "share of the firms that is willing to ally"),
    Measure("concentration", "market", "", "Herfindahl index of what is bought, mean over customers"),
    Measure("outside_share", "market", "", "share of the customers who buy nothing"),
    Measure("mean_price", "market", "money", "price paid, mean over what is bought"),
    Measure("consumer_surplus", "market", "money", "customers·ln(H/outside)/α; without outside good, relative to the first month"),
    Measure("total_surplus", "market", "money", "consumer surplus plus all firms' profits"),
    Measure("iterations", "market", "", "iterations until prices were found, the largest of all markets"),
)

GROUP_NAMES = tuple(measure.name for measure in GROUP_MEASURES)
MONTH_NAMES = tuple(measure.name for measure in MONTH_MEASURES)
IS_MEAN = np.array([measure.kind == "mean" for measure in GROUP_MEASURES])
ALLIANCES, INTERDEPENDENT, CONCENTRATION, OUTSIDE, MEAN_PRICE, CONSUMERS, TOTAL, ITERATIONS = range(len(MONTH_MEASURES))
FIRMS, PROFIT = GROUP_NAMES.index("firms"), GROUP_NAMES.index("profit")


@kernel
def group_of(firms: Firms, i: int) -> int:
    """Number of firm i's group in `GROUPS`: by size, then by its strategy this month."""
    return 2 * int(firms.large[i]) + int(firms.interdependent[i])


@kernel
def focus_group_of(firms: Firms, i: int) -> int:
    """Number of firm i's group in `FOCUS_GROUPS`: by size, then by its focus."""
    return 2 * int(firms.large[i]) + int(firms.sales_focus[i] > 0.0)


@kernel
def measure(state: State, parameters: Any, by_group: NDArray[np.float64], by_month: NDArray[np.float64]) -> None:
    """Fill by_group (ALL_GROUPS x GROUP_MEASURES) and by_month; a group without firms has firms = 0 and else no value (NaN)."""
    by_group[:, :] = 0.0
    width = state.landscape.key.size // state.landscape.domain.size
    for i in range(state.firms.identity.size):
        if state.firms.active[i]:
            _add_firm(state, i, width, by_group, (group_of(state.firms, i), len(GROUPS) + focus_group_of(state.firms, i)))
    willing, everybody, profit = 0.0, 0.0, 0.0
    for g in range(by_group.shape[0]):
        n = by_group[g, FIRMS]
        if g < len(GROUPS):
            willing += n * (g % 2)
            everybody += n
            profit += by_group[g, PROFIT]
        for k in range(by_group.shape[1]):
            if n == 0.0 and k != FIRMS:
                by_group[g, k] = np.nan
            elif IS_MEAN[k]:
                by_group[g, k] /= n
    _measure_markets(state, parameters, by_month)
    by_month[INTERDEPENDENT] = willing / everybody if everybody > 0.0 else np.nan
    by_month[TOTAL] = by_month[CONSUMERS] + profit


@kernel
def _add_firm(state: State, i: int, width: int, by_group: NDArray[np.float64], groups: tuple[int, int]) -> None:
    """Add firm i to the rows of its two groups, in the order of GROUP_MEASURES."""
    firms, lines, a = state.firms, state.firms.lines[i], state.firms.alliance[i]
    hired = firms.specialists[i] if a < 0 else firms.specialists[i] | state.alliances.hired[a]
    values = (
        1.0,
        float(firms.age[i]),
        firms.profit[i],
        firms.operating_profit[i],
        firms.revenue[i],
        firms.profit[i] / lines,
        firms.operating_profit[i] / lines,
        firms.revenue[i] / lines,
        firms.promotion[i],
        firms.specialist_cost[i],
        firms.dues[i],
        firms.cash[i],
        firms.price[i],
        firms.price[i] - firms.marginal_cost[i],
        firms.share[i],
        firms.fitness[i],
        firms.fitness[i] / state.markets.best_fitness[firms.market[i]],
        float(count(firms.coverage[i]) // width),
        float(count(hired) // width),
        float(state.alliances.members[a]) if a >= 0 else 1.0,
        np.float64(a >= 0),
        np.float64(a >= 0 and not firms.keeps_word[i]),
        np.float64(firms.failed[i]),
        np.float64(firms.entered[i]),
        np.float64(firms.outcome[i] == IDEA_ADOPTED),
        np.float64(firms.outcome[i] == PRACTICE_ADOPTED),
        np.float64(firms.outcome[i] == PROPOSAL_REJECTED),
    )
    for k in range(len(values)):
        by_group[groups[0], k] += values[k]
        by_group[groups[1], k] += values[k]


@kernel
def _measure_markets(state: State, parameters: Any, row: NDArray[np.float64]) -> None:
    """The month-wide measures; several markets weigh as their customers do."""
    markets = state.markets
    row[:] = 0.0
    lines, bought, spent = 0.0, 0.0, 0.0
    for m in range(markets.lines.size):
        inside, paid = _basket(state.firms, markets.start[m], markets.start[m + 1])
        lines += markets.lines[m]
        bought += inside * markets.lines[m]
        spent += paid * markets.lines[m]
        row[CONCENTRATION] += markets.lines[m] * _herfindahl(state.firms, markets.start[m], markets.start[m + 1], inside)
        row[OUTSIDE] += markets.lines[m] * markets.outside_share[m]
        row[CONSUMERS] += _consumer_surplus(state, parameters, m)
        row[ITERATIONS] = max(row[ITERATIONS], float(markets.iterations[m]))
    row[CONCENTRATION] /= lines
    row[OUTSIDE] /= lines
    row[MEAN_PRICE] = spent / bought if bought > 0.0 else np.nan
    for a in range(state.alliances.members.size):
        row[ALLIANCES] += np.float64(state.alliances.members[a] > 0)


@kernel
def _consumer_surplus(state: State, parameters: Any, m: int) -> float:
    """customers·ln(H/outside)/α of market m."""
    markets, demand = state.markets, parameters.market
    reference = markets.log_outside[m] if demand.outside > 0.0 else markets.first_log_aggregate[m]
    return float(demand.customers * markets.lines[m] * (markets.log_aggregate[m] - reference) / demand.price_sensitivity)


@kernel
def _basket(firms: Firms, start: int, stop: int) -> tuple[float, float]:
    """Sum of shares, and of share times price, over the firms of one market."""
    inside, paid = 0.0, 0.0
    for i in range(start, stop):
        if firms.active[i]:
            inside += firms.share[i]
            paid += firms.share[i] * firms.price[i]
    return inside, paid


@kernel
def _herfindahl(firms: Firms, start: int, stop: int, inside: float) -> float:
    """Sum of squared parts of `inside`, what is bought in one market; 0 where nothing is."""
    squares = 0.0
    for i in range(start, stop):
        if firms.active[i] and inside > 0.0:
            part = firms.share[i] / inside  # before it is squared: shares may be so small that their squares are none
            squares += part * part
    return squares
