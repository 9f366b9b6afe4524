"""Names and numbers as a reader meets them in tables, figures and pages."""

from __future__ import annotations

from math import isinf, isnan
from typing import Any

from sim.economy.validation import fields
from sim.observation.outcomes import definition


def parameter_label(parameter: str) -> str:
    """A parameter in running text: "environment.speed" is "speed"."""
    return parameter.split(".")[-1].replace("_", " ")


def parameter_axis(parameter: str) -> str:
    """A parameter with its unit, if it has one."""
    return _with_unit(parameter_label(parameter), fields()[parameter].doc.unit)


def outcome_label(outcome: str) -> str:
    """An outcome with its unit, if it has one."""
    return _with_unit(outcome.replace("_", " "), definition(outcome).unit)


def value_label(value: Any) -> str:
    """A parameter's value as somebody would write it, to four significant digits."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def number(value: float, decimals: int | None = None, digits: int = 3) -> str:
    """A result with a true minus sign; a dash where there is none.

    With `decimals`, rounded to so many. Otherwise to `digits` significant digits, and below 1 to as many decimals.
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
