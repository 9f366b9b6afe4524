"""What there is to see in a figure, in one or two sentences made from its numbers: the end of its caption."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.lab.analysis.findings import ContrastResult, PointResult, UniverseResult
from sim.lab.design.points import text
from sim.lab.report.wording import counted, number
from sim.lab.statistics.sensitivity import Index
from sim.lab.statistics.shapley import Contribution

if TYPE_CHECKING:
    import pandas as pd

MOST_LINES, MOST_NAMED = 4, 3


def in_forest(shown: Sequence[ContrastResult]) -> str:
    """How many of the rules' places ended how."""
    decisions = [place.decision for judged in shown for place in judged.estimated if place.decision]
    if not decisions:
        return ""
    return f" Here: {counted(decisions)} of {len(decisions)} places with a rule."


def in_curves(shown: Sequence[ContrastResult]) -> str:
    """Where each contrast begins, peaks and ends; only those of one arm."""
    lines = [_course(judged) for judged in shown if len({place.arm for place in judged.estimated}) == 1]
    return "".join(f" {line}" for line in lines[:MOST_LINES])


def _course(judged: ContrastResult) -> str:
    first, last = judged.estimated[0], judged.estimated[-1]
    peak = max(judged.estimated, key=lambda place: place.estimate.mean)
    trough = min(judged.estimated, key=lambda place: place.estimate.mean)
    turns = [(word, place) for word, place in (("highest", peak), ("lowest", trough)) if place not in (first, last)]
    between = "".join(f", {word} {_at(place)}" for word, place in turns)
    return f"“{judged.contrast.name}”: {_at(first)}{between}, and {_at(last)}."


def _at(place: PointResult) -> str:
    return f"{number(place.estimate.mean)} at {text(place.point)}"


def in_map(places: Sequence[PointResult]) -> str:
    """At how many points the contrast is above or below zero, and its extremes."""
    above = sum(place.estimate.low > 0 for place in places)
    below = sum(place.estimate.high < 0 for place in places)
    low, high = (pick(places, key=lambda place: place.estimate.mean) for pick in (min, max))
    signs = f" Above zero at {above} of {len(places)} points, below at {below}, not settled at {len(places) - above - below};"
    return f"{signs} from {_at(low)} to {_at(high)}."


def in_leaders(table: pd.DataFrame) -> str:
    """How many points each group leads."""
    clear = table[table["clear"]]["leader"].value_counts()
    parts = [f"{group} at {count}" for group, count in clear.items()] + [f"not settled at {int((~table['clear']).sum())}"]
    return f" Leaders: {', '.join(parts)} of {len(table)} points."


def in_contributions(rows: Sequence[Contribution]) -> str:
    """The largest and the smallest contribution."""
    high, low = (pick(rows, key=lambda row: row.mean) for pick in (max, min))
    return f" Most: {high.mechanism} ({number(high.mean)}); least: {low.mechanism} ({number(low.mean)})."


def in_indices(indices: Sequence[Index]) -> str:
    """The parameters that matter most, by the last kind of index (the total share where there is one)."""
    last = [index for index in indices if index.kind == indices[-1].kind]
    top = sorted(last, key=lambda index: -index.value)[:MOST_NAMED]
    return f" Largest {last[0].kind}: {', '.join(f'{index.parameter} ({number(index.value)})' for index in top)}."


def in_survival(rows: Sequence[UniverseResult], base: str) -> str:
    """How many signs are kept elsewhere, and where some turn."""
    others = [row for row in rows if row.universe != base]
    kept, unsettled, turned = (sum(getattr(row, name) for row in others) for name in ("kept", "unsettled", "reversed"))
    said = f" Elsewhere {kept} of {kept + unsettled + turned} signs are kept, {unsettled} are not settled, {turned} turn"
    where = {row.universe: [other.claim for other in others if other.universe == row.universe and other.reversed] for row in others}
    parts = [f"{universe} (claims {', '.join(map(str, claims))})" for universe, claims in where.items() if claims]
    return f"{said}: {'; '.join(parts)}." if parts else f"{said}."
