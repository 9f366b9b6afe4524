"""A forest plot of the contrasts with few design points: estimates, intervals, and the rules of the verdicts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.lab.analysis.findings import ContrastResult, Figure, Findings, PointResult
from sim.lab.design.points import point_label
from sim.lab.report import captions
from sim.lab.report.style import LINE_HEIGHT, NO_RULE, RULE, VERDICTS, WIDTH, canvas, save, wrapped
from sim.observation.labels import outcome_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_POINTS = 12  # a contrast with more points gets a curve or a map
ROW_HEIGHT = 0.27
CAPTION = (
    "Estimated differences. Thick line: 95 % interval of one difference; thin line: interval that holds for all points of the "
    "contrast at once, on which the verdict rests. Red dashes: the rule fixed before the run. "
    "Green supports the rule, red contradicts it, grey does not settle it, black has no rule."
)

Row = tuple[ContrastResult, PointResult]


def draw(findings: Findings, folder: Path) -> list[Figure]:
    """The figure, if any contrast has few enough points; those by month get curves instead."""
    if getattr(findings.design, "by_month", None):
        return []
    shown = [result for result in findings.contrasts if 0 < len(result.estimated) <= MOST_POINTS and not result.contrast.shape]
    if not shown:
        return []
    by_outcome: dict[str, list[Row]] = {}
    for result in shown:
        by_outcome.setdefault(result.contrast.outcome, []).extend((result, point) for point in result.estimated)
    counts = [len(rows) for rows in by_outcome.values()]
    lines = max(_label(*row).count("\n") + 1 for rows in by_outcome.values() for row in rows)
    with canvas(WIDTH, max(ROW_HEIGHT, LINE_HEIGHT * lines) * sum(counts) + 0.62 * len(counts) + 0.15) as figure:
        panels = figure.subplots(len(counts), 1, squeeze=False, height_ratios=[count + 0.8 for count in counts])[:, 0]
        for panel, (outcome, rows) in zip(panels, by_outcome.items(), strict=True):
            _draw_panel(panel, rows)
            panel.set_xlabel(outcome_label(outcome), labelpad=1)
        save(figure, folder / "contrasts")
    return [Figure("contrasts", CAPTION + captions.forest_summary(shown))]


def _draw_panel(panel: Axes, rows: list[Row]) -> None:
    panel.axvline(0, color="black", lw=0.6)
    for y, (result, point) in enumerate(rows):
        estimate = point.estimate
        colour = VERDICTS[point.decision] if point.decision else NO_RULE
        panel.plot([estimate.low, estimate.high], [y, y], color=colour, lw=1.1)
        panel.plot([estimate.single_low, estimate.single_high], [y, y], color=colour, lw=3.2, solid_capstyle="butt")
        panel.plot(estimate.mean, y, "o", ms=4.5, color=colour, mec="white", mew=0.6)
        limit = result.contrast.limit
        if limit is not None:
            panel.plot([limit, limit], [y - 0.42, y + 0.42], **RULE)
    panel.set_yticks(np.arange(len(rows)), [_label(result, point) for result, point in rows])
    panel.set_ylim(len(rows) - 0.4, -0.6)
    panel.spines["left"].set_visible(False)
    panel.tick_params(axis="y", length=0)


def _label(result: ContrastResult, point: PointResult) -> str:
    """The contrast's name, and the design point if it has several."""
    several_arms = len(result.arms) > 1
    parts = [] if len(result.estimated) == 1 else [point.arm if several_arms else "", point_label(point.point)]
    return wrapped("; ".join([result.contrast.name, *(part for part in parts if part)]))
