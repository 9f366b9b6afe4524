"""Expulsion and exit at the end of a month; entry and change of strategy when the next one opens."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.economy import chance
from sim.economy.arithmetic import exp
from sim.economy.compiled import allocating_kernel, kernel
from sim.economy.initialisation import start_up
from sim.economy.parameters import Entry
from sim.economy.partners import find_role_model, has_record
from sim.economy.state import Firms, State


@kernel
def open_month(state: State, parameters: Any, seed: np.uint64, month: int) -> None:
    """Count down exclusions, and replace those who failed. Modified in place."""
    firms = state.firms
    for i in range(firms.identity.size):
        firms.entered[i] = False
        if firms.expelled[i]:
            firms.exclusion[i] = parameters.collaboration.exclusion
        elif firms.exclusion[i] > 0:
            firms.exclusion[i] -= 1
    _enter(state, parameters, _count_experienced(firms), seed, month)


@kernel
def close_month(firms: Firms, monitoring: float, seed: np.uint64, month: int) -> None:
    """Find out shirkers, and mark who has no cash left; both take effect when the next month opens. Modified in place."""
    key = chance.key(seed, month, chance.MONITORING)
    for i in range(firms.identity.size):
        if firms.active[i]:
            shirks = firms.alliance[i] >= 0 and not firms.keeps_word[i]
            firms.broken_words[i] += shirks
            firms.expelled[i] = shirks and chance.uniform(key, firms.identity[i]) < monitoring
            firms.failed[i] = firms.cash[i] < 0.0
            firms.age[i] += 1


@kernel
def _count_experienced(firms: Firms) -> tuple[int, int]:
    """How many small and large firms have traded and survived."""
    small, large = 0, 0
    for i in range(firms.identity.size):
        if has_record(firms, i):
            small, large = (small, large + 1) if firms.large[i] else (small + 1, large)
    return small, large


@kernel
def _enter(state: State, parameters: Any, experienced: tuple[int, int], seed: np.uint64, month: int) -> None:
    """A start-up of the same size takes the place of each firm that failed, or nobody does."""
    firms, finance, entry = state.firms, parameters.finance, parameters.dynamics.entry
    keys = (chance.key(seed, month, chance.COMPETENCE), chance.key(seed, month, chance.BUSINESS_MODEL))
    strategy_key = chance.key(seed, month, chance.ENTRANT_STRATEGY)
    for i in range(firms.identity.size):
        if not firms.failed[i]:
            continue
        if entry == Entry.NONE:
            _close(firms, i)
            continue
        if entry == Entry.IMITATE:
            j = find_role_model(state, parameters, i, experienced[1] if firms.large[i] else experienced[0], strategy_key)
            firms.interdependent[i] = firms.interdependent[j] if j >= 0 else firms.interdependent[i]
        start_up(firms, i, state.landscape, 0.5 * finance.reserve * finance.overhead * firms.lines[i], keys)
        firms.entered[i] = True


@kernel
def _close(firms: Firms, i: int) -> None:
    """Nobody takes row i over: it sells nothing from now on."""
    firms.active[i] = False
    firms.failed[i] = False
    firms.proposal[i] = np.uint64(0)
    firms.cash[i] = 0.0
    for flow in (
        firms.revenue,
        firms.operating_profit,
        firms.promotion,
        firms.specialist_cost,
        firms.dues,
        firms.profit,
        firms.payout,
    ):
        flow[i] = 0.0


@allocating_kernel
def revise(state: State, parameters: Any, seed: np.uint64, month: int) -> None:
    """Adopt the strategy of a random firm of the same size with probability 1/(1 + exp(-intensity·difference)) (Fermi rule).

    The difference is that of trailing profits per line after all costs; firms without a record neither teach nor learn.
    All change at once. Modified in place.
    """
    if parameters.dynamics.revision > 0.0:
        _revise_each(state, parameters, state.firms.interdependent.copy(), seed, month)


@kernel
def _revise_each(state: State, parameters: Any, was: NDArray[np.bool_], seed: np.uint64, month: int) -> None:
    firms, dynamics = state.firms, parameters.dynamics
    experienced = _count_experienced(firms)
    wants = chance.key(seed, month, chance.REVISION)
    finds = chance.key(seed, month, chance.ROLE_MODEL)
    adopts = chance.key(seed, month, chance.ADOPTION)
    for i in range(firms.identity.size):
        if has_record(firms, i) and chance.uniform(wants, firms.identity[i]) < dynamics.revision:
            j = find_role_model(state, parameters, i, (experienced[1] if firms.large[i] else experienced[0]) - 1, finds)
            if j >= 0:
                better = firms.trailing_profit[j] / firms.lines[j] - firms.trailing_profit[i] / firms.lines[i]
                if chance.uniform(adopts, firms.identity[i]) < 1.0 / (1.0 + exp(-dynamics.intensity * better)):
                    firms.interdependent[i] = was[j]
