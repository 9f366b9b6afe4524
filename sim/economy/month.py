"""One month, and many: the table of contents of the economy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.economy import accounts, alliances, landscape, lifecycle, market, measures, search
from sim.economy.beginning import create, for_kernels
from sim.economy.compiled import allocating_kernel, compiled_for, entry_point
from sim.economy.parameters import Parameters
from sim.economy.world import World

Floats = NDArray[np.float64]
FIRM_MONTHS_BETWEEN_REPORTS = 1_000_000


class History(NamedTuple):
    """What was measured: by_group (months x groups x measures) and by_month (months x measures)."""

    by_group: Floats
    by_month: Floats


class NotClearedError(ArithmeticError):
    """A market for which no equilibrium was found."""


@allocating_kernel
def play_month(world: World, parameters: Any, seed: np.uint64, by_group: Floats, by_month: Floats) -> None:
    """Play one month and measure it. Modified in place: world, by_group, by_month."""
    month = world.clock[0]
    landscape.move(world.landscape, parameters.environment, seed, month)
    lifecycle.open_month(world, parameters, seed, month)
    lifecycle.revise(world, parameters, seed, month)
    alliances.form(world, parameters, seed, month)
    search.search(world, parameters, seed, month)
    market.clear(world.firms, world.markets, parameters)
    accounts.settle(world.firms, world.markets, parameters)
    lifecycle.close_month(world.firms, parameters.collaboration.monitoring, seed, month)
    measures.measure(world, parameters, by_group, by_month)
    world.clock[0] = month + 1


@entry_point
def play_months(world: World, parameters: Any, seed: np.uint64, by_group: Floats, by_month: Floats) -> int:
    """Play as many months as `by_group` has rows. Returns the market that did not clear, where it stopped, or -1."""
    for t in range(by_group.shape[0]):
        play_month(world, parameters, seed, by_group[t], by_month[t])
        for m in range(world.markets.converged.size):
            if not world.markets.converged[m]:
                return m
    return -1


def play(world: World, parameters: Parameters, seed: int, months: int = 1) -> History:
    """Play months on; the world goes on from where it was. Modified in place: world.

    Raises:
        NotClearedError: no prices were found at which a market clears.
    """
    return _play(play_months, world, for_kernels(parameters), np.uint64(seed), months)


def player(world: World, parameters: Parameters, seed: int) -> Callable[[int], History]:
    """`play` for one world that is played often: a function of the number of months."""
    chosen, luck = for_kernels(parameters), np.uint64(seed)
    code = compiled_for(play_months, world, chosen, luck, *_history(0))
    return lambda months: _play(code, world, chosen, luck, months)


def _history(months: int) -> History:
    """Nothing measured yet."""
    groups, quantities = len(measures.ALL_GROUPS), len(measures.GROUP_MEASURES)
    return History(np.empty((months, groups, quantities)), np.empty((months, len(measures.MONTH_MEASURES))))


def _play(code: Callable[..., int], world: World, parameters: Any, seed: np.uint64, months: int) -> History:
    history = _history(months)
    failed = code(world, parameters, seed, history.by_group, history.by_month)
    if failed >= 0:
        residual, month = world.markets.residual[failed], world.clock[0] - 1
        raise NotClearedError(
            f"market {failed} did not clear in month {month}: the first-order conditions are missed by {residual:.2g}"
        )
    return history


def simulate(parameters: Parameters, seed: int, report: Callable[[int], None] | None = None) -> tuple[World, History]:
    """The world after its last month, and its history; `report` is called with the months played after each part of a long run."""
    world = create(parameters, seed)
    months, firms = parameters.dynamics.months, world.firms.identity.size
    part = max(1, FIRM_MONTHS_BETWEEN_REPORTS // firms) if report else months
    parts = []
    for start in range(0, months, part):
        parts.append(play(world, parameters, seed, min(part, months - start)))
        if report:
            report(int(world.clock[0]))
    return world, History(np.concatenate([p.by_group for p in parts]), np.concatenate([p.by_month for p in parts]))
