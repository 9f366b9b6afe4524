"""What the lab costs beyond the runs themselves, and what a second core gives."""

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
from sim.lab.execution.job import Done, Job
from sim.lab.execution.sampling import sample
from sim.lab.execution.store import Store
from sim.lab.execution.threads import on_threads
from sim.lab.pipeline import Task, run_experiment
from sim.observation.outcomes import GROUPS, OUTCOMES

ROUNDS = 3
RUNS, FREE_RUNS = 400, 4000
CONTRAST = {"name": "?", "outcome": "profit_per_line", "groups": ["small interdependent", "small independent"]}


def _design(runs: int) -> Experiment:
    """Four worlds and one contrast."""
    sweep = {"environment.complexity": [0, 2, 4, 7]}
    replications = {"number": runs // len(sweep["environment.complexity"])}
    return Experiment.model_validate(
        {"title": "?", "question": "?", "sweep": sweep, "replications": replications, "contrasts": [CONTRAST]}
    )


def milliseconds_per_run_beyond_the_run() -> float:
    """All that the lab does (store, data, statistics, tables, figures), with an economy that costs nothing."""
    tables = np.random.default_rng(1).normal(size=(100, len(GROUPS), len(OUTCOMES)))

    def nothing(jobs: Iterable[Job]) -> Iterator[Done]:
        return (Done(job.address, job.seed, tables[job.seed % len(tables)]) for job in jobs)

    def seconds(folder: Path) -> float:
        start = time.perf_counter()
        run_experiment(Task(Path("bench.toml"), _design(FREE_RUNS), Scale.STANDARD, folder), nothing, lambda *_: None, fresh=True)
        return time.perf_counter() - start

    with tempfile.TemporaryDirectory() as folder:
        return 1000 * median(seconds(Path(folder)) for _ in range(ROUNDS)) / FREE_RUNS


def gain_of_a_second_core() -> float:
    """Time of the runs on one thread over that on two, interleaved, medians."""
    design = _design(RUNS)
    times: dict[int, list[float]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            for threads, found in times.items():
                start = time.perf_counter()
                with Store(Path(folder), fresh=True) as store:
                    sample(cells(design), design.replications, None, 1, store, on_threads(threads), lambda *_: None)
                found.append(time.perf_counter() - start)
    return median(times[1]) / median(times[2])
