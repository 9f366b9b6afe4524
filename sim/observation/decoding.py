"""What the identities and bit masks of the state mean.

>>> from sim.observation.decoding import domains_in, firm_name
>>> import sim
>>> state = sim.simulate(sim.parameters("today", {"dynamics.months": 12})).state
>>> firm_name(state.firms.identity[104])
'large 4'
>>> int(domains_in(state.firms.competence[104], state.landscape))
1
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.economy.arrays import Counts, Flags, Ints, Masks
from sim.economy.landscape import Landscape
from sim.economy.measures import SIZES
from sim.economy.state import LARGE, State


def size_and_number(identity: int | np.uint64) -> tuple[str, int]:
    """Return size class and number of the firm with this identity: ("small", 17)."""
    large, number = divmod(int(identity), int(LARGE))
    return SIZES[large], number


def firm_name(identity: int | np.uint64) -> str:
    """Return size class and number of a firm as one name: "small 17"."""
    size, number = size_and_number(identity)
    return f"{size} {number}"


def decisions_per_domain(landscape: Landscape) -> int:
    """Return B = N/D: the number of consecutive decisions that make up a domain."""
    return landscape.key.size // landscape.domain.size


def domains_in(masks: ArrayLike, landscape: Landscape) -> Counts:
    """Return how many domains each mask covers; `masks` is one mask of whole domains or an array of them."""
    return _count_bits(np.asarray(masks, np.uint64)) // decisions_per_domain(landscape)


def domain_number(masks: ArrayLike, landscape: Landscape) -> Counts:
    """Return the number of the domain that each mask stands for; `masks` is one mask of one domain or an array of them."""
    bits = np.asarray(masks, np.uint64)
    return _count_bits(~bits & (bits - np.uint64(1))) // decisions_per_domain(landscape)  # the zeros below the lowest one


def _count_bits(masks: Masks) -> Counts:
    return np.asarray(np.bitwise_count(masks), np.int64)


def alliance_numbers(state: State) -> Ints:
    """Return the number of each firm's alliance, -1 = none, shape (firms,); the group of a field trial is no alliance."""
    return np.where(_in_trial_group(state), np.int32(-1), state.firms.alliance)


def trial_group_numbers(state: State) -> Ints:
    """Return the number of each firm's group in a field trial, -1 = none, shape (firms,)."""
    return np.where(_in_trial_group(state), state.firms.alliance, np.int32(-1))


def _in_trial_group(state: State) -> Flags:
    return (state.firms.alliance >= 0) & state.alliances.trial[state.firms.alliance]
