"""Contributions of mechanisms and sensitivity indices as bars."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.lab.analysis.findings import Figure, Findings
from sim.lab.report import captions
from sim.lab.report.style import ARMS, WIDTH, canvas, save, wrapped
from sim.observation.labels import outcome_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHAPLEY_CAPTION = (
    "What each mechanism contributes to “{name}” (Shapley values over all {arms} ways of switching the mechanisms on and off), "
    "with 95 % intervals that hold for all of them at once. They add up to the difference between all mechanisms and none."
)
SENSITIVITY_CAPTION = (
    "How much each parameter changes “{name}” over its range, with 95 % intervals. "
    "{noise:.0%} of the variance between design points is noise from the seeds."
)
WITHOUT_VALUE_CAPTION = " At {points} points there was nothing to compare; the mean of the others stands in for them."


def mechanisms(findings: Findings, folder: Path) -> list[Figure]:
    """A bar for each mechanism."""
    rows, contrast = findings.contributions, findings.contrasts[0].contrast
    with canvas(WIDTH, 0.36 * len(rows) + 0.7) as figure:
        axes = figure.subplots()
        _bars(axes, [(row.mechanism, row.mean, row.low, row.high) for row in rows], ARMS[0])
        axes.set_xlabel(f"contribution to {outcome_label(contrast.outcome)}")
        save(figure, folder / "shapley")
    caption = SHAPLEY_CAPTION.format(name=contrast.name, arms=2 ** len(rows)) + captions.contributions_summary(rows)
    return [Figure("shapley", caption)]


def sensitivity(findings: Findings, folder: Path) -> list[Figure]:
    """A panel for each kind of index, a bar for each parameter."""
    assert findings.sensitivity is not None
    indices = findings.sensitivity.indices
    kinds = list(dict.fromkeys(index.kind for index in indices))
    most = max(sum(index.kind == kind for index in indices) for kind in kinds)
    with canvas(WIDTH, 0.3 * most + 0.9) as figure:
        panels = figure.subplots(1, len(kinds), sharey=True, squeeze=False)[0]
        for panel, kind in zip(panels, kinds, strict=True):
            _bars(panel, [(i.parameter, i.value, i.low, i.high) for i in indices if i.kind == kind], ARMS[0])
            panel.set_title(kind)
        save(figure, folder / "sensitivity")
    caption = SENSITIVITY_CAPTION.format(name=findings.contrasts[0].contrast.name, noise=findings.sensitivity.noise_share)
    caption += captions.indices_summary(indices)
    if findings.sensitivity.without_value:
        caption += WITHOUT_VALUE_CAPTION.format(points=findings.sensitivity.without_value)
    return [Figure("sensitivity", caption)]


def _bars(axes: Axes, rows: list[tuple[str, float, float, float]], colour: str) -> None:
    for y, (_, value, low, high) in enumerate(rows):
        axes.barh(y, value, color=colour, height=0.62)
        axes.plot([low, high], [y, y], color="black", lw=1.2)
    axes.axvline(0, color="black", lw=0.6)
    axes.set_yticks(range(len(rows)), [wrapped(name) for name, *_ in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
