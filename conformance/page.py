"""docs/reference/conformance.md, made from what a whole run found."""

from __future__ import annotations

from pathlib import Path

from sim.lab.conformance import COLUMNS, Conformance
from sim.lab.reference import markdown_table

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "reference" / "conformance.md"
PICTURE = DOCS / "images" / "conformance_search.png"
HEAD = """# Conformance

Made by `make conformance`; what it is and how to read it: [explanation](../explanation/conformance.md).

**{summary}**, with {versions}.
"""


def page(found: Conformance) -> str:
    """Every row, part by part, without times: only what can be the same again."""
    computed_by = ", ".join(f"{name} {version}" for name, version in found.versions.items() if name != "commit")
    text = HEAD.format(summary=found.summary, versions=computed_by)
    for part, checks in found.by_part().items():
        text += f"\n## {part.capitalize()}\n"
        for check in checks:
            text += f"\n**{check.title}**\n\n{markdown_table((COLUMNS, [row.cells for row in check.rows]))}\n"
    return text
