"""What an experiment found: everything the report, the tables and the claims' verdicts are made from, kept as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, field_serializer

from sim.lab.design.points import Point
from sim.lab.design.scale import Scale
from sim.lab.design.schema import Contrast, Experiment, Robustness, as_written
from sim.lab.files import read_model, write_whole
from sim.lab.statistics.paired import Estimate
from sim.lab.statistics.sensitivity import Sensitivity
from sim.lab.statistics.shapley import Contribution
from sim.lab.statistics.thresholds import Threshold
from sim.lab.statistics.verdicts import Verdict

FILE = "findings.json"


class PointResult(NamedTuple):
    """A contrast's estimate at one place, and what its rule says there (None without a rule)."""

    arm: str
    point: Point
    estimate: Estimate
    decision: Verdict | None


class ContrastResult(NamedTuple):
    """A contrast with all its places, and the verdict over them."""

    contrast: Contrast
    places: list[PointResult]
    verdict: Verdict | None

    @property
    def estimated(self) -> list[PointResult]:
        """The places at which there was something to estimate."""
        return [place for place in self.places if place.estimate.n > 0]


class Crossing(NamedTuple):
    """Where a contrast changes its sign while the other swept values are as in `point`."""

    contrast: str
    arm: str
    point: Point
    threshold: Threshold


class Failure(NamedTuple):
    """A run that has no result."""

    arm: str
    point: Point
    seed: int
    error: str


class Figure(NamedTuple):
    """A picture: the stem of its files, and what to see in it."""

    stem: str
    caption: str


class UniverseResult(NamedTuple):
    """What becomes of a claim in another universe: its verdict there, and how many contrasts keep, lose or turn their sign."""

    claim: int
    universe: str
    verdict: Verdict
    kept: int
    unsettled: int
    reversed: int


class Findings(BaseModel):
    """All of it."""

    model_config = ConfigDict(ser_json_inf_nan="constants", strict=False)

    name: str
    file: str
    design: Experiment | Robustness
    scale: Scale
    runs: int
    seeds: tuple[int, int]  # fewest and most seeds at a point
    judged: list[ContrastResult] = []
    verdict: Verdict | None = None
    crossings: list[Crossing] = []
    contributions: list[Contribution] = []
    sensitivity: Sensitivity | None = None
    survival: list[UniverseResult] = []
    failures: list[Failure] = []
    capped: list[Point] = []
    figures: list[Figure] = []
    origin: dict[str, Any] = {}

    @field_serializer("design")
    def _as_written(self, design: Experiment | Robustness) -> dict[str, Any]:
        return as_written(design)


def save(findings: Findings, folder: Path) -> None:
    """Write them to the experiment's folder."""
    text = findings.model_dump_json(indent=1, by_alias=True)
    write_whole(folder / FILE, lambda file: file.write_text(text + "\n", encoding="utf-8"))


def load(folder: Path) -> Findings:
    """Read them again.

    Raises:
        UnusableFileError: there are none, or they were written by another version.
    """
    return read_model(folder / FILE, Findings, "run the experiment again")
