"""The contrasts that have a rule on their shape, each against its parameter, and where each is highest in each arm."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.lab.analysis.findings import ContrastResult, Figure, Findings
from sim.lab.design.ranges import Value
from sim.lab.report import captions
from sim.lab.report.curves import draw_grid, plot_contrast, values_of
from sim.lab.report.style import ARMS, WIDTH, add_legend, canvas, save, wrapped
from sim.lab.statistics.shapes import Peak
from sim.observation.labels import parameter_axis, parameter_label, value_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW_HEIGHT = 0.15  # inches, for each contrast in each arm
BETWEEN = 1.0  # rows of distance between two arms
CAPTION = (
    "Contrasts with a rule on their shape. Bands: 95 % intervals that hold at all points at once. Star and bar: the highest point, "
    "and the 95 % interval of its place. The rule compares points seed by seed, so it may be settled although the bands overlap."
)
PLACES_CAPTION = (
    "The {parameter} at which each contrast is highest, by arm: among the values that were tried, which the axis shows. Bars: 95 % "
    "intervals over seeds. Hollow: the contrast is highest at the first or the last value, so there may be more beyond it."
)


def draw(findings: Findings, folder: Path) -> list[Figure]:
    """The curves, if there is such a contrast, and for several arms the places of their highest points."""
    shown = [result for result in findings.contrasts if result.peaks]
    if not shown:
        return []
    draw_grid(shown, _fill, folder / "shapes")
    curves = Figure("shapes", CAPTION + captions.curves_summary(shown))
    same = [result for result in shown if _values(result) == _values(shown[0])]
    return [curves, _draw_places(same, folder)] if len(shown[0].peaks) > 1 else [curves]


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


def _values(result: ContrastResult) -> tuple[str, list[Value]]:
    """The parameter along which a contrast has a shape, and its values."""
    parameter = result.peaks[0].parameter
    return parameter, values_of(result, parameter)


def _draw_places(results: list[ContrastResult], folder: Path) -> Figure:
    """A row for each arm and contrast, with the place of the highest point."""
    parameter, values = _values(results[0])
    arms = list(dict.fromkeys(peak.arm for result in results for peak in result.peaks))
    step = len(results) + BETWEEN
    with canvas(WIDTH, ROW_HEIGHT * step * len(arms) + 0.9) as figure:
        panel = figure.subplots()
        for number, (result, colour) in enumerate(zip(results, itertools.cycle(ARMS), strict=False)):
            for peak in result.peaks:
                _plot_place(panel, peak, values, arms.index(peak.arm) * step + number, colour)
            panel.plot([], [], "o-", color=colour, label=result.contrast.name)
        panel.set_yticks(np.arange(len(arms)) * step + (len(results) - 1) / 2, [wrapped(arm, 30) for arm in arms])
        panel.set_ylim(len(arms) * step - BETWEEN, -BETWEEN)
        panel.set_xticks(range(len(values)), [value_label(value) for value in values])
        panel.set(xlabel=parameter_axis(parameter), xlim=(-0.5, len(values) - 0.5))
        panel.grid(axis="x", lw=0.4, color="#DDDDDD")
        panel.tick_params(axis="y", length=0)
        add_legend(figure, *panel.get_legend_handles_labels())
        save(figure, folder / "best")
    return Figure("best", PLACES_CAPTION.format(parameter=parameter_label(parameter)))


def _plot_place(panel: Axes, peak: Peak, values: list[Value], y: float, colour: str) -> None:
    places = [float(value) for value in values]
    at, low, high = (places.index(value) for value in (peak.at, peak.low, peak.high))
    at_end = at in (0, len(places) - 1)
    panel.plot([low, high], [y, y], color=colour, lw=1.6)
    panel.plot(at, y, "o", ms=5.5, color="white" if at_end else colour, mec=colour, mew=1.2)
