"""Which other firm a firm meets: a draw whose result one more firm can change only to itself.

Every firm has a clock, and the first eligible clock to ring is met. The clocks are the arrivals of Poisson processes over blocks of
1, 1, 2, 4, 8, ... numbers of each size class: an arrival names one number of its block at random and is ignored if that firm does
not exist or is not eligible. So a newcomer, or a change of who is eligible, changes only the draws in which its own clock rings
first. It is a consistent hash like that of Lamping & Veach (2014), but for choices within a subset of several size classes.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from sim.economy import chance
from sim.economy.arithmetic import log
from sim.economy.choices import Scope
from sim.economy.compiled import kernel
from sim.economy.parameters import Parameters
from sim.economy.state import HEADS, Firms, State

DOUBLINGS = 7  # of the mean time until an eligible clock rings; the chance that none has rung by then is e^-64


class Peer(IntEnum):
    """Which other firm is wanted."""

    PARTNER = 0  # an interdependent firm within scope
    EXPERIENCED = 1  # a firm that has a record
    UNALLIED = 2  # a firm that has a record and is in no alliance
    COLLEAGUE = 3  # a firm that decides for the same kind of hiring unit


@kernel
def count_candidates(state: State) -> None:
    """Count the interdependent firms that trade. Modified in place: the counts in state.room."""
    firms, by_size, by_market = state.firms, state.room.candidates_by_size, state.room.candidates_by_market
    by_size[:] = 0
    by_market[:] = 0
    for i in range(firms.identity.size):
        if firms.active[i] and firms.interdependent[i]:
            by_size[int(firms.large[i])] += 1
            by_market[firms.market[i]] += 1


@kernel
def find_partner(state: State, parameters: Parameters, i: int, key: np.uint64) -> int:
    """The row of one other interdependent firm within scope, drawn uniformly for firm i; -1 if there is none."""
    firms, room, people, scope = state.firms, state.room, parameters.population, parameters.collaboration.scope
    small, large, eligible = people.small, people.large, int(room.candidates_by_size.sum())
    if scope == Scope.SAME_SIZE:
        small, large = (0, large) if firms.large[i] else (small, 0)
        eligible = int(room.candidates_by_size[int(firms.large[i])])
    eligible -= int(room.candidates_by_market[firms.market[i]]) if scope == Scope.OTHER_MARKET else 1
    if eligible <= 0:
        return -1
    search = Search(i, small, large, people.small, scope, Peer.PARTNER)
    return _first_to_ring(state, search, eligible, chance.bits(key, firms.identity[i]))


@kernel
def find_peer(state: State, parameters: Parameters, i: int, wanted: Peer, eligible: int, key: np.uint64) -> int:
    """The row of one other firm of the kind that is wanted, drawn uniformly for firm i; -1 if there is none.

    All kinds but the heads of alliances are of i's size. `eligible` is the number of such firms, without i.
    """
    if eligible <= 0:
        return -1
    firms, people = state.firms, parameters.population
    small, large = people.small, people.large
    if wanted != Peer.COLLEAGUE or firms.unit[i] < HEADS:
        small, large = (0, large) if firms.large[i] else (small, 0)
    search = Search(i, small, large, people.small, Scope.ANY, wanted)
    return _first_to_ring(state, search, eligible, chance.bits(key, firms.identity[i]))


class Search(NamedTuple):
    """Who looks for whom: `seeker`, among the first `small` small and `large` large firms; `all_small` small firms exist."""

    seeker: int
    small: int
    large: int
    all_small: int
    scope: Scope
    wanted: Peer


@kernel
def _first_to_ring(state: State, search: Search, eligible: int, key: np.uint64) -> int:
    """The row of the first eligible firm whose clock rings.

    It waits for a time that is doubled until a clock rings; how long it waits first changes only the cost, not the result.
    """
    patience = 1.0 / eligible
    for _ in range(DOUBLINGS):
        first, time = -1, patience
        for size in range(2):
            n = search.large if size else search.small
            start, width = 0, 1
            while start < n:
                block_key = chance.bits(chance.bits(key, np.uint64(size)), np.uint64(start))
                row, rings = _first_in_block(state, search, size, start, width, time, block_key)
                if row >= 0:
                    first, time = row, rings
                start += width
                width = start
        if first >= 0:
            return first
        patience *= 2.0
    return -1


@kernel
def _first_in_block(
    state: State, search: Search, size: int, start: int, width: int, limit: float, key: np.uint64
) -> tuple[int, float]:
    """The row whose eligible clock rings first before `limit`, and when; -1 if none does.

    It looks at the `width` firms of a size class from number `start` on.
    """
    n = search.large if size else search.small
    time, draw = 0.0, np.uint64(0)
    while True:
        time -= log(chance.uniform(key, draw)) / width
        if time >= limit:
            return -1, limit
        number = start + chance.index(key, draw + np.uint64(1), width)
        draw += np.uint64(2)
        if number < n:
            row = _row(state, search, size, number)
            if _suits(state, search, row):
                return row, time


@kernel
def _suits(state: State, search: Search, j: int) -> bool:
    """Whether firm j is eligible."""
    firms = state.firms
    if j == search.seeker:
        return False
    if search.wanted == Peer.COLLEAGUE:
        return bool(firms.unit[j] == firms.unit[search.seeker])
    if search.wanted != Peer.PARTNER:
        return has_record(firms, j) and (search.wanted == Peer.EXPERIENCED or not is_allied(state, j))
    elsewhere = search.scope != Scope.OTHER_MARKET or firms.market[j] != firms.market[search.seeker]
    return bool(firms.active[j] and firms.interdependent[j] and elsewhere)


@kernel
def _row(state: State, search: Search, size: int, number: int) -> int:
    """The row of firm `number` of a size class: rows are sorted by market, then small before large, then by number."""
    m = state.markets.lines.size
    market = number % m
    small_here = (search.all_small - market + m - 1) // m
    return int(state.markets.start[market] + (small_here if size else 0) + number // m)


@kernel
def count_experienced(firms: Firms) -> tuple[int, int]:
    """How many small and how many large firms have a record."""
    small, large = 0, 0
    for i in range(firms.identity.size):
        if has_record(firms, i):
            small, large = (small, large + 1) if firms.large[i] else (small + 1, large)
    return small, large


@kernel
def is_allied(state: State, i: int) -> bool:
    """Whether firm i is in an alliance; a group of a field trial is none."""
    a = state.firms.alliance[i]
    return bool(a >= 0 and not state.alliances.trial[a])


@kernel
def has_record(firms: Firms, i: int) -> bool:
    """Whether firm i has traded and is still in business."""
    return bool(firms.active[i] and not firms.failed[i] and firms.age[i] > 0)
