"""The model's counterparts of published numbers: contrasts over exactly the months that were published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sim.economy.arrays import Floats
from sim.lab.analysis.deciding import Comparisons
from sim.lab.analysis.findings import Counterpart
from sim.lab.design.contrast import Published
from sim.lab.statistics.contrasts import Comparison
from sim.lab.statistics.paired import CONFIDENCE, FEWEST, t_interval
from sim.lab.statistics.thresholds import lines, matched
from sim.observation.labels import MONTH


def counterparts(comparisons: Comparisons) -> Iterator[Counterpart]:
    """One for each published number, arm, and point of what is swept besides the months; none with too few seeds."""
    for of_contrast in comparisons:
        for published in of_contrast[0].contrast.published:
            for line in lines(of_contrast, MONTH):
                values = _over(line, published)
                if len(values) >= FEWEST:
                    point = {name: value for name, value in line[0].point.items() if name != MONTH}
                    ends = t_interval(values, CONFIDENCE)
                    yield Counterpart(line[0].contrast.name, line[0].arm, point, published, float(values.mean()), *ends)


def _over(line: Sequence[Comparison], published: Published) -> Floats:
    """The mean over the months that were published, for each seed that has all of them."""
    stretches = [comparison for comparison in line if published.start < float(comparison.point[MONTH]) <= published.stop]
    return np.asarray(matched(stretches).mean(axis=1))
