"""The end of a figure's caption: what the figure shows, in one or two sentences made from its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.lab.analysis.findings import ContrastResult, PointResult
from sim.lab.design.points import point_label
from sim.lab.report.wording import counted
from sim.lab.statistics.sensitivity import Index
from sim.lab.statistics.shapley import Contribution
from sim.observation.labels import number

if TYPE_CHECKING:
    import pandas as pd

MOST_CONTRASTS, MOST_PARAMETERS = 4, 3


def forest_summary(results: Sequence[ContrastResult]) -> str:
    """At how many points each verdict was reached."""
    decisions = [point.decision for result in results for point in result.estimated if point.decision]
    if not decisions:
        return ""
    return f" Here: {counted(decisions)} of {len(decisions)} points with a rule."


def curves_summary(results: Sequence[ContrastResult]) -> str:
    """The first, last, highest and lowest estimate of each contrast that has one arm only."""
    sentences = [_course(result) for result in results if len(result.arms) == 1]
    return "".join(f" {sentence}" for sentence in sentences[:MOST_CONTRASTS])


def _course(result: ContrastResult) -> str:
    first, last = result.estimated[0], result.estimated[-1]
    highest = max(result.estimated, key=_mean)
    lowest = min(result.estimated, key=_mean)
    between = [(word, point) for word, point in (("highest", highest), ("lowest", lowest)) if point not in (first, last)]
    extremes = "".join(f", {word} {_mean_at(point)}" for word, point in between)
    return f"“{result.contrast.name}”: {_mean_at(first)}{extremes}, and {_mean_at(last)}."


def _mean(point: PointResult) -> float:
    return point.estimate.mean


def _mean_at(point: PointResult) -> str:
    return f"{number(point.estimate.mean)} at {point_label(point.point)}"


def map_summary(points: Sequence[PointResult]) -> str:
    """At how many points the contrast is above or below zero, and its extremes."""
    above = sum(point.estimate.low > 0 for point in points)
    below = sum(point.estimate.high < 0 for point in points)
    lowest, highest = min(points, key=_mean), max(points, key=_mean)
    signs = f" Above zero at {above} of {len(points)} points, below at {below}, not settled at {len(points) - above - below};"
    return f"{signs} from {_mean_at(lowest)} to {_mean_at(highest)}."


def leaders_summary(table: pd.DataFrame) -> str:
    """At how many points each group leads."""
    counts = table[table["clear"]]["leader"].value_counts()
    parts = [f"{group} at {count}" for group, count in counts.items()] + [f"not settled at {int((~table['clear']).sum())}"]
    return f" Leaders: {', '.join(parts)} of {len(table)} points."


def contributions_summary(rows: Sequence[Contribution]) -> str:
    """The largest and the smallest contribution."""
    largest, smallest = max(rows, key=lambda row: row.mean), min(rows, key=lambda row: row.mean)
    return f" Most: {largest.mechanism} ({number(largest.mean)}); least: {smallest.mechanism} ({number(smallest.mean)})."


def indices_summary(indices: Sequence[Index]) -> str:
    """The parameters that matter most by the last kind of index, which is the total share where there is one."""
    last = [index for index in indices if index.kind == indices[-1].kind]
    top = sorted(last, key=lambda index: -index.value)[:MOST_PARAMETERS]
    return f" Largest {last[0].kind}: {', '.join(f'{index.parameter} ({number(index.value)})' for index in top)}."
