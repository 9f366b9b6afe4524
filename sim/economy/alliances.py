"""Who joins whom: the club rule (Buchanan 1965)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.economy import chance
from sim.economy.compiled import allocating_kernel, kernel
from sim.economy.landscape import NOTHING, count
from sim.economy.partners import Candidates, count_candidates, find_partner
from sim.economy.staffing import specialist_cost
from sim.economy.state import Alliances, Firms, State


class Meetings(NamedTuple):
    """The rows of those who look for allies this month, in the order of their meetings, and how many there are to be met."""

    seekers: NDArray[np.int32]
    candidates: Candidates


@allocating_kernel
def assemble(state: State, parameters: Any, seed: np.uint64, month: int) -> Meetings:
    """Let members go who left, and see who looks for allies. Modified in place: world."""
    _release(state.firms, state.alliances)
    seekers = _who_meets(state.firms, parameters.collaboration.meeting, chance.key(seed, month, chance.MEETING))
    _in_random_order(seekers, state.firms, chance.key(seed, month, chance.ORDER))
    return Meetings(seekers, count_candidates(state))


@kernel
def meet(state: State, parameters: Any, meetings: Meetings, seed: np.uint64) -> None:
    """Settle the meetings one after the other. Modified in place: world."""
    slot = 0
    for i in meetings.seekers:
        j = find_ally(state, parameters, meetings, i, seed)
        if j >= 0:
            slot = ally(state, i, j, slot)


@kernel
def find_ally(state: State, parameters: Any, meetings: Meetings, i: int, seed: np.uint64) -> int:
    """The row of the firm that i meets, if i can join it or its alliance; -1 if i is allied or nothing comes of the meeting."""
    if state.firms.alliance[i] >= 0:
        return -1
    j = find_partner(state, parameters, meetings.candidates, i, chance.key(seed, state.clock[0], chance.PARTNER))
    return j if j >= 0 and state.firms.exclusion[j] == 0 and _is_cheaper(state, parameters, i, j) else -1


@kernel
def club_cost(members: int, missing: int, parameters: Any) -> float:
    """C(m, u) = cost(m)·(D - u)/m + coordination·(m - 1): what full coverage would cost each member."""
    wages = specialist_cost(members, parameters.organisation) * missing / members
    return float(wages + parameters.collaboration.coordination * (members - 1))


@kernel
def _is_cheaper(state: State, parameters: Any, i: int, j: int) -> bool:
    """Whether coverage becomes cheaper for firm j, or the members of its alliance, if firm i joins."""
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
    """Firm i joins the alliance of j, or the two found one in the first place free from `slot` on. Returns where to look next."""
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
    """Members who were expelled, closed or turned independent leave; an alliance of one dissolves. Modified in place."""
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
def _who_meets(firms: Firms, probability: float, key: np.uint64) -> NDArray[np.int32]:
    """The rows that look for allies this month."""
    n = 0
    rows = np.empty(firms.alliance.size, np.int32)
    for i in range(rows.size):
        if firms.interdependent[i] and firms.active[i] and firms.alliance[i] < 0 and firms.exclusion[i] == 0:
            if chance.uniform(key, firms.identity[i]) < probability:
                rows[n] = i
                n += 1
    return rows[:n].copy()


@allocating_kernel
def _in_random_order(rows: NDArray[np.int32], firms: Firms, key: np.uint64) -> None:
    """Sort rows by a draw of each firm: buckets by the draw, then insertion, so linear in their number. Modified in place."""
    n = rows.size
    place = np.zeros(n + 1, np.int32)
    for i in rows:
        place[chance.index(key, firms.identity[i], n) + 1] += 1
    for bucket in range(n):
        place[bucket + 1] += place[bucket]
    unsorted = rows.copy()
    for i in unsorted:
        bucket = chance.index(key, firms.identity[i], n)
        rows[place[bucket]] = i
        place[bucket] += 1
    for k in range(1, n):
        i, ticket, hole = rows[k], chance.bits(key, firms.identity[rows[k]]), k
        while hole > 0 and chance.bits(key, firms.identity[rows[hole - 1]]) > ticket:
            rows[hole] = rows[hole - 1]
            hole -= 1
        rows[hole] = i
