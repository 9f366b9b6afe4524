"""Runs the functions that make rows: every module in the folders beside this file."""

from __future__ import annotations

import time
from importlib import import_module
from pathlib import Path

from sim.lab.conformance import Check, Row
from tests.conformance.figures import Picture, draw
from tests.conformance.rows import CHECKS, Registered


def everything() -> list[Registered]:
    """All functions, part by part."""
    here = Path(__file__).parent
    for part in ("theory", "published", "facts", "metamorphic"):
        for module in sorted((here / part).glob("[a-z]*.py")):
            import_module(f"tests.conformance.{part}.{module.stem}")
    return CHECKS


def carry_out(registered: Registered, folder: Path) -> Check:
    """Make the rows of one function and draw its pictures into the folder."""
    start, rows, figures = time.perf_counter(), [], []
    for made in registered.rows():
        if isinstance(made, Row):
            rows.append(made)
        elif isinstance(made, Picture):
            figures.append(draw(made, folder))
    name = registered.rows.__name__
    title = (registered.rows.__doc__ or name.replace("_", " ")).strip().splitlines()[0]
    return Check(registered.part, name, title, time.perf_counter() - start, rows, figures)
