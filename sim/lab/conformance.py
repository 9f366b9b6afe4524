"""What the conformance suite (`make conformance`) found: what was expected, what came out, and whether that agrees."""

from __future__ import annotations

import csv
from enum import StrEnum
from math import ceil, inf, isfinite, isnan, log10
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from sim.lab.analysis.findings import Figure
from sim.lab.files import read_model, write_whole

FOLDER = "conformance"
FILE = "conformance.json"
COLUMNS = ["reference", "source", "expected", "ours", "interval", "tolerance", "verdict"]


class Part(StrEnum):
    """What kind of reference it is held against."""

    THEORY = "theory"
    PUBLISHED = "published"
    FACTS = "facts"
    METAMORPHIC = "metamorphic"


class Agreement(StrEnum):
    """Whether a row agrees with its reference, and whether that is asserted."""

    MET = "met"
    MISSED = "missed"
    NOT_MET = "missed (shown)"
    UNSETTLED = "not settled (shown)"


class Row(NamedTuple):
    """One reference and what came out here. A number is expected if both ends of `expected` are the same."""

    reference: str
    source: str  # in words, and whether the passage was seen
    expected: tuple[float, float]
    ours: float
    low: float  # ours less the tolerance
    high: float
    tolerance: str  # where the interval comes from
    asserted: bool = True

    @property
    def agrees(self) -> bool:
        """The interval holds the expected number, or lies within the expected range."""
        least, most = self.expected
        if least == most:
            return self.low <= least <= self.high
        return least <= self.low and self.high <= most and least < self.ours < most

    @property
    def verdict(self) -> Agreement:
        """Computed, never typed: an interval that lies only in part within a range settles nothing unless that was asserted."""
        if self.agrees:
            return Agreement.MET
        if self.asserted:
            return Agreement.MISSED
        least, most = self.expected
        apart = least == most or self.high <= least or most <= self.low
        return Agreement.NOT_MET if apart else Agreement.UNSETTLED

    @property
    def cells(self) -> list[str]:
        """As the columns of a table."""
        places = _decimals(0.5 * (self.high - self.low))
        interval = f"[{_number(self.low, places)}, {_number(self.high, places)}]" if self.high > self.low else "–"
        return [
            self.reference,
            self.source,
            _range(self.expected, places),
            _number(self.ours, places),
            interval,
            self.tolerance,
            str(self.verdict),
        ]


class Check(NamedTuple):
    """The rows of one question that was put to the program, and the figures that show them."""

    part: Part
    name: str
    title: str
    seconds: float
    rows: list[Row]
    figures: list[Figure]

    @property
    def summary(self) -> str:
        """How many rows met what they are held against."""
        return _summary(self.rows)


class Conformance(BaseModel):
    """All that was checked in one run of the suite; `scope` says how much of it that was."""

    model_config = ConfigDict(ser_json_inf_nan="constants")

    scope: str
    checks: list[Check]
    versions: dict[str, str]

    @property
    def rows(self) -> list[Row]:
        """All rows."""
        return [row for check in self.checks for row in check.rows]

    @property
    def missed(self) -> list[Row]:
        """The asserted rows that do not agree."""
        return [row for row in self.rows if row.verdict is Agreement.MISSED]

    @property
    def summary(self) -> str:
        """How many rows met what they are held against."""
        return _summary(self.rows)

    def by_part(self) -> dict[Part, list[Check]]:
        """The checks, in the order of the parts."""
        found = {part: [check for check in self.checks if check.part is part] for part in Part}
        return {part: checks for part, checks in found.items() if checks}


def _summary(rows: list[Row]) -> str:
    counts = {verdict: sum(row.verdict is verdict for row in rows) for verdict in Agreement}
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count or verdict is Agreement.MET)


def save(found: Conformance, folder: Path) -> None:
    """Write JSON, and the rows as CSV."""
    text = found.model_dump_json(indent=1)
    write_whole(folder / FILE, lambda file: file.write_text(text + "\n", encoding="utf-8"))
    write_whole((folder / FILE).with_suffix(".csv"), lambda file: _write_rows(found, file))


def _write_rows(found: Conformance, file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(
            ["part", "check", "reference", "source", "expected from", "to", "ours", "low", "high", "tolerance", "verdict"]
        )
        for check in found.checks:
            table.writerows(
                [check.part, check.name, row.reference, row.source, *row.expected, *row[3:6], row.tolerance, row.verdict]
                for row in check.rows
            )


def load(folder: Path) -> Conformance:
    """Read it again.

    Raises:
        UnusableFileError: there is none, or it was written by another version.
    """
    return read_model(folder / FILE, Conformance, "run `make conformance` again")


def _decimals(error: float) -> int | None:
    """Decimals that show an error with two digits; None without an error."""
    return max(0, ceil(-log10(error)) + 1) if 0.0 < error < inf else None


def _number(value: float, places: int | None) -> str:
    if isnan(value):
        return "–"
    if not isfinite(value):
        return "∞" if value > 0 else "−∞"
    shown = f"{value:.4g}" if places is None else f"{value:z.{places}f}"
    return shown.replace("-", "−")


def _range(expected: tuple[float, float], places: int | None) -> str:
    least, most = expected
    if least == most:
        return _number(least, places)
    if most == inf:
        return "positive" if least == 0.0 else f"at least {_number(least, None)}"
    if least == -inf:
        return "negative" if most == 0.0 else f"at most {_number(most, None)}"
    return f"{_number(least, None)} to {_number(most, None)}"
