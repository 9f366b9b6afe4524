"""The parameters that are calibrated, and the points of the space that they span."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.economy.arrays import Floats

BOUNDS: dict[str, tuple[float, float]] = {
    "population.small_interdependent": (0.05, 0.95),
    "environment.speed": (0.002, 0.06),
    "market.quality_weight": (2.0, 20.0),
    "finance.overhead": (0.6, 1.2),
    "finance.reserve": (2.0, 36.0),
    "finance.reserve_elasticity": (0.0, 1.0),
    "dynamics.inheritance": (0.0, 1.0),
    "collaboration.exchange": (0.005, 0.2),
}
BEFORE: dict[str, float] = {
    "population.small_interdependent": 0.5,
    "environment.speed": 0.02,
    "market.quality_weight": 10.0,
    "finance.overhead": 0.85,
    "finance.reserve": 12.0,
    "finance.reserve_elasticity": 0.37,
    "dynamics.inheritance": 0.5,
    "collaboration.exchange": 0.04,
}
"""The values with which the model was written. Where facts leave a parameter open, it stays near them."""
PRIOR_WIDTH = 0.5  # standard deviation of the prior around BEFORE, as a share of the bounds
LOW, HIGH = np.array(list(BOUNDS.values())).T
DIGITS = 2  # of the calibrated values

Values = dict[str, float]
"""A value for each calibrated parameter, by its full name."""


def values_at(place: Floats | Sequence[float]) -> Values:
    """The values at a place in the unit cube, rounded to DIGITS significant digits, so that what is run is what is reported."""
    exact = (LOW + np.asarray(place) * (HIGH - LOW)).tolist()
    return {name: float(f"{value:.{DIGITS}g}") for name, value in zip(BOUNDS, exact, strict=True)}


def place_of(values: Values) -> Floats:
    """The place in the unit cube of some values: 0 at the lower bounds, 1 at the upper ones."""
    return np.asarray((np.array([values[name] for name in BOUNDS]) - LOW) / (HIGH - LOW))


def prior_distances(place: Floats) -> Floats:
    """(place - place of BEFORE)/PRIOR_WIDTH, for each parameter."""
    return (place - place_of(BEFORE)) / PRIOR_WIDTH


def penalty(values: Values) -> float:
    """What the prior adds to the misfit: the sum of its squared distances."""
    return float(np.sum(prior_distances(place_of(values)) ** 2))
