"""Which group earns most: a map of the leading group over two swept parameters, and below it the profits of all groups."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.lab.analysis.findings import Figure
from sim.lab.report import captions
from sim.lab.report.style import canvas, save
from sim.observation.labels import number, parameter_axis, parameter_label, value_label
from sim.observation.palette import COLOURS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

UNCLEAR = "#FFFFFF"
DECIMALS = 2  # more do not fit into a cell
CAPTION = (
    "Who earns most per product line. The colour shows the leading group, the number its lead over the second group, with a 95 % "
    "interval that holds over the whole map; in white cells the lead may be chance. "
    "Below: profit per line of each group, with 95 % intervals."
)


def draw(means: pd.DataFrame, leaders: pd.DataFrame, keys: list[str], folder: Path) -> list[Figure]:
    """Map and profits; `means` and `leaders` are the tables of `statistics.leaders`."""
    across, along = keys
    slices = sorted(means[across].unique())
    with canvas(9.5, 7.0) as figure:
        above, below = list(np.ravel(np.asarray(figure.subfigures(2, 1, height_ratios=(1.15, 1)))))
        _draw_map(above.subplots(), leaders, across, along)
        panels = below.subplots(1, len(slices), sharey=True, squeeze=False)[0]
        for panel, value in zip(panels, slices, strict=True):
            _draw_profits(panel, means[means[across] == value], along, f"{parameter_label(across)} {value_label(value)}")
        panels[0].set_ylabel("profit per line and month")
        below.supxlabel(parameter_axis(along), fontsize=9)
        handles, labels = panels[0].get_legend_handles_labels()
        below.legend(handles, labels, loc="outside upper center", ncols=len(labels))
        save(figure, folder / "leaders")
    return [Figure("leaders", CAPTION + captions.leaders_summary(leaders))]


def _draw_map(axes: Axes, leaders: pd.DataFrame, across: str, along: str) -> None:
    """One cell per point, in the colour of the group that leads; white where the lead may be chance."""
    from matplotlib.patches import Rectangle

    columns, lines = sorted(leaders[along].unique()), sorted(leaders[across].unique())
    for row in leaders.to_dict("records"):
        x, y = columns.index(row[along]), lines.index(row[across])
        colour = COLOURS[str(row["leader"])] if row["clear"] else UNCLEAR
        axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=colour, edgecolor="white", alpha=0.85))
        group = str(row["leader"]).replace(" ", "\n") if row["clear"] else "not settled"
        ink = "white" if row["clear"] and row["leader"] == "small interdependent" else "black"
        lead, low, high = (number(row[name], DECIMALS) for name in ("lead", "low", "high"))
        axes.text(x, y, f"{group}\n+{lead} [{low}, {high}]", ha="center", va="center", fontsize=7.5, color=ink)
    axes.set(
        xlim=(-0.5, len(columns) - 0.5),
        ylim=(-0.5, len(lines) - 0.5),
        xlabel=parameter_axis(along),
        ylabel=parameter_axis(across),
    )
    axes.set_xticks(range(len(columns)), [value_label(value) for value in columns])
    axes.set_yticks(range(len(lines)), [value_label(value) for value in lines])
    axes.set_title(
        "Who earns most per line; its lead over the second [95 % interval, simultaneous over the map]; white = may be chance",
        fontsize=9,
    )


def _draw_profits(axes: Axes, means: pd.DataFrame, along: str, title: str) -> None:
    """Profit per line of each group against one parameter, at equal distances, with intervals."""
    columns = sorted(means[along].unique())
    for group, line in means.groupby("group", sort=False):
        at = [columns.index(value) for value in line[along]]
        axes.errorbar(
            at,
            line["mean"],
            yerr=line["high"] - line["mean"],
            color=COLOURS[str(group)],
            marker="o",
            ms=3,
            capsize=2,
            lw=1.2,
            label=group,
        )
    axes.axhline(0.0, color="black", lw=0.6)
    axes.set_xticks(range(len(columns)), [value_label(value) for value in columns], rotation=60, fontsize=7)
    axes.set_title(title, fontsize=9)
