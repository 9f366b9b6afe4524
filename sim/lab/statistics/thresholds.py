"""Where a contrast changes its sign along one swept parameter, with an interval from resampled seeds."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.economy.arrays import Floats
from sim.lab.statistics.contrasts import Comparison
from sim.lab.statistics.paired import BOOTSTRAP_SEED, CONFIDENCE, FEWEST

RESAMPLES = 1000
SURE = 0.95  # share of the resamples that must cross for a crossing to count


class Threshold(NamedTuple):
    """A crossing of zero: the parameter's value there, its interval, and the share of the resamples that cross too."""

    parameter: str
    at: float
    low: float
    high: float
    rising: bool
    certainty: float


def crossings(values: Floats, curve: Floats) -> list[tuple[float, bool]]:
    """The values at which the line through (values, curve) changes its sign, and whether it rises there.

    Where the line stays at zero for a while, the crossing is in the middle.
    """
    zeros = []
    for a, b in itertools.pairwise(np.flatnonzero(curve)):
        if curve[a] * curve[b] < 0:
            between = curve[a] / (curve[a] - curve[b])
            at = values[a] + (values[b] - values[a]) * between if b == a + 1 else (values[a + 1] + values[b - 1]) / 2
            zeros.append((float(at), bool(curve[a] < 0)))
    return zeros


def thresholds(parameter: str, line: Sequence[Comparison]) -> list[Threshold]:
    """The crossings that at least a share SURE of the resamples have, along points that differ in one parameter only.

    The interval is that of the nearest crossing in the same direction, over resampled seeds.
    """
    matrix = matched(line)
    values = np.array([float(comparison.point[parameter]) for comparison in line])
    if len(matrix) < FEWEST:
        return []
    resampled = [crossings(values, curve) for curve in resampled_means(matrix, RESAMPLES)]
    sure = []
    for at, rising in crossings(values, matrix.mean(axis=0)):
        nearest = [x for curve in resampled for x in _nearest(at, rising, curve)]
        certainty = len(nearest) / RESAMPLES
        if certainty >= SURE:
            low, high = np.quantile(nearest, [0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2])
            sure.append(Threshold(parameter, at, float(low), float(high), rising, certainty))
    return sure


def _nearest(at: float, rising: bool, zeros: list[tuple[float, bool]]) -> list[float]:
    """The crossing in this direction that is nearest to `at`, if there is one."""
    return sorted((x for x, direction in zeros if direction == rising), key=lambda x: abs(x - at))[:1]


def resampled_means(matrix: Floats, resamples: int) -> Floats:
    """Resamples x points: means over seeds drawn with replacement, the same seeds for all points."""
    n = len(matrix)
    drawn = np.random.default_rng(BOOTSTRAP_SEED).multinomial(n, np.full(n, 1 / n), size=resamples)
    return np.asarray(drawn @ matrix / n)


def matched(line: Sequence[Comparison]) -> Floats:
    """Seeds x points: the differences of the seeds that all points have."""
    series = [comparison.by_seed for comparison in line]
    shortest = min(len(values) for values in series)
    matrix = np.stack([values[:shortest] for values in series], axis=1)
    return np.asarray(matrix[~np.isnan(matrix).any(axis=1)])


def lines(comparisons: Sequence[Comparison], parameter: str) -> list[list[Comparison]]:
    """The comparisons grouped so that within a group only `parameter` differs, each group sorted by it.

    Parameters with words as values have no order, so they have no lines.
    """
    if not all(isinstance(comparison.point[parameter], int | float) for comparison in comparisons):
        return []
    groups: dict[object, list[Comparison]] = {}
    for comparison in comparisons:
        rest = tuple((name, value) for name, value in comparison.point.items() if name != parameter)
        groups.setdefault((comparison.arm, rest), []).append(comparison)
    return [sorted(line, key=lambda comparison: float(comparison.point[parameter])) for line in groups.values()]
