"""Names and numbers as they are written in tables, figures and the app.

>>> from sim.observation.labels import number, outcome_label, parameter_axis
>>> number(-0.1234), number(-0.1234, decimals=2), number(12345.6)
('−0.123', '−0.12', '1.23e+04')
>>> parameter_axis("organisation.wage"), outcome_label("profit_per_line")
('wage (money/month)', 'profit per line (money/line)')
"""

from __future__ import annotations

from math import isinf, isnan
from typing import Any

from sim.economy.validation import fields
from sim.observation.outcomes import definition


def parameter_label(parameter: str) -> str:
    """Return a parameter's name without its group: "organisation.wage" is "wage"."""
    return parameter.split(".")[-1].replace("_", " ")


def parameter_axis(parameter: str) -> str:
    """Return a parameter's name with its unit, if it has one."""
    return _with_unit(parameter_label(parameter), fields()[parameter].doc.unit)


def outcome_label(outcome: str) -> str:
    """Return an outcome's name with its unit, if it has one."""
    return _with_unit(outcome.replace("_", " "), definition(outcome).unit)


def value_label(value: Any) -> str:
    """Return a parameter's value as text; numbers that are not whole have up to four significant digits."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def number(value: float, decimals: int | None = None, digits: int = 3) -> str:
    """Return a result as text, with a true minus sign; NaN is a dash.

    With `decimals`, it is rounded to so many decimals. Otherwise it has `digits` significant digits, or below 1 as many decimals.
    """
    if isnan(value):
        return "–"
    if isinf(value):
        return "∞" if value > 0 else "−∞"
    if decimals is not None:
        return f"{value:z.{decimals}f}".replace("-", "−")
    vanishes = 0 < abs(value) < 0.5 * 10.0**-digits
    written = f"{value:.{digits}f}" if abs(value) < 1 and not vanishes else f"{value:.{digits}g}"
    return written.replace("-", "−")


def _with_unit(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name
