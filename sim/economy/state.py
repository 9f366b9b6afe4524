"""The state of the economy as a struct of arrays. "Entry i of every firm array is firm i."

Rows are sorted by market, then small before large, then by number, so that a market is a slice. Masks of domains are spread over
the decisions of these domains, so that coverage and contributions can be compared bit by bit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.economy.landscape import Landscape

Floats = NDArray[np.float64]
Masks = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int32]
Bytes = NDArray[np.int8]

LARGE = np.uint64(1 << 40)  # the identity of large firm k is LARGE + k, of small firm k it is k


class Firms(NamedTuple):
    """One entry per firm. Money flows are this month's; `failed`, `expelled` take effect when the next month opens."""

    identity: Masks  # size class and number: the name under which the firm draws its luck
    market: Ints
    lines: Ints
    large: Flags
    active: Flags  # sells this month
    failed: Flags  # ends this month without cash
    entered: Flags  # opened this month
    interdependent: Flags  # willing to ally
    sales_focus: Floats
    maturity: Floats
    competence: Masks
    layers: Ints
    model: Masks  # the business model: decision d is bit d
    idea: Masks  # decisions that it wants to change this month, 0 = one drawn at random
    proposal: Masks  # decisions that an idea under judgement would change, 0 = none
    stage: Ints  # layers that have still to judge it
    practice: Flags  # the proposal is an ally's practice
    outcome: Bytes  # what came of this month's search: see search.py
    specialists: Masks  # domains of the specialists hired by the firm itself
    coverage: Masks  # domains it can judge
    alliance: Ints  # -1 = none
    keeps_word: Flags
    broken_words: Ints  # months in which it did not keep its word
    expelled: Flags
    exclusion: Ints  # months of exclusion left
    age: Ints  # months of trading
    fitness: Floats
    level: Floats  # ln attraction - α·perceived cost - 1, see clearing.py
    marginal_cost: Floats
    price: Floats
    share: Floats
    revenue: Floats
    operating_profit: Floats
    promotion: Floats
    specialist_cost: Floats
    dues: Floats
    profit: Floats
    payout: Floats
    cash: Floats
    trailing_operating_profit: Floats
    trailing_profit: Floats


class Alliances(NamedTuple):
    """One entry per possible alliance (its number stays while it lives); members by `start` and `roster`."""

    members: Ints
    keepers: Ints  # members that keep their word this month
    competence: Masks  # of all members
    contributed: Masks  # of the members that keep their word
    hired: Masks  # domains of jointly hired specialists
    name: Masks  # lowest identity among the members: the name under which the alliance draws its luck
    pooled: Floats  # trailing operating profit of those who keep their word
    dues: Floats  # what each of them pays
    start: Ints  # the keepers of alliance a are roster[start[a]:start[a + 1]]
    roster: Ints


class Markets(NamedTuple):
    """One entry per market; its firms are rows `start[m]` to `start[m + 1]`."""

    start: NDArray[np.int64]
    lines: Floats  # at the start
    log_outside: Floats  # logarithm of the outside good's weight
    log_aggregate: Floats  # ln H: last month's is this month's warm start
    first_log_aggregate: Floats
    best_fitness: Floats
    outside_share: Floats
    iterations: Ints
    residual: Floats
    converged: Flags


class State(NamedTuple):
    """The whole state; `clock[0]` is the number of months played."""

    firms: Firms
    alliances: Alliances
    markets: Markets
    landscape: Landscape
    clock: NDArray[np.int64]
