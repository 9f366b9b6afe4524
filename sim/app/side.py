"""The panel beside the pictures: world, seed, the comparison run, and all parameters."""

from __future__ import annotations

import random

import solara
from solara import v

from sim.app.controls import Controls
from sim.app.setting import BESIDE, SHOCKS
from sim.app.show import Show
from sim.economy.worlds import WORLDS
from sim.observation.labels import parameter_label, value_label


@solara.component
def Side(show: Show) -> None:
    """Show everything that can be set."""
    setting = show.setting.value
    changed = [name for name in setting.changes if name != SHOCKS]
    shown = show.side.value
    solara.Button(
        "Hide the settings" if shown else "Settings: world, seed, parameters",
        icon_name="mdi-tune",
        on_click=lambda: show.side.set(not shown),
        classes=["plain", "side-button"],
        attributes={"aria-expanded": str(shown).lower()},
    )
    with v.Html(tag="aside", class_="side toggled" if shown else "side", attributes={"aria-label": "Settings"}):
        solara.HTML("h2", "World")
        with v.Html(tag="div", class_="worlds", attributes={"role": "group", "aria-label": "World"}):
            for world in WORLDS:
                chosen = world == setting.world
                solara.Button(
                    world,
                    on_click=lambda world=world: show.choose_world(world),
                    classes=["choice chosen" if chosen else "choice"],
                    attributes={"aria-pressed": str(chosen).lower()},
                )
        solara.HTML("p", described(setting.world), classes=["help"])
        Seed(show)
        solara.HTML("h2", "Beside it")
        v.Select(
            items=list(BESIDE), v_model=setting.beside, on_v_model=show.put_beside, dense=True, outlined=True, hide_details=True,
            label="a second world, dashed", class_="beside",
        )  # fmt: skip
        solara.HTML("p", "The same random draws and the same disruptions, drawn on the same axes.", classes=["help"])
        solara.HTML("h2", "Parameters")
        solara.HTML("p", "A change plays the same months again, with the same random draws.", classes=["help"])
        with v.Html(tag="div"):
            if changed:
                plural = "s" if len(changed) > 1 else ""
                solara.Button(f"Undo {len(changed)} change{plural}", on_click=show.forget_changes, classes=["plain"])
        Controls(show)


@solara.component
def Seed(show: Show) -> None:
    """Show the seed, and take another."""
    typed, set_typed = solara.use_state_or_update(str(show.setting.value.seed))
    solara.HTML("h2", "Seed")
    with v.Html(tag="div", class_="seed-row"):
        box = v.TextField(
            label="a whole number",
            v_model=typed,
            on_v_model=set_typed,
            dense=True,
            outlined=True,
            hide_details=True,
            class_="seed",
        )
        v.use_event(box, "keydown.enter", lambda *_: show.seed(typed))
        v.use_event(box, "blur", lambda *_: show.seed(typed) if typed != str(show.setting.value.seed) else None)
        solara.Button("Another seed", on_click=lambda: show.seed(str(random.randrange(1, 10_000))), classes=["plain"])
    solara.HTML("p", "With the same seed, every world has the same random draws: shocks, meetings, ideas.", classes=["help"])


def described(world: str) -> str:
    """Return what a world changes in the defaults, in words."""
    changes = [f"{parameter_label(name)} {value_label(value)}" for name, value in WORLDS[world].items()]
    return f"Changes to today: {', '.join(changes)}." if changes else "The defaults."
