"""The page and the figure of a calibration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.lab.calibration.facts import FACTS, Fact
from sim.lab.calibration.fit import Calibration, Observed
from sim.lab.calibration.profile import RISE, interval
from sim.lab.conformance import expected_text
from sim.lab.files import write_text
from sim.lab.reference import Table, markdown_table
from sim.lab.report.style import ARMS, RULE, WIDTH, canvas, save
from sim.observation.labels import decimals_for, number, parameter_axis, value_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAGE = "calibration.md"
FIGURE = "calibration"
ERRORS = 2.0  # standard errors that a simulated number may be away from the published range
COLUMNS = 4  # of panels
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
        rows.append(
            [name, value_label(calibration.values[name]), f"{low:g} to {high:g}", _kept(calibration, name), " to ".join(ends)]
        )
    return ["parameter", "value", "bounds", f"objective within {RISE:g} of its least", "looked at"], rows


def _kept(calibration: Calibration, name: str) -> str:
    """The values that the profile does not exclude."""
    kept = interval(calibration.profiles[name])
    low, high = number(kept.low, digits=2), number(kept.high, digits=2)
    return f"{low}{'' if kept.low_closed else ' or less'} to {high}{'' if kept.high_closed else ' or more'}"


def fact_table(calibration: Calibration, fitted: bool) -> Table:
    """Published and simulated numbers of the facts that were fitted, or of those held out."""
    rows = [_fact_row(fact, calibration.facts[fact.name]) for fact in FACTS if fact.fitted is fitted]
    return ["fact", "published", "uncertainty", "simulated", "distance", "verdict"], rows


def _fact_row(fact: Fact, ours: Observed) -> list[str]:
    least, most = fact.range
    apart, decimals = max(least - ours.mean, ours.mean - most, 0.0), decimals_for(ours.error)
    return [
        fact.meaning,
        expected_text(fact.range, decimals),
        number(fact.uncertainty),
        f"{number(ours.mean, decimals)} ± {number(ours.error, decimals)}",
        number(apart / fact.uncertainty, 1),
        "missed" if apart > ERRORS * ours.error else "met",
    ]


def page(calibration: Calibration) -> str:
    """A calibration as a Markdown page."""
    c = calibration
    computed_by = ", ".join(f"{name} {version}" for name, version in c.versions.items())
    seeds = ", ".join(f"{first} to {last} ({name})" for name, (first, last) in c.seeds.items())
    height = f"{number(c.objective.mean, 1)} ± {number(c.objective.error, 1)}"
    return f"""# Calibration

Made by `make calibrate`; what it is: [stylised facts and calibration](../explanation/facts_and_calibration.md).
The values are the defaults, the world `today`.

{markdown_table(value_table(c))}

The fourth column is what the profile of the objective leaves open.
Each of its points holds one parameter, re-optimises the others with a local model, and is run.

![The profile of the objective for each parameter](../images/{FIGURE}.png)

## Facts that were fitted

{markdown_table(fact_table(c, fitted=True))}

## Facts that were held out

{markdown_table(fact_table(c, fitted=False))}

Simulated: mean ± standard error over seeds that nothing was fitted to.
Distance: from the nearest point of the published range, in units of the uncertainty.
A fact is missed if it is further than {ERRORS:g} standard errors from its range.
The objective, the sum of the squared distances of the fitted facts, is {height}.

Seeds: {seeds}.
Optimiser's seed {c.optimiser_seed}; with {computed_by}."""


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
    axes.set_xlabel(parameter_axis(name))
