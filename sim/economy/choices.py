"""The words from which a modeller chooses, where a parameter is no number."""

from __future__ import annotations

from enum import IntEnum


class Interaction(IntEnum):
    """Which other decisions a decision's contribution depends on."""

    RANDOM = 0
    ADJACENT = 1
    MODULAR = 2


class Scope(IntEnum):
    """Which firms a firm that looks for allies may meet."""

    ANY = 0
    SAME_SIZE = 1
    OTHER_MARKET = 2


class Entry(IntEnum):
    """What follows the exit of a firm."""

    REPLACE = 0
    IMITATE = 1
    NONE = 2


class Staffing(IntEnum):
    """How many specialists a firm or an alliance wants."""

    LEARNED = 0
    AFFORDABLE = 1
    NONE = 2


class Hiring(IntEnum):
    """Who hires specialists for the members of an alliance."""

    JOINT = 0
    ALONE = 1
    NONE = 2
