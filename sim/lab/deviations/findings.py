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


def save(found: Deviations, results: Path) -> Path:
    """Write what was found in a world, and return the path of the file."""
    path = results / FOLDER / f"{found.world.replace(' ', '_')}.json"
    write_model(path, found)
    return path


def load_all(results: Path) -> list[Deviations]:
    """What was found in all worlds so far.

    Raises:
        UnusableFileError: a file is damaged, or another version wrote it.
    """
    files = sorted((results / FOLDER).glob("*.json"))
    return [read_model(file, Deviations, "run `interfirm deviations` again") for file in files]


def table(found: Deviations) -> Table:
    """One row for each kind of firm and deviation."""
    rows = []
    for gain in found.gains:
        decimals = decimals_for((gain.high - gain.low) / 2)
        numbers = [number(gain.followed, decimals), number(gain.mean, decimals), interval(gain.low, gain.high), str(gain.n)]
        rows.append([gain.kind, gain.deviation, *numbers, gain.answer(found.most)])
    return ["firms", "deviation", "profit per line", "gain", "interval", "seeds", f"gain above {number(found.most)}?"], rows
