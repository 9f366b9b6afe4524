"""The contrasts that have a rule on their shape, each against its parameter, with the place of the highest point."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

from sim.lab.analysis.findings import ContrastResult, Figure, Findings
from sim.lab.report import captions
from sim.lab.report.curves import draw_grid, plot_contrast, values_of
from sim.lab.report.style import ARMS
from sim.lab.statistics.shapes import Peak

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CAPTION = (
    "Contrasts with a rule on their shape. Bands: 95 % intervals that hold at all points at once. Star and bar: the highest point, "
    "and the 95 % interval of its place. The rule compares points seed by seed, so it may be settled although the bands overlap."
)


def draw(findings: Findings, folder: Path) -> list[Figure]:
    """The figure, if there is such a contrast."""
    shown = [result for result in findings.contrasts if result.peaks]
    if not shown:
        return []
    draw_grid(shown, _fill, folder / "shapes")
    return [Figure("shapes", CAPTION + captions.curves_summary(shown))]


def _fill(panel: Axes, result: ContrastResult) -> None:
    colours = dict(zip(result.arms, itertools.cycle(ARMS), strict=False))
    plot_contrast(panel, result, result.peaks[0].parameter, colours)
    for peak in result.peaks:
        _mark(panel, result, peak, colours[peak.arm])


def _mark(panel: Axes, result: ContrastResult, peak: Peak, colour: str) -> None:
    """The highest point of a curve, and the interval of its place."""
    heights = {float(p.point[peak.parameter]): p.estimate.mean for p in result.estimated if p.arm == peak.arm}
    places = [float(value) for value in values_of(result, peak.parameter)]
    bar = [places.index(peak.low), places.index(peak.high)]
    panel.plot(bar, [heights[peak.at]] * 2, color=colour, lw=2.4, alpha=0.6)
    panel.plot(places.index(peak.at), heights[peak.at], "*", ms=9, color=colour, mec="white", mew=0.6)
