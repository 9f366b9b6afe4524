"""Sliders, choices and switches, generated from the definitions of the parameters."""

from __future__ import annotations

import math
from typing import Any, NamedTuple, get_args, get_type_hints

import solara
from solara import v

from sim.economy.parameters import Parameters
from sim.economy.validation import Field, ParameterError, fields
from sim.stage.setting import SHOCKS
from sim.stage.show import Show

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


def label(field: Field) -> str:
    """A parameter's name as one says it."""
    return field.name.split(".")[1].replace("_", " ")


def groups() -> dict[str, tuple[str, list[Field]]]:
    """The parameters by group, with what the group is about."""
    shown = [field for field in fields().values() if field.name not in NOT_SHOWN]
    return {
        name: (str(kind.__doc__), [field for field in shown if field.name.startswith(name + ".")])
        for name, kind in get_type_hints(Parameters).items()
    }


@solara.component
def Controls(show: Show) -> None:
    """All parameters, group by group."""
    changed = show.setting.value.changes
    with v.ExpansionPanels(multiple=True, flat=True, class_="groups"):
        for name, (meaning, members) in groups().items():
            count = sum(field.name in changed for field in members)
            with v.ExpansionPanel(key=name):
                with v.ExpansionPanelHeader(class_="group-head"):
                    solara.HTML("span", f"<b>{name}</b>{f' · {count} changed' if count else ''}<br><small>{meaning}</small>")
                with v.ExpansionPanelContent(eager=False):
                    for field in members:
                        Control(show, field, field.name in changed).key(field.name)


@solara.component
def Control(show: Show, field: Field, changed: bool) -> None:
    """One parameter: its name and unit, its value, and what it means."""
    kind = get_args(field.annotation)[0]
    value = show.value(field.name)
    unit = f" ({field.doc.unit})" if field.doc.unit else ""

    def change(new: Any) -> None:
        if new != value:
            show.change(field.name, new)

    with v.Html(tag="div", class_="control changed" if changed else "control", attributes={"data-parameter": field.name}):
        if kind is bool:
            v.Switch(label=label(field), v_model=value, on_v_model=change, dense=True, hide_details=True)
        elif field.choices:
            v.Select(label=label(field), items=field.choices, v_model=value, on_v_model=change, dense=True, hide_details=True)
        else:
            Number(field, label(field) + unit, value, change)
        solara.HTML("p", f"{field.doc.meaning} · {field.rule}", classes=["help"])


@solara.component
def Number(field: Field, name: str, value: float, change: Any) -> None:
    """A slider for the usual, a box for the exact."""
    reach = span(field)
    whole = get_args(field.annotation)[0] is int
    typed, set_typed = solara.use_state_or_update(f"{value:g}" if not whole else str(value))

    def from_box(*_: Any) -> None:
        try:
            change(int(typed) if whole else float(typed))
        except ValueError:
            change(typed)

    def from_slider(new: Any) -> None:
        change(int(new) if whole else float(new))

    with v.Html(tag="div", class_="number"):
        solara.HTML("span", name, classes=["number-name"])
        box = v.TextField(v_model=typed, on_v_model=set_typed, dense=True, hide_details=True, outlined=True, aria_label=name)
        v.use_event(box, "blur", from_box)
        v.use_event(box, "keydown.enter", from_box)
    slider = v.Slider(v_model=value, min=reach.least, max=max(reach.most, value), step=reach.step, dense=True, hide_details=True)
    v.use_event(slider, "change", lambda _widget, _event, new: from_slider(new))


__all__ = ["Controls", "ParameterError", "groups", "span"]
