"""Two economies that must be the same, or differ in a stated way: how they are played and compared.

Metamorphic testing (Chen, Cheung & Yiu 1998): where the right answer is not known,
it may be known how it must change with the question.
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
NOTHING = 1e-290  # less than that is none: below 1e-308 numbers lose their digits
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
}
"""A world in which every rule is at work, exits, expulsions and changes of strategy among them."""


def history(changes: Mapping[str, Any], seed: int) -> History:
    """What is measured in a world."""
    return sim.simulate(sim.parameters("today", changes), seed).history


def difference(
    ours: History, other: History, stays: Collection[str] | None = None, scale: Mapping[str, float] | None = None
) -> float:
    """The largest relative difference in the measures that stay (default: all); the other's are multiplied by `scale`."""
    factors = scale or {}
    worst = 0.0
    for mine, theirs, names in zip(ours, other, (GROUP_NAMES, MONTH_NAMES), strict=True):
        for k, name in enumerate(names):
            if stays is None or name in stays:
                worst = max(worst, gap(mine[..., k], theirs[..., k] * factors.get(name, 1.0)))
    return worst


def gap(x: Floats, y: Floats) -> float:
    """The largest of |x - y|/(|x| + |y|); infinite where only one has a value."""
    if np.any(np.isnan(x) != np.isnan(y)):
        return np.inf
    size = np.abs(x) + np.abs(y)
    return float(np.nanmax(np.where(size > NOTHING, np.abs(x - y) / np.where(size > 0, size, 1.0), 0.0), initial=0.0))


def copied(state: State) -> State:
    """The same world once more, to go another way."""
    return State(*(type(part)(*(array.copy() for array in part)) if isinstance(part, tuple) else part.copy() for part in state))
