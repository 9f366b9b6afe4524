"""The results of the conformance suite (`make conformance`): expected and simulated numbers, and whether they agree."""

from __future__ import annotations

import csv
import io
from enum import StrEnum
from math import inf
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from sim.lab.analysis.findings import Figure, with_digests
from sim.lab.files import write_text
from sim.lab.json_files import read_model, write_model
from sim.observation.labels import decimals_for, interval, number

FOLDER = "conformance"
FILE = "conformance.json"
DIGITS = 4  # of a number without an interval
COLUMNS = ["reference", "source", "expected", "ours", "interval", "tolerance", "verdict"]


class Part(StrEnum):
    """The kinds of references that the model is compared with."""

    THEORY = "theory"
    PUBLISHED = "published"
    FACTS = "facts"
    RULES = "rules"
    METAMORPHIC = "metamorphic"


class Agreement(StrEnum):
    """Whether a row agrees with its reference, and whether that is asserted."""

    MET = "met"
    MISSED = "missed"
    NOT_MET = "missed (shown)"
    UNSETTLED = "not settled (shown)"


class Row(NamedTuple):
    """One reference and the result of the model; if both ends of `expected` are equal, a number is expected, otherwise a range."""

    reference: str
    source: str  # in words; says whether the passage itself was seen
    expected: tuple[float, float]
    ours: float
    low: float  # ours less the tolerance
    high: float
    tolerance: str  # where the interval comes from
    asserted: bool = True

    @property
    def agrees(self) -> bool:
        """True if the interval contains the expected number, or lies within the expected range."""
        least, most = self.expected
        if least == most:
            return self.low <= least <= self.high
        return least <= self.low and self.high <= most and least < self.ours < most

    @property
    def verdict(self) -> Agreement:
        """The agreement; if a row that is not asserted has an interval partly within the expected range, it is not settled."""
        if self.agrees:
            return Agreement.MET
        if self.asserted:
            return Agreement.MISSED
        least, most = self.expected
        apart = least == most or self.high <= least or most <= self.low
        return Agreement.NOT_MET if apart else Agreement.UNSETTLED

    @property
    def cells(self) -> list[str]:
        """The texts of COLUMNS."""
        decimals = decimals_for(0.5 * (self.high - self.low))
        return [
            self.reference,
            self.source,
            expected_text(self.expected, decimals),
            number(self.ours, decimals, DIGITS),
            interval(self.low, self.high) if self.high > self.low else "–",
            self.tolerance,
            str(self.verdict),
        ]


class Check(NamedTuple):
    """The rows of one question about the model, and the figures that show them."""

    part: Part
    name: str
    title: str
    seconds: float
    rows: list[Row]
    figures: list[Figure]

    @property
    def summary(self) -> str:
        """Number of rows by agreement, as in "12 met, 1 missed"."""
        return _summary(self.rows)


class Conformance(BaseModel):
    """The results of one run of the suite; `scope` says whether all of it was run."""

    model_config = ConfigDict(ser_json_inf_nan="constants")

    scope: str
    checks: list[Check]
    versions: dict[str, str]

    @property
    def rows(self) -> list[Row]:
        """The rows of all checks."""
        return [row for check in self.checks for row in check.rows]

    @property
    def missed(self) -> list[Row]:
        """The asserted rows that do not agree."""
        return [row for row in self.rows if row.verdict is Agreement.MISSED]

    @property
    def summary(self) -> str:
        """Number of rows by agreement, as in "12 met, 1 missed"."""
        return _summary(self.rows)

    def by_part(self) -> dict[Part, list[Check]]:
        """The checks of each part that has any, in the order of the parts."""
        by_part = {part: [check for check in self.checks if check.part is part] for part in Part}
        return {part: checks for part, checks in by_part.items() if checks}


def _summary(rows: list[Row]) -> str:
    counts = {verdict: sum(row.verdict is verdict for row in rows) for verdict in Agreement}
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count or verdict is Agreement.MET)


def save(conformance: Conformance, folder: Path) -> None:
    """Write all results as JSON, and the rows as CSV."""
    checks = [check._replace(figures=with_digests(check.figures, folder)) for check in conformance.checks]
    write_model(folder / FILE, conformance.model_copy(update={"checks": checks}))
    write_text((folder / FILE).with_suffix(".csv"), _rows_as_csv(conformance))


def _rows_as_csv(conformance: Conformance) -> str:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(["part", "check", "reference", "source", "expected from", "to", "ours", "low", "high", "tolerance", "verdict"])
    for check in conformance.checks:
        table.writerows(
            [check.part, check.name, row.reference, row.source, *row.expected, *row[3:6], row.tolerance, row.verdict]
            for row in check.rows
        )
    return text.getvalue()


def load(folder: Path) -> Conformance:
    """Read the results of a run of the suite.

    Raises:
        UnusableFileError: there are none, they are damaged, or another version wrote them.
    """
    return read_model(folder / FILE, Conformance, "run `make conformance` again")


def expected_text(expected: tuple[float, float], decimals: int | None) -> str:
    """An expected number, range or sign in words, a number with so many decimals."""
    least, most = expected
    if least == most:
        return number(least, decimals, DIGITS)
    if most == inf:
        return "positive" if least == 0.0 else f"at least {number(least, digits=DIGITS)}"
    if least == -inf:
        return "negative" if most == 0.0 else f"at most {number(most, digits=DIGITS)}"
    return f"{number(least, digits=DIGITS)} to {number(most, digits=DIGITS)}"
