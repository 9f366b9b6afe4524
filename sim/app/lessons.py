"""Four lessons for class: a question, a world to run, what happened in it, and why. Their words stand in `lessons.toml`.

What happened is read off the run on the screen, so that it is right for any seed; how often it comes out that way is counted by
playing other seeds when somebody asks.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from sim.app.playing import Pair
from sim.app.setting import NOTHING, Setting
from sim.app.words import YEAR, means
from sim.economy.measures import CONSUMERS, TOTAL
from sim.economy.simulation import History
from sim.observation.labels import number

MONTHS = 240
KEPT = slice(60, None)  # the first quarter is left out, as in experiments
SPAN = f"months 61 to {MONTHS}"
TIE = 0.01  # money a line and month: less is no difference
SMALL, ALLIED, LARGE = "small independent", "small interdependent", "large independent"


class Lesson(NamedTuple):
    """A guided tour: predict, run, explain."""

    name: str
    title: str
    story: str
    question: str
    choices: tuple[str, ...]
    expected: int  # the choice that most seeds bear out
    setting: Setting
    why: str
    beyond: str  # what to try next
    pictures: tuple[str, ...]

    def played(self, seed: int) -> Pair:
        """The lesson's world after its last month."""
        return Pair(self.setting._replace(seed=seed, month=MONTHS))

    def found(self, pair: Pair) -> int:
        """The choice that this run bears out."""
        return RESULTS[self.name][0](pair)

    def seen(self, pair: Pair) -> str:
        """What was seen, in numbers of this run."""
        return RESULTS[self.name][1](pair)


def tally(chosen: Lesson, seeds: range) -> list[int]:
    """How many of these seeds bear out each choice."""
    outcomes = [chosen.found(chosen.played(seed)) for seed in seeds]
    return [outcomes.count(choice) for choice in range(len(chosen.choices))]


def lesson(name: str) -> Lesson | None:
    """The lesson of this name."""
    return next((found for found in LESSONS if found.name == name), None)


def _profits(history: History) -> dict[str, float]:
    return means(history, "profit_per_line", KEPT)


def _highest(values: dict[str, float]) -> int:
    """Which group has the highest value: small independent, small interdependent, large independent, or 3 = none clearly."""
    groups = (SMALL, ALLIED, LARGE)
    first, second, _ = sorted(groups, key=lambda group: -values.get(group, float("-inf")))
    clear = values[first] - values.get(second, float("-inf")) >= TIE
    return groups.index(first) if clear else len(groups)


def _listed(values: dict[str, float], sign: str = "") -> str:
    there = [group for group in (SMALL, ALLIED, LARGE) if group in values]
    return ", ".join(f"{group} firms {sign if values[group] > 0 else ''}{number(values[group], 2)}" for group in there)


def _advantage(pair: Pair) -> float:
    """What small interdependent firms earn a line and month more than small independent ones."""
    values = _profits(pair.history)
    return values[ALLIED] - values[SMALL]


def _who_earns_more(pair: Pair) -> int:
    gain = _advantage(pair)
    return 0 if gain <= -TIE else 1 if gain >= TIE else 2


def _hiring_seen(history: History) -> str:
    first, last = (means(history, "wanted", year)[SMALL] for year in (slice(YEAR), slice(-YEAR, None)))
    return f"Small independent firms wanted {first:.1f} specialists in the first year and {last:.1f} in the last."


def _yesterday_seen(pair: Pair) -> str:
    allied = means(pair.history, "allied", KEPT)[ALLIED]
    return (
        f"Profit a line and month, mean of {SPAN}: {_listed(_profits(pair.history))}. "
        f"Of the interdependent firms, {allied:.0%} were in an alliance in a month. {_hiring_seen(pair.history)}"
    )


def _changes(pair: Pair) -> dict[str, float]:
    there, here = _profits(_twin(pair)), _profits(pair.history)
    return {group: here[group] - there[group] for group in (SMALL, ALLIED, LARGE)}


def _who_loses_most(pair: Pair) -> int:
    return _highest({group: -change for group, change in _changes(pair).items()})


def _changes_seen(pair: Pair) -> str:
    changes = _listed(_changes(pair), "+")
    return f"Change in profit a line and month against the simple and slow world (dashed), mean of {SPAN}: {changes}."


def _does_allying_pay(pair: Pair) -> int:
    gain = _advantage(pair)
    return 0 if gain >= TIE else 2 if gain <= -TIE else 1


def _allying_seen(pair: Pair) -> str:
    known, fit = (means(pair.history, name, KEPT) for name in ("coverage", "fitness"))
    fields = pair.model.parameters.environment.domains
    return (
        f"Profit a line and month, mean of {SPAN}: {_listed(_profits(pair.history))}. "
        f"An interdependent firm could judge {known[ALLIED]:.1f} of {fields} fields, an independent firm {known[SMALL]:.1f}; "
        f"its way of doing business was worth {fit[ALLIED]:.2f} against {fit[SMALL]:.2f} (fitness, 0 to 1). "
        f"{_hiring_seen(pair.history)}"
    )


def _gains(pair: Pair) -> tuple[float, float]:
    """What customers, and what all firms together, gain a month against the world beside."""
    here, there = (h.by_month[KEPT].mean(axis=0) for h in (pair.history, _twin(pair)))
    customers = float(here[CONSUMERS] - there[CONSUMERS])
    return customers, float(here[TOTAL] - there[TOTAL]) - customers


def _who_gains(pair: Pair) -> int:
    customers, firms = _gains(pair)
    return 2 if max(customers, firms) <= 0 else 0 if firms > customers else 1


def _gains_seen(pair: Pair) -> str:
    customers, firms = (f"{'gain' if gain > 0 else 'lose'} {number(abs(gain), 2)}" for gain in _gains(pair))
    against = f"Against the same random draws with everyone independent (dashed), a month, mean of {SPAN}"
    return f"{against}: customers {customers}, all firms together {firms}."


def _twin(pair: Pair) -> History:
    assert pair.twin is not None
    return pair.twin


RESULTS: dict[str, tuple[Callable[[Pair], int], Callable[[Pair], str]]] = {
    "yesterday": (_who_earns_more, _yesterday_seen),
    "faster": (_who_loses_most, _changes_seen),
    "banding": (_does_allying_pay, _allying_seen),
    "everybody": (_who_gains, _gains_seen),
}
"""Of each lesson: which choice a run bears out, and what was seen."""


def _read(entry: dict[str, Any]) -> Lesson:
    """A lesson as it stands in the file; lines in its texts are joined."""
    words: dict[str, Any] = {
        name: " ".join(entry[name].split()) for name in ("name", "title", "story", "question", "why", "beyond")
    }
    changes = MappingProxyType(entry.get("changes", {}))
    setting = Setting(world=entry["world"], changes=changes, beside=entry.get("beside", NOTHING))
    lists: dict[str, Any] = {name: tuple(entry[name]) for name in ("choices", "pictures")}
    return Lesson(**words, **lists, expected=entry["expected"], setting=setting)


LESSONS = tuple(_read(entry) for entry in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["lesson"])
"""In the order in which a class takes them."""
