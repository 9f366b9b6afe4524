"""All judged contrasts of an experiment in one figure: estimates, intervals, and the rules they are held against."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from sim.lab.analysis.findings import ContrastResult, Figure, Findings, PointResult
from sim.lab.design.points import text
from sim.lab.report import captions
from sim.lab.report.style import NO_RULE, RULE, VERDICTS, WIDTH, canvas, outcome_label, save
from sim.lab.statistics.verdicts import has_rule

MOST_PLACES = 12  # a contrast at more places is a curve or a map
ROW_HEIGHT = 0.27
CAPTION = (
    "Estimated differences. Thick line: 95 % interval of one difference; thin line: interval that holds for all places of the "
    "contrast at once, which the verdict rests on. Red dashes: the rule fixed before the run. "
    "Green supports the rule, red contradicts it, grey leaves it open, black has no rule."
)


def draw(findings: Findings, folder: Path) -> list[Figure]:
    """The figure, if any contrast has few enough places."""
    shown = [judged for judged in findings.judged if 0 < len(judged.estimated) <= MOST_PLACES]
    if not shown:
        return []
    by_outcome: dict[str, list[tuple[ContrastResult, PointResult]]] = {}
    for judged in shown:
        by_outcome.setdefault(judged.contrast.outcome, []).extend((judged, place) for place in judged.estimated)
    rows = [len(part) for part in by_outcome.values()]
    with canvas(WIDTH, ROW_HEIGHT * sum(rows) + 0.62 * len(rows) + 0.15) as figure:
        panels = figure.subplots(len(rows), 1, squeeze=False, height_ratios=[n + 0.8 for n in rows])[:, 0]
        for panel, (outcome, part) in zip(panels, by_outcome.items(), strict=True):
            _panel(panel, part)
            panel.set_xlabel(outcome_label(outcome), labelpad=1)
        save(figure, folder / "contrasts")
    return [Figure("contrasts", CAPTION + captions.in_forest(shown))]


def _panel(panel: Any, part: list[tuple[ContrastResult, PointResult]]) -> None:
    panel.axvline(0, color="black", lw=0.6)
    for row, (judged, place) in enumerate(part):
        estimate = place.estimate
        colour = VERDICTS[place.decision] if place.decision else NO_RULE
        panel.plot([estimate.low, estimate.high], [row, row], color=colour, lw=1.1)
        panel.plot([estimate.single_low, estimate.single_high], [row, row], color=colour, lw=3.2, solid_capstyle="butt")
        panel.plot(estimate.mean, row, "o", ms=4.5, color=colour, mec="white", mew=0.6)
        if has_rule(judged.contrast):
            rule = judged.contrast.at_least if judged.contrast.at_least is not None else judged.contrast.at_most
            panel.plot([rule, rule], [row - 0.42, row + 0.42], **RULE)
    panel.set_yticks(np.arange(len(part)), [_label(judged, place) for judged, place in part])
    panel.set_ylim(len(part) - 0.4, -0.6)
    panel.spines["left"].set_visible(False)
    panel.tick_params(axis="y", length=0)


def _label(judged: ContrastResult, place: PointResult) -> str:
    """The contrast's name, and where it holds if it has several places."""
    where = [] if len(judged.estimated) == 1 else [*([place.arm] if _arms_differ(judged) else []), text(place.point)]
    return judged.contrast.name + "".join(f"; {part}" for part in where if part)


def _arms_differ(judged: ContrastResult) -> bool:
    return len({place.arm for place in judged.estimated}) > 1
