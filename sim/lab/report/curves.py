"""One swept parameter: contrasts and group means against it, with intervals, rules and thresholds."""

from __future__ import annotations

import itertools
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.lab.analysis.estimation import Compared
from sim.lab.analysis.findings import ContrastResult, Crossing, Figure, Findings
from sim.lab.report import captions
from sim.lab.report.style import (
    ARMS,
    LINES,
    RULE,
    WIDTH,
    axis_label,
    canvas,
    outcome_label,
    parameter_label,
    save,
    value_label,
)
from sim.lab.statistics.contrasts import Comparison
from sim.lab.statistics.verdicts import has_rule
from sim.observation.palette import COLOURS

if TYPE_CHECKING:
    import pandas as pd

COLUMNS, HEIGHT = 2, 2.35
TITLE_WIDTH = 44  # characters that fit above a panel
SPREAD = 0.12  # of the dots of one place, in steps between values
CONTRAST_CAPTION = (
    "Contrasts against {parameter}. Bands: 95 % intervals that hold at all points at once. Red dashes: the rule fixed before the "
    "run. Shaded columns: where a contrast changes its sign, with the 95 % interval of that place."
)
LEVELS_CAPTION = " Dots: single seeds, where a level and not a difference is shown."
MEANS_CAPTION = "Means by group against {parameter}, with 95 % intervals over seeds{arms}."


def draw(findings: Findings, found: Compared, means: pd.DataFrame, parameter: str, folder: Path) -> list[Figure]:
    """Two figures: the pointwise contrasts, and the group means behind them."""
    levels = {places[0].contrast.name: places for places in found if places[0].is_level}
    shown = [judged for judged in findings.judged if judged.contrast.pointwise and len(judged.estimated) > 1]
    arms_compared = dict.fromkeys(place.arm for judged in shown for place in judged.estimated)
    colours = dict(zip(arms_compared, itertools.cycle(ARMS), strict=False))
    drawn = []
    if shown:

        def fill(panel: Any, judged: ContrastResult) -> None:
            _seeds(panel, levels.get(judged.contrast.name, []), parameter, colours)
            _contrast(panel, judged, parameter, colours)
            _thresholds(panel, judged, parameter, colours, findings.crossings)

        _grid(shown, fill, folder / "curves")
        note = LEVELS_CAPTION if any(judged.contrast.name in levels for judged in shown) else ""
        drawn.append(
            Figure("curves", CONTRAST_CAPTION.format(parameter=parameter_label(parameter)) + note + captions.in_curves(shown))
        )
    parts = [(outcome, part) for outcome, part in means.groupby("outcome", sort=False)]
    arms = list(dict.fromkeys(means["arm"]))
    _grid(parts, lambda panel, part: _means(panel, part, parameter), folder / "means")
    styles = ", ".join(f"{arm} ({LINES[k % len(LINES)][0]})" for k, arm in enumerate(arms))
    note = f"; line styles are arms: {styles}" if len(arms) > 1 else ""
    return [*drawn, Figure("means", MEANS_CAPTION.format(parameter=parameter_label(parameter), arms=note))]


def _grid(parts: list[Any], fill: Any, stem: Path) -> None:
    rows = -(-len(parts) // COLUMNS)
    with canvas(WIDTH, HEIGHT * rows + 0.45) as figure:
        panels = np.ravel(figure.subplots(rows, COLUMNS, squeeze=False))
        for panel, part in zip(panels, parts, strict=False):
            fill(panel, part)
        for panel in panels[len(parts) :]:
            panel.set_axis_off()
        _legend(figure, panels)
        save(figure, stem)


def _legend(figure: Any, panels: Any) -> None:
    """One legend for all panels, above them, where it covers no data."""
    found = {label: handle for panel in panels for handle, label in zip(*panel.get_legend_handles_labels(), strict=True)}
    if len(found) > 1:
        figure.legend(found.values(), found.keys(), loc="outside upper center", ncols=min(4, len(found)), fontsize=7.5)


def _seeds(panel: Any, places: list[Comparison], parameter: str, colours: dict[str, str]) -> None:
    """Levels have a dot for each seed, since their mean says little where worlds end in different ways."""
    values = list(dict.fromkeys(place.point[parameter] for place in places if place.difference.size))
    for place in places:
        if place.difference.size:
            at = values.index(place.point[parameter]) + np.linspace(-SPREAD, SPREAD, place.difference.size)
            panel.plot(at, place.difference, ".", ms=2, mew=0, alpha=0.35, color=colours[place.arm])


def _thresholds(panel: Any, judged: ContrastResult, parameter: str, colours: dict[str, str], crossings: list[Crossing]) -> None:
    values = list(dict.fromkeys(place.point[parameter] for place in judged.estimated))
    for crossing in crossings:
        if crossing.contrast == judged.contrast.name and crossing.arm in colours:
            low, high = np.interp([crossing.threshold.low, crossing.threshold.high], values, range(len(values)))
            panel.axvspan(low, high, color=colours[crossing.arm], alpha=0.15, lw=0)


def _contrast(panel: Any, judged: ContrastResult, parameter: str, colours: dict[str, str]) -> None:
    values = list(dict.fromkeys(place.point[parameter] for place in judged.estimated))
    for arm in dict.fromkeys(place.arm for place in judged.estimated):
        colour = colours[arm]
        line = [place for place in judged.estimated if place.arm == arm]
        at = [values.index(place.point[parameter]) for place in line]
        low, mean, high = ([getattr(place.estimate, name) for place in line] for name in ("low", "mean", "high"))
        panel.fill_between(at, low, high, color=colour, alpha=0.2, lw=0)
        panel.plot(at, mean, "o-", ms=3, lw=1.3, color=colour, label=arm)
    if has_rule(judged.contrast):
        contrast = judged.contrast
        panel.axhline(contrast.at_least if contrast.at_least is not None else contrast.at_most, **RULE)
    panel.axhline(0, color="black", lw=0.6)
    _axes(panel, values, parameter)
    panel.set(title=textwrap.fill(judged.contrast.name, TITLE_WIDTH), ylabel=outcome_label(judged.contrast.outcome))


def _means(panel: Any, part: tuple[str, pd.DataFrame], parameter: str) -> None:
    outcome, table = part
    values = list(dict.fromkeys(table[parameter]))
    for (group, arm), line in table[~table["group"].isin(_unions(table))].groupby(["group", "arm"], sort=False):
        _, style = LINES[list(dict.fromkeys(table["arm"])).index(arm) % len(LINES)]
        at = [values.index(value) for value in line[parameter]]
        margin = np.nan_to_num(line["high"] - line["mean"], posinf=0.0)
        label = group if style == LINES[0][1] else None
        panel.errorbar(at, line["mean"], yerr=margin, color=COLOURS[str(group)], ls=style, lw=1.2, marker="o", ms=2.5, label=label)
    _axes(panel, values, parameter)
    panel.set(ylabel=outcome_label(outcome))


def _unions(table: pd.DataFrame) -> list[str]:
    """Groups that are not drawn: unions, and groups by focus where all firms have the same."""
    present = set(table["group"])
    focused = "small sales-focused" in present or "large sales-focused" in present
    return [group for group in present if group in {"small", "large", "all"} or (not focused and "profit-focused" in group)]


def _axes(panel: Any, values: list[Any], parameter: str) -> None:
    panel.set_xticks(range(len(values)), [value_label(value) for value in values])
    panel.set_xlabel(axis_label(parameter))
