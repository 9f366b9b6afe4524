"""The parts of the page that are written in Vue."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("chart.vue", vuetify=False)
def _chart(option: str, label: str, title: str, event_select: Callable[[int], None]) -> None: ...


@solara.component_vue("metronome.vue", vuetify=False)
def _metronome(picture: int, playing: bool, pause: int, address: str, event_next: Callable[[int], None]) -> None: ...


@solara.component_vue("share.vue")
def _share(caption: str, file: str) -> None: ...


def Chart(option: dict[str, Any], label: str, title: str, selected: Callable[[int], None]) -> solara.Element:
    """A picture by ECharts; `label` is what a screen reader says, `selected` is called with the firm chosen."""
    # As text, because reacton would search every point of a nested option for elements: half of a picture's time.
    return _chart(option=json.dumps(option), label=label, title=title, event_select=selected)


def Metronome(picture: int, playing: bool, pause: int, address: str, on_next: Callable[[int], None]) -> solara.Element:
    """Asks for the next picture when this one is on the screen, and keeps the address up to date."""
    return _metronome(picture=picture, playing=playing, pause=pause, address=address, event_next=on_next)


def Share(caption: str, file: str) -> solara.Element:
    """Buttons that copy the address and save what is drawn as one picture."""
    return _share(caption=caption, file=file)
