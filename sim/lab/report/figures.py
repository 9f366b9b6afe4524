"""Which figures an experiment gets, depending on its design."""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from sim.lab.analysis.deciding import Comparisons
from sim.lab.analysis.findings import Figure, Findings
from sim.lab.report import bars, curves, forest, heatmap, leaders_map, private_and_social, shapes, universes
from sim.lab.statistics.contrasts import Comparison
from sim.lab.statistics.leaders import OUTCOME, leaders, profits

if TYPE_CHECKING:
    import pandas as pd

FEWEST_VALUES = 2
MOST_PANELS = 24  # beside each other
MOST_ON_A_MAP = 2500  # points; more cannot be told apart, and their drawing takes longer than their runs


def draw(findings: Findings, comparisons: Comparisons, means: pd.DataFrame, swept: list[str], folder: Path) -> list[Figure]:
    """Draw everything that fits the design, as PNG and SVG."""
    drawn = []
    if findings.contributions:
        drawn += bars.mechanisms(findings, folder)
    if findings.sensitivity:
        drawn += bars.sensitivity(findings, folder)
    drawn += private_and_social.draw(findings, folder)
    drawn += forest.draw(findings, folder)
    drawn += shapes.draw(findings, folder)
    if len(swept) == 1:
        drawn += curves.draw(findings, comparisons, means, swept[0], folder)
    elif len(swept) == 2:
        for number, (of_contrast, result) in enumerate(zip(comparisons, findings.contrasts, strict=True), 1):
            if result.contrast.pointwise and fits_on_a_map(of_contrast, swept):
                drawn += heatmap.draw(of_contrast, result.points, swept, folder, f"map_{number}")
    return drawn


def fits_on_a_map(comparisons: list[Comparison], swept: list[str]) -> bool:
    """Return True if both parameters have several values, as a map needs, and not too many."""
    sides = [len({comparison.point[name] for comparison in comparisons}) for name in swept]
    return min(sides) >= FEWEST_VALUES and prod(sides) <= MOST_ON_A_MAP


def draw_leaders(rows: pd.DataFrame, swept: list[str], folder: Path) -> tuple[list[Figure], pd.DataFrame]:
    """The map of who earns most, if its panels fit beside each other, and the table behind it; nothing for one group."""
    if rows.dropna(subset=[OUTCOME])["group"].nunique() < 2:
        return [], rows.iloc[:0]
    table = leaders(rows, swept)
    if rows[swept[0]].nunique() > MOST_PANELS:
        return [], table
    return leaders_map.draw(profits(rows, swept), table, swept, folder), table


def draw_universes(findings: Findings, folder: Path) -> list[Figure]:
    """The table of claims and universes as a figure."""
    return universes.draw(findings, folder)
