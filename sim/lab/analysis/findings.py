"""The findings of an experiment, kept as JSON; the report, the tables and the claims' verdicts are made from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, field_serializer

from sim.lab.design.contrast import Contrast, Published
from sim.lab.design.points import Point
from sim.lab.design.scale import Scale
from sim.lab.design.schema import Experiment, Robustness, as_written
from sim.lab.files import digest_of_file
from sim.lab.json_files import read_model, write_model
from sim.lab.statistics.paired import Estimate
from sim.lab.statistics.sensitivity import Sensitivity
from sim.lab.statistics.shapes import Peak
from sim.lab.statistics.shapley import Contribution
from sim.lab.statistics.thresholds import Threshold
from sim.lab.statistics.verdicts import Verdict

FILE = "findings.json"


class PointResult(NamedTuple):
    """A contrast's estimate at one design point, and the verdict there (None without a rule)."""

    arm: str
    point: Point
    estimate: Estimate
    decision: Verdict | None


class ContrastResult(NamedTuple):
    """A contrast with its design points, and the verdict over them (None without a rule)."""

    contrast: Contrast
    points: list[PointResult]
    verdict: Verdict | None
    holds: bool  # the verdict holds together with those of the other contrasts (Holm)
    peaks: list[Peak]  # of a contrast with a shape: one for each arm

    @property
    def estimated(self) -> list[PointResult]:
        """The points at which there was something to estimate."""
        return [point for point in self.points if point.estimate.n > 0]

    @property
    def arms(self) -> list[str]:
        """The arms of the estimated points."""
        return list(dict.fromkeys(point.arm for point in self.estimated))


class Crossing(NamedTuple):
    """The threshold at which a contrast changes its sign, while the other swept values are as in `point`."""

    contrast: str
    arm: str
    point: Point
    threshold: Threshold


class Counterpart(NamedTuple):
    """A contrast over the months of a published number: its mean, with the 95 % interval of this mean alone."""

    contrast: str
    arm: str
    point: Point  # without the month
    published: Published
    mean: float
    low: float
    high: float


class Failure(NamedTuple):
    """A run that failed."""

    arm: str
    point: Point
    seed: int
    error: str


class Figure(NamedTuple):
    """The stem of a figure's files, its caption, and the digest of its SVG file, known when the findings are written."""

    stem: str
    caption: str
    digest: str = ""

    def file(self, folder: Path) -> Path:
        """The figure's SVG file."""
        return folder / f"{self.stem}.svg"


class UniverseResult(NamedTuple):
    """A claim in another universe: its verdict there, and how many signs that are settled as it is are kept, lost or reversed."""

    claim: int
    universe: str
    verdict: Verdict
    kept: int
    unsettled: int
    reversed: int


class Findings(BaseModel):
    """All that an experiment found."""

    model_config = ConfigDict(ser_json_inf_nan="constants", strict=False, extra="forbid")

    name: str
    file: str
    design: Experiment | Robustness
    scale: Scale
    runs: int
    seeds: tuple[int, int]  # fewest and most seeds at a point
    contrasts: list[ContrastResult] = []
    verdict: Verdict | None = None
    crossings: list[Crossing] = []
    counterparts: list[Counterpart] = []
    contributions: list[Contribution] = []
    sensitivity: Sensitivity | None = None
    universes: list[UniverseResult] = []
    failures: list[Failure] = []
    capped: list[Point] = []
    figures: list[Figure] = []
    origin: dict[str, Any] = {}

    @field_serializer("design")
    def _as_written(self, design: Experiment | Robustness) -> dict[str, Any]:
        return as_written(design)


def with_digests(figures: list[Figure], folder: Path) -> list[Figure]:
    """The figures with the digests of their files."""
    return [figure._replace(digest=digest_of_file(figure.file(folder))) for figure in figures]


def save(findings: Findings, folder: Path) -> None:
    """Write the findings to a folder that has the figures already.

    Raises:
        UnusableFileError: the operating system refuses.
    """
    write_model(folder / FILE, findings.model_copy(update={"figures": with_digests(findings.figures, folder)}))


def load(folder: Path) -> Findings:
    """Read the findings of an experiment's folder.

    Raises:
        UnusableFileError: there are none, they are damaged, or another version wrote them.
    """
    return read_model(folder / FILE, Findings, "run the experiment again")
