"""Finished runs are kept through kills and failures, and threads and clusters give bit-identical data."""

import contextlib
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.economy.simulation import NotClearedError
from sim.lab.analysis.findings import Findings
from sim.lab.design.cells import cells
from sim.lab.design.scale import Scale
from sim.lab.ensemble import RunResult
from sim.lab.execution import job as jobs
from sim.lab.execution.job import Job
from sim.lab.execution.sampling import capped, sample
from sim.lab.execution.store import Store
from sim.lab.execution.threads import on_threads
from sim.lab.pipeline import prepare, run_experiment, run_pilot
from sim.observation.outcomes import OUTCOMES, Window
from tests.support.experiments import TINY_TOML, Memory, experiment, invented

pytestmark = pytest.mark.usefixtures("nothing_leaks")

LONGER = TINY_TOML.replace("number = 3", "number = 40").replace('"dynamics.months" = 12', '"dynamics.months" = 60')


def ignore(*_: object) -> None:
    """Ignore the progress."""


def run(folder: Path, text: str = TINY_TOML, execute: object = None, fresh: bool = False) -> tuple[bytes, Findings]:
    """Run an experiment in a folder, and return the bytes of its data and its findings."""
    (folder / "tiny.toml").write_text(text)
    (task,) = prepare([folder / "tiny.toml"], folder / "results", Scale.STANDARD)
    findings = run_experiment(task, execute or on_threads(2), ignore, fresh)
    return (task.folder / "runs.parquet").read_bytes(), findings


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return run(tmp_path_factory.mktemp("undisturbed"), LONGER)[0]


@pytest.mark.parametrize("threads", [1, 3])
def test_data_do_not_depend_on_the_number_of_threads(threads: int, tmp_path: Path, undisturbed: bytes) -> None:
    assert run(tmp_path, LONGER, on_threads(threads))[0] == undisturbed


def test_a_row_of_a_sweep_is_the_summary_of_a_single_run(tmp_path: Path) -> None:
    run(tmp_path)
    rows = pd.read_parquet(tmp_path / "results" / "tiny" / "runs.parquet")
    changes = {"dynamics.months": 12, "population.small": 20, "environment.complexity": 4, "environment.speed": 0.1}
    single = sim.simulate(sim.parameters("today", changes), 3).summary()
    in_sweep = rows[(rows["seed"] == 3) & (rows["environment.complexity"] == 4) & (rows["environment.speed"] == 0.1)]
    np.testing.assert_array_equal(in_sweep["profit"].to_numpy()[:-1], single["profit"].to_numpy())
    assert list(in_sweep["group"])[-1] == "market"
    assert in_sweep["mean_price"].notna().sum() == 1


def test_a_pilot_finds_the_seeds_that_rules_need_with_seeds_of_its_own(tmp_path: Path) -> None:
    before, _ = run(tmp_path, ruled := TINY_TOML + "at_least = 0.02\n")
    (task,) = prepare([tmp_path / "tiny.toml"], tmp_path / "results", Scale.STANDARD)
    (need,) = run_pilot(task, 8, on_threads(2), ignore)
    assert (need.contrast, need.margin, need.intervals) == ("advantage", 0.02, 4)
    assert need.seeds > 3
    assert run(tmp_path, ruled)[0] == before


def test_finished_runs_are_not_run_again_and_an_edit_runs_only_new_ones(tmp_path: Path) -> None:
    asked: list[Job] = []

    def watched(work: Iterator[Job]) -> Iterator[RunResult]:
        asked.clear()
        for job in work:
            asked.append(job)
            yield jobs.run_job(job)

    first, _ = run(tmp_path, execute=watched)
    assert len(asked) == 3 * 4
    assert run(tmp_path, execute=watched)[0] == first
    assert asked == []
    run(tmp_path, TINY_TOML.replace("[0, 4]", "[0, 2, 4]"), watched)
    assert {job.parameters.environment.complexity for job in asked} == {2}
    run(tmp_path, TINY_TOML.replace("number = 3", "number = 5").replace("Tiny", "Another title"), watched)
    assert {job.seed for job in asked} == {4, 5}
    assert run(tmp_path, execute=watched, fresh=True)[0] == first
    assert len(asked) == 3 * 4


def test_all_cells_are_run_with_one_seed_before_the_next_seed() -> None:
    asked: list[tuple[int, str]] = []

    def watched(work: Iterator[Job]) -> Iterator[RunResult]:
        for job in work:
            asked.append((job.seed, job.address))
            yield from invented(0, 1, 1)([job])

    design = experiment()
    sample(cells(design), design.replications, None, 1, Memory(), watched, ignore)
    assert [seed for seed, _ in asked] == sorted(seed for seed, _ in asked)
    assert len(set(asked)) == 4 * 4


def test_sampling_continues_until_the_precision_or_the_cap_is_reached() -> None:
    design = experiment(replications={"half_width": 0.2, "minimum": 10, "cap": 60})
    for noise, expected in ((0.05, {10}), (50.0, {60})):
        ensemble = sample(cells(design), design.replications, design.contrasts[0], 1, Memory(), invented(0, noise, 1), ignore)
        assert {len(seeds) for seeds in ensemble.seeds.values()} == expected
        assert len(capped(ensemble, design.replications)) == (4 if noise > 1 else 0)


