"""`python -m conformance`: the table, results/conformance/, and (whole, nothing missed) docs/reference/conformance.*."""

from __future__ import annotations

import argparse
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.table import Table

from conformance.page import PICTURE, rows, write_pages
from conformance.rows import Registered
from conformance.suite import broken_off, everything, run_check
from sim.lab.conformance import COLUMNS, FOLDER, Agreement, Conformance, Part, save
from sim.lab.files import UnusableFileError, make_folder
from sim.lab.provenance import versions
from sim.lab.terminal import progress_bar

COLOURS = {Agreement.MET: "green", Agreement.MISSED: "bold red", Agreement.NOT_MET: "yellow", Agreement.UNSETTLED: "dim"}
WHOLE = "the whole suite"


def main() -> int:
    """Run what was asked for; 1 if an asserted row is missed."""
    parser = argparse.ArgumentParser(prog="python -m conformance", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="only what takes seconds (it is also within make test)")
    parser.add_argument("--only", type=Part, choices=list(Part), metavar="PART", help=", ".join(Part))
    parser.add_argument("--results", type=Path, default=Path("results"), metavar="FOLDER")
    asked = parser.parse_args()
    chosen = [c for c in everything() if (c.fast or not asked.fast) and asked.only in (None, c.part)]
    scope = ", ".join(filter(None, [asked.only and f"part {asked.only}", asked.fast and "the fast part"])) or WHOLE
    folder = make_folder(asked.results / FOLDER)
    found = run(chosen, folder, scope)
    save(found, folder)
    if scope == WHOLE and not found.missed:
        write_pages(rows(found), found.versions)
        shutil.copy(folder / "search.png", PICTURE)
    show(found)
    print(f"Conformance, {scope}: {found.summary}. Wrote {folder}.")
    for row in found.missed:
        print("missed: " + "; ".join(row.cells[:-1]), file=sys.stderr)
    return 1 if found.missed else 0


def run(chosen: list[Registered], folder: Path, scope: str) -> Conformance:
    """All checks, the longest first, as many at a time as there are cores, with the time left."""
    checks = {}
    with progress_bar("seconds' work,") as progress, ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        task = progress.add_task("conformance", total=round(sum(c.seconds for c in chosen)))
        longest_first = sorted(chosen, key=lambda c: -c.seconds)
        running = {pool.submit(run_check, registered, folder): registered for registered in longest_first}
        for done in as_completed(running):
            registered = running[done]
            checks[registered] = done.result() if done.exception() is None else broken_off(registered, done.exception())
            progress.update(task, description=registered.rows.__name__.replace("_", " "), advance=registered.seconds)
    return Conformance(scope=scope, checks=[checks[registered] for registered in chosen], versions=versions())


def show(found: Conformance) -> None:
    """The table, without sources: these stand in the files."""
    table = Table(show_edge=False)
    shown = [k for k, name in enumerate(COLUMNS) if name not in ("source", "tolerance")]
    for k in shown:
        table.add_column(COLUMNS[k], ratio=3 if k == 0 else 1)
    for part, checks in found.by_part().items():
        for check in checks:
            table.add_section()
            table.add_row(f"[bold]{part}: {check.title}[/]", *[""] * (len(shown) - 2), f"{check.seconds:.1f} s")
            for row in check.rows:
                cells = [row.cells[k] for k in shown]
                table.add_row(*cells[:-1], f"[{COLOURS[row.verdict]}]{cells[-1]}[/]")
    Console(width=None if sys.stdout.isatty() else 160).print(table)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except UnusableFileError as fault:
        print(f"conformance: {fault}", file=sys.stderr)
        sys.exit(2)
