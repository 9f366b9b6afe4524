"""Every asserted row is met, and every row stands in the documents."""

import re
from pathlib import Path

import pytest

from conformance.page import PAGE
from conformance.rows import Registered
from conformance.suite import broken_off, everything, run_check
from sim.lab.conformance import Agreement


def named(registered: Registered) -> object:
    marks = () if registered.fast else pytest.mark.thorough
    return pytest.param(registered, id=registered.rows.__name__, marks=marks)


@pytest.mark.parametrize("registered", [named(registered) for registered in everything()])
def test_conforms(registered: Registered, tmp_path: Path) -> None:
    rows, documented = run_check(registered, tmp_path).rows, PAGE.read_text(encoding="utf-8").splitlines()
    assert rows
    for row in rows:
        assert row.verdict is not Agreement.MISSED, "; ".join(row.cells)
        reference, source, expected, _, _, tolerance, verdict = (cell.replace("|", "\\|") for cell in row.cells)
        begins, ends = f"| {reference} | {source} | {expected} |", f"| {tolerance} | {verdict} |"
        assert any(line.startswith(begins) and line.endswith(ends) for line in documented), f"{reference}: run `make conformance`"


def test_a_check_that_breaks_off_is_a_missed_row() -> None:
    (row,) = broken_off(everything()[0], ValueError("no root")).rows
    assert row.verdict is Agreement.MISSED
    assert row.cells[0] == "broke off: ValueError: no root"
    assert row.cells[3] == "–"


def test_the_readme_says_how_many_rows_there_are() -> None:
    summary = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("**") and " met" in line)
    counts = re.findall(r"(\d+) (?:met|missed|not settled)", summary)
    assert f"holds {sum(map(int, counts))} rows" in (PAGE.parents[2] / "README.md").read_text(encoding="utf-8")
