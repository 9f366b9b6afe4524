"""Which firms ally: meetings, and the club rule (Buchanan 1965)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.economy import chance
from sim.economy.arrays import Ints
from sim.economy.compiled import allocating_kernel, kernel
from sim.economy.landscape import NOTHING, count
from sim.economy.parameters import Parameters
from sim.economy.partners import Candidates, count_candidates, find_partner
from sim.economy.staffing import specialist_cost
from sim.economy.state import Alliances, Firms, State


class Meetings(NamedTuple):
    """The rows of the firms that look for allies this month, in the order of their meetings, and the candidates they may meet."""

    seekers: Ints
    candidates: Candidates


@allocating_kernel
def assemble(state: State, parameters: Parameters, seed: np.uint64, month: int) -> Meetings:
    """Remove the members who leave, and list the firms that look for allies. Modified in place: state."""
    _release(state.firms, state.alliances)
    seekers = _who_meets(state.firms, parameters.collaboration.meeting, chance.key(seed, month, chance.MEETING))
    _in_random_order(seekers, state.firms, chance.key(seed, month, chance.ORDER))
    return Meetings(seekers, count_candidates(state))


@kernel
def meet(state: State, parameters: Parameters, meetings: Meetings, seed: np.uint64) -> None:
    """Let firms meet one after the other, and ally where the club rule allows it. Modified in place: state."""
    slot = 0
    for i in meetings.seekers:
        j = find_ally(state, parameters, meetings, i, seed)
        if j >= 0:
            slot = ally(state, i, j, slot)


@kernel
def find_ally(state: State, parameters: Parameters, meetings: Meetings, i: int, seed: np.uint64) -> int:
    """The row of the firm that i meets, if firm i can join it or its alliance; otherwise -1."""
    if state.firms.alliance[i] >= 0:
        return -1
    j = find_partner(state, parameters, meetings.candidates, i, chance.key(seed, state.clock[0], chance.PARTNER))
    return j if j >= 0 and state.firms.exclusion[j] == 0 and _is_cheaper(state, parameters, i, j) else -1


@kernel
def club_cost(members: int, missing: int, parameters: Parameters) -> float:
    """What full coverage would cost each member: C(m, u) = cost(m)·(D - u)/m + coordination·(m - 1)."""
    wages = specialist_cost(members, parameters.organisation) * missing / members
    return float(wages + parameters.collaboration.coordination * (members - 1))


@kernel
def _is_cheaper(state: State, parameters: Parameters, i: int, j: int) -> bool:
    """Whether full coverage becomes cheaper for firm j, or the members of its alliance, if firm i joins."""
    firms, alliances = state.firms, state.alliances
    domains = state.landscape.domain.size
    width = state.landscape.key.size // domains
    a = firms.alliance[j]
    members = alliances.members[a] if a >= 0 else 1
    present = alliances.competence[a] if a >= 0 else firms.competence[j]
    joint = present | firms.competence[i]
    before = club_cost(members, domains - count(present) // width, parameters)
    return bool(club_cost(members + 1, domains - count(joint) // width, parameters) < before)


@kernel
def ally(state: State, i: int, j: int, slot: int) -> int:
    """Let firm i join the alliance of j, or found one with it in the first free slot from `slot` on. Modified in place: state.

    Returns the slot from which the next search for a free one may start.
    """
    firms, alliances = state.firms, state.alliances
    if firms.alliance[j] < 0:
        while alliances.members[slot] > 0:
            slot += 1
        firms.alliance[j] = slot
        alliances.members[slot] = 1
        alliances.competence[slot] = firms.competence[j]
    a = firms.alliance[i] = firms.alliance[j]
    alliances.members[a] += 1
    alliances.competence[a] |= firms.competence[i]
    return slot


@kernel
def _release(firms: Firms, alliances: Alliances) -> None:
    """Remove members who were expelled, closed or turned independent, and alliances of one. Modified in place: firms, alliances."""
    for i in range(firms.alliance.size):
        if firms.expelled[i] or not firms.active[i] or not firms.interdependent[i]:
            firms.alliance[i] = -1
        firms.expelled[i] = False
    alliances.members[:] = 0
    alliances.competence[:] = NOTHING
    for i in range(firms.alliance.size):
        if firms.alliance[i] >= 0:
            alliances.members[firms.alliance[i]] += 1
            alliances.competence[firms.alliance[i]] |= firms.competence[i]
    for i in range(firms.alliance.size):
        if firms.alliance[i] >= 0 and alliances.members[firms.alliance[i]] == 1:
            alliances.members[firms.alliance[i]] = 0
            firms.alliance[i] = -1


@allocating_kernel
def _who_meets(firms: Firms, probability: float, key: np.uint64) -> Ints:
    """The rows of the firms that look for allies this month."""
    n = 0
    rows = np.empty(firms.alliance.size, np.int32)
    for i in range(rows.size):
        if firms.interdependent[i] and firms.active[i] and firms.alliance[i] < 0 and firms.exclusion[i] == 0:
            if chance.uniform(key, firms.identity[i]) < probability:
                rows[n] = i
                n += 1
    return rows[:n].copy()


@allocating_kernel
def _in_random_order(rows: Ints, firms: Firms, key: np.uint64) -> None:
    """Sort rows by a random draw of each firm. Modified in place: rows.

    A bucket sort, then insertion: the time is linear in the number of rows.
    """
    n = rows.size
    next_slot = np.zeros(n + 1, np.int32)
    for i in rows:
        next_slot[chance.index(key, firms.identity[i], n) + 1] += 1
    for bucket in range(n):
        next_slot[bucket + 1] += next_slot[bucket]
    unsorted = rows.copy()
    for i in unsorted:
        bucket = chance.index(key, firms.identity[i], n)
        rows[next_slot[bucket]] = i
        next_slot[bucket] += 1
    for k in range(1, n):
        i, drawn, gap = rows[k], chance.bits(key, firms.identity[rows[k]]), k
        while gap > 0 and chance.bits(key, firms.identity[rows[gap - 1]]) > drawn:
            rows[gap] = rows[gap - 1]
            gap -= 1
        rows[gap] = i
