"""Groups of firms: by size and strategy, by size and focus, and their unions."""

from __future__ import annotations

import numpy as np

from sim.economy.arrays import Counts, Floats
from sim.economy.measures import FIRMS, GROUPS, IS_MEAN, group_number
from sim.economy.state import Firms

UNIONS = {"small": (0, 1), "large": (2, 3), "all": (0, 1, 2, 3)}
"""Unions of groups that are reported too, by their numbers in `GROUPS`."""


def group_numbers(firms: Firms) -> Counts:
    """Number in `GROUPS` of each firm's group, shape (firms,)."""
    return np.asarray(group_number(firms.large, firms.interdependent))


def group_name(large: bool, interdependent: bool) -> str:
    """Name of the group of one firm, for example "small interdependent"."""
    return GROUPS[group_number(large, interdependent)]


def with_unions(by_group: Floats) -> Floats:
    """Months x groups x measures with a row for each of UNIONS added: sums are added, means are weighted by firms."""
    firms = by_group[:, :, [FIRMS]]
    filled = np.where(firms > 0, by_group, 0.0)
    weighted = np.where(IS_MEAN, filled * firms, filled)
    added = np.stack([weighted[:, rows, :].sum(axis=1) for rows in UNIONS.values()], axis=1)
    n = added[:, :, [FIRMS]]
    with np.errstate(invalid="ignore", divide="ignore"):
        added = np.where(IS_MEAN, added / n, np.where(n > 0, added, np.nan))
    added[:, :, FIRMS] = n[:, :, 0]
    return np.concatenate([by_group, added], axis=1)
