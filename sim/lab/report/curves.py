"""One swept parameter: contrasts and group means against it, with intervals, rules and thresholds."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from sim.lab.analysis.deciding import Comparisons
from sim.lab.analysis.findings import ContrastResult, Crossing, Figure, Findings
from sim.lab.design.ranges import Value
from sim.lab.report import captions
from sim.lab.report.months import common_limits, plot_published
from sim.lab.report.style import ARMS, LINES, RULE, WIDTH, add_legend, canvas, save, wrapped
from sim.lab.statistics.contrasts import Comparison
from sim.observation.labels import MONTH, outcome_label, parameter_axis, parameter_label, value_label
from sim.observation.palette import COLOURS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

COLUMNS, HEIGHT = 2, 2.35
TITLE_WIDTH = 44  # characters that fit above a panel
DENSE, CROWDED = 0.2, 0.6  # opacity of a band, and of all bands of a panel together
SPREAD = 0.12  # half the width of the band of dots at a point; values are 1 apart
CONTRAST_CAPTION = "Contrasts against {parameter}. Bands: 95 % intervals that hold at all points at once."
RULES_CAPTION = " Red dashes: the rule fixed before the run."
THRESHOLDS_CAPTION = " Shaded columns: where a contrast changes its sign, with the 95 % interval of that threshold."
LEVELS_CAPTION = " Dots: single seeds, where the figure shows a level and not a difference."
PUBLISHED_CAPTION = " Black: what was published about these months; with arrows, that it is above."
AGAINST_MONTHS = "the months since the start"
BY_MONTH_CAPTION = " Panels of the same outcome have the same scale."
MEANS_CAPTION = "Means by group against {parameter}, with 95 % intervals over seeds{arms}."

Content = TypeVar("Content")


def draw(findings: Findings, comparisons: Comparisons, means: pd.DataFrame, parameter: str, folder: Path) -> list[Figure]:
    """Two figures: the pointwise contrasts, and the means of the groups, unless there are too many arms to tell them apart."""
    drawn = (result for result in findings.contrasts if result.contrast.pointwise)
    results = [result for result in drawn if len(values_of(result, parameter)) > 1]
    figures = [_draw_contrasts(results, findings.crossings, comparisons, parameter, folder)] if results else []
    if parameter == MONTH:  # many lines already: one for each arm and group
        means = means[means["group"].isin({group for result in results for group in result.contrast.groups})]
    return [*figures, _draw_means(means, parameter, folder)] if means["arm"].nunique() <= len(LINES) else figures


def _draw_contrasts(
    results: list[ContrastResult], crossings: list[Crossing], comparisons: Comparisons, parameter: str, folder: Path
) -> Figure:
    levels = {of_contrast[0].contrast.name: of_contrast for of_contrast in comparisons if of_contrast[0].is_level}
    arms = dict.fromkeys(arm for result in results for arm in result.arms)
    colours = dict(zip(arms, itertools.cycle(ARMS), strict=False))
    by_month = parameter == MONTH

    def fill(panel: Axes, result: ContrastResult) -> None:
        if not by_month:
            _plot_seeds(panel, levels.get(result.contrast.name, []), parameter, colours)
        plot_contrast(panel, result, parameter, colours)
        if by_month:
            panel.set_ylim(common_limits(results, result.contrast.outcome))
        _shade_thresholds(panel, result, parameter, colours, crossings)

    draw_grid(results, fill, folder / "curves")
    caption = _caption(results, crossings, any(result.contrast.name in levels for result in results), parameter)
    return Figure("curves", caption)


def _caption(results: list[ContrastResult], crossings: list[Crossing], with_levels: bool, parameter: str) -> str:
    """What the figure of contrasts shows; only what is in it is explained."""
    by_month = parameter == MONTH
    notes = {
        RULES_CAPTION: any(result.contrast.limit is not None for result in results),
        THRESHOLDS_CAPTION: any(crossing.contrast == result.contrast.name for result in results for crossing in crossings),
        LEVELS_CAPTION: with_levels and not by_month,
        BY_MONTH_CAPTION: by_month,
        PUBLISHED_CAPTION: any(result.contrast.published for result in results),
    }
    against = AGAINST_MONTHS if by_month else parameter_label(parameter)
    shown = "".join(note for note, applies in notes.items() if applies)
    return CONTRAST_CAPTION.format(parameter=against) + shown + captions.curves_summary(results)


def _draw_means(means: pd.DataFrame, parameter: str, folder: Path) -> Figure:
    by_outcome = [(str(outcome), table) for outcome, table in means.groupby("outcome", sort=False)]
    draw_grid(by_outcome, lambda panel, part: _plot_means(panel, *part, parameter), folder / "means")
    arms = list(dict.fromkeys(means["arm"]))
    styles = ", ".join(f"{arm} ({LINES[k % len(LINES)][0]})" for k, arm in enumerate(arms))
    note = f"; line styles are arms: {styles}" if len(arms) > 1 else ""
    return Figure("means", MEANS_CAPTION.format(parameter=parameter_label(parameter), arms=note))


def draw_grid(contents: Sequence[Content], fill: Callable[[Axes, Content], None], stem: Path) -> None:
    """One panel for each of the contents, under a common legend."""
    rows = -(-len(contents) // COLUMNS)
    with canvas(WIDTH, HEIGHT * rows + 0.45) as figure:
        panels: list[Axes] = list(np.ravel(figure.subplots(rows, COLUMNS, squeeze=False)))
        for panel, content in zip(panels, contents, strict=False):
            fill(panel, content)
        for panel in panels[len(contents) :]:
            panel.set_axis_off()
        _add_legend(figure, panels)
        save(figure, stem)


def _add_legend(figure: Canvas, panels: list[Axes]) -> None:
    handles = {label: handle for panel in panels for handle, label in zip(*panel.get_legend_handles_labels(), strict=True)}
    if len(handles) > 1:
        add_legend(figure, list(handles.values()), list(handles))


def _plot_seeds(panel: Axes, comparisons: list[Comparison], parameter: str, colours: dict[str, str]) -> None:
    """A dot for each seed of a level, since a mean says little where runs end in different ways."""
    present = [comparison for comparison in comparisons if comparison.difference.size]
    values = list(dict.fromkeys(comparison.point[parameter] for comparison in present))
    for comparison in present:
        x = values.index(comparison.point[parameter]) + np.linspace(-SPREAD, SPREAD, comparison.difference.size)
        panel.plot(x, comparison.difference, ".", ms=2, mew=0, alpha=0.35, color=colours[comparison.arm])


def _shade_thresholds(
    panel: Axes, result: ContrastResult, parameter: str, colours: dict[str, str], crossings: list[Crossing]
) -> None:
    values = [float(value) for value in values_of(result, parameter)] if crossings else []
    for crossing in crossings:
        if crossing.contrast == result.contrast.name and crossing.arm in colours:
            low, high = np.interp([crossing.threshold.low, crossing.threshold.high], values, range(len(values)))
            panel.axvspan(low, high, color=colours[crossing.arm], alpha=0.15, lw=0)


def plot_contrast(panel: Axes, result: ContrastResult, parameter: str, colours: dict[str, str]) -> None:
    """Draw the estimates of a contrast with their bands, a line for each arm."""
    values = values_of(result, parameter)
    for arm in result.arms:
        line = [point for point in result.estimated if point.arm == arm]
        x = [values.index(point.point[parameter]) for point in line]
        low, mean, high = ([getattr(point.estimate, name) for point in line] for name in ("low", "mean", "high"))
        panel.fill_between(x, low, high, color=colours[arm], alpha=min(DENSE, CROWDED / len(result.arms)), lw=0)
        panel.plot(x, mean, "o-", ms=3, lw=1.3, color=colours[arm], label=arm)
    contrast = result.contrast
    plot_published(panel, result, values)
    if contrast.limit is not None and not contrast.shape:
        panel.axhline(contrast.limit, **RULE)
    if not contrast.is_level or panel.get_ylim()[0] < 0:
        panel.axhline(0, color="black", lw=0.6)
    _label_x(panel, values, parameter)
    panel.set(title=wrapped(contrast.name, TITLE_WIDTH), ylabel=outcome_label(contrast.outcome))


def values_of(result: ContrastResult, parameter: str) -> list[Value]:
    """The values of the swept parameter at which the contrast has an estimate."""
    return list(dict.fromkeys(point.point[parameter] for point in result.estimated))


def _plot_means(panel: Axes, outcome: str, table: pd.DataFrame, parameter: str) -> None:
    values, arms = list(dict.fromkeys(table[parameter])), list(dict.fromkeys(table["arm"]))
    for (group, arm), line in table[~table["group"].isin(_not_drawn(table))].groupby(["group", "arm"], sort=False):
        _, style = LINES[arms.index(arm) % len(LINES)]
        x = [values.index(value) for value in line[parameter]]
        margin = np.nan_to_num(line["high"] - line["mean"], posinf=0.0)
        label = str(group) if style == LINES[0][1] else None
        panel.errorbar(x, line["mean"], yerr=margin, color=COLOURS[str(group)], ls=style, lw=1.2, marker="o", ms=2.5, label=label)
    _label_x(panel, values, parameter)
    panel.set(ylabel=outcome_label(outcome))


def _not_drawn(table: pd.DataFrame) -> list[str]:
    """Unions of groups, and groups by focus where all firms have the same focus."""
    present = set(table["group"])
    focused = "small sales-focused" in present or "large sales-focused" in present
    return [group for group in present if group in {"small", "large", "all"} or (not focused and "profit-focused" in group)]


def _label_x(panel: Axes, values: list[Value], parameter: str) -> None:
    panel.set_xticks(range(len(values)), [value_label(value) for value in values])
    panel.set_xlabel(parameter_axis(parameter))
