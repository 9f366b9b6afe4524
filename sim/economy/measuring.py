"""From the state to one row of measures per group and one for the month. Kernels, so that every front end reports the same bits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.economy.arrays import Floats
from sim.economy.compiled import kernel
from sim.economy.landscape import count
from sim.economy.measures import FIRMS, FOCUS_GROUPS, GROUPS, IS_MEAN, PROFIT, FirmMeasures, MonthMeasures, group_number
from sim.economy.parameters import Market, Parameters
from sim.economy.search import FOLLOWED
from sim.economy.staffing import hires_alone, hires_jointly
from sim.economy.state import NOT_IN_TRIAL, TREATED, Alliances, Firms, Markets, State
from sim.economy.trial import log_revenue, peer_slope

YEAR = 12  # months


@kernel
def measure(state: State, parameters: Parameters, by_group: Floats, by_month: Floats) -> None:
    """Measure the month. Modified in place: by_group (ALL_GROUPS x GROUP_MEASURES) and by_month (MONTH_MEASURES).

    A group without firms has firms = 0 and otherwise no value (NaN).
    """
    _measure_groups(state, parameters, by_group)
    interdependent, everybody, profit = 0.0, 0.0, 0.0
    for g in range(len(GROUPS)):
        interdependent += by_group[g, FIRMS] * (g % 2)
        everybody += by_group[g, FIRMS]
        profit += by_group[g, PROFIT] if by_group[g, FIRMS] > 0.0 else 0.0
    share = interdependent / everybody if everybody > 0.0 else np.nan
    measured = _measure_markets(state, parameters, share, profit)
    for k in range(len(measured)):
        by_month[k] = measured[k]


@kernel
def _measure_groups(state: State, parameters: Parameters, by_group: Floats) -> None:
    """Add every firm to the rows of its groups, and divide means by the number of firms. Modified in place: by_group."""
    by_group[:, :] = 0.0
    firms = state.firms
    for i in range(firms.identity.size):
        if firms.active[i]:
            values = _measure_firm(state, parameters, i)
            by_strategy = group_number(firms.large[i], firms.interdependent[i])
            by_focus = len(GROUPS) + group_number(firms.large[i], firms.sales_focus[i] > 0.0)
            by_trial = len(GROUPS) + len(FOCUS_GROUPS) + firms.assignment[i] - TREATED
            for k in range(len(values)):
                by_group[by_strategy, k] += values[k]
                by_group[by_focus, k] += values[k]
            if firms.assignment[i] != NOT_IN_TRIAL:
                for k in range(len(values)):
                    by_group[by_trial, k] += values[k]
    for g in range(by_group.shape[0]):
        n = by_group[g, FIRMS]
        for k in range(by_group.shape[1]):
            if n == 0.0 and k != FIRMS:
                by_group[g, k] = np.nan
            elif IS_MEAN[k]:
                by_group[g, k] /= n


@kernel
def _measure_firm(state: State, parameters: Parameters, i: int) -> FirmMeasures:
    """The measures of firm i."""
    firms, lines, a = state.firms, state.firms.lines[i], state.firms.alliance[i]
    width = state.landscape.key.size // state.landscape.domain.size
    hired = firms.specialists[i] if a < 0 else firms.specialists[i] | state.alliances.hired[a]
    allied = a >= 0 and not state.alliances.trial[a]
    shirks = allied and not firms.keeps_word[i]  # Numba wants no branches among so many keywords
    closes = allied and firms.failed[i]
    members = float(state.alliances.members[a]) if allied else 1.0
    is_followed = firms.copied_decisions[i] > 0 and firms.copied_months[i] == FOLLOWED
    kept = count(firms.copied[i]) / float(firms.copied_decisions[i]) if is_followed else 0.0
    return FirmMeasures(
        firms=1.0,
        age=float(firms.age[i]),
        profit=firms.profit[i],
        operating_profit=firms.operating_profit[i],
        revenue=firms.revenue[i],
        profit_per_line=firms.profit[i] / lines,
        operating_profit_per_line=firms.operating_profit[i] / lines,
        revenue_per_line=firms.revenue[i] / lines,
        log_revenue=log_revenue(firms, i),
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
        wanted=_wanted(state, parameters, i),
        alliance_members=members,
        allied=np.float64(allied),
        shirkers=np.float64(shirks),
        members_left=np.float64(firms.left[i]),
        members_expelled=np.float64(firms.expelled[i]),
        members_closed=np.float64(closes),
        exits=np.float64(firms.failed[i]),
        entries=np.float64(firms.entered[i]),
        ideas_adopted=float(firms.ideas_adopted[i]),
        looks=float(firms.looks[i]),
        practices_adopted=float(firms.practices_adopted[i]),
        practices_followed=np.float64(is_followed),
        practices_kept=kept,
        proposals_rejected=float(firms.proposals_rejected[i]),
    )


@kernel
def _wanted(state: State, parameters: Parameters, i: int) -> float:
    """The specialists that firm i wants, or the alliance that hires for it."""
    a = state.firms.alliance[i]
    if hires_alone(state.alliances, a, parameters):
        return float(state.firms.wanted[i])
    return float(state.alliances.wanted[a]) if hires_jointly(state.alliances, a, parameters) else 0.0


@kernel
def _measure_markets(state: State, parameters: Parameters, interdependent_share: float, profit: float) -> MonthMeasures:
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
        consumers += _consumer_surplus(markets, parameters.market, m)
        iterations = max(iterations, float(markets.iterations[m]))
    mean_price = spent / bought if bought > 0.0 else np.nan
    life = _alliance_life(state.alliances, state.clock[0])
    return MonthMeasures(
        alliances=life.living,
        alliances_founded=life.founded,
        alliances_dissolved=life.dissolved,
        alliance_age=life.mean_age,
        alliances_aged_1=life.aged_1,
        alliances_aged_3=life.aged_3,
        alliances_aged_5=life.aged_5,
        interdependent_share=interdependent_share,
        concentration=concentration / lines,
        outside_share=outside / lines,
        mean_price=mean_price,
        consumer_surplus=consumers,
        total_surplus=consumers + profit,
        peer_slope=peer_slope(firms, parameters.trial, state.clock[0]),
        iterations=iterations,
    )


class _AllianceLife(NamedTuple):
    """How many alliances live, were founded and ended this month, how old they are, and how many complete so many years."""

    living: float
    founded: float
    dissolved: float
    mean_age: float
    aged_1: float
    aged_3: float
    aged_5: float


@kernel
def _alliance_life(alliances: Alliances, month: int) -> _AllianceLife:
    """Count the alliances; groups of a field trial are none."""
    living, founded, dissolved, ages, aged_1, aged_3, aged_5 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for a in range(alliances.members.size):
        dissolved += np.float64(alliances.dissolved[a])
        if alliances.members[a] > 0 and not alliances.trial[a]:
            age = month - alliances.founded[a] + 1
            living += 1.0
            ages += float(age)
            founded += np.float64(age == 1)
            aged_1 += np.float64(age == YEAR)
            aged_3 += np.float64(age == 3 * YEAR)
            aged_5 += np.float64(age == 5 * YEAR)
    mean_age = ages / living if living > 0.0 else np.nan
    return _AllianceLife(living, founded, dissolved, mean_age, aged_1, aged_3, aged_5)


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
