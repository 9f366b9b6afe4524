"""The page and the figure of a calibration."""

from __future__ import annotations

from math import hypot
from pathlib import Path
from typing import TYPE_CHECKING

from sim.lab.calibration.facts import FACTS, Fact
from sim.lab.calibration.fit import Calibration, Observed
from sim.lab.calibration.points import penalty
from sim.lab.calibration.profile import RISE, interval
from sim.lab.conformance import expected_text
from sim.lab.files import write_text
from sim.lab.reference import Table, markdown_table
from sim.lab.report.style import ARMS, RULE, WIDTH, canvas, save, wrapped
from sim.observation.labels import decimals_for, number, parameter_axis, value_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAGE = "calibration.md"
FIGURE = "calibration"
ERRORS = 2.0  # standard errors that a simulated number may be away from the published range
COLUMNS = 4  # of panels
LABEL = 22  # characters of a line below a panel
SHOWN = 8.0  # how far above the least objective the panels go, in units of RISE


def write(calibration: Calibration, folder: Path) -> None:
    """Write the page and the figure.

    Raises:
        UnusableFileError: the operating system refuses.
    """
    write_text(folder / PAGE, page(calibration) + "\n")
    draw(calibration, folder)


def value_table(calibration: Calibration) -> Table:
    """Value, bounds and identification of each parameter."""
    rows = []
    for name, (low, high) in calibration.bounds.items():
        points = calibration.profiles[name]
        ends = value_label(min(p.value for p in points)), value_label(max(p.value for p in points))
        values = (calibration.before[name], calibration.values[name])
        rows.append([name, *map(value_label, values), f"{low:g} to {high:g}", _kept(calibration, name), " to ".join(ends)])
    return ["parameter", "before", "calibrated", "bounds", f"objective within {RISE:g} of its least", "looked at"], rows


def _kept(calibration: Calibration, name: str) -> str:
    """The values that the profile does not exclude."""
    kept = interval(calibration.profiles[name])
    low, high = number(kept.low, digits=2), number(kept.high, digits=2)
    return f"{low}{'' if kept.low_closed else ' or less'} to {high}{'' if kept.high_closed else ' or more'}"


def fact_table(calibration: Calibration, fitted: bool) -> Table:
    """Published and simulated numbers of the facts that were fitted, or of those held out."""
    rows = [_fact_row(fact, calibration.facts[fact.name]) for fact in FACTS if fact.fitted is fitted]
    return ["fact", "published", "uncertainty", "simulated", "verdict"], rows


def _fact_row(fact: Fact, ours: Observed) -> list[str]:
    decimals = decimals_for(ours.error)
    return [
        fact.meaning,
        expected_text(fact.range, None),
        number(fact.uncertainty),
        f"{number(ours.mean, decimals)} ± {number(ours.error, decimals)}",
        "met" if is_met(fact, ours) else "missed",
    ]


def is_met(fact: Fact, ours: Observed) -> bool:
    """Whether ours lies within ERRORS standard errors of the range; a single published number has an error of its own."""
    least, most = fact.range
    error = hypot(ours.error, fact.uncertainty) if least == most else ours.error
    return max(least - ours.mean, ours.mean - most) <= ERRORS * error


def page(calibration: Calibration) -> str:
    """A calibration as a Markdown page."""
    c = calibration
    computed_by = ", ".join(f"{name} {version}" for name, version in c.versions.items())
    seeds = ", ".join(f"{first} to {last} ({name})" for name, (first, last) in c.seeds.items())
    misfit = _height(c.misfit.mean, c.misfit.error)
    lowest = min((point for points in c.profiles.values() for point in points), key=lambda point: point.objective)
    name, own = next(iter(c.values.items()))
    chosen = next(point for point in c.profiles[name] if point.value == own)
    return f"""# Calibration

Made by `make calibrate`; what it is: [stylised facts and calibration](../explanation/facts_and_calibration.md#calibration).
The calibrated values are the defaults, the world `today`.

{markdown_table(value_table(c))}

The last but one column says how well a parameter is identified.
It is read off the profile of the objective.
A point of the profile holds one parameter, re-optimises the others with a local model, and is run.
A value is excluded if its objective, less two standard errors, exceeds the least by more than {RISE:g}.
Further away than the last column says, nothing was run.

With the seeds of the profiles, the objective is {_height(chosen.objective, chosen.error)} for the calibrated values.
The lowest point of all profiles has {_height(lowest.objective, lowest.error)}.
Where such a point is lower by no more than its error, facts do not tell it from the calibrated one.

![The profile of the objective for each parameter](../images/{FIGURE}.png)

Dots: points that were run, with their standard errors.
Dashed: {RISE:g} above the least objective of all. Grey: the calibrated value.

## Facts that were fitted

{markdown_table(fact_table(c, fitted=True))}

## Facts that were held out

{markdown_table(fact_table(c, fitted=False))}

Simulated: mean ± standard error over seeds that nothing was fitted to.
A fact is missed if it is further than {ERRORS:g} standard errors from its range.
The error of a single published number is its uncertainty, combined with ours.
The misfit, the sum of the squared distances of the fitted facts, is {misfit}.
The weak prior, which keeps parameters that facts leave open near the values before, adds {number(penalty(c.values), 2)}.

Seeds: {seeds}.
Optimiser's seed {c.optimiser_seed}; with {computed_by}."""


def _height(objective: float, error: float) -> str:
    return f"{number(objective, 1)} ± {number(error, 1)}"


def draw(calibration: Calibration, folder: Path) -> None:
    """Draw the profile of the objective for each parameter, as PNG and SVG."""
    rows = -(-len(calibration.profiles) // COLUMNS)
    with canvas(WIDTH, 1.9 * rows) as figure:
        panels = figure.subplots(rows, COLUMNS, sharey=True, squeeze=False)
        for panel in panels.flat[len(calibration.profiles) :]:
            panel.set_visible(False)
        for panel, name in zip(panels.flat, calibration.profiles, strict=False):
            _panel(panel, calibration, name)
        for panel in panels[:, 0]:
            panel.set_ylabel("objective")
        save(figure, folder / FIGURE)


def _panel(axes: Axes, calibration: Calibration, name: str) -> None:
    points, least = calibration.profiles[name], calibration.least
    axes.errorbar(
        [p.value for p in points], [p.objective for p in points], [p.error for p in points], fmt="o-", ms=3, color=ARMS[0]
    )
    axes.axhline(least + RISE, **RULE)
    axes.axvline(calibration.values[name], color="0.6", lw=0.8)
    axes.set_ylim(max(0.0, least - RISE), least + SHOWN * RISE)
    axes.set_xlabel(wrapped(parameter_axis(name), LABEL))
