"""What only contrasts by month have: published numbers beside them, and one scale for all panels of an outcome."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from sim.lab.analysis.findings import ContrastResult
from sim.lab.design.ranges import Value

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ARROWS, CARETUPBASE = 3, 10  # that say "above", and Matplotlib's name of their shape
MARGIN = 0.05  # of a scale


def plot_published(panel: Axes, result: ContrastResult, values: list[Value]) -> None:
    """What was published, as lines over the months that it covers; with arrows where it is only known to be above."""
    for published in result.contrast.published:
        ends = [0.0, *map(float, values)]  # of the stretches; each is drawn over half a step to both sides of its tick
        x = np.interp([published.start, published.stop], ends, np.arange(len(ends)) - 0.5)
        y = [published.level] * 2
        panel.plot(x, y, color="black", lw=2, label="published")
        if published.value is None:
            panel.plot(np.linspace(x[0], x[1], ARROWS + 2)[1:-1], y[:1] * ARROWS, ls="", marker=CARETUPBASE, ms=6, color="black")


def common_limits(results: list[ContrastResult], outcome: str) -> tuple[float, float]:
    """A scale for all panels of an outcome, so that their sizes can be compared."""
    same = [result for result in results if result.contrast.outcome == outcome]
    ends = [end for result in same for point in result.estimated for end in (point.estimate.low, point.estimate.high)]
    ends = [0.0, *filter(isfinite, ends), *(published.level for result in same for published in result.contrast.published)]
    margin = MARGIN * (max(ends) - min(ends)) or 1.0
    return min(ends) - margin, max(ends) + margin
