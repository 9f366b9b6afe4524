"""How long a group needs to recover from a shock: one definition for experiments and the app."""

from __future__ import annotations

import math

import numpy as np

from sim.economy.arrays import Floats
from sim.economy.measures import GROUP_NAMES

MONTHS_BEFORE_SHOCK = 12
REGAINED = 0.5


def recovery(by_group: Floats, shock: int) -> Floats:
    """Return the months after month `shock` until each group has regained half of the fitness that it lost, shape (groups,).

    The loss is the mean of the twelve months before the shock less the fitness in the month of the shock. 0 means that nothing was
    lost. A group that never recovers has the number of months that were left; NaN means that there is nothing to compare.

    Args:
        by_group: the history, shape (months, groups, measures).
        shock: the month of the shock, 0 = the first.
    """
    fitness = by_group[:, :, GROUP_NAMES.index("fitness")]
    months = np.full(fitness.shape[1], math.nan)
    for group in range(months.size):
        before = fitness[max(0, shock - MONTHS_BEFORE_SHOCK) : shock, group]
        after = fitness[shock:, group]
        if before.size and after.size and not np.isnan(before).any() and not math.isnan(after[0]):
            goal = after[0] + REGAINED * (before.mean() - after[0])
            back = np.flatnonzero(after >= goal)
            months[group] = back[0] if back.size else after.size
    return months
