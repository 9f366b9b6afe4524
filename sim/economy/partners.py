"""Which other firm a firm comes across: drawn so that one more firm changes nobody's draw unless it is the one drawn."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.economy import chance
from sim.economy.compiled import allocating_kernel, kernel
from sim.economy.parameters import Scope
from sim.economy.world import Firms, Markets, World

TRIES = 64  # times the expected number; the chance to miss somebody who exists is below e^-64


class Candidates(NamedTuple):
    """How many firms can be met, of each size and in each market."""

    by_size: NDArray[np.int64]
    by_market: NDArray[np.int64]


@allocating_kernel
def count_candidates(world: World) -> Candidates:
    """Count the firms that trade and are willing to ally."""
    by_size, by_market = np.zeros(2, np.int64), np.zeros(world.markets.lines.size, np.int64)
    firms = world.firms
    for i in range(firms.identity.size):
        if firms.active[i] and firms.interdependent[i]:
            by_size[int(firms.large[i])] += 1
            by_market[firms.market[i]] += 1
    return Candidates(by_size, by_market)


@kernel
def find_partner(world: World, parameters: Any, candidates: Candidates, i: int, key: np.uint64) -> int:
    """One other firm that is willing to ally and within scope, drawn uniformly for firm i; -1 if there is none.

    Draws from all firms there might be, until one is eligible: so a change of who is eligible changes only the draws that hit it.
    """
    firms, people, scope = world.firms, parameters.population, parameters.collaboration.scope
    small, large, eligible = people.small, people.large, candidates.by_size.sum()
    if scope == Scope.SAME_SIZE:
        small, large = (0, large) if firms.large[i] else (small, 0)
        eligible = candidates.by_size[int(firms.large[i])]
    eligible -= candidates.by_market[firms.market[i]] if scope == Scope.OTHER_MARKET else 1
    if eligible <= 0:
        return -1
    own_key = chance.bits(key, firms.identity[i])
    for attempt in range(TRIES * (1 + (small + large) // eligible)):
        j = _somebody(world.markets, people, small, large, chance.bits(own_key, np.uint64(attempt)))
        willing = firms.active[j] and firms.interdependent[j] and j != i
        if willing and (scope != Scope.OTHER_MARKET or firms.market[j] != firms.market[i]):
            return j
    return -1


@kernel
def find_role_model(world: World, parameters: Any, i: int, experienced: int, key: np.uint64) -> int:
    """One other firm of i's size that has traded and survived, drawn uniformly; -1 if there is none.

    `experienced` is the number of such firms of i's size, i included or not.
    """
    firms, people = world.firms, parameters.population
    small, large = (0, people.large) if firms.large[i] else (people.small, 0)
    if experienced <= 0:
        return -1
    own_key = chance.bits(key, firms.identity[i])
    for attempt in range(TRIES * (1 + (small + large) // experienced)):
        j = _somebody(world.markets, people, small, large, chance.bits(own_key, np.uint64(attempt)))
        if j != i and has_record(firms, j):
            return j
    return -1


@kernel
def has_record(firms: Firms, i: int) -> bool:
    """Whether firm i has traded and is still in business."""
    return bool(firms.active[i] and not firms.failed[i] and firms.age[i] > 0)


@kernel
def _somebody(markets: Markets, people: Any, small: int, large: int, key: np.uint64) -> int:
    """The row of one of the first `small` small and `large` large firms, equally likely."""
    number_s, time_s = chance.first_to_ring(chance.bits(key, np.uint64(0)), small)
    number_l, time_l = chance.first_to_ring(chance.bits(key, np.uint64(1)), large)
    is_large = time_l < time_s
    number = number_l if is_large else number_s
    m = markets.lines.size
    market = number % m
    small_here = (people.small - market + m - 1) // m
    return int(markets.start[market] + (small_here if is_large else 0) + number // m)
