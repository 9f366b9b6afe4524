"""Whichever operation on a file fails or is the last one before a kill, one clear line says it, and nothing is lost."""

import multiprocessing
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sim.lab.report import page
from tests.support.faults import KILL, failing
from tests.support.laboratory import (
    EXPERIMENT,
    LATER,
    OWN,
    REPORT,
    RUN,
    Outcome,
    Runs,
    arrange,
    be_killed,
    command,
    found,
    hidden,
    laboratory,
    restore,
    stored,
)

EXPORTS = [(*RUN, f"lab/table{suffix}") for suffix in (".csv", ".parquet")]
MANIFEST = "results/tiny/manifest.json"  # between two renames it lists the files of both experiments
COMMANDS = {"experiment": EXPERIMENT, "report": REPORT, "csv": EXPORTS[0], "parquet": EXPORTS[1]}


class Trial:
    """A command in a laboratory that is the same before each disturbance, and what the undisturbed command makes of it."""

    def __init__(self, folder: Path, arguments: tuple[str, ...]) -> None:
        self.folder, self.arguments = folder / "lab", arguments
        arrange(self.folder)
        assert self.give(EXPERIMENT).code == 0
        if arguments == EXPERIMENT:
            (self.folder / "tiny.toml").write_text(LATER)
        else:
            assert self.give(arguments).code == 0
            for path in self.folder.glob("table*"):
                path.write_text("an earlier table")
        shutil.copytree(self.folder, folder / "untouched")
        self.before = found(self.folder)
        self.outcome = self.give(arguments)
        self.after = found(self.folder)
        assert self.outcome.code == 0, self.outcome

    def give(self, arguments: tuple[str, ...], runs: Runs | None = None) -> Outcome:
        """Give a command, undisturbed."""
        with failing(self.folder, KILL, k=0), laboratory(runs or Runs()):
            return command(*arguments)

    def disturbed(self, error: str, lasting: bool, resume_each: int = 1) -> Iterator[str]:
        """Let one operation after the other fail, and tell everything that is then wrong; resume after each, or each second, ..."""
        for k in range(1, 1000):
            restore(self.folder)
            runs = Runs()
            with failing(self.folder, error, k, lasting) as faults, laboratory(runs):
                outcome = command(*self.arguments)
            if len(faults.operations) < k:
                assert k > 1, faults.operations
                return
            for problem in (
                *self._answer(outcome),
                *self._whole(),
                *self._lost(runs),
                *(self._resumed() if k % resume_each == 0 else ()),
            ):
                yield f"{error} at {k}, {faults.operations[k - 1]}: {problem}"

    def killed(self) -> Iterator[str]:
        """Kill the process at one operation after the other, and tell everything that is then wrong."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(
            ["tests.support.laboratory", "sim.lab.pipeline", "sim.lab.report.page", "pyarrow.parquet", "matplotlib.figure"]
        )
        for k in range(1, 1000):
            restore(self.folder)
            process = context.Process(target=be_killed, args=(self.folder, k, self.arguments))
            process.start()
            process.join()
            if process.exitcode != -signal.SIGKILL:
                assert (process.exitcode, k > 1) == (0, True)
                return
            for problem in (*self._whole(), *self._resumed()):
                yield f"killed at {k}: {problem}"

    def _answer(self, outcome: Outcome) -> Iterator[str]:
        if outcome.code != 0 and not outcome.is_one_clear_line:
            yield f"exit code {outcome.code}, {outcome.lines}"
        if outcome.code == 0 and found(self.folder) != self.after:
            yield "it says nothing, but the results are others"

    def _whole(self) -> Iterator[str]:
        """Old and new files may lie side by side, but each is whole, and files that are not ours are untouched."""
        for name, contents in found(self.folder).items():
            if name != MANIFEST and contents not in (self.before.get(name), self.after.get(name)):
                yield f"{name} is not whole"
        if gone := {name for name in self.before.keys() & self.after.keys() if not (self.folder / name).exists()}:
            yield f"without anything in their place are gone: {gone}"
        if not set(OWN) <= found(self.folder).keys():
            yield "files that are not ours are gone"

    def _lost(self, runs: Runs) -> Iterator[str]:
        if lost := set(runs.kept) - stored(self.folder):
            yield f"{len(lost)} finished runs are lost"

    def _resumed(self) -> Iterator[str]:
        """The same command, undisturbed, gives the same bytes, runs nothing twice, and cleans the folder of the experiment."""
        runs, kept = Runs(), stored(self.folder)
        outcome = self.give(self.arguments, runs)
        if outcome != self.outcome:
            yield f"then, undisturbed: exit code {outcome.code}, {outcome.lines}"
        if differences := self._differences(self.after):
            yield f"then, undisturbed, the results are others: {differences}"
        if twice := kept & set(runs.asked):
            yield f"then {len(twice)} finished runs are run again"
        if left := hidden(self.folder / "results" / "tiny"):
            yield f"then these are left: {left}"

    def _differences(self, expected: dict[str, object]) -> set[str]:
        now = found(self.folder)
        return {name for name in now.keys() | expected.keys() if now.get(name) != expected.get(name)}


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Trial]:
    monkeypatch.chdir(tmp_path)
    return lambda name: Trial(tmp_path, COMMANDS[name])


@pytest.mark.parametrize("name", ["experiment", "report", "parquet"])
def test_any_one_operation_may_fail_and_one_line_says_it_and_nothing_is_lost(name: str, trial: Callable[[str], Trial]) -> None:
    assert list(trial(name).disturbed("EIO", lasting=False, resume_each=10)) == []


def test_a_file_that_is_written_in_place_is_found(trial: Callable[[str], Trial], monkeypatch: pytest.MonkeyPatch) -> None:
    """The search is not blind: it finds what it is made to find."""

    def in_place(path: Path, text: str) -> None:
        path.write_text(text)

    monkeypatch.setattr(page, "write_text", in_place)
    problems = list(trial("report").disturbed("ENOSPC", lasting=True))
    assert any("index.html is not whole" in problem for problem in problems), problems


# Only an experiment has a database, which may be locked.
KINDS = [(name, error) for name in COMMANDS for error in ("ENOSPC", "EIO", "EACCES")] + [("experiment", "EBUSY")]


@pytest.mark.thorough
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize(("name", "error"), KINDS)
def test_any_operation_may_fail_with_each_error(name: str, error: str, lasting: bool, trial: Callable[[str], Trial]) -> None:
    assert list(trial(name).disturbed(error, lasting)) == []


@pytest.mark.thorough
@pytest.mark.parametrize("name", COMMANDS)
def test_a_kill_at_any_operation_loses_nothing(name: str, trial: Callable[[str], Trial]) -> None:
    assert list(trial(name).killed()) == []
