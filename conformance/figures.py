"""Figures of the suite: theory as lines, simulations as dots with intervals."""

from __future__ import annotations

from math import sqrt
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.economy.arrays import Floats
from sim.lab.analysis.findings import Figure
from sim.lab.report.style import ARMS, WIDTH, canvas, save


class Series(NamedTuple):
    """A line (x, y) of theory, and dots (x, mean, low, high) of simulations; either may be empty."""

    label: str
    line: tuple[ArrayLike, ArrayLike] = ((), ())
    dots: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike] = ((), (), (), ())


class Panel(NamedTuple):
    """One pair of axes."""

    title: str
    x: str
    y: str
    series: list[Series]


class Picture(NamedTuple):
    """A figure of one or more panels, with the stem of its file names and its caption."""

    stem: str
    caption: str
    panels: list[Panel]


def draw(picture: Picture, folder: Path) -> Figure:
    """Write the picture as PNG and SVG."""
    with canvas(WIDTH, 3.1) as figure:
        for axes, panel in zip(figure.subplots(1, len(picture.panels), squeeze=False)[0], picture.panels, strict=True):
            for colour, series in zip(ARMS, panel.series, strict=False):
                x, mean, low, high = series.dots
                axes.plot(*series.line, color=colour, lw=1.2, label=series.label)
                axes.vlines(x, low, high, color=colour, lw=0.9)
                axes.plot(x, mean, "o", color=colour, ms=3.2)
            axes.set(title=panel.title, xlabel=panel.x, ylabel=panel.y)
            axes.legend(fontsize=7)
        save(figure, folder / picture.stem)
    return Figure(picture.stem, picture.caption)


def mean_with_interval(samples: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return the mean over runs (rows) and the ends of its 95 % interval, as dots of a series need them."""
    x = np.asarray(samples, float)
    mean, half = x.mean(axis=0), 1.96 * x.std(axis=0, ddof=1) / sqrt(x.shape[0])
    return mean, mean - half, mean + half
