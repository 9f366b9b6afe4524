"""Runs in threads of this process, in parallel because the kernels release Python's global lock."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from sim.lab.ensemble import RunResult
from sim.lab.execution.job import Executor, Job, run_job

WAITING_PER_THREAD = 4


def on_threads(threads: int | None = None) -> Executor:
    """An executor with this number of threads, by default one for each core that this process may use."""
    count = threads or available_cores()

    def execute(jobs: Iterable[Job]) -> Iterator[RunResult]:
        """Keep few jobs waiting, so that memory does not grow with the number of runs."""
        remaining = iter(jobs)
        with ThreadPoolExecutor(count) as pool:
            running = {pool.submit(run_job, job) for job in itertools.islice(remaining, WAITING_PER_THREAD * count)}
            try:
                while running:
                    finished, running = wait(running, return_when=FIRST_COMPLETED)
                    running |= {pool.submit(run_job, job) for job in itertools.islice(remaining, len(finished))}
                    yield from (future.result() for future in finished)
            finally:
                pool.shutdown(cancel_futures=True)

    return execute


def available_cores() -> int:
    """Number of cores that this process may use; a cluster may allow fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
