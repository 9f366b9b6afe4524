"""Designs in words: world, arms, design points and seeds of an experiment."""

from __future__ import annotations

from sim.lab.analysis.findings import Findings
from sim.lab.design.ranges import Steps, Value
from sim.lab.design.schema import Experiment, Overrides, Replications, Robustness
from sim.observation.labels import number, parameter_label, value_label


def design(findings: Findings) -> list[tuple[str, str]]:
    """The design of an experiment as rows of label and text."""
    shown = findings.design
    few, many = findings.seeds
    seeds = f"{few}" if few == many else f"{few} to {many}"
    note = f"{seeds} at each design point, the same in all arms; {findings.runs:,} runs at scale {findings.scale}"
    if isinstance(shown, Robustness):
        return [("seeds", note), *((f"universe “{name}”", _changes(changes)) for name, changes in shown.universes.items())]
    world = shown.world + (f", with {_changes(shown.overrides)}" if shown.overrides else "")
    return [("world", world), *_treatments(shown), *_design_points(shown), *_precision(shown), ("seeds", note)]


def _treatments(shown: Experiment) -> list[tuple[str, str]]:
    rows = []
    for name, arm in shown.arms.items():
        based_on = f"as arm “{arm.based_on}”" if arm.based_on else ""
        parts = [f"world {arm.world}" if arm.world else "", based_on, _changes(arm.overrides)]
        rows.append((f"arm “{name}”", "; ".join(part for part in parts if part) or "unchanged"))
    return rows + [(f"“{name}” off", _changes(changes)) for name, changes in shown.mechanisms.items()]


def _design_points(shown: Experiment) -> list[tuple[str, str]]:
    rows = [(f"swept: {parameter_label(name)}", _swept(values)) for name, values in shown.sweep.items()]
    if shown.by_month:
        months = shown.by_month
        rows.append(("by month", f"months {months.start} to {months.stop - 1} of each run, {months.every} at a time"))
    if shown.sample:
        ranges = shown.sample.ranges.items()
        text = "; ".join(f"{parameter_label(name)} {value_label(r.start)} to {value_label(r.stop)}" for name, r in ranges)
        rows.append((f"sample: {shown.sample.method}, {shown.sample.size}", text))
    return rows


def _swept(values: list[Value] | Steps) -> str:
    if isinstance(values, list):
        return ", ".join(map(value_label, values))
    return f"{value_label(values.start)} to {value_label(values.stop)} in {values.steps} steps, {values.spacing}"


def _precision(shown: Experiment) -> list[tuple[str, str]]:
    wanted = shown.replications
    if not wanted.half_width:
        return []
    main = shown.contrasts[0].name
    return [("precision", f"± {number(wanted.half_width)} for “{main}”, with {wanted.minimum} to {wanted.cap} seeds")]


def replications(wanted: Replications) -> str:
    """The number of seeds that a file asks for."""
    if wanted.half_width is None:
        return str(wanted.number)
    return f"{wanted.minimum} to {wanted.cap}, for ± {number(wanted.half_width)}"


def _changes(overrides: Overrides) -> str:
    return ", ".join(f"{parameter_label(name)} = {value_label(value)}" for name, value in overrides.items())
