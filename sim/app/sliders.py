"""Where each slider begins and ends, and which parameters have one: worked out from their definitions."""

from __future__ import annotations

import math
from typing import NamedTuple, get_args, get_type_hints

from sim.app.setting import SHOCKS
from sim.economy.parameters import Parameters
from sim.economy.validation import Field, fields

NOT_SHOWN = (SHOCKS, "dynamics.months")  # the button makes shocks; the page plays as long as one likes
REACH = 5  # a slider without a near bound goes to this many times the default


class Span(NamedTuple):
    """Where a slider begins and ends, and its step."""

    least: float
    most: float
    step: float


def span(field: Field) -> Span:
    """The slider of a number: its admitted range, or where that is wide, the neighbourhood of the default."""
    kind, *metadata = get_args(field.annotation)
    least = next((float(getattr(m, "ge", getattr(m, "gt", 0.0))) for m in metadata if hasattr(m, "ge") or hasattr(m, "gt")), 0.0)
    bound = next((float(m.le) for m in metadata if hasattr(m, "le")), math.inf)
    near = _round_up(REACH * float(field.default)) if field.default else bound
    most = bound if bound <= near or bound <= 2 * float(field.default) else near
    step = 1.0 if kind is int else _round_up((most - least) / 200)
    open_below = any(hasattr(m, "gt") for m in metadata)
    return Span(least + step if open_below else least, most, step)


def _round_up(x: float) -> float:
    """The next of 1, 2, 5, 10, 20, ... from x on."""
    power = 10.0 ** math.floor(math.log10(x))
    return next(digit * power for digit in (1.0, 2.0, 5.0, 10.0) if digit * power >= x * (1 - 1e-9))


def groups() -> dict[str, tuple[str, list[Field]]]:
    """The parameters by group, with what the group is about."""
    shown = [field for field in fields().values() if field.name not in NOT_SHOWN]
    return {
        name: (str(kind.__doc__), [field for field in shown if field.name.startswith(name + ".")])
        for name, kind in get_type_hints(Parameters).items()
    }
