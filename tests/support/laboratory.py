"""A laboratory in a folder of its own: its runs are invented and its figures not drawn, so that commands take no time."""

import contextlib
import io
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast
from unittest import mock

from sim.__main__ import main
from sim.lab.analysis.findings import Figure
from sim.lab.ensemble import RunResult
from sim.lab.execution.job import Job
from sim.lab.provenance import PACKAGES
from sim.lab.report.style import save
from tests.support.experiments import invented
from tests.support.faults import KILL, failing

EARLIER = """
title = "Earlier"
question = "What was here before?"
[sweep]
"environment.complexity" = [0, 4, 8]
[replications]
number = 2
"""
LATER = """
title = "Later"
question = "What comes after it?"
[sweep]
"environment.speed" = [0, 0.1]
[replications]
number = 2
[[contrasts]]
name = "advantage"
outcome = "profit_per_line"
groups = ["small interdependent", "small independent"]
"""
EXPERIMENT = ("experiment", "lab/tiny.toml", "--results", "lab/results")
REPORT = ("report", "--results", "lab/results")
CLAIMS = ("claims", "--results", "lab/results")
RUN = ("run", "--months", "2", "--set", "population.small=4", "--set", "population.large=0", "--out")
OWN = ("notes.csv", "results/figure.png", "results/tiny/mine.csv", "results/tiny/mine.svg")
VERSIONS = dict.fromkeys(("python", "interfirm", "commit", *PACKAGES), "any")  # the commit could change during a test
STORE = "finished.sqlite"


class Outcome(NamedTuple):
    """What a command left behind: its exit code, and the lines on standard error."""

    code: object
    lines: list[str]

    @property
    def is_one_clear_line(self) -> bool:
        """Return True if the command refused as the house wants it."""
        return self.code == 2 and len(self.lines) == 1 and self.lines[0].startswith("interfirm: ")


def command(*arguments: str) -> Outcome:
    """Give a command in this process."""
    errors = io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["interfirm", *arguments]),
        contextlib.redirect_stderr(errors),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        try:
            main()
            code: object = 0
        except SystemExit as end:
            code = end.code or 0
        except BaseException as error:  # a traceback for the user, and a finding for us
            code = f"{type(error).__name__}: {error}"
    return Outcome(code, [line for line in errors.getvalue().splitlines() if line.strip()])


class Runs:
    """An executor that invents results; it knows which runs it was asked for, and which were taken from it and kept."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self.kept: list[tuple[str, int]] = []

    def __call__(self, jobs: Iterable[Job]) -> Iterator[RunResult]:
        for job in jobs:
            self.asked.append((job.address, job.seed))
            yield from invented(1, 1, 1)([job])
            self.kept.append((job.address, job.seed))


class _Figure:
    """A figure that needs no drawing."""

    def savefig(self, file: BinaryIO, **_: object) -> None:
        file.write(b"drawn")


@contextlib.contextmanager
def laboratory(runs: Runs) -> Iterator[None]:
    """Commands get their results from `runs`, make one figure, with a word instead of a picture, and know no versions."""

    def draw(*arguments: Any) -> list[Figure]:
        save(cast(Any, _Figure()), arguments[-1] / "contrasts")
        return [Figure("contrasts", "A figure.")]

    with (
        mock.patch("sim.lab.execution.threads.on_threads", return_value=runs),
        mock.patch("sim.lab.report.figures.draw", draw),
        mock.patch("sim.lab.provenance.versions", return_value=VERSIONS),
    ):
        yield


def restore(folder: Path) -> None:
    """Make a laboratory what it was when it was copied to `untouched` beside it."""
    shutil.rmtree(folder)
    shutil.copytree(folder.parent / "untouched", folder)


def be_killed(folder: Path, k: int, arguments: tuple[str, ...]) -> None:
    """Give a command that is killed at its k-th operation, in a process of its own."""
    with failing(folder, KILL, k), laboratory(Runs()):
        assert command(*arguments).code == 0


def found(folder: Path) -> dict[str, object]:
    """The contents of all files that have a final name; of manifests all but the times, and nothing of the store."""
    paths = sorted(Path(parent, name) for parent, _, names in os.walk(folder, followlinks=True) for name in names)
    visible = [path for path in paths if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    return {str(path.relative_to(folder)): _contents(path) for path in visible if not path.name.startswith(STORE)}


def hidden(folder: Path) -> set[str]:
    """The names of temporary files and folders."""
    return {str(path.relative_to(folder)) for path in folder.rglob(".interfirm-*")}


def stored(results: Path) -> set[tuple[str, int]]:
    """The runs in all stores below a folder."""
    rows: set[tuple[str, int]] = set()
    for path in results.rglob(STORE):
        with contextlib.closing(sqlite3.connect(path)) as connection, contextlib.suppress(sqlite3.OperationalError):
            rows |= set(connection.execute("SELECT address, seed FROM runs"))
    return rows


def arrange(folder: Path) -> None:
    """Make a laboratory with results of an earlier experiment, and with files that are not ours."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "results" / "tiny").mkdir(parents=True)
    for name in OWN:
        (folder / name).write_text("not yours")
    (folder / "tiny.toml").write_text(EARLIER)


def _contents(path: Path) -> object:
    if path.name != "manifest.json":
        return path.read_bytes()
    contents: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {name: value for name, value in contents.items() if name not in {"started", "finished", "digest"}}
