"""Findings in words: rules, evidence and numbers as sentences, the same in the report and in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import Any

from sim.lab.analysis.findings import ContrastResult, Crossing, Findings, PointResult
from sim.lab.design.points import short, text
from sim.lab.design.schema import BASE_ARM, Contrast, Experiment, Robustness
from sim.lab.report.style import outcome_label, parameter_label
from sim.lab.statistics.verdicts import Verdict

TINY = 0.001  # probabilities below this are not told apart

Table = tuple[list[str], list[list[str]]]


def number(value: float) -> str:
    """Three significant digits; a dash where there is no value."""
    if isnan(value):
        return "–"
    shown = f"{value:.3f}" if abs(value) < 1 else f"{value:.3g}"
    return shown.replace("-", "−")


def interval(mean: float, low: float, high: float) -> str:
    """'0.12 [0.10, 0.14]'."""
    return f"{number(mean)} [{number(low)}, {number(high)}]"


def percent(share: float) -> str:
    """Whole percent."""
    return "–" if isnan(share) else f"{share:.0%}".replace("-", "−")


def probability(p: float) -> str:
    """One digit, and a bound where more would only pretend precision."""
    return "–" if isnan(p) else "< 0.001" if p < TINY else f"{p:.1g}"


def where(place: PointResult) -> str:
    """The place of an estimate."""
    return "; ".join(part for part in (place.arm if place.arm != BASE_ARM else "", text(place.point)) if part) or "whole experiment"


def rule(contrast: Contrast) -> str:
    """The decision rule."""
    if contrast.at_least is not None:
        return f"at least {number(contrast.at_least)}"
    return f"at most {number(contrast.at_most)}" if contrast.at_most is not None else "none"


def compared(contrast: Contrast) -> str:
    """What is subtracted from what."""
    parts = [" − ".join(contrast.groups)]
    if contrast.arms:
        parts.append("arm " + " − arm ".join(contrast.arms))
    if contrast.change:
        parts.append("change from the first to the last value of " + " and ".join(map(parameter_label, contrast.change)))
    if contrast.interaction:
        parts.append("interaction of " + " and ".join(map(parameter_label, contrast.interaction)))
    if contrast.where:
        parts.append(
            "where " + text({k: v if not isinstance(v, list) else " or ".join(map(str, v)) for k, v in contrast.where.items()})
        )
    return f"{outcome_label(contrast.outcome)}: {'; '.join(parts)}"


def counted(decisions: Sequence[Verdict | None]) -> str:
    """At how many places a rule ended how."""
    counts = {verdict: decisions.count(verdict) for verdict in (Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.UNSETTLED)}
    return ", ".join(f"{verdict} at {count}" for verdict, count in counts.items() if count)


def evidence(judged: ContrastResult) -> str:
    """One contrast's result in one line."""
    if not judged.estimated:
        return f"{judged.contrast.name}: no run has a value"
    if len(judged.estimated) == 1:
        estimate = judged.estimated[0].estimate
        return f"{judged.contrast.name}: {interval(estimate.mean, estimate.low, estimate.high)}, rule {rule(judged.contrast)}"
    decisions = [place.decision for place in judged.estimated]
    means = [place.estimate.mean for place in judged.estimated]
    span = f"{number(min(means))} to {number(max(means))}"
    return f"{judged.contrast.name}: {span}, {counted(decisions)} of {len(decisions)} places, rule {rule(judged.contrast)}"


def boundary(crossing: Crossing) -> str:
    """Where a contrast changes its sign."""
    t = crossing.threshold
    sign = "from below to above zero" if t.rising else "from above to below zero"
    where = [part for part in (crossing.arm if crossing.arm != BASE_ARM else "", text(crossing.point)) if part]
    return f"{crossing.contrast} turns {sign} at {parameter_label(t.parameter)} = {interval(t.at, t.low, t.high)}" + (
        f" ({'; '.join(where)})" if where else ""
    )


def because(findings: Findings) -> list[str]:
    """What a claim's verdict rests on: every judged contrast, and the boundaries of those that depend."""
    ruled = [judged for judged in findings.judged if judged.verdict]
    names = {judged.contrast.name for judged in ruled if judged.verdict is Verdict.DEPENDS}
    lines = [f"{evidence(judged)} → {judged.verdict}" for judged in ruled]
    return lines + [boundary(c) for c in findings.crossings if c.contrast in names]


def design(findings: Findings) -> list[tuple[str, str]]:
    """The design, label by label."""
    shown = findings.design
    few, many = findings.seeds
    seeds = f"{few}" if few == many else f"{few} to {many}"
    rows = [("seeds", f"{seeds} at each point, the same for all arms and points; {findings.runs:,} runs at scale {findings.scale}")]
    if isinstance(shown, Robustness):
        return [*rows, *((f"universe “{name}”", _changes(changes)) for name, changes in shown.universes.items())]
    return [("world", shown.world + (f", with {_changes(shown.overrides)}" if shown.overrides else "")), *_treatments(shown), *rows]


def _treatments(shown: Experiment) -> list[tuple[str, str]]:
    rows = []
    for name, arm in shown.arms.items():
        parts = [f"world {arm.world}" if arm.world else "", f"as {arm.based_on}" if arm.based_on else "", _changes(arm.overrides)]
        rows.append((f"arm “{name}”", "; ".join(part for part in parts if part) or "unchanged"))
    rows += [(f"“{name}” off", _changes(changes)) for name, changes in shown.mechanisms.items()]
    for name, values in shown.sweep.items():
        listed = (
            ", ".join(map(short, values))
            if isinstance(values, list)
            else f"{short(values.start)} to {short(values.stop)} in {values.steps} steps, {values.spacing}"
        )
        rows.append((f"swept: {parameter_label(name)}", listed))
    if shown.sample:
        ranges = "; ".join(
            f"{parameter_label(name)} {short(r.start)} to {short(r.stop)}" for name, r in shown.sample.ranges.items()
        )
        rows.append((f"sample: {shown.sample.method}, {shown.sample.size}", ranges))
    if shown.replications.half_width:
        r = shown.replications
        rows.append(
            ("precision", f"until ± {number(r.half_width or 0)} for “{shown.contrasts[0].name}”, {r.minimum} to {r.cap} seeds")
        )
    return rows


def _changes(overrides: dict[str, Any]) -> str:
    return ", ".join(f"{parameter_label(name)} = {_shown(value)}" for name, value in overrides.items())


def _shown(value: Any) -> str:
    """A parameter's value; shocks as one says them."""
    if isinstance(value, list):
        return "; ".join(f"magnitude {short(shock.get('magnitude', 1.0))} in month {shock['month']}" for shock in value)
    return short(value)
