"""How fast groups recover from a shock: one definition for experiments and the app."""

from __future__ import annotations

import math

import numpy as np

from sim.economy.arrays import Floats
from sim.economy.measures import FIRMS, GROUP_NAMES, GROUPS

MONTHS_BEFORE_SHOCK = 12
MONTHS_AFTER_SHOCK = 3
REGAINED = 0.5

_FITNESS = GROUP_NAMES.index("fitness")


def recovery(by_group: Floats, shock: int) -> Floats:
    """Return the months after month `shock` until each group's fitness has reached the common level, shape (groups,).

    The level is the same for all groups: half of what the whole market lost is regained. The loss is the market's mean fitness over
    the twelve months before the shock less that in the month of the shock. 0 means that a group is at this level or above it in the
    month of the shock. A group that never reaches it has the number of months that were left; NaN means that there is nothing to
    compare.

    Args:
        by_group: the history, shape (months, groups, measures); its first groups are `GROUPS`, which make up the market.
        shock: the month of the shock, 0 = the first.
    """
    market, after = market_fitness(by_group), by_group[shock:, :, _FITNESS]
    before = market[max(0, shock - MONTHS_BEFORE_SHOCK) : shock]
    if not before.size or not len(after):
        return np.full(by_group.shape[1], math.nan)
    reached = after >= market[shock] + REGAINED * (before.mean() - market[shock])
    months = np.where(reached.any(axis=0), reached.argmax(axis=0), len(after))
    return np.where(np.isnan(after[0]) | np.isnan(before.mean()), math.nan, months)


def recovered(by_group: Floats, shock: int) -> Floats:
    """Return 1 for each group that reaches the common level before the run ends, and 0 for the others, shape (groups,)."""
    months = recovery(by_group, shock)
    return np.where(np.isnan(months), math.nan, (months < len(by_group) - shock).astype(float))


def regained(by_group: Floats, shock: int) -> Floats:
    """Return each group's fitness three months after the shock less that in the month of the shock, shape (groups,)."""
    fitness = by_group[shock : shock + MONTHS_AFTER_SHOCK + 1, :, _FITNESS]
    return fitness[-1] - fitness[0] if len(fitness) > MONTHS_AFTER_SHOCK else np.full(by_group.shape[1], math.nan)


def market_fitness(by_group: Floats) -> Floats:
    """Return the mean fitness of all firms, shape (months,); NaN without firms."""
    firms, fitness = (by_group[:, : len(GROUPS), column] for column in (FIRMS, _FITNESS))
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(firms > 0, firms * fitness, 0.0).sum(axis=1) / firms.sum(axis=1))
