"""Field trials: small independent firms that are assigned at random to meet in groups, or to be advised one by one.

Treated and untreated firms compete in the same market, as in the published experiments (docs/explanation/field_trials.md). A group
occupies an entry of `Alliances`, but is no alliance: nobody pays for coordination, is expelled or leaves, and the club rule has no
say.
"""

from __future__ import annotations

import math

import numpy as np

from sim.economy import chance
from sim.economy.arithmetic import log
from sim.economy.compiled import kernel
from sim.economy.order import put_in_random_order
from sim.economy.parameters import Trial
from sim.economy.partners import has_record
from sim.economy.state import CONTROL, NOT_IN_TRIAL, TREATED, Firms, Room, State

FEWEST = 10.0  # firms from which a slope is computed
LEAST_VARIANCE = 1e-6  # of what the own baseline does not explain in that of the peers; with less, the slope would be noise
LEAST_REVENUE = 1e-250  # whose logarithm stands for that of a revenue that vanishes


@kernel
def is_running(trial: Trial, month: int) -> bool:
    """Whether firms are treated in this month."""
    return bool(trial.first_month <= month < trial.first_month + trial.months)


@kernel
def log_revenue(firms: Firms, i: int) -> float:
    """ln of firm i's revenue per line in the latest month."""
    return float(log(max(firms.revenue[i] / firms.lines[i], LEAST_REVENUE)))


@kernel
def assign(state: State, trial: Trial, seed: np.uint64, month: int) -> None:
    """Assign firms in the month in which a trial begins, and put those treated into groups. Modified in place: state.

    The treated are the share of the eligible with the lowest draws; in the order of their draws they fill group after group.
    """
    if trial.months == 0 or month != trial.first_month:
        return
    eligible = _list_eligible(state.firms, state.room)
    put_in_random_order(state.room, eligible, state.firms, chance.key(seed, month, chance.TRIAL))
    treated = math.floor(trial.share * eligible + 0.5)
    for k in range(eligible):
        state.firms.assignment[state.room.rows[k]] = TREATED if k < treated else CONTROL
    slot = 0
    for first in range(0, treated, trial.group):
        last = min(first + trial.group, treated)
        if last - first > 1 and not trial.individual:
            slot = _found_group(state, first, last, slot, month)


@kernel
def _list_eligible(firms: Firms, room: Room) -> int:
    """List the small independent firms that have a record, take down their baselines, and return how many they are.

    Modified in place: room.rows, and the firms' part in the trial.
    """
    n = 0
    for i in range(firms.identity.size):
        firms.assignment[i] = NOT_IN_TRIAL
        firms.peers[i] = np.nan
        if has_record(firms, i) and not firms.large[i] and not firms.interdependent[i] and firms.alliance[i] < 0:
            firms.baseline[i] = log_revenue(firms, i)
            room.rows[n] = i
            n += 1
    return n


@kernel
def _found_group(state: State, first: int, last: int, slot: int, month: int) -> int:
    """Make a group of the firms in these rows of the room, in the first free entry from `slot` on. Modified in place: state.

    Returns the entry. The group begins with the staffing of its first member.
    """
    firms, alliances, rows, members = state.firms, state.alliances, state.room.rows, last - first
    while alliances.members[slot] > 0:
        slot += 1
    alliances.members[slot] = members
    alliances.trial[slot] = True
    alliances.founded[slot] = month
    alliances.wanted[slot] = firms.wanted[rows[first]]
    alliances.name[slot] = firms.identity[rows[first]]
    alliances.profit[slot] = 0.0
    total = 0.0
    for k in range(first, last):
        i = rows[k]
        firms.alliance[i] = slot
        alliances.name[slot] = min(alliances.name[slot], firms.identity[i])
        alliances.profit[slot] += firms.trailing_profit[i] / firms.lines[i]
        total += firms.baseline[i]
    for k in range(first, last):
        firms.peers[rows[k]] = (total - firms.baseline[rows[k]]) / (members - 1)
    return slot


@kernel
def peer_slope(firms: Firms, trial: Trial, month: int) -> float:
    """How much the treated firms with better peers gain more: a slope of least squares, NaN without enough firms.

    gain = a + slope·peers + b·baseline, where gain = ln revenue per line now less the baseline, over the treated firms that still
    trade. The own baseline is in it because a firm is never its own peer, which makes good firms' peers look worse (Guryan, Kroft
    & Notowidigdo 2009).
    """
    if trial.months == 0 or month < trial.first_month:
        return np.nan
    n, x, z, y = 0.0, 0.0, 0.0, 0.0
    for i in range(firms.identity.size):
        if _has_peers(firms, i):
            n += 1.0
            x += firms.peers[i]
            z += firms.baseline[i]
            y += log_revenue(firms, i) - firms.baseline[i]
    if n < FEWEST:
        return np.nan
    xx, xz, zz, xy, zy = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(firms.identity.size):
        if _has_peers(firms, i):
            dx, dz = firms.peers[i] - x / n, firms.baseline[i] - z / n
            dy = log_revenue(firms, i) - firms.baseline[i] - y / n
            xx, xz, zz, xy, zy = xx + dx * dx, xz + dx * dz, zz + dz * dz, xy + dx * dy, zy + dz * dy
    determinant = xx * zz - xz * xz
    return float((xy * zz - zy * xz) / determinant) if determinant > LEAST_VARIANCE * n * zz else np.nan


@kernel
def _has_peers(firms: Firms, i: int) -> bool:
    """Whether firm i is treated, trades, and began the trial with peers."""
    return bool(firms.active[i] and firms.assignment[i] == TREATED and firms.age[i] > 0 and not np.isnan(firms.peers[i]))
