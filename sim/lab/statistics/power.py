"""How many seeds a rule takes, from the spread between the seeds of a pilot."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

import numpy as np
from scipy import stats

from sim.lab.statistics.contrasts import Comparison
from sim.lab.statistics.paired import FEWEST
from sim.lab.statistics.shapes import lines_with_values
from sim.lab.statistics.thresholds import matched
from sim.lab.statistics.verdicts import LEVEL

POWER = 0.9


class Need(NamedTuple):
    """The seeds that a contrast needs, and what they follow from."""

    contrast: str
    deviation: float  # standard deviation over seeds, the largest over the points
    margin: float  # distance from the limit that is to be found
    intervals: int  # that must hold at once
    seeds: int


def need(comparisons: Sequence[Comparison]) -> Need | None:
    """The seeds with which a rule is settled with probability POWER if the effect is a margin away from its limit.

    n = ((z(1 - LEVEL/2/k) + z(POWER))·SD/margin)², where k intervals must hold at once; (3.24·SD/margin)² for one. The margin is
    that of the contrast or else the size of its limit. None without a rule, with too few seeds, and with a margin of 0.
    """
    contrast = comparisons[0].contrast
    deviations = _pairs(comparisons) if contrast.shape else _points(comparisons)
    margin = abs(contrast.limit or 0.0) if contrast.margin is None else contrast.margin
    if not deviations or not margin:
        return None
    size = stats.norm.ppf(1 - LEVEL / 2 / len(deviations)) + stats.norm.ppf(POWER)
    widest = max(deviations)
    return Need(contrast.name, widest, margin, len(deviations), max(FEWEST, ceil((size * widest / margin) ** 2)))


def _points(comparisons: Sequence[Comparison]) -> list[float]:
    return [float(c.difference.std(ddof=1)) for c in comparisons if c.difference.size >= FEWEST]


def _pairs(comparisons: Sequence[Comparison]) -> list[float]:
    """Of the differences between two points of a curve; the curve of each arm by itself."""
    deviations = []
    for line in lines_with_values(comparisons):
        matrix = matched(line)
        later = np.triu_indices(matrix.shape[1], 1)
        if len(matrix) >= FEWEST:
            deviations += (matrix[:, later[1]] - matrix[:, later[0]]).std(axis=0, ddof=1).tolist()
    return deviations
