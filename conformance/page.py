"""docs/reference/conformance.csv, the rows of a whole run, and conformance.md, the short page about them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from sim.lab.conformance import COLUMNS, Agreement, Conformance, Part
from sim.lab.files import write_text
from sim.lab.reference import markdown_table

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "reference" / "conformance.md"
ROWS = PAGE.with_suffix(".csv")
PICTURE = DOCS / "images" / "conformance_search.png"
HEAD = ["part", "check", *COLUMNS]
SHORT = ["reference", "expected", "ours", "interval", "verdict"]
TEXT = """# Conformance

`make conformance` compares the program with theory, published results and facts, and writes this page.
[What it checks and how to read a row](../explanation/conformance.md).
All {total} rows: [searchable](conformance_rows.md), or as a file: [conformance.csv](conformance.csv).

**{summary}**, with {versions}.

{counts}

Below are the rows that are not met.
"""


def rows(found: Conformance) -> list[list[str]]:
    """Return every row as the cells of HEAD, part by part, without times: only what can be the same again."""
    return [[part, check.title, *row.cells] for part, checks in found.by_part().items() for check in checks for row in check.rows]


def page(rows: list[list[str]], versions: dict[str, str]) -> str:
    """Return the short page: how many rows of each part have which verdict, and the rows that are not met."""
    total = Counter(row[-1] for row in rows)
    text = TEXT.format(
        total=len(rows),
        summary=", ".join(f"{total[verdict]} {verdict}" for verdict in _verdicts(rows)),
        versions=", ".join(f"{name} {version}" for name, version in versions.items() if name != "commit"),
        counts=markdown_table((["part", *_verdicts(rows)], _counts(rows))),
    )
    for part in Part:
        not_met = [_short(row) for row in rows if row[0] == part and row[-1] != Agreement.MET]
        text += f"\n## {part.capitalize()}\n\n{markdown_table((SHORT, not_met)) if not_met else 'All rows are met.'}\n"
    return text


def _short(row: list[str]) -> list[str]:
    return [row[HEAD.index(name)] for name in SHORT]


def _counts(rows: list[list[str]]) -> list[list[str]]:
    count = Counter((row[0], row[-1]) for row in rows)
    return [[part, *(str(count[part, verdict]) for verdict in _verdicts(rows))] for part in Part]


def _verdicts(rows: list[list[str]]) -> list[str]:
    """Return the verdicts that occur, in their usual order."""
    return [str(verdict) for verdict in Agreement if any(row[-1] == verdict for row in rows)]


def write_pages(rows: list[list[str]], versions: dict[str, str]) -> None:
    """Write both files."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([HEAD, *rows])
    write_text(ROWS, text.getvalue())
    write_text(PAGE, page(rows, versions))


def documented_rows() -> list[list[str]]:
    """Read the rows of the last whole run."""
    with ROWS.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))[1:]
