"""Two swept parameters: maps of a contrast with the uncertainty of the boundary at which its sign changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from sim.economy.arrays import Floats
from sim.lab.analysis.findings import Figure, PointResult
from sim.lab.report import captions
from sim.lab.report.style import WIDTH, axis_label, canvas, outcome_label, parameter_label, save, value_label
from sim.lab.statistics.contrasts import Comparison
from sim.lab.statistics.paired import Estimate
from sim.lab.statistics.thresholds import matched, resampled_means

BOUNDARIES = 40  # resampled boundaries that are drawn
HEIGHT = 3.0
CAPTION = (
    "{name} over {across} and {along}. Purple: above zero, orange: below; hatched: the interval that is simultaneous over the map "
    "includes zero. Black: the boundary of zero; thin grey: the boundary for resampled seeds, which shows how sure it is."
)

LEVEL_CAPTION = "{name} over {across} and {along}; darker is more."
LEVEL, DIFFERENCE = "Purples", "PuOr"

Colours = dict[str, Any]


def draw(places: list[Comparison], judged: list[PointResult], parameters: list[str], folder: Path, stem: str) -> list[Figure]:
    """One map per arm of one pointwise contrast."""
    contrast, estimates = places[0].contrast, [place.estimate for place in judged]
    arms = list(dict.fromkeys(place.arm for place in places))
    with canvas(min(WIDTH, 4.6 * len(arms)), HEIGHT * -(-len(arms) // 2)) as figure:
        panels = np.ravel(figure.subplots(-(-len(arms) // 2), min(2, len(arms)), squeeze=False))
        colours = _colours(places, estimates)
        for panel, arm in zip(panels, arms, strict=False):
            chosen = [k for k, place in enumerate(places) if place.arm == arm]
            image = _map(panel, [places[k] for k in chosen], [estimates[k] for k in chosen], parameters, colours)
            if len(arms) > 1:
                panel.set_title(arm)
        for panel in panels[len(arms) :]:
            panel.set_axis_off()
        figure.colorbar(image, ax=list(panels), label=outcome_label(contrast.outcome), shrink=0.9)
        save(figure, folder / stem)
    across, along = (parameter_label(name) for name in parameters)
    caption = LEVEL_CAPTION if colours["cmap"] == LEVEL else CAPTION
    name = contrast.name[0].upper() + contrast.name[1:]
    return [Figure(stem, caption.format(name=name, across=across, along=along) + _seen_by_arm(judged))]


def _seen_by_arm(judged: list[PointResult]) -> str:
    """What there is to see, arm by arm."""
    arms: dict[str, list[PointResult]] = {}
    for place in judged:
        if place.estimate.n:
            arms.setdefault(place.arm, []).append(place)
    return "".join((f" {arm[0].upper()}{arm[1:]}:" if len(arms) > 1 else "") + captions.in_map(part) for arm, part in arms.items())


def _colours(places: list[Comparison], estimates: list[Estimate]) -> Colours:
    """Around zero for differences and for what can be negative; from least to most for what cannot."""
    means = [e.mean for e in estimates if not np.isnan(e.mean)] or [0.0]
    if places[0].is_level and min(means) > 0:
        return {"cmap": LEVEL, "vmin": min(means), "vmax": max(means)}
    limit = max(1e-12, max(map(abs, means)))
    return {"cmap": DIFFERENCE, "vmin": -limit, "vmax": limit}


def _map(panel: Any, places: list[Comparison], estimates: list[Estimate], parameters: list[str], colours: Colours) -> Any:
    across, along = ([place.point[name] for place in places] for name in parameters)
    lines, columns = list(dict.fromkeys(across)), list(dict.fromkeys(along))
    at = [(lines.index(y), columns.index(x)) for y, x in zip(across, along, strict=True)]
    shape = (len(lines), len(columns))
    image = panel.imshow(_grid([e.mean for e in estimates], at, shape), **colours, origin="lower", aspect="auto")
    for (y, x), e in zip(at, estimates, strict=True):
        if not (e.low > 0 or e.high < 0):
            panel.add_patch(_hatched(x, y))
    if min(shape) > 1:
        _boundaries(panel, places, at, shape)
    panel.set_xticks(range(len(columns)), [value_label(value) for value in columns])
    panel.set_yticks(range(len(lines)), [value_label(value) for value in lines])
    panel.set(xlabel=axis_label(parameters[1]), ylabel=axis_label(parameters[0]))
    return image


def _boundaries(panel: Any, places: list[Comparison], at: list[tuple[int, int]], shape: tuple[int, int]) -> None:
    """The zero line of the means, over those of resampled seeds."""
    matrix = matched(places)
    if len(matrix) < 3:
        return
    resampled = [(curve, "#555555", 0.3) for curve in resampled_means(matrix, BOUNDARIES)]
    for means, colour, width in [*resampled, (matrix.mean(axis=0), "black", 1.6)]:
        if means.min() < 0 < means.max():
            panel.contour(_grid(list(means), at, shape), levels=[0.0], colors=colour, linewidths=width)


def _grid(values: list[float], at: list[tuple[int, int]], shape: tuple[int, int]) -> Floats:
    grid = np.full(shape, np.nan)
    for place, value in zip(at, values, strict=True):
        grid[place] = value
    return grid


def _hatched(x: int, y: int) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, hatch="////", edgecolor="#777777", lw=0)
