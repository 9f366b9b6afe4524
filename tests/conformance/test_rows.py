"""Every asserted row is met, and every row stands in the documents."""

from pathlib import Path

import pytest

from conformance.page import PAGE, documented_rows, page
from conformance.rows import Registered
from conformance.suite import broken_off, everything, run_check
from sim.lab.conformance import Agreement


def named(registered: Registered) -> object:
    marks = () if registered.fast else pytest.mark.thorough
    return pytest.param(registered, id=registered.rows.__name__, marks=marks)


@pytest.mark.parametrize("registered", [named(registered) for registered in everything()])
def test_conforms(registered: Registered, tmp_path: Path) -> None:
    check = run_check(registered, tmp_path)
    assert check.rows
    for row in check.rows:
        assert row.verdict is not Agreement.MISSED, "; ".join(row.cells)
        assert in_documents([check.part, check.title, *row.cells]), f"{row.reference}: run `make conformance`"


def in_documents(row: list[str]) -> bool:
    """Return True if a documented row has the same cells; what came out and its interval may differ with the machine."""
    return any([*found[:5], *found[7:]] == [*row[:5], *row[7:]] for found in documented_rows())


def test_a_check_that_breaks_off_is_a_missed_row() -> None:
    (row,) = broken_off(everything()[0], ValueError("no root")).rows
    assert row.verdict is Agreement.MISSED
    assert row.cells[0] == "broke off: ValueError: no root"
    assert row.cells[3] == "–"


def test_the_short_page_counts_the_documented_rows() -> None:
    text = PAGE.read_text(encoding="utf-8")
    versions = text.split("**, with ")[1].split(".\n")[0]
    assert text == page(documented_rows(), dict(item.split(" ") for item in versions.split(", ")))


def test_the_readme_says_how_many_rows_there_are() -> None:
    assert f"holds {len(documented_rows())} rows" in (PAGE.parents[2] / "README.md").read_text(encoding="utf-8")
