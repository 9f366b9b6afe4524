"""Find and run all functions that make rows: those in the modules of all parts."""

from __future__ import annotations

import time
from importlib import import_module
from math import nan
from pathlib import Path

from conformance.figures import Picture, draw
from conformance.rows import CHECKS, Registered
from sim.lab.conformance import Check, Part, Row


def everything() -> list[Registered]:
    """Import all modules with checks and return their functions, part by part."""
    here = Path(__file__).parent
    for part in Part:
        for module in sorted((here / part).glob("[a-z]*.py")):
            import_module(f"conformance.{part}.{module.stem}")
    return CHECKS


def run_check(registered: Registered, folder: Path) -> Check:
    """Make the rows of one function and draw its pictures into the folder."""
    start, rows, figures = time.perf_counter(), [], []
    for made in registered.rows():
        if isinstance(made, Row):
            rows.append(made)
        elif isinstance(made, Picture):
            figures.append(draw(made, folder))
    return Check(registered.part, registered.rows.__name__, _title(registered), time.perf_counter() - start, rows, figures)


def broken_off(registered: Registered, error: BaseException | None) -> Check:
    """Return the check of a function that ended with an error: one missed row."""
    row = Row(f"broke off: {type(error).__name__}: {error}", "the program", (0.0, 0.0), nan, nan, nan, "none")
    return Check(registered.part, registered.rows.__name__, _title(registered), 0.0, [row], [])


def _title(registered: Registered) -> str:
    return (registered.rows.__doc__ or registered.rows.__name__.replace("_", " ")).strip().splitlines()[0]
