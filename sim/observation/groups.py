"""Groups of firms: by size and strategy, by size and focus, and unions of groups.

>>> from sim.observation.groups import UNIONS, group_name
>>> group_name(large=False, interdependent=True)
'small interdependent'
>>> list(UNIONS)
['small', 'large', 'all']
"""

from __future__ import annotations

import numpy as np

from sim.economy.arrays import Counts, Floats
from sim.economy.measures import FIRMS, GROUPS, IS_MEAN, SIZES, group_number
from sim.economy.state import Firms

UNIONS = {
    **{size: tuple(group_number(large, strategy) for strategy in (0, 1)) for large, size in enumerate(SIZES)},
    "all": tuple(range(len(GROUPS))),
}
"""Unions that are reported too: name and numbers in `GROUPS` of the groups that they consist of."""


def group_numbers(firms: Firms) -> Counts:
    """Return the number in `GROUPS` of each firm's group, shape (firms,)."""
    return np.asarray(group_number(firms.large, firms.interdependent), np.int64)


def group_name(large: bool, interdependent: bool) -> str:
    """Return the name of a firm's group by size and strategy: "small interdependent"."""
    return GROUPS[int(group_number(large, interdependent))]


def with_unions(by_group: Floats) -> Floats:
    """Add a row for each of `UNIONS` to a history of shape (months, groups, measures).

    Sums and counts are added; means are weighted by the number of firms. A union without firms has `firms` = 0 and NaN otherwise.
    """
    firms = by_group[:, :, [FIRMS]]
    filled = np.where(firms > 0, by_group, 0.0)
    weighted = np.where(IS_MEAN, filled * firms, filled)
    added = np.stack([weighted[:, rows, :].sum(axis=1) for rows in UNIONS.values()], axis=1)
    n = added[:, :, [FIRMS]]
    with np.errstate(invalid="ignore", divide="ignore"):
        added = np.where(IS_MEAN, added / n, np.where(n > 0, added, np.nan))
    added[:, :, FIRMS] = n[:, :, 0]
    return np.concatenate([by_group, added], axis=1)
