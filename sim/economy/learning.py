"""What firms learn from what others earn: which strategy, whether to stay in an alliance, and how many specialists to hire.

In each case somebody compares trailing profits per line after all costs, and the better result persuades with the probability
1/(1 + exp(-intensity·difference)) (Fermi rule; Traulsen, Nowak & Pacheco 2006). All who compare do so at the same time. Firms
without a record neither learn nor are learnt from.
"""

from __future__ import annotations

import numpy as np

from sim.economy import chance
from sim.economy.arithmetic import exp
from sim.economy.arrays import Counts
from sim.economy.choices import Staffing
from sim.economy.compiled import kernel
from sim.economy.parameters import Parameters
from sim.economy.partners import Peer, count_experienced, find_peer, has_record, is_allied
from sim.economy.staffing import hires_alone, hires_jointly
from sim.economy.state import GROUP_HEADS, HEADS, NEVER_LEAVES, NO_UNIT, Alliances, Firms, State


@kernel
def persuasion(difference: float, intensity: float) -> float:
    """The probability with which a difference in profit per line persuades: 1/(1 + exp(-intensity·difference))."""
    return float(1.0 / (1.0 + exp(-intensity * difference)))


@kernel
def profit_per_line(firms: Firms, i: int) -> float:
    """Firm i's trailing profit per line, after all costs."""
    return float(firms.trailing_profit[i] / firms.lines[i])


@kernel
def revise_strategies(state: State, parameters: Parameters, seed: np.uint64, month: int) -> None:
    """Let firms adopt the strategy of a random firm of their size that earns more. Modified in place: state.firms."""
    firms, dynamics, was = state.firms, parameters.dynamics, state.room.strategies
    if dynamics.revision == 0.0:
        return
    for i in range(was.size):
        was[i] = firms.interdependent[i]
    experienced = count_experienced(firms)
    wants = chance.key(seed, month, chance.REVISION)
    finds = chance.key(seed, month, chance.ROLE_MODEL)
    adopts = chance.key(seed, month, chance.ADOPTION)
    for i in range(firms.identity.size):
        if has_record(firms, i) and chance.uniform(wants, firms.identity[i]) < dynamics.revision:
            j = find_peer(state, parameters, i, Peer.EXPERIENCED, experienced[int(firms.large[i])] - 1, finds)
            if j >= 0:
                better = profit_per_line(firms, j) - profit_per_line(firms, i)
                if chance.uniform(adopts, firms.identity[i]) < persuasion(better, dynamics.intensity):
                    firms.interdependent[i] = was[j]


@kernel
def reconsider_membership(state: State, parameters: Parameters, seed: np.uint64, month: int) -> None:
    """Let members find out whether they would earn more alone. Modified in place: state.firms.left.

    A member that earns less by d than a random unallied firm of its size leaves with probability tanh(intensity·d/2), that is
    2/(1 + exp(-intensity·d)) - 1: with certainty if the difference is large, never without one.
    """
    firms = state.firms
    unallied = _count_unallied(state)
    wants = chance.key(seed, month, chance.RECONSIDER)
    finds = chance.key(seed, month, chance.COMPARISON)
    leaves = chance.key(seed, month, chance.LEAVING)
    for i in range(firms.identity.size):
        firms.left[i] = False
        if not is_allied(state, i) or not has_record(firms, i) or firms.habits[i] & NEVER_LEAVES:
            continue
        if chance.uniform(wants, firms.identity[i]) < parameters.collaboration.reconsider:
            j = find_peer(state, parameters, i, Peer.UNALLIED, unallied[int(firms.large[i])], finds)
            if j >= 0:
                better = profit_per_line(firms, j) - profit_per_line(firms, i)
                probability = 2.0 * persuasion(better, parameters.dynamics.intensity) - 1.0
                firms.left[i] = chance.uniform(leaves, firms.identity[i]) < probability


@kernel
def _count_unallied(state: State) -> tuple[int, int]:
    """How many small and how many large firms have a record and are in no alliance."""
    firms = state.firms
    small, large = 0, 0
    for i in range(firms.identity.size):
        if has_record(firms, i) and not is_allied(state, i):
            small, large = (small, large + 1) if firms.large[i] else (small + 1, large)
    return small, large


