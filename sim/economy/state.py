"""The state of the economy as a struct of arrays: entry i of every firm array is firm i.

Rows are sorted by market, then small before large, then by number, so that the firms of a market are a slice. A mask of domains has
a bit for every decision of these domains, so that coverage and contributions can be compared bit by bit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.economy.arrays import Bytes, Counts, Flags, Floats, Ints, Masks
from sim.economy.landscape import Landscape

LARGE = np.uint64(1 << 40)  # the identity of large firm k is LARGE + k, of small firm k it is k

# Kinds of hiring units. Below HEADS: firms that hire alone, by size and by whether they are allied.
NO_UNIT, HEADS, GROUP_HEADS, KINDS = 0, 5, 6, 7

# What a firm is in a field trial.
NOT_IN_TRIAL, TREATED, CONTROL = 0, 1, 2

# Bits of `habits`: rules that the firm in a place does not follow, whoever it is. Only deviation tests set them.
NEVER_LOOKS, NEVER_ALLIES, NEVER_LEAVES = 1, 2, 4


class Firms(NamedTuple):
    """One entry per firm."""

    # Who it is.
    identity: Masks  # size class and number: the entity under which the firm draws its random numbers
    market: Ints
    lines: Ints  # product lines
    large: Flags
    layers: Ints  # of management

    # What it is like.
    interdependent: Flags  # its strategy
    sales_focus: Floats  # β
    maturity: Floats  # chance that it keeps its word in a month
    competence: Masks  # the decisions of its own domain

    # Whether it trades; `failed` takes effect when the next month opens.
    active: Flags  # sells this month
    failed: Flags  # ends this month without cash
    entered: Flags  # opened this month
    age: Ints  # months of trading

    # What it does: business model and search.
    model: Masks  # the business model: decision d is bit d
    fitness: Floats  # of the business model in force
    idea: Masks  # decisions that it wants to change this month, 0 = one drawn at random
    proposal: Masks  # decisions that an idea under judgement would change, 0 = none
    stage: Ints  # layers that have still to judge the proposal
    practice: Flags  # the proposal is an ally's practice
    looks: Bytes  # at an ally's practice this month
    ideas_adopted: Bytes  # this month
    practices_adopted: Bytes  # this month
    proposals_rejected: Bytes  # this month
    copied: Masks  # decisions of a followed practice that it has not changed since it took them over
    copied_decisions: Bytes  # how many decisions of the followed practice it took over, 0 = none is followed
    copied_months: Bytes  # since it took them over

    # Its specialists.
    wanted: Bytes  # how many it wants when it hires alone
    unit: Bytes  # the kind of hiring unit for which it decides as the month opens, see learning.py
    specialists: Masks  # domains of the specialists that it hires alone
    coverage: Masks  # domains that it can judge without error

    # Its alliance, or the group of a field trial; `expelled` takes effect when the next month opens.
    alliance: Ints  # number of its alliance, -1 = none
    keeps_word: Flags
    broken_words: Ints  # months in which it did not keep its word
    expelled: Flags
    exclusion: Ints  # months of exclusion left
    left: Flags  # left its alliance by its own will as this month opened

    # A field trial.
    assignment: Bytes  # NOT_IN_TRIAL, TREATED or CONTROL
    baseline: Floats  # ln revenue per line in the month before the trial
    peers: Floats  # mean baseline of the others in its group, NaN without

    # How the firm in this place deviates from the rules, whoever it is. Only deviation tests set these.
    habits: Bytes
    staffing_offset: Bytes  # added to what it wants when it hires, alone or as the head of an alliance

    # Its market.
    level: Floats  # ln attraction - α·perceived cost - 1, see clearing.py
    odds: Floats  # share/(1 - share), called z in clearing.py
    marginal_cost: Floats
    price: Floats
    share: Floats  # of the customers of its market

    # Its money, this month.
    revenue: Floats
    operating_profit: Floats
    promotion: Floats
    specialist_cost: Floats
    dues: Floats
    profit: Floats
    payout: Floats

    # Its money, over time.
    reserve: Floats  # the most that it keeps
    cash: Floats
    trailing_operating_profit: Floats
    trailing_profit: Floats


INTERNAL = ("identity", "level", "odds", "unit", "habits", "staffing_offset")
"""The arrays of `Firms` that only the economy's own rules use."""


class Alliances(NamedTuple):
    """One entry per possible alliance, or group of a field trial; its number stays while it lives."""

    members: Ints
    trial: Flags  # a group of a field trial, not an alliance
    founded: Ints  # month
    dissolved: Flags  # an alliance of this number ended as this month opened
    wanted: Bytes  # specialists that it wants
    offset: Bytes  # added to what it wants, from its head
    profit: Floats  # sum over the members of trailing profit per line, as the month opens
    keepers: Ints  # members that keep their word this month
    competence: Masks  # of all members
    contributed: Masks  # of the members that keep their word
    hired: Masks  # domains of jointly hired specialists
    name: Masks  # identity of its head, the member with the lowest: the entity under which the alliance draws its random numbers
    pooled: Floats  # trailing operating profit of those who keep their word
    dues: Floats  # what each of them pays
    start: Ints  # the keepers of alliance a are roster[start[a]:start[a + 1]]
    roster: Ints


class Markets(NamedTuple):
    """One entry per market; its firms are rows `start[m]` to `start[m + 1]`."""

    start: Counts
    lines: Floats  # at the start
    log_outside: Floats  # logarithm of the outside good's weight
    log_aggregate: Floats  # ln H: last month's is this month's warm start
    first_log_aggregate: Floats
    best_fitness: Floats
    outside_share: Floats
    iterations: Ints
    residual: Floats
    converged: Flags


class Room(NamedTuple):
    """Room for what an act needs while it works, reserved once; no act reads what another month left there."""

    models: Masks  # last month's business models, which others see
    strategies: Flags  # as they were before anyone revises its own
    wanted: Bytes  # specialists that firms wanted before anyone reviews how many
    wanted_by_alliances: Bytes
    units: Counts  # hiring units of each kind
    rows: Ints  # of firms that meet others, or are assigned in a field trial, in their order
    unsorted: Ints
    next_place: Ints
    candidates_by_size: Counts  # firms that can be met, of each size ...
    candidates_by_market: Counts  # ... and in each market
    solver: Floats  # three blocks, see clearing.py


class State(NamedTuple):
    """All arrays of the economy; `clock[0]` is the number of months played."""

    firms: Firms
    alliances: Alliances
    markets: Markets
    landscape: Landscape
    room: Room
    clock: Counts
