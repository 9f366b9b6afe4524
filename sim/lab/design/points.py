"""The design points of an experiment: a grid, a list, or a sample of many ranges."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from math import prod
from typing import Any, get_args

import numpy as np

from sim.economy.arrays import Floats
from sim.economy.validation import fields
from sim.lab.design.ranges import Method, Range, Sample, Spacing, Steps, Value
from sim.lab.design.schema import ByMonth, Experiment
from sim.observation.labels import MONTH, parameter_label, value_label

Point = dict[str, Value]
"""The values of the parameters that differ between design points, by the parameters' full names."""

SAMPLE_SEED = 1  # the sample is part of the design, so it does not depend on the seeds of the runs


def points(experiment: Experiment) -> list[Point]:
    """The points in order: the last axis of a grid varies fastest; without a sweep there is one point without values."""
    if experiment.points:
        return [dict(point) for point in experiment.points]
    if experiment.sample:
        return _sampled(experiment.sample)
    by_axis = axes(experiment)
    return [dict(zip(by_axis, values, strict=True)) for values in itertools.product(*by_axis.values())]


def count(experiment: Experiment) -> int:
    """The number of points, known before any of them is made."""
    if experiment.points:
        return len(experiment.points)
    if experiment.sample:
        return experiment.sample.size * _points_per_sample(experiment.sample)
    return prod(len(values) for values in axes(experiment).values())


def _points_per_sample(sample: Sample) -> int:
    parameters = len(sample.ranges)
    return {Method.LATIN_HYPERCUBE: 1, Method.SOBOL: parameters + 2, Method.MORRIS: parameters + 1}[sample.method]


def axes(experiment: Experiment) -> dict[str, list[Value]]:
    """The values of each swept parameter of a grid, and the months at which means are taken, counted since the first."""
    months = {MONTH: months_since_start(experiment.by_month)} if experiment.by_month else {}
    return grid(experiment) | months


def months_since_start(by_month: ByMonth) -> list[Value]:
    """How many months have passed at the end of each stretch."""
    return list(range(by_month.every, by_month.stop - by_month.start + 1, by_month.every))


def grid(experiment: Experiment) -> dict[str, list[Value]]:
    """The values of each swept parameter of a grid."""
    return {name: _steps(name, values) if isinstance(values, Steps) else list(values) for name, values in experiment.sweep.items()}


def parameter_names(experiment: Experiment) -> list[str]:
    """The parameters that differ between points, and the month if means are taken by month."""
    if experiment.sample:
        return list(experiment.sample.ranges)
    if experiment.points:
        return list(dict.fromkeys(name for point in experiment.points for name in point))
    return [*experiment.sweep, *([MONTH] if experiment.by_month else [])]


def point_label(point: Mapping[str, Value]) -> str:
    """A point as in "speed = 0.1, complexity = 4"."""
    return ", ".join(f"{parameter_label(name)} = {value_label(value)}" for name, value in point.items())


def salib_problem(sample: Sample) -> dict[str, Any]:
    """The design in SALib's terms; log ranges are sampled in logarithms."""
    bounds = [[_scaled(r, r.start), _scaled(r, r.stop)] for r in sample.ranges.values()]
    return {"num_vars": len(bounds), "names": list(sample.ranges), "bounds": bounds}


def salib_sample(sample: Sample) -> Floats:
    """Points x parameters as SALib or SciPy drew them: logarithms for log ranges, not yet rounded to whole numbers."""
    problem = salib_problem(sample)
    if sample.method is Method.SOBOL:
        from SALib.sample import sobol

        return np.asarray(sobol.sample(problem, sample.size, calc_second_order=False, seed=SAMPLE_SEED))
    if sample.method is Method.MORRIS:
        from SALib.sample import morris

        return np.asarray(morris.sample(problem, sample.size, seed=SAMPLE_SEED))
    from scipy.stats import qmc

    low, high = np.array(problem["bounds"]).T
    return np.asarray(qmc.scale(qmc.LatinHypercube(len(low), rng=SAMPLE_SEED).random(sample.size), low, high))


def _sampled(sample: Sample) -> list[Point]:
    rows = salib_sample(sample)
    return [{name: _unscaled(name, r, x) for (name, r), x in zip(sample.ranges.items(), row, strict=True)} for row in rows]


def _scaled(r: Range, x: float) -> float:
    return float(np.log(x)) if r.spacing is Spacing.LOG else x


def _unscaled(name: str, r: Range, x: float) -> Value:
    value = float(np.exp(x)) if r.spacing is Spacing.LOG else float(x)
    return as_kind(name, min(max(value, r.start), r.stop))


def _steps(name: str, steps: Steps) -> list[Value]:
    spread = np.geomspace if steps.spacing is Spacing.LOG else np.linspace
    values = [as_kind(name, float(f"{value:.6g}")) for value in spread(steps.start, steps.stop, steps.steps)]
    return list(dict.fromkeys(values))


def as_kind(name: str, value: float) -> Value:
    """Round the values of parameters that are whole numbers."""
    return round(value) if name in fields() and get_args(fields()[name].annotation)[0] is int else value
