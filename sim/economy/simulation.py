"""Many months: what a run consists of, and the functions that play it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.economy.arrays import Floats
from sim.economy.compiled import compiled_for
from sim.economy.initialisation import create, for_kernels
from sim.economy.measures import ALL_GROUPS, GROUP_MEASURES, MONTH_MEASURES
from sim.economy.month import play_months
from sim.economy.parameters import Parameters
from sim.economy.state import State

FIRM_MONTHS_PER_CALL = 1_000_000  # of a run whose progress is reported


class History(NamedTuple):
    """What was measured: by_group (months x groups x measures) and by_month (months x measures)."""

    by_group: Floats
    by_month: Floats


Stepper = Callable[[int], History]
"""Plays so many months and returns their history."""


class NotClearedError(ArithmeticError):
    """A market for which no equilibrium was found."""


def simulate(parameters: Parameters, seed: int, on_progress: Callable[[int], None] | None = None) -> tuple[State, History]:
    """Play a run from its first to its last month.

    Returns the state after the last month and the history; `on_progress` is called with the months played so far.

    Raises:
        NotClearedError: no prices were found at which a market clears.
    """
    state = create(parameters, seed)
    months, firms = parameters.dynamics.months, state.firms.identity.size
    months_per_call = max(1, FIRM_MONTHS_PER_CALL // firms) if on_progress else months
    parts = []
    for start in range(0, months, months_per_call):
        parts.append(play(state, parameters, seed, min(months_per_call, months - start)))
        if on_progress:
            on_progress(int(state.clock[0]))
    return state, History(np.concatenate([p.by_group for p in parts]), np.concatenate([p.by_month for p in parts]))


def play(state: State, parameters: Parameters, seed: int, months: int = 1) -> History:
    """Play the months that follow. Modified in place: state.

    Raises:
        NotClearedError: no prices were found at which a market clears.
    """
    history = empty_history(months)
    check_cleared(state, play_months(state, for_kernels(parameters), np.uint64(seed), *history))
    return history


def stepper(state: State, parameters: Parameters, seed: int) -> Stepper:
    """Return `play` as a function of the number of months, for a state that is played often."""
    for_kernel, kernel_seed = for_kernels(parameters), np.uint64(seed)
    machine_code = compiled_for(play_months, state, for_kernel, kernel_seed, *empty_history(0))

    def step(months: int) -> History:
        history = empty_history(months)
        check_cleared(state, machine_code(state, for_kernel, kernel_seed, *history))
        return history

    return step


def empty_history(months: int) -> History:
    """A history whose rows are still to be written."""
    groups, measures = len(ALL_GROUPS), len(GROUP_MEASURES)
    return History(np.empty((months, groups, measures)), np.empty((months, len(MONTH_MEASURES))))


def check_cleared(state: State, failed: int) -> None:
    """Stop if a market did not clear; `failed` is its number, or -1.

    Raises:
        NotClearedError: names market, month and residual.
    """
    if failed >= 0:
        residual, month = state.markets.residual[failed], state.clock[0] - 1
        raise NotClearedError(
            f"market {failed} did not clear in month {month}: the first-order conditions are missed by {residual:.2g}"
        )
