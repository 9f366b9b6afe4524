"""The page in the browser: `interfirm app`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import solara
from solara import v

from sim.app.guide import Guide, Lessons
from sim.app.head import Head, Sentences
from sim.app.lessons import lesson
from sim.app.pictures import PICTURES, Pictures
from sim.app.show import Show
from sim.app.side import Side
from sim.app.vue import Metronome

STYLE = Path(__file__).parent / "page.css"


@solara.component
def Layout(children: list[Any]) -> None:
    """No frame but the page's own."""
    v.Html(tag="div", children=children)


@solara.component
def Page() -> None:
    """The whole page; each browser tab has its own show."""
    router = solara.use_router()
    show = solara.use_memo(lambda: Show(router.search or ""), [])
    chosen = lesson(show.lesson.value)
    solara.Title("Interfirm")
    solara.Style(STYLE)
    with v.Html(tag="div", class_="page"):
        Head(show)
        with v.Html(tag="div", class_="second-row"):
            Lessons(show)
        Message(show)
        with v.Html(tag="div", class_="body in-lesson" if chosen else "body"):
            if chosen:
                Guide(show, chosen).key(chosen.name)
            else:
                Side(show).key("side")
            with v.Html(tag="main").key("main"):
                Sentences(show, brief=chosen is not None)
                Pictures(show, chosen.pictures if chosen else tuple(PICTURES))
    Time(show)


@solara.component
def Message(show: Show) -> None:
    """What was refused, and why."""
    with v.Html(tag="div", class_="messages", attributes={"aria-live": "assertive"}):
        if show.message.value:
            solara.Error(show.message.value, classes=["message"])


@solara.component
def Time(show: Show) -> None:
    """What makes the page go on."""
    Metronome(show.picture.value, show.playing.value, show.pause(), show.address(), show.next_picture)
