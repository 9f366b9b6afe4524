"""How well each parameter is identified: the profile of the objective."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from pydantic import BaseModel

from sim.lab.calibration.evaluation import Evaluator
from sim.lab.calibration.local_model import LocalModel
from sim.lab.calibration.objective import misfit_and_error
from sim.lab.calibration.points import BOUNDS, Values, penalty, place_of, values_at

PROFILE_SEEDS = range(65, 129)  # those that neither the search nor the refinement used
STEPS = (-0.2, -0.12, -0.06, 0.06, 0.12, 0.2)  # from the best value, as shares of the bounds
ERRORS = 2.0  # standard errors of a point that must not explain its height
RISE = 4.0  # of the objective, that two standard errors of a single normal fact would give
PROFILE_RUNS = (1 + len(BOUNDS) * len(STEPS)) * len(PROFILE_SEEDS)


class ProfilePoint(BaseModel):
    """The objective where one parameter has a value and the others are re-optimised."""

    value: float
    objective: float
    error: float  # standard error


class Interval(BaseModel):
    """The values of a parameter at which the objective stays within RISE of its least; closed: it leaves it on this side."""

    low: float
    high: float
    low_closed: bool
    high_closed: bool


def profiles(evaluate: Evaluator, best: Values, model: LocalModel) -> dict[str, list[ProfilePoint]]:
    """For each parameter the objective at some values around the best one, the others re-optimised with the local model.

    Every objective is that of runs. It lies on or above the true profile, because the local model only comes close to the best
    values of the others, and only within its box.
    """
    centre = place_of(best)
    points = [(name, values) for k, name in enumerate(BOUNDS) for values in _points(k, best, model, float(centre[k]))]
    runs = evaluate.runs([values for _, values in points], PROFILE_SEEDS)
    profile: dict[str, list[ProfilePoint]] = {name: [] for name in BOUNDS}
    for (name, values), numbers in zip(points, runs, strict=True):
        height, error = misfit_and_error(numbers)
        profile[name].append(ProfilePoint(value=values[name], objective=height + penalty(values), error=error))
    return profile


def _points(dimension: int, best: Values, model: LocalModel, centre: float) -> list[Values]:
    """The best point, and those on both sides of it within the bounds, in the order of the parameter's value."""
    fixed = sorted({float(np.clip(centre + step, 0.0, 1.0)) for step in STEPS} - {centre})
    others = [values_at(model.best(dimension, place)) for place in fixed]
    return sorted([best, *others], key=lambda values: list(values.values())[dimension])


def interval(points: list[ProfilePoint]) -> Interval:
    """Where a profile first exceeds its least objective + RISE on both sides, by more than noise.

    Its points are joined by straight lines, and ERRORS standard errors are taken off.
    """
    lowest = min(range(len(points)), key=lambda k: points[k].objective)
    height = points[lowest].objective + RISE
    low, low_closed = _crossing(points[lowest::-1], height)
    high, high_closed = _crossing(points[lowest:], height)
    return Interval(low=low, high=high, low_closed=low_closed, high_closed=high_closed)


def _crossing(points: list[ProfilePoint], height: float) -> tuple[float, bool]:
    """Where a profile that starts below a height first exceeds it, and whether it does."""
    for inner, outer in pairwise(points):
        before, after = inner.objective - ERRORS * inner.error, outer.objective - ERRORS * outer.error
        if after > height:
            share = (height - before) / (after - before)
            return inner.value + share * (outer.value - inner.value), True
    return points[-1].value, False
