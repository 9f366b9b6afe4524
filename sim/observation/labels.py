"""Names and numbers as they are written in tables, figures and the app.

>>> from sim.observation.labels import number, outcome_label, parameter_axis
>>> number(-0.1234), number(-0.1234, decimals=2), number(12345.6)
('−0.123', '−0.12', '1.23e+04')
>>> parameter_axis("organisation.wage"), outcome_label("profit_per_line")
('wage (money/month)', 'profit per line (money/line)')

One rule for results: a number that has an interval gets as many decimals as show half the interval's width with two digits; a
number without an interval gets three significant digits (four in the conformance tables, which compare with printed numbers).
"""

from __future__ import annotations

from math import ceil, inf, isinf, isnan, log10
from typing import Any

from sim.economy.validation import fields
from sim.observation.outcomes import definition

MONTH = "month"
"""The axis of means by month, beside the swept parameters."""


def parameter_label(parameter: str) -> str:
    """Return a parameter's name without its group, unless that is the trial: "organisation.wage" is "wage"."""
    name = parameter if parameter.startswith("trial.") else parameter.split(".")[-1]
    return name.replace(".", " ").replace("_", " ")


def parameter_axis(parameter: str) -> str:
    """Return a parameter's name with its unit, if it has one; also the name of the axis of months."""
    if parameter == MONTH:
        return "months since the start"
    return _with_unit(parameter_label(parameter), fields()[parameter].doc.unit)


def outcome_label(outcome: str) -> str:
    """Return an outcome's name with its unit, if it has one."""
    return _with_unit(outcome.replace("_", " "), definition(outcome).unit)


def value_label(value: Any) -> str:
    """A parameter's value: numbers with up to four significant digits, shocks as "magnitude 1 in month 120"."""
    if isinstance(value, list):
        shocks = (f"magnitude {value_label(shock.get('magnitude', 1.0))} in month {shock['month']}" for shock in value)
        return "; ".join(shocks) or "none"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def number(value: float, decimals: int | None = None, digits: int = 3) -> str:
    """Return a result as text, with a true minus sign; NaN is a dash.

    It is rounded to `decimals` if they are given, otherwise to `digits` significant digits.
    """
    if isnan(value):
        return "–"
    if isinf(value):
        return "∞" if value > 0 else "−∞"
    return (f"{value:.{digits}g}" if decimals is None else f"{value:z.{decimals}f}").replace("-", "−")


def decimals_for(error: float) -> int | None:
    """The decimals that show an error with two digits; None without an error."""
    return max(0, ceil(-log10(error)) + 1) if 0.0 < error < inf else None


def interval(low: float, high: float, decimals: int | None = None) -> str:
    """An interval, as in "[0.100, 0.140]"; by default with the decimals for half its width."""
    decimals = decimals_for((high - low) / 2) if decimals is None else decimals
    return f"[{number(low, decimals)}, {number(high, decimals)}]"


def _with_unit(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name
