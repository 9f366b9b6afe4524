"""A month in which firms are asked before they ally, for those who decide elsewhere than in a kernel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.economy import alliances
from sim.economy.alliances import Meetings
from sim.economy.compiled import compiled_for, entry_point
from sim.economy.initialisation import for_kernels
from sim.economy.month import Floats, History, Stepper, begin_month, check_cleared, finish_month, not_cleared, nothing_measured
from sim.economy.parameters import Parameters
from sim.economy.partners import Candidates
from sim.economy.state import State

Consent = Callable[[int, int], bool]


@entry_point
def _begin(state: State, parameters: Any, seed: np.uint64) -> Meetings:
    return begin_month(state, parameters, seed)


@entry_point
def _find_ally(state: State, parameters: Any, meetings: Meetings, i: int, seed: np.uint64) -> int:
    return alliances.find_ally(state, parameters, meetings, i, seed)


@entry_point
def _ally(state: State, i: int, j: int, slot: int) -> int:
    return alliances.ally(state, i, j, slot)


@entry_point
def _finish(state: State, parameters: Any, seed: np.uint64, by_group: Floats, by_month: Floats) -> int:
    finish_month(state, parameters, seed, by_group, by_month)
    return not_cleared(state.markets)


def consent_stepper(state: State, parameters: Parameters, seed: int, consent: Consent) -> Stepper:
    """As `month.player`, but where the club rule would let firm i join j, or the alliance of j, it also takes `consent(i, j)`.

    If that is always given, the bits are those of `month.player`.
    """
    chosen, luck = for_kernels(parameters), np.uint64(seed)
    row, number, empty = np.int32(0), 0, nothing_measured(1)
    meetings = Meetings(np.empty(0, np.int32), Candidates(np.empty(0, np.int64), np.empty(0, np.int64)))
    begin = compiled_for(_begin, state, chosen, luck)
    find_ally = compiled_for(_find_ally, state, chosen, meetings, row, luck)
    ally = compiled_for(_ally, state, row, number, number)
    finish = compiled_for(_finish, state, chosen, luck, empty.by_group[0], empty.by_month[0])

    def play(months: int) -> History:
        history = nothing_measured(months)
        for t in range(months):
            meetings, slot = begin(state, chosen, luck), 0
            for i in meetings.seekers:
                j = find_ally(state, chosen, meetings, i, luck)
                if j >= 0 and consent(int(i), j):
                    slot = ally(state, i, j, slot)
            check_cleared(state, finish(state, chosen, luck, history.by_group[t], history.by_month[t]))
        return history

    return play
