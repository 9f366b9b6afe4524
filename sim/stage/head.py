"""The bar at the top: play, pause, step, reset, disrupt, pace, and what to take away."""

from __future__ import annotations

import solara
from solara import v

from sim.stage import export, words
from sim.stage.setting import SHOCKS
from sim.stage.show import PACES, Show
from sim.stage.vue import Share


@solara.component
def Head(show: Show) -> None:
    """Title, buttons, and the month."""
    with v.Html(tag="header", class_="head"):
        with v.Html(tag="div", class_="title"):
            solara.HTML("h1", "Interfirm")
            solara.HTML("p", "When does it pay for firms to be less independent?", classes=["subtitle"])
        Transport(show)


@solara.component
def Transport(show: Show) -> None:
    """What makes time pass."""
    playing = show.playing.value
    with v.Html(tag="div", class_="transport"):
        solara.Button(
            "Pause" if playing else "Play",
            icon_name="mdi-pause" if playing else "mdi-play",
            on_click=show.play,
            classes=["main-button"],
            style={"min-width": "7em"},
        )
        solara.Button("Step", icon_name="mdi-skip-next", on_click=show.step, disabled=playing, classes=["plain"])
        solara.Button("Reset", icon_name="mdi-restart", on_click=show.reset, classes=["plain"])
        solara.Button("Disrupt the market", icon_name="mdi-flash", on_click=show.disrupt, classes=["disrupt"])
        v.Select(
            label="pace", items=[pace.name for pace in PACES], v_model=show.pace.value, on_v_model=show.pace.set,
            class_="pace", dense=True, outlined=True, hide_details=True,
        )  # fmt: skip
        Clock(show)


@solara.component
def Clock(show: Show) -> None:
    """The month."""
    show.picture.get()
    year = max(0, show.month - 1) // 12 + 1
    solara.HTML("p", f"<b>Month {show.month}</b><span>year {year}</span>", classes=["clock"])


@solara.component
def TakeAway(show: Show) -> None:
    """Link, picture and table of what is on the page."""
    show.picture.get()
    with v.Html(tag="div", class_="take"):
        Share(caption=caption(show), file=export.stem(show.pair.setting))
        with solara.FileDownload(
            lambda: export.as_csv(show.pair), filename=f"{export.stem(show.pair.setting)}.csv", mime_type="text/csv"
        ):
            solara.Button("Table (CSV)", icon_name="mdi-table", classes=["plain"])


def caption(show: Show) -> str:
    """The setting in one line, printed under the picture."""
    s = show.pair.setting
    changes = [f"{name} = {value}" for name, value in s.changes.items() if name != SHOCKS]
    return ", ".join([f"Interfirm · world {s.world}", *changes, f"seed {s.seed}", f"month {s.month}"])


@solara.component
def Sentences(show: Show) -> None:
    """Who leads, what the last disruption did, and the world beside: in words."""
    show.picture.get()
    pair = show.pair
    with v.Html(tag="div", class_="sentences", attributes={"aria-live": "off" if show.playing.value else "polite"}):
        solara.HTML("p", words.leader(pair.history), classes=["leader"])
        shocks = pair.sight().shocks()
        if shocks:
            solara.HTML("p", words.recoveries(pair.history, shocks[-1]))
        if pair.twin is not None:
            solara.HTML("p", words.beside(pair.history, pair.twin, show.setting.value.beside))
