"""Two swept parameters: maps of a contrast, with the uncertainty of the boundary at which its sign changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.economy.arrays import Floats
from sim.lab.analysis.findings import Figure, PointResult
from sim.lab.report import captions
from sim.lab.report.style import WIDTH, canvas, save, wrapped
from sim.lab.statistics.contrasts import Comparison
from sim.lab.statistics.paired import FEWEST, Estimate
from sim.lab.statistics.thresholds import matched, resampled_means
from sim.observation.labels import outcome_label, parameter_axis, parameter_label, value_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage
    from matplotlib.patches import Rectangle

BOUNDARIES = 40  # resampled boundaries that are drawn
HEIGHT = 3.0
TITLE_WIDTH = 44  # characters that fit above a panel
CAPTION = (
    "{name} over {across} and {along}. Purple: above zero, orange: below; hatched: the interval that is simultaneous over the map "
    "includes zero. Black: the boundary of zero; thin grey: the boundary for resampled seeds, whose spread shows its uncertainty."
)

LEVEL_CAPTION = "{name} over {across} and {along}; darker is more."
LEVEL, DIFFERENCE = "Purples", "PuOr"

Colours = dict[str, Any]  # keyword arguments of imshow
Position = tuple[int, int]  # row and column of a design point on the map


def draw(comparisons: list[Comparison], points: list[PointResult], parameters: list[str], folder: Path, stem: str) -> list[Figure]:
    """One map per arm of one pointwise contrast; `points` are the results of the comparisons."""
    contrast, pairs = comparisons[0].contrast, list(zip(comparisons, points, strict=True))
    arms = list(dict.fromkeys(comparison.arm for comparison in comparisons))
    rows = -(-len(arms) // 2)
    with canvas(min(WIDTH, 4.6 * len(arms)), HEIGHT * rows) as figure:
        panels: list[Axes] = list(np.ravel(figure.subplots(rows, min(2, len(arms)), squeeze=False)))
        colours = _colours(comparisons, points)
        for panel, arm in zip(panels, arms, strict=False):
            image = _draw_map(panel, [pair for pair in pairs if pair[0].arm == arm], parameters, colours)
            if len(arms) > 1:
                panel.set_title(wrapped(arm, TITLE_WIDTH))
        for panel in panels[len(arms) :]:
            panel.set_axis_off()
        figure.colorbar(image, ax=panels, label=outcome_label(contrast.outcome), shrink=0.9)
        save(figure, folder / stem)
    across, along = (parameter_label(name) for name in parameters)
    caption = LEVEL_CAPTION if colours["cmap"] == LEVEL else CAPTION
    return [Figure(stem, caption.format(name=_capitalised(contrast.name), across=across, along=along) + _summary_by_arm(points))]


def _summary_by_arm(points: list[PointResult]) -> str:
    arms: dict[str, list[PointResult]] = {}
    for point in points:
        if point.estimate.n:
            arms.setdefault(point.arm, []).append(point)
    heads = {arm: f" {_capitalised(arm)}:" if len(arms) > 1 else "" for arm in arms}
    return "".join(heads[arm] + captions.map_summary(in_arm) for arm, in_arm in arms.items())


def _capitalised(name: str) -> str:
    return name[0].upper() + name[1:]


def _colours(comparisons: list[Comparison], points: list[PointResult]) -> Colours:
    """A scale around zero for differences and for levels that can be negative, a scale from least to most for other levels."""
    means = [point.estimate.mean for point in points if not np.isnan(point.estimate.mean)] or [0.0]
    if comparisons[0].is_level and min(means) > 0:
        return {"cmap": LEVEL, "vmin": min(means), "vmax": max(means)}
    limit = max(1e-12, max(map(abs, means)))
    return {"cmap": DIFFERENCE, "vmin": -limit, "vmax": limit}


def _draw_map(panel: Axes, pairs: list[tuple[Comparison, PointResult]], parameters: list[str], colours: Colours) -> AxesImage:
    """One cell per design point; the first parameter goes up, the second to the right."""
    comparisons, estimates = [comparison for comparison, _ in pairs], [point.estimate for _, point in pairs]
    up, right = ([comparison.point[name] for comparison in comparisons] for name in parameters)
    rows, columns = list(dict.fromkeys(up)), list(dict.fromkeys(right))
    positions = [(rows.index(y), columns.index(x)) for y, x in zip(up, right, strict=True)]
    shape = (len(rows), len(columns))
    image = panel.imshow(_grid([e.mean for e in estimates], positions, shape), **colours, origin="lower", aspect="auto")
    for (y, x), estimate in zip(positions, estimates, strict=True):
        if not _is_settled(estimate):
            panel.add_patch(_hatching(x, y))
    if min(shape) > 1:
        _draw_boundaries(panel, comparisons, positions, shape)
    panel.set_xticks(range(len(columns)), [value_label(value) for value in columns])
    panel.set_yticks(range(len(rows)), [value_label(value) for value in rows])
    panel.set(xlabel=parameter_axis(parameters[1]), ylabel=parameter_axis(parameters[0]))
    return image


def _is_settled(estimate: Estimate) -> bool:
    return estimate.low > 0 or estimate.high < 0


def _draw_boundaries(panel: Axes, comparisons: list[Comparison], positions: list[Position], shape: Position) -> None:
    """The zero line of the means, over those of resampled seeds."""
    matrix = matched(comparisons)
    if len(matrix) < FEWEST:
        return
    resampled = [(means, "#555555", 0.3) for means in resampled_means(matrix, BOUNDARIES)]
    for means, colour, width in [*resampled, (matrix.mean(axis=0), "black", 1.6)]:
        if means.min() < 0 < means.max():
            panel.contour(_grid(list(means), positions, shape), levels=[0.0], colors=colour, linewidths=width)


def _grid(values: list[float], positions: list[Position], shape: Position) -> Floats:
    """Values at their positions, NaN where there is no design point."""
    grid = np.full(shape, np.nan)
    for position, value in zip(positions, values, strict=True):
        grid[position] = value
    return grid


def _hatching(x: int, y: int) -> Rectangle:
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, hatch="////", edgecolor="#777777", lw=0)
