"""The bar at the top: play, pause, step, reset, disrupt, pace, and what to take away."""

from __future__ import annotations

import solara
from solara import v

from sim.app import export, words
from sim.app.setting import NOTHING, SHOCKS
from sim.app.show import PACES, Show
from sim.app.vue import Share

DISRUPT = "Disrupt the market"
TABLE = "Save all months as a table (CSV)"


@solara.component
def Head(show: Show) -> None:
    """Title, month, buttons."""
    with v.Html(tag="header", class_="head"):
        solara.HTML("h1", "Interfirm")
        Clock(show)
        Transport(show)
        TakeAway(show)


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
        )
        solara.Button("Step", icon_name="mdi-skip-next", on_click=show.step, disabled=playing, classes=["plain"])
        solara.Button("Reset", icon_name="mdi-restart", on_click=show.reset, classes=["plain"])
        with solara.Button(icon_name="mdi-flash", on_click=show.disrupt, classes=["disrupt"], attributes={"aria-label": DISRUPT}):
            solara.HTML("span", 'Disrupt<span class="wide">&nbsp;the market</span>')
        v.Select(
            label="pace",
            items=[{"text": f"{pace.name} pace", "value": pace.name} for pace in PACES],
            v_model=show.pace.value,
            on_v_model=show.pace.set,
            class_="pace",
            solo=True,
            flat=True,
            dense=True,
            hide_details=True,
        )


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
            solara.Button("Table", icon_name="mdi-table", classes=["plain"], attributes={"aria-label": TABLE, "title": TABLE})


def caption(show: Show) -> str:
    """The setting in one line, printed under the picture."""
    s = show.pair.setting
    changes = [f"{name} = {value}" for name, value in s.changes.items() if name != SHOCKS]
    shocks = [f"disrupted in month {shock + 1}" for shock in show.pair.sight().shocks()]
    beside = [] if s.beside == NOTHING else [f"dashed: {s.beside}"]
    return ", ".join([f"Interfirm · world {s.world}", *changes, *shocks, f"seed {s.seed}", f"month {s.month}", *beside])


@solara.component
def Sentences(show: Show, brief: bool) -> None:
    """Who leads, what the last disruption did and, unless a lesson says it, how the world beside fares: in words."""
    show.picture.get()
    pair = show.pair
    with v.Html(tag="div", class_="sentences", attributes={"aria-live": "off" if show.playing.value else "polite"}):
        solara.HTML("p", words.leader(pair.history), classes=["leader"])
        shocks = pair.sight().shocks()
        if shocks:
            solara.HTML("p", words.recoveries(pair.history, shocks[-1]))
        if pair.twin is not None and not brief:
            solara.HTML("p", words.beside(pair.history, pair.twin, show.setting.value.beside))
