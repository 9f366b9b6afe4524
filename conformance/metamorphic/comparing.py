"""How two runs are played and compared that must be the same, or differ in a stated way.

Metamorphic testing (Chen, Cheung & Yiu 1998): where nobody knows the right answer, we may still know how it must change with the
question.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

import sim
from conformance.rows import ELEMENTARY
from sim.economy.arrays import Floats
from sim.economy.measures import GROUP_NAMES, MONTH_NAMES
from sim.economy.simulation import History
from sim.economy.state import State

FOLLOWS = f"{ELEMENTARY} from the rules of the model (docs/ODD.md)"
EXPECTED = "expected from the rules of the model (docs/ODD.md) by plain reasoning; not exact"
NOTHING = 1e-290  # anything smaller counts as zero: below 1e-308 numbers lose digits
SEEDS = (1, 2, 3)
LIVELY = {
    "population.small": 40,
    "population.large": 6,
    "population.small_interdependent": 0.6,
    "population.large_interdependent": 0.5,
    "population.maturity": 0.8,
    "population.sales_focused": 0.4,
    "environment.shocks": [{"month": 9, "magnitude": 0.5}],
    "organisation.contract": 0.3,
    "organisation.capacity": 4.0,
    "organisation.wage": 0.3,
    "market.markets": 2,
    "market.scale_elasticity": 0.05,
    "market.promotion": 0.1,
    "finance.reserve": 3.0,
    "finance.overhead": 0.95,
    "dynamics.entry": "imitate",
    "dynamics.revision": 0.1,
    "dynamics.months": 36,
    "trial.first_month": 8,
    "trial.months": 20,
    "trial.group": 3,
    "trial.joint_hiring": True,
}
"""Parameters with which every rule is at work: also exits, expulsions and changes of strategy."""


def history(changes: Mapping[str, Any], seed: int) -> History:
    """Play a run and return its measures."""
    return sim.simulate(sim.parameters("today", changes), seed).history


def difference(
    ours: History, other: History, stays: Collection[str] | None = None, scale: Mapping[str, float] | None = None
) -> float:
    """Return the largest relative difference in the measures `stays` (default: all); those of `other` are multiplied by `scale`."""
    factors = scale or {}
    worst = 0.0
    for mine, theirs, names in zip(ours, other, (GROUP_NAMES, MONTH_NAMES), strict=True):
        for k, name in enumerate(names):
            if stays is None or name in stays:
                worst = max(worst, gap(mine[..., k], theirs[..., k] * factors.get(name, 1.0)))
    return worst


def gap(x: Floats, y: Floats) -> float:
    """Return the largest |x - y|/(|x| + |y|); infinite if somewhere only one of the two has a value."""
    if np.any(np.isnan(x) != np.isnan(y)):
        return np.inf
    size = np.abs(x) + np.abs(y)
    return float(np.nanmax(np.where(size > NOTHING, np.abs(x - y) / np.where(size > 0, size, 1.0), 0.0), initial=0.0))


def copied(state: State) -> State:
    """Return a copy of all arrays."""
    return State(*(type(part)(*(array.copy() for array in part)) if isinstance(part, tuple) else part.copy() for part in state))
