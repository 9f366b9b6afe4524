"""Which parameters change a contrast: Sobol and Morris indices (SALib) with intervals, and the share of the noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.economy.arrays import Floats
from sim.lab.design.points import salib_problem, salib_sample
from sim.lab.design.ranges import Method, Sample
from sim.lab.statistics.contrasts import Comparison
from sim.lab.statistics.paired import CONFIDENCE

ANALYSIS_SEED = 1


class Index(NamedTuple):
    """An index of one parameter: Sobol's first-order or total share of the variance, or Morris' mean absolute effect."""

    parameter: str
    kind: str
    value: float
    low: float
    high: float


class Sensitivity(NamedTuple):
    """The indices of a contrast, and the share of its variance between points that is only noise from the seeds."""

    indices: list[Index]
    noise_share: float
    without_value: int  # points without a value; the mean of the others stands in for them


def sensitivity(sample: Sample, comparisons: Sequence[Comparison]) -> Sensitivity | None:
    """Indices of the mean difference, from one comparison for each point of a sobol or morris design; None without any value.

    The methods need a value at every point, so points without one get the mean of the others.
    """
    means = np.array([comparison.difference.mean() if comparison.difference.size else np.nan for comparison in comparisons])
    missing = np.isnan(means)
    if missing.all():
        return None
    means = np.where(missing, means[~missing].mean(), means)
    return Sensitivity(indices(sample, means), noise_share(comparisons, means), int(missing.sum()))


def indices(sample: Sample, means: Floats) -> list[Index]:
    """Indices of a quantity with these means at the points of the design."""
    if sample.method is Method.SOBOL:
        from SALib.analyze import sobol

        result = sobol.analyze(salib_problem(sample), means, calc_second_order=False, conf_level=CONFIDENCE, seed=ANALYSIS_SEED)
        kinds = {"first order": "S1", "total": "ST"}
    else:
        from SALib.analyze import morris

        result = morris.analyze(salib_problem(sample), salib_sample(sample), means, conf_level=CONFIDENCE, seed=ANALYSIS_SEED)
        kinds = {"mean absolute effect": "mu_star"}
    return [
        Index(name, kind, float(value), float(value - margin), float(value + margin))
        for kind, key in kinds.items()
        for name, value, margin in zip(sample.ranges, result[key], result[f"{key}_conf"], strict=True)
    ]


def noise_share(comparisons: Sequence[Comparison], means: Floats) -> float:
    """Mean squared standard error of the points' means over the variance between them: the share that more seeds would remove."""
    errors = [c.difference.var(ddof=1) / c.difference.size for c in comparisons if c.difference.size > 1]
    between = float(means.var(ddof=1))
    return float(np.mean(errors)) / between if errors and between > 0 else float("nan")
