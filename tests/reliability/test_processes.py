"""Several processes on one folder at once, one of them killed: all bytes are as from one process that nobody disturbed."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.support.experiments import TINY_TOML
from tests.support.laboratory import command, found, hidden

LONGER = TINY_TOML.replace("number = 3", "number = 15").replace('"dynamics.months" = 12', '"dynamics.months" = 36')
EXPERIMENT = ("experiment", "tiny.toml", "--threads", "1")
RUN = ("run", "--months", "12", "--out", "results/table.parquet")
EXPECTED = (" runs)", "is working there; waiting until it ends")  # how lines may end
LOCK = "results/tiny/.lock"


@contextlib.contextmanager
def started(folder: Path, number: int, *arguments: str) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that all give the same command; none outlives the test."""
    whole = [sys.executable, "-m", "sim", *arguments]
    with contextlib.ExitStack() as stack:
        processes = []
        for _ in range(number):
            pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
            processes.append(stack.enter_context(subprocess.Popen(whole, cwd=folder, text=True, **pipes)))
            stack.callback(processes[-1].kill)
        yield processes


def alone(folder: Path, *arguments: str) -> dict[str, object]:
    """What a process that nobody disturbs makes."""
    with started(folder, 1, *arguments) as processes:
        end(processes)
    return found(folder)


def holder(folder: Path, processes: list[subprocess.Popen[str]]) -> subprocess.Popen[str]:
    """The process that works in the folder, as soon as one does."""
    by_number = {str(process.pid): process for process in processes}
    while True:
        assert any(process.poll() is None for process in processes), "all ended before one could be killed"
        words = (folder / LOCK).read_text().split() if (folder / LOCK).exists() else []
        if len(words) > 1 and words[1] in by_number:
            return by_number[words[1]]
        time.sleep(0.002)


def end(processes: list[subprocess.Popen[str]]) -> None:
    """Wait for all; each succeeds, and says at most who worked there before it."""
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        assert [line for line in errors.splitlines() if line.strip() and not line.endswith(EXPECTED)] == []


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "tiny.toml").write_text(LONGER)
    with contextlib.chdir(folder):
        assert command(*EXPERIMENT).code == 0
    return found(folder)


def disturb(folder: Path, number: int, moment: float) -> None:
    """Start processes in one folder, and kill the one that works there, this many seconds after it began."""
    (folder / "tiny.toml").write_text(LONGER)
    with started(folder, number, *EXPERIMENT) as processes:
        killed = holder(folder, processes)
        time.sleep(moment)
        killed.send_signal(signal.SIGKILL)
        end([process for process in processes if process is not killed])


def test_when_one_of_two_processes_is_killed_the_other_gives_the_same_bytes(tmp_path: Path, undisturbed: dict[str, object]) -> None:
    disturb(tmp_path, 2, 0.1)
    assert found(tmp_path) == undisturbed
    assert hidden(tmp_path) == set()


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(8))
def test_when_one_of_three_processes_is_killed_the_others_give_the_same_bytes(
    seed: int, tmp_path: Path, undisturbed: dict[str, object]
) -> None:
    disturb(tmp_path, 3, np.random.default_rng(seed).uniform(0, 2))
    assert found(tmp_path) == undisturbed
    assert hidden(tmp_path) == set()


@pytest.mark.thorough
@pytest.mark.parametrize("arguments", [EXPERIMENT, ("report",), RUN], ids=lambda arguments: arguments[0])
def test_three_processes_that_write_the_same_files_leave_whole_ones(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(TINY_TOML)
    alone(tmp_path, *EXPERIMENT)
    expected = alone(tmp_path, *arguments)
    with started(tmp_path, 3, *arguments) as processes:
        end(processes)
    assert found(tmp_path) == expected
    assert hidden(tmp_path) == set()


@pytest.mark.thorough
@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_an_interrupted_process_leaves_the_folder_to_the_next(
    signal_number: signal.Signals, tmp_path: Path, undisturbed: dict[str, object]
) -> None:
    (tmp_path / "tiny.toml").write_text(LONGER)
    with started(tmp_path, 1, *EXPERIMENT) as (process,):
        holder(tmp_path, [process]).send_signal(signal_number)
        _, errors = process.communicate(timeout=60)
        assert "Traceback" not in errors
        assert process.returncode not in {0, 1}
    assert alone(tmp_path, *EXPERIMENT) == undisturbed
