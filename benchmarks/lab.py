"""What the lab costs beyond the runs themselves, and what a second core gives."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median

import numpy as np

from sim.lab.design.cells import cells
from sim.lab.design.schema import Experiment
from sim.lab.execution.export import export
from sim.lab.execution.job import Done, Executor, Job
from sim.lab.execution.sampling import sample
from sim.lab.execution.store import Store
from sim.lab.execution.threads import on_threads
from sim.lab.outcomes import GROUPS, OUTCOMES

ROUNDS = 3
RUNS = 400


def _sweep(execute: Executor, runs: int, folder: Path) -> float:
    """Seconds for a sweep over four worlds, stored and exported."""
    design = Experiment.model_validate(
        {"title": "?", "question": "?", "sweep": {"environment.complexity": [0, 2, 4, 7]}, "replications": {"number": runs // 4}}
    )
    worlds = cells(design)
    start = time.perf_counter()
    with Store(folder, fresh=True) as store:
        seeds = sample(worlds, design.replications, None, 1, store, execute, lambda *_: None)
        export(folder / "runs.parquet", worlds, seeds, store, "{}")
    return time.perf_counter() - start


def milliseconds_per_run_beyond_the_run() -> float:
    """The lab with an economy that costs nothing."""
    table = np.zeros((len(GROUPS), len(OUTCOMES)))

    def nothing(jobs: Iterable[Job]) -> Iterator[Done]:
        return (Done(job.address, job.seed, table) for job in jobs)

    with tempfile.TemporaryDirectory() as folder:
        return 1000 * median(_sweep(nothing, 10 * RUNS, Path(folder)) for _ in range(ROUNDS)) / (10 * RUNS)


def gain_of_a_second_core() -> float:
    """Time on one thread over time on two, interleaved, medians."""
    times: dict[int, list[float]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            for threads, found in times.items():
                found.append(_sweep(on_threads(threads), RUNS, Path(folder)))
    return median(times[1]) / median(times[2])
