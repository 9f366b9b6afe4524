"""Expulsion and exit at the end of a month; entry when the next one opens."""

from __future__ import annotations

import numpy as np

from sim.economy import chance
from sim.economy.choices import Entry
from sim.economy.compiled import kernel
from sim.economy.initialisation import births, start_up
from sim.economy.parameters import Parameters
from sim.economy.partners import Peer, count_experienced, find_peer
from sim.economy.search import follow_practice
from sim.economy.state import NOT_IN_TRIAL, Firms, State
from sim.economy.trial import is_running


@kernel
def open_month(state: State, parameters: Parameters, seed: np.uint64, month: int) -> None:
    """Exclude the expelled, and replace the firms that failed. Modified in place: state.firms."""
    firms = state.firms
    for i in range(firms.identity.size):
        firms.entered[i] = False
        if firms.expelled[i]:
            firms.exclusion[i] = parameters.collaboration.exclusion
            firms.alliance[i] = -1
        elif firms.exclusion[i] > 0:
            firms.exclusion[i] -= 1
        firms.expelled[i] = False
        follow_practice(firms, i)
    _enter(state, parameters, seed, month)


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
def _enter(state: State, parameters: Parameters, seed: np.uint64, month: int) -> None:
    """Replace each firm that failed by a start-up of the same size, or by nobody. Modified in place: state.firms."""
    firms, entry = state.firms, parameters.dynamics.entry
    experienced = count_experienced(firms)
    keys = births(seed, month)
    strategy_key = chance.key(seed, month, chance.ENTRANT_STRATEGY)
    for i in range(firms.identity.size):
        if not firms.failed[i]:
            continue
        if entry == Entry.NONE:
            _close(firms, i)
            continue
        if entry == Entry.IMITATE:
            j = find_peer(state, parameters, i, Peer.EXPERIENCED, experienced[int(firms.large[i])], strategy_key)
            firms.interdependent[i] = firms.interdependent[j] if j >= 0 else firms.interdependent[i]
        group = firms.alliance[i]
        start_up(firms, i, state.landscape, parameters.organisation.staffing, keys)
        _inherit(state, parameters, i, experienced[int(firms.large[i])], seed, month)
        _succeed(state, parameters, i, group, month)
        firms.entered[i] = True


@kernel
def _inherit(state: State, parameters: Parameters, i: int, experienced: int, seed: np.uint64, month: int) -> None:
    """Let a start-up perhaps begin with what a survivor of its size does and wants. Modified in place: state.firms."""
    firms = state.firms
    if chance.uniform(chance.key(seed, month, chance.INHERITANCE), firms.identity[i]) < parameters.dynamics.inheritance:
        j = find_peer(state, parameters, i, Peer.EXPERIENCED, experienced, chance.key(seed, month, chance.ANCESTOR))
        if j >= 0:
            firms.model[i] = firms.model[j]
            firms.wanted[i] = firms.wanted[j]


@kernel
def _succeed(state: State, parameters: Parameters, i: int, group: int, month: int) -> None:
    """Let a start-up take over its predecessor's part in a field trial, if start-ups do. Modified in place: state.firms."""
    firms = state.firms
    if not parameters.trial.successors:
        firms.assignment[i] = NOT_IN_TRIAL
    elif group >= 0 and state.alliances.trial[group] and is_running(parameters.trial, month):
        firms.alliance[i] = group


@kernel
def _close(firms: Firms, i: int) -> None:
    """Close row i for good: nothing is sold there from now on. Modified in place: firms."""
    firms.active[i] = False
    firms.failed[i] = False
    firms.proposal[i] = np.uint64(0)
    firms.copied_decisions[i] = 0
    firms.alliance[i] = -1
    firms.assignment[i] = NOT_IN_TRIAL
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
