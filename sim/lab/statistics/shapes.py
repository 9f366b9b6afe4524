"""The shape of a contrast along one swept parameter: does it rise, or does it peak inside, and where is it highest?

All differences between two points of the curve are estimated seed by seed, with intervals that hold for all of them at once
(Bonferroni). Let δ be the limit of the rule. A curve *rises* if its last point is above its first by at least δ, and no later point
is below an earlier one by δ or more. It has a *peak* if some inner point is above both ends by at least δ.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

from sim.economy.arrays import Floats
from sim.lab.design.contrast import Contrast, Shape
from sim.lab.statistics.contrasts import Comparison
from sim.lab.statistics.paired import CONFIDENCE, FEWEST
from sim.lab.statistics.thresholds import RESAMPLES, matched, resampled_means
from sim.lab.statistics.verdicts import LEVEL, Verdict

FEWEST_POINTS = 3


class Peak(NamedTuple):
    """Where a curve is highest, with the interval over resampled seeds, and the verdict on its shape."""

    arm: str
    parameter: str
    at: float
    low: float
    high: float
    decision: Verdict


def lines_with_values(comparisons: Sequence[Comparison]) -> list[list[Comparison]]:
    """The curve of each arm, without the points at which a group never exists; an arm without any point has none."""
    arms: dict[str, list[Comparison]] = {}
    for comparison in comparisons:
        if comparison.difference.size:
            arms.setdefault(comparison.arm, []).append(comparison)
    return list(arms.values())


def peak(line: Sequence[Comparison]) -> Peak | None:
    """Where the mean over seeds is highest; None with too few seeds.

    The interval holds the middle 95 % of the places at which resampled seeds, the same for all points, have their highest mean.
    """
    matrix, contrast = matched(line), line[0].contrast
    if len(matrix) < FEWEST or contrast.along is None:
        return None
    values = np.array([float(comparison.point[contrast.along]) for comparison in line])
    highest = values[resampled_means(matrix, RESAMPLES).argmax(axis=1)]
    low, high = np.quantile(highest, [0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2], method="closest_observation")
    at = values[matrix.mean(axis=0).argmax()]
    return Peak(line[0].arm, contrast.along, float(at), float(low), float(high), decide_shape(line))


def decide_shape(line: Sequence[Comparison], level: float = LEVEL) -> Verdict:
    """The verdict on the shape of a curve; the chance that one of the intervals behind it misses is at most `level`."""
    matrix, contrast = matched(line), line[0].contrast
    if len(matrix) < FEWEST or len(line) < FEWEST_POINTS:
        return Verdict.UNSETTLED
    holds, fails = (
        _rise(contrast, *_changes(matrix, level)) if contrast.shape is Shape.RISE else _peak(contrast, *_changes(matrix, level))
    )
    return Verdict.SUPPORTED if holds else Verdict.CONTRADICTED if fails else Verdict.UNSETTLED


def _rise(contrast: Contrast, low: Floats, high: Floats) -> tuple[bool, bool]:
    """Whether the curve certainly rises, and whether it certainly does not."""
    margin, later = _margin(contrast), np.triu_indices(len(low), 1)
    rises = low[0, -1] > margin and (low[later] > -margin).all()
    return bool(rises), bool(high[0, -1] < margin or (high[later] < -margin).any())


def _peak(contrast: Contrast, low: Floats, high: Floats) -> tuple[bool, bool]:
    """Whether an inner point is certainly above both ends, and whether certainly none is."""
    margin, inner = _margin(contrast), slice(1, -1)
    above = (low[0, inner] > margin) & (low[-1, inner] > margin)
    not_above = (high[0, inner] < margin) | (high[-1, inner] < margin)
    return bool(above.any()), bool(not_above.all())


def _margin(contrast: Contrast) -> float:
    assert contrast.at_least is not None
    return contrast.at_least


def _changes(matrix: Floats, level: float) -> tuple[Floats, Floats]:
    """Ends of the intervals, points x points, of the value at the second point less that at the first, all holding at once."""
    n, points = matrix.shape
    change = matrix[:, None, :] - matrix[:, :, None]
    pairs = points * (points - 1) / 2
    margin = stats.sem(change, axis=0) * stats.t.ppf(1 - level / pairs / 2, n - 1)
    return change.mean(axis=0) - margin, change.mean(axis=0) + margin