def test_sampling_goes_on_to_the_cap_where_too_few_runs_succeed() -> None:
    """No interval can be estimated then: its width is infinite."""
    design = experiment(replications={"half_width": 0.2, "minimum": 10, "cap": 60})

    def mostly_failing(tasks: Iterable[Job]) -> Iterator[RunResult]:
        for task in tasks:
            yield from invented(0, 0.05, 1)([task]) if task.seed < 3 else [jobs.failed_run(task, ValueError("no market"))]

    ensemble = sample(cells(design), design.replications, design.contrasts[0], 1, Memory(), mostly_failing, ignore)
    assert {len(seeds) for seeds in ensemble.seeds.values()} == {60}


def test_a_failed_run_is_a_row_with_its_error_and_is_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(parameters: sim.Parameters, seed: int) -> sim.Run:
        if seed == 2 and parameters.environment.complexity == 4:
            raise NotClearedError("market 0 did not clear")
        return sim.simulate(parameters, seed)

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "simulate", fail)
        _, findings = run(tmp_path)
    rows = pd.read_parquet(tmp_path / "results" / "tiny" / "runs.parquet")
    failed = rows[rows["error"] != ""]
    assert set(failed["seed"]) == {2}
    assert set(failed["environment.complexity"]) == {4}
    assert failed[list(OUTCOMES)].isna().all(axis=None)
    assert [failure.error for failure in findings.failures] == ["NotClearedError: market 0 did not clear"] * 2
    assert len(pd.read_csv(tmp_path / "results" / "tiny" / "failures.csv")) == 2
    assert findings.contrasts[0].points[-1].estimate.n == 2
    _, repeated = run(tmp_path)
    assert repeated.failures == []
    assert not (tmp_path / "results" / "tiny" / "failures.csv").exists()


def test_the_error_of_a_failed_run_is_one_printable_line_that_the_store_can_keep(tmp_path: Path) -> None:
    failed = jobs.failed_run(Job("a", 1, sim.parameters(), (Window(),)), ValueError("two\nlines \x1b[31m \udcff" + "x" * 200_000))
    with Store(tmp_path) as store:
        store.add(failed)
        (kept,) = store.runs("a", range(1, 2))
    assert kept.error == failed.error
    assert kept.error.isprintable()
    assert kept.error.startswith("ValueError: two\\nlines \\x1b[31m \\udcff")
    assert len(kept.error) < 500


def start(folder: Path, *options: str) -> subprocess.Popen[str]:
    (folder / "tiny.toml").write_text(LONGER)
    command = [sys.executable, "-m", "sim", "experiment", "tiny.toml", "--threads", "1", *options]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finished(store: Path) -> int:
    """Number of runs in the store, as another process sees it."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM runs").fetchone()[0])
    except sqlite3.OperationalError:  # not there yet
        return 0


def test_a_sweep_killed_ten_times_and_resumed_gives_bit_identical_data(tmp_path: Path, undisturbed: bytes) -> None:
    store = tmp_path / "results" / "tiny" / "finished.sqlite"
    moments = np.random.default_rng(1).uniform(0, 0.02, 10)
    kept = [0]
    for moment in moments:
        process = start(tmp_path)
        while finished(store) <= kept[-1]:
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.002)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kept.append(finished(store))
    assert 0 < kept[1] < kept[-1] < 160
    process = start(tmp_path)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert (store.parent / "runs.parquet").read_bytes() == undisturbed


KILLED_WITHIN = """
import os, signal, sys
from pathlib import Path
from sim.lab import files
from sim.lab.execution import export, store
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "transaction":
    add, kept = store.Store.add, []
    def half(self, result):
        self._connection.execute("BEGIN")
        add(self, result)
        if result.seed == 20: print(len(kept), flush=True), die()
        self._connection.execute("COMMIT")
        kept.append(result)
    store.Store.add = half
else:
    import pyarrow.parquet as pq
    write = pq.ParquetWriter.write_table
    pq.ParquetWriter.write_table = lambda self, table: (write(self, table), print(160, flush=True), die())
sys.argv = ["interfirm", "experiment", "tiny.toml"]
from sim.__main__ import main
main()
"""


@pytest.mark.parametrize("where", ["transaction", "parquet"])
def test_a_kill_during_a_write_loses_no_finished_run(where: str, tmp_path: Path, undisturbed: bytes) -> None:
    (tmp_path / "tiny.toml").write_text(LONGER)
    killed = subprocess.run([sys.executable, "-c", KILLED_WITHIN, where], cwd=tmp_path, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    with Store(tmp_path / "results" / "tiny") as store:
        kept = sum(
            len(store.seeds(cell.address)) for cell in cells(experiment(overrides={"dynamics.months": 60, "population.small": 20}))
        )
    assert kept == int(killed.stdout)
    assert kept > 60
    assert not (tmp_path / "results" / "tiny" / "runs.parquet").exists()
    assert run(tmp_path, LONGER)[0] == undisturbed


BIG = """
from pathlib import Path
from sim.lab.pipeline import run_experiment, prepare
from sim.lab.design.scale import Scale
from sim.lab.execution.threads import on_threads
(task,) = prepare([Path("tiny.toml")], Path("results"), Scale.STANDARD)
findings = run_experiment(task, on_threads(2), lambda *_: None)
print(findings.runs, *Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[:1])
"""


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc, from which the peak of memory is read")
def test_a_sweep_of_twenty_thousand_runs_stays_under_500_megabytes(tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(
        TINY_TOML.replace("number = 3", "number = 5000").replace('"dynamics.months" = 12', '"dynamics.months" = 4')
    )
    process = subprocess.run([sys.executable, "-c", BIG], cwd=tmp_path, capture_output=True, text=True, check=True)
    runs, kilobytes = map(int, process.stdout.split())  # getrusage would give the peak of this process too
    assert runs == 20_000
    assert kilobytes / 1024 < 500
