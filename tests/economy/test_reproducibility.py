"""Results do not depend on threads, order, other runs, the compiler or the processor."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.economy import simulation
from sim.economy.initialisation import create
from sim.economy.simulation import play
from tests.support.baseline import FILE
from tests.support.digest import digest, digests

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = {
    "interpreted": {"NUMBA_DISABLE_JIT": "1"},
    "no reading beyond arrays": {"NUMBA_BOUNDSCHECK": "1"},
    "any processor": {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""},
    "another processor": {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": "+avx2,+fma"},
}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, subprocess.Popen[str]]]:
    """Start processes that print the digests, one for each environment, all at the same time, each with its own kernel cache."""
    command, piped = [sys.executable, "-W", "error", "-m", "tests.support.digest"], subprocess.PIPE
    started = {
        name: subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path_factory.mktemp("kernels")), **environment},
            stdout=piped,
            stderr=piped,
            text=True,
        )
        for name, environment in ENVIRONMENTS.items()
    }
    yield started
    for process in started.values():  # those that no test has waited for
        with process:
            process.kill()


def test_results_equal_the_snapshots() -> None:
    """Results change only on purpose: run `make baseline` and say so in CHANGELOG.md."""
    assert digests() == json.loads(FILE.read_text())


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_kernels_are_bit_identical_interpreted_checked_and_on_other_processors(
    name: str, elsewhere: dict[str, subprocess.Popen[str]]
) -> None:
    printed, errors = elsewhere[name].communicate()
    assert elsewhere[name].returncode == 0, errors
    assert printed.split() == digests()


def test_neither_threads_nor_order_nor_other_runs_matter() -> None:
    p = sim.parameters("today", {"dynamics.months": 30})
    alone = [digest(sim.simulate(p, seed)) for seed in range(12)]
    for threads in (1, 2, 5):
        with ThreadPoolExecutor(threads) as pool:
            together = list(pool.map(lambda seed: digest(sim.simulate(p, seed)), reversed(range(12))))
        assert together[::-1] == alone


def test_a_run_in_several_calls_equals_the_run_in_one_call() -> None:
    p = sim.parameters("turbulent", {"dynamics.months": 30})
    whole = sim.simulate(p, 4).history.by_group
    state = create(p, 4)
    in_three_calls = np.concatenate([play(state, p, 4, months).by_group for months in (1, 9, 20)])
    np.testing.assert_array_equal(in_three_calls, whole)


def test_reporting_progress_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation, "FIRM_MONTHS_PER_CALL", 800)
    p, reported = sim.parameters("today", {"dynamics.months": 30}), []
    assert digest(sim.simulate(p, 4, reported.append)) == digest(sim.simulate(p, 4))
    assert reported == [7, 14, 21, 28, 30]


def test_different_seeds_give_different_results() -> None:
    p = sim.parameters("today", {"dynamics.months": 5})
    assert len({digest(sim.simulate(p, seed)) for seed in range(50)}) == 50
