"""Who deviates, and from which rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.economy.arrays import Counts
from sim.economy.state import NEVER_ALLIES, NEVER_LEAVES, NEVER_LOOKS, Firms, State

DEVIATORS = 5
FEW = 4  # at most one place in so many deviates (but one at least), so that those who deviate are nearly alone
HEADS = 2  # the first two interdependent firms head one or two of the five alliances of the default market
MOST_DOMAINS = 64  # so many more or fewer specialists than it wants are all or none


class Kind(NamedTuple):
    """A kind of firm: the places whose firms deviate, and the rows over which their profit is the mean in a month."""

    name: str
    places: Callable[[Firms], Counts]
    measured: Callable[[State, Counts], Counts]


class Deviation(NamedTuple):
    """What the firms in some places do, whoever they are."""

    name: str
    habit: int = 0
    staffing_offset: int = 0

    def begin(self, firms: Firms, places: Counts) -> None:
        """Let the firms in these places deviate from now on. Modified in place: firms."""
        firms.habits[places] = self.habit
        firms.staffing_offset[places] = self.staffing_offset


class Row(NamedTuple):
    """A row of the table: firms of a kind that deviate in one way."""

    kind: Kind
    deviation: Deviation

    @property
    def names(self) -> tuple[str, str]:
        """What the kind of firm and the deviation are called."""
        return self.kind.name, self.deviation.name


def _unallied(firms: Firms) -> Counts:
    return _few(np.flatnonzero(~firms.large & ~firms.interdependent))


def _large(firms: Firms) -> Counts:
    return _few(np.flatnonzero(firms.large))


def _members(firms: Firms) -> Counts:
    return _few(np.flatnonzero(~firms.large & firms.interdependent))


def _heads(firms: Firms) -> Counts:
    return _members(firms)[:HEADS]


def _few(places: Counts) -> Counts:
    """The first of these places: the numbers of firms say nothing about them, but for which of its members heads an alliance."""
    return places[: min(DEVIATORS, max(1, places.size // FEW))]


def _that_trade(state: State, places: Counts) -> Counts:
    return places[state.firms.active[places]]


def _members_of_their_alliances(state: State, places: Counts) -> Counts:
    """All members of the alliances whose head is in one of the places: whole alliances deviate."""
    firms, alliances = state.firms, state.alliances
    allied = places[firms.alliance[places] >= 0]
    numbers = firms.alliance[allied]
    headed = numbers[alliances.name[numbers] == firms.identity[allied]]
    return np.flatnonzero(np.isin(firms.alliance, headed) & (firms.alliance >= 0) & firms.active)


UNALLIED = Kind("small independent firms", _unallied, _that_trade)
LARGE = Kind("large firms", _large, _that_trade)
MEMBERS = Kind("small interdependent firms", _members, _that_trade)
ALLIANCES = Kind("whole alliances", _heads, _members_of_their_alliances)
KINDS = (UNALLIED, LARGE, ALLIANCES, MEMBERS)

FOLLOWS = Deviation("follows the rules")
STAFFING = (
    Deviation("hires nobody", staffing_offset=-MOST_DOMAINS),
    Deviation("hires one fewer", staffing_offset=-1),
    Deviation("hires one more", staffing_offset=1),
    Deviation("hires all that it can afford", staffing_offset=MOST_DOMAINS),
)
MEMBERSHIP = (
    Deviation("never looks at an ally", habit=NEVER_LOOKS),
    Deviation("never allies", habit=NEVER_ALLIES),
    Deviation("never leaves", habit=NEVER_LEAVES),
)
ROWS = (
    *(Row(kind, deviation) for kind in (UNALLIED, LARGE, ALLIANCES) for deviation in STAFFING),
    *(Row(MEMBERS, deviation) for deviation in MEMBERSHIP),
)
"""Which kinds of firms deviate in which ways."""
