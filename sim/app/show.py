"""What one browser tab shows, and what its buttons do. Each tab has a show of its own."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, NamedTuple

import solara

from sim.app import address
from sim.app.address import LARGEST_SEED
from sim.app.lessons import LESSONS, MONTHS, lesson
from sim.app.playing import Pair
from sim.app.setting import SHOCKS, Setting, checked, whole_number
from sim.economy.simulation import NotClearedError
from sim.economy.validation import ParameterError, flat, nearest


class Pace(NamedTuple):
    """How fast it plays: months a picture, and the least time between two pictures in milliseconds."""

    name: str
    months: int
    pause: int


PACES = (Pace("slow", 1, 500), Pace("normal", 1, 80), Pace("fast", 3, 0))


class Show:
    """The setting on the page, the models behind it, and the actions that lead from one setting to the next."""

    def __init__(self, query: str) -> None:
        """Begin with the setting of an address; what is wrong with it becomes a message."""
        self.message = solara.reactive("")
        self.playing = solara.reactive(False)
        self.picture = solara.reactive(0)  # counts what has been drawn
        self.pace = solara.reactive(PACES[1].name)
        self.firm = solara.reactive(0)
        self.lesson = solara.reactive("")
        self.prediction: solara.Reactive[int | None] = solara.reactive(None)
        self.side = solara.reactive(False)  # whether the settings are toggled from what suits the width of the window
        self.until: int | None = None  # the month in which playing ends by itself
        self.setting = solara.reactive(Setting())  # but for the month, so that a month played on draws only what moves
        self.pair = Pair(Setting())
        self._attempt(lambda: self._open(query))

    def _open(self, query: str) -> None:
        setting, name = address.read(query)
        if name and lesson(name) is None:
            known = [chosen.name for chosen in LESSONS]
            raise ParameterError(f"lesson = {name[:40]!r}: must be one of {', '.join(known)}{nearest(name, known)}")
        self.lesson.value = name
        chosen = lesson(name)
        bare = setting == Setting(seed=setting.seed)  # a link that names a lesson and nothing else begins it
        self._show(chosen.setting._replace(seed=setting.seed) if chosen and bare else setting)

    # What buttons do -------------------------------------------------------------------------------------------------

    def play(self) -> None:
        """Play, or pause."""
        self.until = None
        self.playing.value = not self.playing.value

    def next_picture(self, drawn: int) -> None:
        """Called by the browser when picture number `drawn` is on the screen: play on."""
        if self.playing.value and drawn == self.picture.value:
            pace = next(pace for pace in PACES if pace.name == self.pace.value)
            self.step(pace.months)

    def step(self, months: int = 1) -> None:
        """Play some months on."""
        month = self.month + months
        if self.until is not None:
            month = min(month, self.until)
        self.go(lambda s: s._replace(month=month))
        if self.until is not None and month >= self.until:
            self.playing.value = False

    def reset(self) -> None:
        """Back to the first month, without the disruptions made by hand."""
        self.playing.value = False
        self.go(Setting.from_the_beginning)

    def disrupt(self, magnitude: float = 1.0) -> None:
        """A shock now."""
        self.go(lambda s: s.disrupt(magnitude))
        self.step()

    def choose_world(self, world: str) -> None:
        """Take another named world with the same seed; changes are forgotten, disruptions stay."""
        kept = {name: value for name, value in self.setting.value.changes.items() if name == SHOCKS}
        self.go(lambda s: s._replace(world=world, changes=MappingProxyType(kept)))

    def change(self, name: str, value: Any) -> None:
        """Take another value for one parameter: the same months are played again with the same random draws."""
        self.go(lambda s: s.change(name, value))

    def forget_changes(self) -> None:
        """The named world as it is defined."""
        self.choose_world(self.setting.value.world)

    def seed(self, text: str) -> None:
        """Take another seed."""
        self.go(lambda s: s._replace(seed=whole_number("seed", str(text), LARGEST_SEED)))

    def put_beside(self, name: str) -> None:
        """Take another comparison run."""
        self.go(lambda s: s._replace(beside=name))

    def open_lesson(self, name: str) -> None:
        """Begin a lesson: its world before its first month; without a name, leave it and explore its world."""
        self.playing.value = False
        self.prediction.value = None
        self.lesson.value = name
        chosen = lesson(name)
        if chosen:
            self.go(lambda s: chosen.setting._replace(seed=s.seed))

    def run_lesson(self, months: int) -> None:
        """Let the lesson's world play."""
        self.until = months
        self.pace.value = PACES[-1].name
        self.playing.value = True

    def lesson_over(self) -> bool:
        """Whether the lesson's world has been played to its end."""
        return self.month >= MONTHS

    def lesson_again(self) -> None:
        """The lesson from its beginning, with the next seed."""
        name, seed = self.lesson.value, self.setting.value.seed
        self.seed(str((seed + 1) % (LARGEST_SEED + 1)))
        self.open_lesson(name)

    # How it is done --------------------------------------------------------------------------------------------------

    def go(self, change: Callable[[Setting], Setting]) -> None:
        """Show another setting; if it is refused, say why and stay."""
        self._attempt(lambda: self._show(checked(change(self.pair.setting))))

    def _show(self, setting: Setting) -> None:
        self.pair = self.pair.go(setting)
        _put(self.firm, min(self.firm.value, self.pair.model.state.firms.identity.size - 1))
        _put(self.setting, setting._replace(month=0))
        _put(self.message, "")
        self.picture.value += 1

    def _attempt(self, action: Callable[[], None]) -> None:
        try:
            action()
        except (ParameterError, NotClearedError) as error:
            self.playing.value = False
            self.message.value = str(error)

    # What is asked of it ---------------------------------------------------------------------------------------------

    @property
    def month(self) -> int:
        """Months played."""
        return self.pair.setting.month

    def value(self, name: str) -> Any:
        """A parameter's value, as one writes it."""
        return flat(self.setting.value.parameters())[name]

    def pause(self) -> int:
        """The least time between two pictures in milliseconds."""
        return next(pace.pause for pace in PACES if pace.name == self.pace.value)

    def address(self) -> str:
        """The query that brings the page back."""
        return "?" + address.query(self.pair.setting, self.lesson.value)


def _put(place: solara.Reactive[Any], value: Any) -> None:
    """Each change of a reactive value draws the page: so only where there is one."""
    if place.value != value:
        place.value = value
