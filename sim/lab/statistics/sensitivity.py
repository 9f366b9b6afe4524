"""Which parameters move a contrast: Sobol and Morris indices (SALib) with intervals, and the share of the noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.economy.arrays import Floats
from sim.lab.design.points import problem, unscaled
from sim.lab.design.schema import Method, Sample
from sim.lab.statistics.contrasts import Comparison
from sim.lab.statistics.paired import CONFIDENCE

ANALYSIS_SEED = 1


class Index(NamedTuple):
    """One parameter's index: Sobol's first-order and total share of the variance, or Morris' mean absolute effect and spread."""

    parameter: str
    kind: str
    value: float
    low: float
    high: float


class Sensitivity(NamedTuple):
    """The indices of a contrast, and how much of its variance between points is only the luck of the seeds."""

    indices: list[Index]
    noise_share: float
    without_value: int  # points at which there was nothing to compare; they count as the mean of the others


def sensitivity(sample: Sample, found: Sequence[Comparison]) -> Sensitivity | None:
    """Indices of the mean difference at each point of a sobol or morris design; the places must be those of one arm.

    The methods need a value at every point of their design; None if there is none anywhere.
    """
    means = np.array([comparison.difference.mean() if comparison.difference.size else np.nan for comparison in found])
    missing = np.isnan(means)
    if missing.all():
        return None
    means = np.where(missing, means[~missing].mean(), means)
    return Sensitivity(indices(sample, means), noise_share(found, means), int(missing.sum()))


def indices(sample: Sample, means: Floats) -> list[Index]:
    """Indices of any quantity that is known at the points of the design."""
    if sample.method is Method.SOBOL:
        from SALib.analyze import sobol

        result = sobol.analyze(problem(sample), means, calc_second_order=False, conf_level=CONFIDENCE, seed=ANALYSIS_SEED)
        kinds = {"first order": "S1", "total": "ST"}
    else:
        from SALib.analyze import morris

        result = morris.analyze(problem(sample), unscaled(sample), means, conf_level=CONFIDENCE, seed=ANALYSIS_SEED)
        kinds = {"mean absolute effect": "mu_star"}
    return [
        Index(name, kind, float(value), float(value - margin), float(value + margin))
        for kind, key in kinds.items()
        for name, value, margin in zip(sample.ranges, result[key], result[f"{key}_conf"], strict=True)
    ]


def noise_share(found: Sequence[Comparison], means: Floats) -> float:
    """Mean squared standard error of the points' means over the variance between them: what more seeds would remove."""
    errors = [c.difference.var(ddof=1) / c.difference.size for c in found if c.difference.size > 1]
    between = float(means.var(ddof=1))
    return float(np.mean(errors)) / between if errors and between > 0 else float("nan")
