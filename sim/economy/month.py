"""One month, and many: the table of contents of the economy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.economy import accounts, alliances, landscape, lifecycle, market, measures, search, staffing
from sim.economy.compiled import allocating_kernel, compiled_for, entry_point, kernel
from sim.economy.initialisation import create, for_kernels
from sim.economy.parameters import Parameters
from sim.economy.state import Markets, State

Floats = NDArray[np.float64]
FIRM_MONTHS_BETWEEN_REPORTS = 1_000_000


class History(NamedTuple):
    """What was measured: by_group (months x groups x measures) and by_month (months x measures)."""

    by_group: Floats
    by_month: Floats


Stepper = Callable[[int], History]


class NotClearedError(ArithmeticError):
    """A market for which no equilibrium was found."""


@allocating_kernel
def play_month(state: State, parameters: Any, seed: np.uint64, by_group: Floats, by_month: Floats) -> None:
    """Play one month and measure it. Modified in place: world, by_group, by_month."""
    meetings = begin_month(state, parameters, seed)
    alliances.meet(state, parameters, meetings, seed)
    finish_month(state, parameters, seed, by_group, by_month)


@allocating_kernel
def begin_month(state: State, parameters: Any, seed: np.uint64) -> alliances.Meetings:
    """What happens before firms meet. Modified in place: world."""
    month = state.clock[0]
    landscape.move(state.landscape, parameters.environment, seed, month)
    lifecycle.open_month(state, parameters, seed, month)
    lifecycle.revise(state, parameters, seed, month)
    return alliances.assemble(state, parameters, seed, month)


@allocating_kernel
def finish_month(state: State, parameters: Any, seed: np.uint64, by_group: Floats, by_month: Floats) -> None:
    """What happens once firms have met. Modified in place: world, by_group, by_month."""
    month = state.clock[0]
    staffing.staff(state.firms, state.alliances, state.landscape, parameters, seed, month)
    search.search(state, parameters, seed, month)
    market.clear(state.firms, state.markets, parameters)
    accounts.settle(state.firms, state.markets, parameters)
    lifecycle.close_month(state.firms, parameters.collaboration.monitoring, seed, month)
    measures.measure(state, parameters, by_group, by_month)
    state.clock[0] = month + 1


@entry_point
def play_months(state: State, parameters: Any, seed: np.uint64, by_group: Floats, by_month: Floats) -> int:
    """Play as many months as `by_group` has rows. Returns the market that did not clear, where it stopped, or -1."""
    for t in range(by_group.shape[0]):
        play_month(state, parameters, seed, by_group[t], by_month[t])
        failed = not_cleared(state.markets)
        if failed >= 0:
            return failed
    return -1


@kernel
def not_cleared(markets: Markets) -> int:
    """The first market that did not clear this month, or -1."""
    for m in range(markets.converged.size):
        if not markets.converged[m]:
            return m
    return -1


def play(state: State, parameters: Parameters, seed: int, months: int = 1) -> History:
    """Play months on; the world goes on from where it was. Modified in place: world.

    Raises:
        NotClearedError: no prices were found at which a market clears.
    """
    history = nothing_measured(months)
    check_cleared(state, play_months(state, for_kernels(parameters), np.uint64(seed), *history))
    return history


def stepper(state: State, parameters: Parameters, seed: int) -> Stepper:
    """`play` as a function of the number of months, for one world that is played often."""
    chosen, luck = for_kernels(parameters), np.uint64(seed)
    code = compiled_for(play_months, state, chosen, luck, *nothing_measured(0))

    def play(months: int) -> History:
        history = nothing_measured(months)
        check_cleared(state, code(state, chosen, luck, *history))
        return history

    return play


def nothing_measured(months: int) -> History:
    """A history to be filled."""
    groups, quantities = len(measures.ALL_GROUPS), len(measures.GROUP_MEASURES)
    return History(np.empty((months, groups, quantities)), np.empty((months, len(measures.MONTH_MEASURES))))


def check_cleared(state: State, failed: int) -> None:
    """Stop if a market, number `failed`, did not clear.

    Raises:
        NotClearedError: it did not.
    """
    if failed >= 0:
        residual, month = state.markets.residual[failed], state.clock[0] - 1
        raise NotClearedError(
            f"market {failed} did not clear in month {month}: the first-order conditions are missed by {residual:.2g}"
        )


def simulate(parameters: Parameters, seed: int, report: Callable[[int], None] | None = None) -> tuple[State, History]:
    """The world after its last month, and its history; `report` is called with the months played after each part of a long run."""
    state = create(parameters, seed)
    months, firms = parameters.dynamics.months, state.firms.identity.size
    part = max(1, FIRM_MONTHS_BETWEEN_REPORTS // firms) if report else months
    parts = []
    for start in range(0, months, part):
        parts.append(play(state, parameters, seed, min(part, months - start)))
        if report:
            report(int(state.clock[0]))
    return state, History(np.concatenate([p.by_group for p in parts]), np.concatenate([p.by_month for p in parts]))
