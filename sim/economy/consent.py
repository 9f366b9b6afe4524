"""A month in which firms are asked before they ally, for firms that decide in Python and not in a kernel."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.economy import alliances
from sim.economy.arrays import Floats
from sim.economy.compiled import compiled_for, entry_point
from sim.economy.initialisation import for_kernels
from sim.economy.month import after_meetings, before_meetings, not_cleared
from sim.economy.parameters import Parameters
from sim.economy.simulation import History, Stepper, check_cleared, empty_history
from sim.economy.state import State

Consent = Callable[[int, int], bool]
"""Called with the rows of a newcomer and of the firm that it met; returns whether all who are concerned agree."""


@entry_point
def _open(state: State, parameters: Parameters, seed: np.uint64) -> int:
    """Acts 1 and 2, and the start of act 3; returns how many firms look for allies. Modified in place: state."""
    return before_meetings(state, parameters, seed)


@entry_point
def _find_ally(state: State, parameters: Parameters, i: int, seed: np.uint64) -> int:
    """See `alliances.find_ally`."""
    return alliances.find_ally(state, parameters, i, seed)


@entry_point
def _ally(state: State, i: int, j: int, slot: int) -> int:
    """See `alliances.ally`. Modified in place: state."""
    return alliances.ally(state, i, j, slot)


@entry_point
def _finish(state: State, parameters: Parameters, seed: np.uint64, by_group: Floats, by_month: Floats) -> int:
    """The rest of the month; the number of a market that did not clear, or -1. Modified in place: state, by_group, by_month."""
    after_meetings(state, parameters, seed, by_group, by_month)
    return not_cleared(state.markets)


def consent_stepper(state: State, parameters: Parameters, seed: int, consent: Consent) -> Stepper:
    """Return a stepper that asks `consent(i, j)` where the club rule would let firm i join j, or the alliance of j.

    Where consent is always given, it is bit-identical to `simulation.stepper`.
    """
    for_kernel, kernel_seed = for_kernels(parameters), np.uint64(seed)
    row, number, empty = np.int32(0), 0, empty_history(1)
    open_ = compiled_for(_open, state, for_kernel, kernel_seed)
    find_ally = compiled_for(_find_ally, state, for_kernel, row, kernel_seed)
    ally = compiled_for(_ally, state, row, number, number)
    finish = compiled_for(_finish, state, for_kernel, kernel_seed, empty.by_group[0], empty.by_month[0])

    def step(months: int) -> History:
        history = empty_history(months)
        for t in range(months):
            seekers, slot = open_(state, for_kernel, kernel_seed), 0
            for i in state.room.rows[:seekers]:
                j = find_ally(state, for_kernel, i, kernel_seed)
                if j >= 0 and consent(int(i), j):
                    slot = ally(state, i, j, slot)
            check_cleared(state, finish(state, for_kernel, kernel_seed, history.by_group[t], history.by_month[t]))
        return history

    return step