@kernel
def review_staffing(state: State, parameters: Parameters, seed: np.uint64, month: int) -> None:
    """Let those who hire learn how many specialists pay. Modified in place: state.firms.wanted, state.alliances.wanted.

    The unit that hires is the firm, or its alliance, for which its head decides. It may take over how many specialists another unit
    of its kind wants, if that one earns more, and rarely tries one more or one less.
    """
    if parameters.organisation.staffing != Staffing.LEARNED:
        return
    _classify(state.firms, state.alliances, parameters, state.room.units)
    for i in range(state.firms.wanted.size):
        state.room.wanted[i] = state.firms.wanted[i]
    for a in range(state.alliances.wanted.size):
        state.room.wanted_by_alliances[a] = state.alliances.wanted[a]
    _review_each(state, parameters, seed, month)


@kernel
def _classify(firms: Firms, alliances: Alliances, parameters: Parameters, units: Counts) -> None:
    """Find out for which kind of unit each firm decides, and count them. Modified in place: firms.unit, units."""
    units[:] = 0
    for i in range(firms.identity.size):
        a = firms.alliance[i]
        firms.unit[i] = NO_UNIT
        if has_record(firms, i) and hires_alone(alliances, a, parameters):
            allied = a >= 0 and not alliances.trial[a]
            firms.unit[i] = 1 + 2 * int(firms.large[i]) + int(allied)
        elif a >= 0 and alliances.name[a] == firms.identity[i] and hires_jointly(alliances, a, parameters):
            firms.unit[i] = GROUP_HEADS if alliances.trial[a] else HEADS
        units[firms.unit[i]] += 1


@kernel
def _review_each(state: State, parameters: Parameters, seed: np.uint64, month: int) -> None:
    """Let each unit perhaps compare itself, and perhaps vary. Modified in place: what firms and alliances want."""
    firms, alliances, organisation = state.firms, state.alliances, parameters.organisation
    wants = chance.key(seed, month, chance.REVIEW)
    tries = chance.key(seed, month, chance.VARIATION)
    sign = chance.key(seed, month, chance.VARIATION_SIGN)
    for i in range(firms.identity.size):
        me, a = firms.identity[i], firms.alliance[i]
        if firms.unit[i] == NO_UNIT:
            continue
        wanted = _wanted_before(state, i)
        if chance.uniform(wants, me) < organisation.review:
            wanted = _compare(state, parameters, i, seed, month)
        if chance.uniform(tries, me) < organisation.variation:
            wanted += 1 if chance.bits(sign, me) & np.uint64(1) else -1
            wanted = min(max(wanted, 0), state.landscape.domain.size)
        if firms.unit[i] >= HEADS:
            alliances.wanted[a] = wanted
        else:
            firms.wanted[i] = wanted


@kernel
def _wanted_before(state: State, i: int) -> int:
    """How many specialists the unit of firm i wanted before anyone reviewed it."""
    is_head = state.firms.unit[i] >= HEADS
    return int(state.room.wanted_by_alliances[state.firms.alliance[i]] if is_head else state.room.wanted[i])


@kernel
def _compare(state: State, parameters: Parameters, i: int, seed: np.uint64, month: int) -> int:
    """What the unit of firm i wants after it has compared itself with another one of its kind."""
    others = state.room.units[state.firms.unit[i]] - 1
    j = find_peer(state, parameters, i, Peer.COLLEAGUE, others, chance.key(seed, month, chance.REVIEWED))
    if j >= 0:
        better = _earnings(state, j) - _earnings(state, i)
        adopts = chance.uniform(chance.key(seed, month, chance.REVIEW_ADOPTION), state.firms.identity[i])
        if adopts < persuasion(better, parameters.dynamics.intensity):
            return _wanted_before(state, j)
    return _wanted_before(state, i)


@kernel
def _earnings(state: State, i: int) -> float:
    """Trailing profit per line of firm i's unit; of an alliance, the mean of its members."""
    a = state.firms.alliance[i]
    if state.firms.unit[i] >= HEADS:
        return float(state.alliances.profit[a] / state.alliances.members[a])
    return profit_per_line(state.firms, i)
