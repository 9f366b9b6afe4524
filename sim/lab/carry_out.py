"""From an experiment file to its folder of results."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from sim.lab import experiment, figures, provenance
from sim.lab.experiment import Design
from sim.lab.files import UnusableFileError, write_table
from sim.lab.leaders import OUTCOME, leaders, means


def prepare(results: Path, file: Path) -> Path:
    """The folder that an experiment's results go to, made and checked before anything is computed.

    Raises:
        UnusableFileError: it cannot be made or written.
    """
    folder = results / file.stem
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableFileError(f"{folder}: cannot be made: {(error.strerror or '').lower()}") from None
    if not os.access(folder, os.W_OK):
        raise UnusableFileError(f"{folder}: cannot be written")
    return folder


def carry_out(design: Design, folder: Path, report: Callable[[], None]) -> tuple[list[Path], int]:
    """Run a design, write its tables and figure. Returns what was written and how many runs failed."""
    keys = list(design.sweep)
    rows = experiment.run(design, report)
    origin = provenance.as_text(design=design.model_dump())
    failed = int((rows["error"] != "").sum()) // rows["group"].nunique()
    tables = {"runs.parquet": rows}
    if failed < len(design.points()) * design.replications:
        tables["means.csv"] = means(rows, keys)
    if rows.dropna(subset=[OUTCOME])["group"].nunique() > 1:
        tables["leaders.csv"] = leaders(rows, keys)
    for name, table in tables.items():
        write_table(folder / name, table, origin)
    written = [folder / name for name in tables]
    if len(keys) == 2 and "leaders.csv" in tables:
        written += figures.who_earns_most(tables["means.csv"], tables["leaders.csv"], keys, design.title, folder)
    return written, failed
