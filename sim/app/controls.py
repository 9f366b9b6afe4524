"""Sliders, choices and switches, generated from the definitions of the parameters."""

from __future__ import annotations

from typing import Any, get_args

import solara
from solara import v

from sim.app.show import Show
from sim.app.sliders import groups, span
from sim.economy.validation import Field
from sim.observation.labels import parameter_axis, parameter_label


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

    def change(new: Any) -> None:
        if new != value:
            show.change(field.name, new)

    with v.Html(tag="div", class_="control changed" if changed else "control", attributes={"data-parameter": field.name}):
        if kind is bool:
            v.Switch(label=parameter_label(field.name), v_model=value, on_v_model=change, dense=True, hide_details=True)
        elif field.choices:
            v.Select(
                label=parameter_label(field.name),
                items=field.choices,
                v_model=value,
                on_v_model=change,
                dense=True,
                hide_details=True,
            )
        else:
            Number(field, parameter_axis(field.name), value, change)
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
