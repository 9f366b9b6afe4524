"""A job: one run, as a piece of work that can be sent to a thread or another machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from sim.economy.messages import one_line
from sim.economy.parameters import Parameters
from sim.lab.design.cells import Cell, Windows
from sim.lab.ensemble import RunResult
from sim.observation.outcomes import GROUPS, OUTCOMES, outcomes
from sim.observation.run import simulate


class Job(NamedTuple):
    """A cell and a seed."""

    address: str
    seed: int
    parameters: Parameters
    windows: Windows


Executor = Callable[[Iterable[Job]], Iterator[RunResult]]
"""Runs jobs and yields their results as they finish, in any order."""


def job(cell: Cell, seed: int) -> Job:
    """The run of a cell with a seed."""
    return Job(cell.address, seed, cell.parameters, cell.windows)


def run_job(job: Job) -> RunResult:
    """Run a job; an error in the model becomes part of the result, so that one run never ends a sweep."""
    try:
        run = simulate(job.parameters, job.seed)
        tables = [outcomes(run.history, run.parameters, window) for window in job.windows]
        return RunResult(job.address, job.seed, np.stack(tables))
    except Exception as error:  # every failure of a run, of whatever kind, is recorded as a result
        return failed_run(job, error)


def failed_run(job: Job, error: BaseException) -> RunResult:
    """The result of a run that failed: no outcomes, and the error as one line."""
    nothing = np.full((len(job.windows), len(GROUPS), len(OUTCOMES)), np.nan)
    return RunResult(job.address, job.seed, nothing, one_line(f"{type(error).__name__}: {error}"))
