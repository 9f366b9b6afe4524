"""Where a contrast changes its sign along one swept parameter, with an interval from resampled seeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.lab.statistics.contrasts import Comparison
from sim.lab.statistics.paired import BOOTSTRAP_SEED, CONFIDENCE

RESAMPLES = 1000
SURE = 0.95  # share of the resamples that must cross for a crossing to count

Floats = NDArray[np.float64]


class Threshold(NamedTuple):
    """A crossing of zero: where, its interval, and in which share of the resamples there is one."""

    parameter: str
    at: float
    low: float
    high: float
    rising: bool
    certainty: float


def crossing(values: Floats, curve: Floats) -> float:
    """The first zero of the line through (values, curve), or NaN."""
    change = np.flatnonzero(np.sign(curve[:-1]) * np.sign(curve[1:]) < 0)
    if change.size == 0:
        return float("nan")
    k = change[0]
    return float(values[k] + (values[k + 1] - values[k]) * curve[k] / (curve[k] - curve[k + 1]))


def threshold(parameter: str, line: Sequence[Comparison]) -> Threshold | None:
    """The first crossing along places that differ in one parameter only, or None if there is none one can be sure of."""
    matrix = matched(line)
    values = np.array([float(comparison.point[parameter]) for comparison in line])
    if len(line) < 2 or len(matrix) < 3:
        return None
    at = crossing(values, matrix.mean(axis=0))
    if np.isnan(at):
        return None
    found = np.array([crossing(values, curve) for curve in resampled_means(matrix, RESAMPLES)])
    crossed = found[~np.isnan(found)]
    certainty = crossed.size / found.size
    if certainty < SURE:
        return None
    low, high = np.quantile(crossed, [0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2])
    return Threshold(parameter, at, float(low), float(high), bool(matrix.mean(axis=0)[0] < 0), certainty)


def resampled_means(matrix: Floats, resamples: int) -> Floats:
    """Resamples x places: the means over seeds that were drawn with replacement, the same seeds for all places."""
    n = len(matrix)
    drawn = np.random.default_rng(BOOTSTRAP_SEED).multinomial(n, np.full(n, 1 / n), size=resamples)
    return np.asarray(drawn @ matrix / n)


def matched(line: Sequence[Comparison]) -> Floats:
    """Seeds x places: the differences of the seeds that all places have."""
    series = [c.first if c.second is None else c.first - c.second for c in line]
    shortest = min(len(values) for values in series)
    matrix = np.stack([values[:shortest] for values in series], axis=1)
    return np.asarray(matrix[~np.isnan(matrix).any(axis=1)])


def lines(found: Sequence[Comparison], parameter: str) -> list[list[Comparison]]:
    """The places grouped so that within a group only `parameter` differs; each sorted by it. Words have no order: no lines."""
    groups: dict[Any, list[Comparison]] = {}
    for comparison in found:
        rest = tuple((name, value) for name, value in comparison.point.items() if name != parameter)
        groups.setdefault((comparison.arm, rest), []).append(comparison)
    numeric = all(isinstance(c.point[parameter], int | float) for c in found)
    return [sorted(line, key=lambda c: c.point[parameter]) for line in groups.values()] if numeric else []
