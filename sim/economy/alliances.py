"""Which alliances end, and which firms ally: meetings, and the club rule (Buchanan 1965)."""

from __future__ import annotations

import numpy as np

from sim.economy import chance
from sim.economy.compiled import kernel
from sim.economy.landscape import NOTHING, count
from sim.economy.order import put_in_random_order
from sim.economy.parameters import Parameters
from sim.economy.partners import count_candidates, find_partner
from sim.economy.staffing import specialist_cost
from sim.economy.state import NEVER_ALLIES, State
from sim.economy.trial import is_running


@kernel
def assemble(state: State, parameters: Parameters, seed: np.uint64, month: int) -> int:
    """List the firms that look for allies, in the order in which they will meet others. Modified in place: state.room.

    Returns how many rows of `state.room.rows` they take.
    """
    seekers = _list_seekers(state, parameters.collaboration.meeting, chance.key(seed, month, chance.MEETING))
    put_in_random_order(state.room, seekers, state.firms, chance.key(seed, month, chance.ORDER))
    count_candidates(state)
    return seekers


@kernel
def meet(state: State, parameters: Parameters, seekers: int, seed: np.uint64) -> None:
    """Let firms meet one after the other, and ally where the club rule allows it. Modified in place: state."""
    slot = 0
    for k in range(seekers):
        i = state.room.rows[k]
        j = find_ally(state, parameters, i, seed)
        if j >= 0:
            slot = ally(state, i, j, slot)


@kernel
def find_ally(state: State, parameters: Parameters, i: int, seed: np.uint64) -> int:
    """The row of the firm that i meets, if firm i can join it or its alliance; otherwise -1."""
    if state.firms.alliance[i] >= 0:
        return -1
    j = find_partner(state, parameters, i, chance.key(seed, state.clock[0], chance.PARTNER))
    return j if j >= 0 and _is_free(state, parameters, j) and _is_cheaper(state, parameters, i, j) else -1


@kernel
def _is_free(state: State, parameters: Parameters, j: int) -> bool:
    """Whether firm j can be allied with: neither excluded nor in a field trial, and its alliance may grow."""
    firms, a = state.firms, state.firms.alliance[j]
    if firms.exclusion[j] > 0 or firms.habits[j] & NEVER_ALLIES or (a >= 0 and state.alliances.trial[a]):
        return False
    members = state.alliances.members[a] if a >= 0 else 1
    return bool(members < parameters.collaboration.most_members)


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
        alliances.trial[slot] = False
        alliances.founded[slot] = state.clock[0]
        alliances.wanted[slot] = firms.wanted[j]
        alliances.competence[slot] = firms.competence[j]
        alliances.name[slot] = firms.identity[j]
    a = firms.alliance[i] = firms.alliance[j]
    alliances.members[a] += 1
    alliances.competence[a] |= firms.competence[i]
    alliances.name[a] = min(alliances.name[a], firms.identity[i])
    return slot


@kernel
def dissolve(state: State, parameters: Parameters, month: int) -> None:
    """Part with members who leave or closed, end alliances of one, and count those that stay. Modified in place: state.

    Groups of a field trial end with the treatment.
    """
    firms, alliances = state.firms, state.alliances
    treated = is_running(parameters.trial, month)
    for a in range(alliances.members.size):
        alliances.dissolved[a] = alliances.members[a] > 0
        alliances.members[a] = 0
    for i in range(firms.alliance.size):
        a = firms.alliance[i]
        if a >= 0 and (firms.left[i] or not (treated if alliances.trial[a] else firms.interdependent[i])):
            firms.alliance[i] = -1
        elif a >= 0:
            alliances.members[a] += 1
    for a in range(alliances.members.size):
        ends = alliances.members[a] < 2
        alliances.dissolved[a] = alliances.dissolved[a] and ends and not alliances.trial[a]
        alliances.members[a] = 0 if ends else alliances.members[a]
        alliances.trial[a] = alliances.trial[a] and not ends
        alliances.competence[a], alliances.profit[a], alliances.name[a] = NOTHING, 0.0, ~NOTHING
    for i in range(firms.alliance.size):
        a = firms.alliance[i]
        if a >= 0 and alliances.members[a] == 0:
            firms.alliance[i] = -1
        elif a >= 0:
            alliances.competence[a] |= firms.competence[i]
            alliances.profit[a] += firms.trailing_profit[i] / firms.lines[i]
            alliances.name[a] = min(alliances.name[a], firms.identity[i])


@kernel
def _list_seekers(state: State, probability: float, key: np.uint64) -> int:
    """List the firms that look for allies this month, and return how many they are. Modified in place: state.room.rows."""
    firms, n = state.firms, 0
    for i in range(firms.alliance.size):
        willing = firms.interdependent[i] and not firms.habits[i] & NEVER_ALLIES
        if willing and firms.active[i] and firms.alliance[i] < 0 and firms.exclusion[i] == 0:
            if chance.uniform(key, firms.identity[i]) < probability:
                state.room.rows[n] = i
                n += 1
    return n
