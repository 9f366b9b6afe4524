"""From the state to one row of measures per group and one for the month. Kernels, so that every front end reports the same bits."""

from __future__ import annotations

import numpy as np

from sim.economy.arrays import Floats
from sim.economy.compiled import kernel
from sim.economy.landscape import count
from sim.economy.measures import FIRMS, GROUPS, IS_MEAN, PROFIT, FirmMeasures, MonthMeasures, group_number
from sim.economy.parameters import Market
from sim.economy.search import IDEA_ADOPTED, PRACTICE_ADOPTED, PROPOSAL_REJECTED
from sim.economy.state import Alliances, Firms, Markets, State


@kernel
def measure(state: State, demand: Market, by_group: Floats, by_month: Floats) -> None:
    """Measure the month. Modified in place: by_group (ALL_GROUPS x GROUP_MEASURES) and by_month (MONTH_MEASURES).

    A group without firms has firms = 0 and otherwise no value (NaN).
    """
    _measure_groups(state, by_group)
    interdependent, everybody, profit = 0.0, 0.0, 0.0
    for g in range(len(GROUPS)):
        interdependent += by_group[g, FIRMS] * (g % 2)
        everybody += by_group[g, FIRMS]
        profit += by_group[g, PROFIT] if by_group[g, FIRMS] > 0.0 else 0.0
    share = interdependent / everybody if everybody > 0.0 else np.nan
    measured = _measure_markets(state, demand, share, profit)
    for k in range(len(measured)):
        by_month[k] = measured[k]


@kernel
def _measure_groups(state: State, by_group: Floats) -> None:
    """Add every firm to the rows of its two groups, and divide means by the number of firms. Modified in place: by_group."""
    by_group[:, :] = 0.0
    firms = state.firms
    for i in range(firms.identity.size):
        if firms.active[i]:
            values = _measure_firm(state, i)
            by_strategy = group_number(firms.large[i], firms.interdependent[i])
            by_focus = len(GROUPS) + group_number(firms.large[i], firms.sales_focus[i] > 0.0)
            for k in range(len(values)):
                by_group[by_strategy, k] += values[k]
                by_group[by_focus, k] += values[k]
    for g in range(by_group.shape[0]):
        n = by_group[g, FIRMS]
        for k in range(by_group.shape[1]):
            if n == 0.0 and k != FIRMS:
                by_group[g, k] = np.nan
            elif IS_MEAN[k]:
                by_group[g, k] /= n


@kernel
def _measure_firm(state: State, i: int) -> FirmMeasures:
    """The measures of firm i."""
    firms, lines, a = state.firms, state.firms.lines[i], state.firms.alliance[i]
    width = state.landscape.key.size // state.landscape.domain.size
    hired = firms.specialists[i] if a < 0 else firms.specialists[i] | state.alliances.hired[a]
    members = float(state.alliances.members[a]) if a >= 0 else 1.0  # Numba wants no branches among so many keywords
    shirks = a >= 0 and not firms.keeps_word[i]
    return FirmMeasures(
        firms=1.0,
        age=float(firms.age[i]),
        profit=firms.profit[i],
        operating_profit=firms.operating_profit[i],
        revenue=firms.revenue[i],
        profit_per_line=firms.profit[i] / lines,
        operating_profit_per_line=firms.operating_profit[i] / lines,
        revenue_per_line=firms.revenue[i] / lines,
        promotion=firms.promotion[i],
        specialist_cost=firms.specialist_cost[i],
        dues=firms.dues[i],
        cash=firms.cash[i],
        price=firms.price[i],
        markup=firms.price[i] - firms.marginal_cost[i],
        share=firms.share[i],
        fitness=firms.fitness[i],
        relative_fitness=firms.fitness[i] / state.markets.best_fitness[firms.market[i]],
        coverage=float(count(firms.coverage[i]) // width),
        specialists=float(count(hired) // width),
        alliance_members=members,
        allied=np.float64(a >= 0),
        shirkers=np.float64(shirks),
        exits=np.float64(firms.failed[i]),
        entries=np.float64(firms.entered[i]),
        ideas_adopted=np.float64(firms.outcome[i] == IDEA_ADOPTED),
        practices_adopted=np.float64(firms.outcome[i] == PRACTICE_ADOPTED),
        proposals_rejected=np.float64(firms.outcome[i] == PROPOSAL_REJECTED),
    )


@kernel
def _measure_markets(state: State, demand: Market, interdependent_share: float, profit: float) -> MonthMeasures:
    """The month-wide measures; several markets weigh as their customers do."""
    firms, markets = state.firms, state.markets
    lines, bought, spent, concentration, outside, consumers, iterations = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for m in range(markets.lines.size):
        inside, paid = _basket(firms, markets.start[m], markets.start[m + 1])
        lines += markets.lines[m]
        bought += inside * markets.lines[m]
        spent += paid * markets.lines[m]
        concentration += markets.lines[m] * _herfindahl(firms, markets.start[m], markets.start[m + 1], inside)
        outside += markets.lines[m] * markets.outside_share[m]
        consumers += _consumer_surplus(markets, demand, m)
        iterations = max(iterations, float(markets.iterations[m]))
    mean_price = spent / bought if bought > 0.0 else np.nan
    return MonthMeasures(
        alliances=_count_alliances(state.alliances),
        interdependent_share=interdependent_share,
        concentration=concentration / lines,
        outside_share=outside / lines,
        mean_price=mean_price,
        consumer_surplus=consumers,
        total_surplus=consumers + profit,
        iterations=iterations,
    )


@kernel
def _count_alliances(alliances: Alliances) -> float:
    """The number of alliances that have members."""
    living = 0.0
    for a in range(alliances.members.size):
        living += np.float64(alliances.members[a] > 0)
    return living


@kernel
def _consumer_surplus(markets: Markets, demand: Market, m: int) -> float:
    """customers·ln(H/outside)/α of market m; without an outside good relative to the first month."""
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
            part = firms.share[i] / inside  # divided first, because the square of a tiny share would vanish
            squares += part * part
    return squares
