"""One seed decides all that goes wrong in a sweep; whatever it is, the data are those of a sweep in which nothing does."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from sim.lab.ensemble import RunResult
from sim.lab.execution import database, dispatch, job, team
from sim.lab.execution.dispatch import Dispatcher
from sim.lab.execution.worker import Engine, run_batch
from sim.lab.files import UnusableFileError
from tests.support.simulation import DESIGNS, Simulation, undisturbed

VARIABLE = "INTERFIRM_SIMULATION_SEED"
QUICK, THOROUGH = 50, 1000
SEEDS = [int(os.environ[VARIABLE])] if VARIABLE in os.environ else range(QUICK)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    return [undisturbed(design, tmp_path_factory.mktemp("undisturbed")) for design in DESIGNS]


def replay(seed: int, folder: Path, expected: list[bytes]) -> Simulation:
    """Play a seed; what it finds says how to find it again."""
    simulation = Simulation(seed, folder)
    try:
        assert simulation.data() == expected[DESIGNS.index(simulation.design)], "other data"
    except BaseException as error:
        error.add_note(f"{VARIABLE}={seed} plays this again:\n" + "\n".join(simulation.trace))
        raise
    return simulation


def replay_all(seeds: Iterable[int], folder: Path, expected: list[bytes]) -> None:
    for seed in seeds:
        replay(seed, folder / str(seed), expected)
        shutil.rmtree(folder / str(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_history_of_faults_changes_the_data(seed: int, tmp_path: Path, expected: list[bytes]) -> None:
    replay(seed, tmp_path, expected)


@pytest.mark.thorough
def test_no_history_of_a_thousand_changes_the_data(tmp_path: Path, expected: list[bytes]) -> None:
    replay_all(range(QUICK, THOROUGH), tmp_path, expected)


def test_a_seed_plays_the_same_history_again(tmp_path: Path, expected: list[bytes]) -> None:
    histories = [replay(7, tmp_path / name, expected).trace for name in ("once", "again")]
    assert histories[0] == histories[1]
    assert len(histories[0]) > 10


def no_checks(patched: pytest.MonkeyPatch) -> None:
    """Workers are asked nothing, and refuse nothing."""
    patched.setattr(team, "difference", lambda *_: "")
    no_refusal(patched)


def no_refusal(patched: pytest.MonkeyPatch) -> None:
    """Workers are checked when they join, but the digest does not travel with the task."""
    patched.setattr(dispatch, "run_batch", lambda batch, _: [job.run_job(one) for one in batch])


def lost_batches_stay_lost(patched: pytest.MonkeyPatch) -> None:
    patched.setattr(Dispatcher, "_lost", lambda *_: [])


def refused_batches_fail(patched: pytest.MonkeyPatch) -> None:
    """A worker with other sources gives rows with an error."""

    def run_or_fail(batch: tuple[job.Job, ...], wanted: Engine) -> list[RunResult]:
        return run_batch(batch, wanted) or [job.failed_run(one, ValueError("other sources")) for one in batch]

    patched.setattr(dispatch, "run_batch", run_or_fail)


def results_are_stored_later(patched: pytest.MonkeyPatch) -> None:
    """The store says that it has a run before it is on disk."""
    prepared = database._prepare

    def prepare(connection: sqlite3.Connection) -> None:
        prepared(connection)
        connection.execute("BEGIN")

    patched.setattr(database, "_prepare", prepare)


def announcements_count_twice(patched: pytest.MonkeyPatch) -> None:
    """A task that is announced twice is received twice."""

    def receive(self: Dispatcher, ticket: str) -> Iterable[RunResult]:
        batch = self._sent[ticket]
        results = received(self, ticket)
        self._sent[ticket] = batch
        return results

    received = Dispatcher._receive
    patched.setattr(Dispatcher, "_receive", receive)


FAULTS = [
    no_checks,
    no_refusal,
    lost_batches_stay_lost,
    refused_batches_fail,
    results_are_stored_later,
    announcements_count_twice,
]


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_the_simulation_finds_a_fault_that_is_planted(
    plant: Callable, tmp_path: Path, expected: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    with pytest.raises((AssertionError, KeyError, UnusableFileError)) as found:
        replay_all(range(QUICK), tmp_path, expected)
    assert f"{VARIABLE}=" in found.value.__notes__[0]
