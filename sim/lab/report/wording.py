"""Findings in words: rules and results as sentences, the same in the report and in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from sim.lab.analysis.findings import ContrastResult, Counterpart, Crossing, Findings, PointResult
from sim.lab.design.contrast import Contrast, Shape
from sim.lab.design.points import Point, point_label
from sim.lab.design.ranges import Value
from sim.lab.design.schema import BASE_ARM
from sim.lab.statistics.shapes import Peak
from sim.lab.statistics.verdicts import Verdict
from sim.observation.labels import decimals_for, interval, number, outcome_label, parameter_label, value_label

TINY = 0.001  # smaller probabilities are all shown as "< 0.001"
MORE_DECIMALS = 2


def estimate(mean: float, low: float, high: float) -> str:
    """A mean with its interval, as in "0.120 [0.100, 0.140]"."""
    decimals = _decimals(low, high)
    return f"{number(mean, decimals)} {interval(low, high, decimals)}"


def bounds(low: float, high: float) -> str:
    """An interval without a mean, as in "[0.100, 0.140]"."""
    return interval(low, high, _decimals(low, high))


def _decimals(low: float, high: float) -> int | None:
    """The decimals for half the width; up to MORE_DECIMALS more if an end near zero would not show its sign otherwise."""
    fewest = decimals_for((high - low) / 2)
    if fewest is None:
        return None
    enough = (d for d in range(fewest, fewest + MORE_DECIMALS) if all(round(end, d) != 0.0 for end in (low, high)))
    return next(enough, fewest + MORE_DECIMALS) if low and high else fewest


def percent(share: float) -> str:
    """Whole percent."""
    return "–" if isnan(share) else f"{share:.0%}".replace("-", "−")


def probability(p: float) -> str:
    """One digit, because more would only pretend precision."""
    return "–" if isnan(p) else f"< {TINY}" if p < TINY else f"{p:.1g}"


def where(point: PointResult) -> str:
    """Arm and design point of an estimate."""
    return _where(point.arm, point.point) or "whole experiment"


def _where(arm: str, point: Point) -> str:
    return "; ".join(part for part in ("" if arm == BASE_ARM else arm, point_label(point)) if part)


def rule(contrast: Contrast) -> str:
    """The decision rule."""
    if contrast.shape and contrast.along:
        how = "rises by at least" if contrast.shape is Shape.RISE else "is above both ends somewhere inside, by at least"
        return f"along {parameter_label(contrast.along)} it {how} {number(contrast.at_least or 0.0)}"
    if contrast.at_least is not None:
        return f"at least {number(contrast.at_least)}"
    return f"at most {number(contrast.at_most)}" if contrast.at_most is not None else "none"


def compared(contrast: Contrast) -> str:
    """The outcome, and what is subtracted from what."""
    parts = [" − ".join(contrast.groups)]
    if contrast.arms:
        parts.append("arm " + " − arm ".join(contrast.arms))
    if contrast.change:
        parts.append("change from the first to the last value of " + " and ".join(map(parameter_label, contrast.change)))
    if contrast.interaction:
        parts.append("interaction of " + " and ".join(map(parameter_label, contrast.interaction)))
    if contrast.along:
        parts.append(f"along {parameter_label(contrast.along)}")
    if contrast.where:
        parts.append("where " + point_label({name: _alternatives(values) for name, values in contrast.where.items()}))
    return f"{outcome_label(contrast.outcome)}: {'; '.join(parts)}"


def _alternatives(values: Value | list[Value]) -> Value:
    return " or ".join(map(value_label, values)) if isinstance(values, list) else values


def counted(decisions: Sequence[Verdict | None]) -> str:
    """Number of points with each verdict, as in "supported at 3, not settled at 1"."""
    counts = {verdict: decisions.count(verdict) for verdict in (Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.UNSETTLED)}
    return ", ".join(f"{verdict} at {count}" for verdict, count in counts.items() if count)


def evidence(result: ContrastResult) -> str:
    """The result of one contrast in one line."""
    name, points, ruled = result.contrast.name, result.estimated, f"rule: {rule(result.contrast)}"
    if not points:
        return f"{name}: no run has a value"
    if result.contrast.shape:
        return f"{name}: {'; '.join(map(highest, result.peaks)) or 'too few seeds'}; {ruled}"
    if len(points) == 1:
        only = points[0].estimate
        return f"{name}: {estimate(only.mean, only.low, only.high)}; {ruled}"
    means = [point.estimate.mean for point in points]
    verdicts = counted([point.decision for point in points])
    return f"{name}: {number(min(means))} to {number(max(means))}, {verdicts} of {len(points)} points; {ruled}"


def highest(peak: Peak) -> str:
    """Where a curve is highest, with the interval."""
    at, low, high = map(value_label, (peak.at, peak.low, peak.high))
    found = f"highest at {parameter_label(peak.parameter)} = {at} [{low}, {high}]"
    return found if peak.arm == BASE_ARM else f"{peak.arm}: {found}"


def boundary(crossing: Crossing) -> str:
    """The threshold at which a contrast changes its sign."""
    t = crossing.threshold
    direction = "from below to above zero" if t.rising else "from above to below zero"
    others = _where(crossing.arm, crossing.point)
    at = f"{parameter_label(t.parameter)} = {estimate(t.at, t.low, t.high)}"
    return f"{crossing.contrast} changes {direction} at {at}" + (f" ({others})" if others else "")


def beside(counterpart: Counterpart) -> str:
    """What was published, and the model's number for the same months."""
    published = counterpart.published
    what = f"{'above ' if published.value is None else ''}{number(published.level)}"
    ours = estimate(counterpart.mean, counterpart.low, counterpart.high)
    where = _where(counterpart.arm, counterpart.point)
    months = f"months {published.start} to {published.stop}" + (f" ({where})" if where else "")
    return f"{counterpart.contrast}, {months}: published {what}, in the model {ours}. Source: {published.source}"


def because(findings: Findings) -> list[str]:
    """The evidence for a claim's verdict: every contrast with a rule, and the thresholds of those that depend."""
    ruled = [result for result in findings.contrasts if result.verdict]
    depending = {result.contrast.name for result in ruled if result.verdict is Verdict.DEPENDS}
    sentences = [f"{evidence(result)} → {result.verdict}{_reservation(findings, result)}" for result in ruled]
    return sentences + [boundary(crossing) for crossing in findings.crossings if crossing.contrast in depending]


def _reservation(findings: Findings, result: ContrastResult) -> str:
    """Says that a settled contrast does not count for the verdict on the claim."""
    counts = result.holds or result.verdict is Verdict.UNSETTLED or findings.verdict is Verdict.SUPPORTED
    return "" if counts else " by itself, but not together with the other contrasts"
