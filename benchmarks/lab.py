"""The time that the lab adds to the runs themselves, and the gain from a second core."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median

import numpy as np

from sim.lab.design.cells import cells
from sim.lab.design.scale import Scale
from sim.lab.design.schema import Experiment
from sim.lab.ensemble import RunResult
from sim.lab.execution.job import Job
from sim.lab.execution.sampling import sample
from sim.lab.execution.store import Store
from sim.lab.execution.threads import on_threads
from sim.lab.pipeline import Task, run_experiment
from sim.observation.outcomes import GROUPS, OUTCOMES

ROUNDS = 3
RUNS, FREE_RUNS = 400, 4000
CONTRAST = {"name": "?", "outcome": "profit_per_line", "groups": ["small interdependent", "small independent"]}


def _design(runs: int) -> Experiment:
    """Four cells and one contrast."""
    sweep = {"environment.complexity": [0, 2, 4, 7]}
    replications = {"number": runs // len(sweep["environment.complexity"])}
    return Experiment.model_validate(
        {"title": "?", "question": "?", "sweep": sweep, "replications": replications, "contrasts": [CONTRAST]}
    )


def milliseconds_per_run_beyond_the_run() -> float:
    """Time of all that the lab does (store, data, statistics, tables, figures), with an economy that takes no time."""
    tables = np.random.default_rng(1).normal(size=(100, len(GROUPS), len(OUTCOMES)))

    def without_economy(jobs: Iterable[Job]) -> Iterator[RunResult]:
        return (RunResult(job.address, job.seed, tables[job.seed % len(tables)]) for job in jobs)

    def seconds(folder: Path) -> float:
        start = time.perf_counter()
        run_experiment(
            Task(Path("bench.toml"), _design(FREE_RUNS), Scale.STANDARD, folder), without_economy, lambda *_: None, fresh=True
        )
        return time.perf_counter() - start

    with tempfile.TemporaryDirectory() as folder:
        return 1000 * median(seconds(Path(folder)) for _ in range(ROUNDS)) / FREE_RUNS


def gain_of_a_second_core() -> float:
    """Median time of the runs on one thread over the median time on two threads, measured in turn."""
    design = _design(RUNS)
    times: dict[int, list[float]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            for threads, seconds in times.items():
                start = time.perf_counter()
                with Store(Path(folder), fresh=True) as store:
                    sample(cells(design), design.replications, None, 1, store, on_threads(threads), lambda *_: None)
                seconds.append(time.perf_counter() - start)
    return median(times[1]) / median(times[2])
