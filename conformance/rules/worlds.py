"""What groups earn in a world, seed by seed: the numbers with which rules are tested."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

import sim
from sim.economy.arrays import Floats
from sim.observation.outcomes import GROUPS, OUTCOMES, Window, outcomes

MONTHS, FIRST_MONTH = 480, 240
SEEDS = range(5001, 5241)
RULE = "docs/ODD.md, and the tests that its rules must pass (docs/explanation/conformance.md); not exact"
INTERDEPENDENT, INDEPENDENT = "small interdependent", "small independent"


def earned(world: str, changes: Mapping[str, Any], group: str, outcome: str = "profit_per_line") -> Floats:
    """Return an outcome of a group for each of SEEDS, months FIRST_MONTH to MONTHS."""
    return _tables(world, tuple(sorted(changes.items())))[:, GROUPS.index(group), OUTCOMES.index(outcome)]


def advantage(world: str, changes: Mapping[str, Any]) -> Floats:
    """Return what small interdependent firms earn per line more than small independent ones, for each of SEEDS."""
    return earned(world, changes, INTERDEPENDENT) - earned(world, changes, INDEPENDENT)


@cache
def _tables(world: str, changes: tuple[tuple[str, Any], ...]) -> Floats:
    """All outcomes, shape (seeds, GROUPS, OUTCOMES)."""
    parameters = sim.parameters(world, {"dynamics.months": MONTHS, **dict(changes)})
    runs = (sim.simulate(parameters, seed) for seed in SEEDS)
    return np.array([outcomes(run.history, parameters, Window(FIRST_MONTH)) for run in runs])
