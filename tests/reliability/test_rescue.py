"""A damaged store is rescued whole: whatever fails in between, no run that could still be read is run again."""

import multiprocessing
import shutil
import signal
from pathlib import Path

import pytest

from tests.support.faults import failing
from tests.support.laboratory import EARLIER, EXPERIMENT, STORE, Outcome, Runs, arrange, be_killed, command, laboratory, restore

MANY = EARLIER.replace("number = 2", "number = 12")
PAGE = 4096
LAST = 60  # the rescue is over by then, and other tests disturb what follows


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A laboratory with 36 finished runs, in the store of which a page is zeroed."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "lab"
    arrange(folder)
    (folder / "tiny.toml").write_text(MANY)
    asked, outcome = continued()
    assert (len(asked), outcome.code) == (36, 0)
    store = folder / "results" / "tiny" / STORE
    contents = bytearray(store.read_bytes())
    middle = len(contents) // 2 // PAGE * PAGE
    contents[middle : middle + PAGE] = bytes(PAGE)
    store.write_bytes(contents)
    shutil.copytree(folder, tmp_path / "untouched")
    return folder


def continued() -> tuple[set[tuple[str, int]], Outcome]:
    """The runs that the command asks for when nothing disturbs it, and its answer."""
    runs = Runs()
    with laboratory(runs):
        outcome = command(*EXPERIMENT)
    return set(runs.asked), outcome


@pytest.mark.parametrize("error", ["EIO", pytest.param("ENOSPC", marks=pytest.mark.thorough)])
def test_a_rescue_in_which_any_operation_fails_loses_no_run_that_could_be_read(error: str, damaged: Path) -> None:
    unreadable, _ = continued()
    assert 0 < len(unreadable) < 12
    for k in range(1, LAST):
        restore(damaged)
        with failing(damaged, error, k) as faults, laboratory(Runs()):
            command(*EXPERIMENT)
        asked, outcome = continued()
        assert outcome.code == 0
        assert asked <= unreadable, f"{error} at {k}, {faults.operations[k - 1]}"


@pytest.mark.thorough
def test_a_rescue_that_is_killed_at_any_operation_loses_no_run_that_could_be_read(damaged: Path) -> None:
    unreadable, _ = continued()
    for k in range(1, LAST):
        restore(damaged)
        process = multiprocessing.get_context("forkserver").Process(target=be_killed, args=(damaged, k, EXPERIMENT))
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        asked, outcome = continued()
        assert outcome.code == 0
        assert asked <= unreadable, f"killed at {k}"
