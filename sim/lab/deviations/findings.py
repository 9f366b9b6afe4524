"""The gains of firms that deviate, kept as JSON and shown as a table."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from sim.lab.json_files import read_model, write_model
from sim.lab.reference import Table
from sim.observation.labels import decimals_for, interval, number

FOLDER = "deviations"
REMEDY = "move it away and run `interfirm deviations` again"


class Answer(StrEnum):
    """Whether firms of a kind are better off without a rule."""

    NO = "no"
    YES = "yes"
    UNSETTLED = "not settled"


class Gain(NamedTuple):
    """What firms of a kind gain by one deviation, per line and month."""

    kind: str
    deviation: str
    followed: float  # what the same places earn where nobody deviates
    n: int  # seeds
    mean: float
    low: float  # interval that holds for all rows of the table at once
    high: float

    def answer(self, most: float) -> Answer:
        """Whether the gain exceeds the most that is admitted."""
        return Answer.YES if self.low > most else Answer.NO if self.high < most else Answer.UNSETTLED


class Deviations(BaseModel):
    """All deviations in one world."""

    model_config = ConfigDict(ser_json_inf_nan="constants", strict=False, extra="forbid")

    world: str
    most: float
    gains: list[Gain]
    origin: dict[str, Any]


def _path(world: str, results: Path) -> Path:
    return results / FOLDER / f"{world.replace(' ', '_')}.json"


def save(found: Deviations, results: Path) -> Path:
    """Write what was found in a world, and return the path of the file."""
    path = _path(found.world, results)
    write_model(path, found)
    return path


def known(world: str, origin: dict[str, Any], results: Path) -> Deviations | None:
    """What was found in a world before, if it came from the same parameters, seeds, model and versions."""
    if not _path(world, results).exists():
        return None
    found = read_model(_path(world, results), Deviations, REMEDY)
    return found if found.origin == origin else None


def load_all(results: Path) -> list[Deviations]:
    """What was found in all worlds so far.

    Raises:
        UnusableFileError: a file is damaged, or another version wrote it.
    """
    files = sorted((results / FOLDER).glob("*.json"))
    return [read_model(file, Deviations, REMEDY) for file in files]


def table(found: Deviations) -> Table:
    """One row for each kind of firm and deviation."""
    rows = []
    for gain in found.gains:
        decimals = decimals_for((gain.high - gain.low) / 2)
        numbers = [number(gain.followed, decimals), number(gain.mean, decimals), interval(gain.low, gain.high), str(gain.n)]
        rows.append([gain.kind, gain.deviation, *numbers, gain.answer(found.most)])
    return ["firms", "deviation", "profit per line", "gain", "interval", "seeds", f"gain above {number(found.most)}?"], rows
