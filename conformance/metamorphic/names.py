"""Names must not matter: those of firms, alliances, strategies and sizes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

import sim
from conformance.metamorphic.comparing import EXPECTED, FOLLOWS, LIVELY, SEEDS, copied, difference, gap
from conformance.rows import at_most, conformance, exactly, sampled
from sim.economy.initialisation import create
from sim.economy.measures import ALL_GROUPS, GROUP_NAMES, MONTH_NAMES
from sim.economy.simulation import History, play
from sim.economy.state import State
from sim.lab.conformance import Part, Row

NOBODY_IS_LOOKED_UP = {
    "organisation.review": 0.0,
    "collaboration.meeting": 0.0,
    "collaboration.reconsider": 0.0,
    "dynamics.entry": "replace",
    "dynamics.inheritance": 0.0,
    "dynamics.revision": 0.0,
}
LASTING = ("members", "trial", "founded", "wanted")  # of an alliance: what it is from one month to the next
ROUNDING = 1e-9
MONTHS = 24
SAME_FOR_ALL = [
    name for name in MONTH_NAMES if name not in ("interdependent_share", "total_surplus")
]  # total surplus is a sum over groups, whose order changes
SWAPPED = [1, 0, 3, 2, *range(4, len(ALL_GROUPS))]


def lively_state(seed: int) -> State:
    """Return the state of a lively run after two years."""
    state = create(sim.parameters("today", LIVELY), seed)
    play(state, sim.parameters("today", LIVELY), seed, MONTHS)
    return state


def rows_permuted(seed: int) -> float:
    """Permute the rows of firms within each market after two years, and return the largest relative change in the next two."""
    later = sim.parameters("today", {**LIVELY, **NOBODY_IS_LOOKED_UP})
    state = lively_state(seed)
    other, starts = copied(state), state.markets.start
    order = np.concatenate([np.random.default_rng(seed).permutation(np.arange(*ends)) for ends in pairwise(starts)])
    for array in other.firms:
        array[:] = array[order]
    histories = play(state, later, seed, MONTHS), play(other, later, seed, MONTHS)
    return max(difference(*histories), gap(other.firms.price, state.firms.price[order]))


def alliances_renumbered(seed: int) -> float:
    """Renumber the alliances after two years, and return the largest relative change in the next two, with every rule at work."""
    p, state = sim.parameters("today", LIVELY), lively_state(seed)
    other = copied(state)
    slots = state.alliances.members.size
    number = np.random.default_rng(seed).permutation(slots).astype(np.int32)
    allied = other.firms.alliance >= 0
    other.firms.alliance[allied] = number[other.firms.alliance[allied]]
    for name in LASTING:
        getattr(other.alliances, name)[number] = getattr(state.alliances, name)
    return difference(play(state, p, seed, MONTHS), play(other, p, seed, MONTHS))


def strategies_swapped(changes: dict, seed: int) -> float:
    """Swap the names of the two strategies, and return the largest difference between swapped groups.

    Nobody meets, and no independent firm is in a field trial.
    """
    p = sim.parameters("today", {**changes, "collaboration.meeting": 0.0, "trial.months": 0})
    state, other = create(p, seed), create(p, seed)
    other.firms.interdependent[:] = ~state.firms.interdependent
    ours, swapped = (play(s, p, seed, p.dynamics.months) for s in (state, other))
    groups = difference(ours, History(swapped.by_group[:, SWAPPED], swapped.by_month), GROUP_NAMES)
    return max(groups, difference(ours, swapped, SAME_FOR_ALL))


@conformance(Part.METAMORPHIC)
def names_do_not_matter() -> Iterator[Row]:
    """Names: the largest relative change"""
    yield at_most(
        "rows of firms permuted within their markets, while nobody looks for others (to ally, to compare, to inherit from)",
        FOLLOWS,
        ROUNDING,
        max(rows_permuted(seed) for seed in SEEDS),
        "sums in another order",
    )
    yield exactly("alliances renumbered", FOLLOWS, 0.0, max(map(alliances_renumbered, SEEDS)), 0.0, "the same bits")
    yield exactly(
        "names of strategies swapped where nobody meets and no trial runs: the groups swap",
        FOLLOWS,
        0.0,
        max(strategies_swapped(LIVELY, seed) for seed in SEEDS),
        0.0,
        "the same bits",
    )


@conformance(Part.METAMORPHIC, seconds=2)
def size_is_a_number_of_lines_and_not_a_class() -> Iterator[Row]:
    """The class of size: firms of 20 lines called small less the same called large"""
    called = {
        size: {"population.small": 0, "population.large": 0, f"population.{size}": 60, f"population.{size}_lines": 20}
        for size in ("small", "large")
    }
    shares = {"population.small_interdependent": 0.5, "population.large_interdependent": 0.5, "dynamics.months": 120}
    found = {
        size: np.array(
            [
                sim.simulate(sim.parameters("today", {**shares, **changes}), seed)
                .summary()
                .loc[f"{size} interdependent", ["fitness", "profit_per_line", "alliance_members"]]
                for seed in range(1, 41)
            ]
        )
        for size, changes in called.items()
    }
    for k, name in enumerate(("fitness", "profit per line", "members of alliances")):
        yield sampled(f"{name} of the interdependent", EXPECTED, (found["small"] - found["large"])[:, k], 0.0, "seeds")
