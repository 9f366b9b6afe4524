"""Expulsion and exit at the end of a month; entry and change of strategy when the next one opens."""

from __future__ import annotations

import numpy as np

from sim.economy import chance
from sim.economy.arithmetic import exp
from sim.economy.arrays import Flags
from sim.economy.choices import Entry
from sim.economy.compiled import allocating_kernel, kernel
from sim.economy.initialisation import start_up
from sim.economy.parameters import Parameters
from sim.economy.partners import find_role_model, has_record
from sim.economy.state import Firms, State


@kernel
def open_month(state: State, parameters: Parameters, seed: np.uint64, month: int) -> None:
    """Count down exclusions, and replace the firms that failed. Modified in place: state.firms."""
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
    """Expel shirkers who are found out, and mark the firms without cash. Modified in place: firms.

    Both take effect when the next month opens.
    """
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
    """How many small and how many large firms have a record."""
    small, large = 0, 0
    for i in range(firms.identity.size):
        if has_record(firms, i):
            small, large = (small, large + 1) if firms.large[i] else (small + 1, large)
    return small, large


@kernel
def _enter(state: State, parameters: Parameters, experienced: tuple[int, int], seed: np.uint64, month: int) -> None:
    """Replace each firm that failed by a start-up of the same size, or by nobody. Modified in place: state.firms."""
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
    """Close row i for good: nothing is sold there from now on. Modified in place: firms."""
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
def revise(state: State, parameters: Parameters, seed: np.uint64, month: int) -> None:
    """Let firms adopt the strategy of a random firm of their size that earns more. Modified in place: state.firms.

    The probability of adoption is 1/(1 + exp(-intensity·difference)) (Fermi rule); the difference is that of trailing profits per
    line after all costs. Firms without a record neither learn nor are learnt from. All firms change at the same time.
    """
    if parameters.dynamics.revision > 0.0:
        _revise_each(state, parameters, state.firms.interdependent.copy(), seed, month)


@kernel
def _revise_each(state: State, parameters: Parameters, was: Flags, seed: np.uint64, month: int) -> None:
    """As `revise`; `was` holds the strategies before anyone changes. Modified in place: state.firms."""
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
