"""One run as a piece of work that can be sent anywhere, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from sim.economy.arrays import Floats
from sim.economy.parameters import Parameters
from sim.lab.design.cells import Cell
from sim.observation.outcomes import GROUPS, OUTCOMES, outcomes
from sim.observation.run import simulate


class Job(NamedTuple):
    """A world and a seed."""

    address: str
    seed: int
    parameters: Parameters
    first_month: int | None


class RunResult(NamedTuple):
    """A finished run: its outcomes (GROUPS x OUTCOMES), or the error that ended it ('' = none)."""

    address: str
    seed: int
    outcomes: Floats
    error: str = ""


Executor = Callable[[Iterable[Job]], Iterator[RunResult]]
"""Carries jobs out and yields them as they finish, in any order."""


def job(cell: Cell, seed: int) -> Job:
    """The run of a cell with a seed."""
    return Job(cell.address, seed, cell.parameters, cell.first_month)


def run_job(job: Job) -> RunResult:
    """Run it; whatever goes wrong in the model is part of the result, so that one run never ends a sweep."""
    try:
        run = simulate(job.parameters, job.seed)
        return RunResult(job.address, job.seed, outcomes(run.history, run.parameters, job.first_month))
    except Exception as error:  # a failed run is a row, whatever failed
        return failed_run(job, error)


def failed_run(job: Job, error: BaseException) -> RunResult:
    """The result of a run that has none."""
    return RunResult(job.address, job.seed, np.full((len(GROUPS), len(OUTCOMES)), np.nan), f"{type(error).__name__}: {error}")
