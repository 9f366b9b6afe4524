"""How long a group needs after a shock: one definition for experiments and for the page."""

from __future__ import annotations

import math

import numpy as np

from sim.economy.arrays import Floats
from sim.economy.measures import GROUP_NAMES

MONTHS_BEFORE_SHOCK = 12
REGAINED = 0.5


def recovery(by_group: Floats, shock: int) -> Floats:
    """Months until each group's fitness is back above the middle between the year before the shock and the month of the shock.

    0 = it lost nothing; a group that never comes back has the months that were left; NaN = nothing to compare.
    """
    fitness = by_group[:, :, GROUP_NAMES.index("fitness")]
    found = np.full(fitness.shape[1], math.nan)
    for group in range(found.size):
        before = fitness[max(0, shock - MONTHS_BEFORE_SHOCK) : shock, group]
        after = fitness[shock:, group]
        if before.size and after.size and not np.isnan(before).any() and not math.isnan(after[0]):
            goal = after[0] + REGAINED * (before.mean() - after[0])
            back = np.flatnonzero(after >= goal)
            found[group] = back[0] if back.size else after.size
    return found
