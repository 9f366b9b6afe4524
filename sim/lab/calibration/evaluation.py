"""Evaluating points: two runs for each seed, in parallel; every finished one is stored, so that a calibration can be resumed."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from multiprocessing.pool import Pool
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.economy.arrays import Floats
from sim.economy.messages import one_line
from sim.economy.validation import flat, parameters
from sim.lab.calibration import panel, trial
from sim.lab.calibration.facts import FACTS
from sim.lab.calibration.points import Values
from sim.lab.ensemble import RunResult
from sim.lab.execution.store import Store
from sim.lab.execution.threads import available_cores
from sim.lab.files import digest
from sim.lab.provenance import digest_of_sources, model_digest

FOLDER = "calibration"
SHAPE = (len(FACTS),)


OnProgress = Callable[[int, int], None]
"""Called with how many runs were finished just now, and how many need no run because they are in the store."""


class Work(NamedTuple):
    """A point and a seed, as a piece of work for another process."""

    address: str
    values: Values
    seed: int


def observe(values: Values, seed: int) -> Floats:
    """The numbers of FACTS, in their order, with these values in place of defaults; NaN where there was nothing to observe.

    Raises:
        NotClearedError: no prices were found at which a market clears.
    """
    exchange = {"trial.exchange": values["collaboration.exchange"]} if "collaboration.exchange" in values else {}
    numbers = panel.observe(parameters("today", values), seed)
    numbers |= trial.observe_trial(parameters("today", {**values, **exchange, **trial.WORLD}), seed)
    return np.array([numbers[fact.name] for fact in FACTS])


def address(values: Values) -> str:
    """Digest of all that determines the numbers of a point, but for the seed: parameters, rules, and how facts are measured."""
    contents = [flat(parameters("today", values)), model_digest(), _measuring_digest(), [fact.name for fact in FACTS]]
    return digest(json.dumps(contents, sort_keys=True).encode())


@cache
def _measuring_digest() -> str:
    return digest_of_sources([Path(panel.__file__), Path(trial.__file__)])


def do(work: Work) -> RunResult:
    """Observe a point with one seed; an error in the model becomes part of the result, so that one run never ends a search."""
    try:
        return RunResult(work.address, work.seed, observe(work.values, work.seed))
    except Exception as error:  # every failure of a run, of whatever kind, is recorded as a result
        return RunResult(work.address, work.seed, np.full(SHAPE, np.nan), one_line(f"{type(error).__name__}: {error}"))


class Evaluator:
    """Evaluates points, unless they are in the store already."""

    def __init__(self, store: Store, pool: Pool, on_progress: OnProgress) -> None:
        self._store, self._pool, self._on_progress = store, pool, on_progress

    def runs(self, points: Sequence[Values], seeds: range) -> list[Floats]:
        """The numbers of FACTS at each point and seed: for each point an array of shape (seeds, facts)."""
        addresses = [address(values) for values in points]
        missing = list(self._missing(dict(zip(addresses, points, strict=True)), seeds))
        self._on_progress(0, len(points) * len(seeds) - len(missing))
        for result in self._pool.imap_unordered(do, missing):
            self._store.add(result)
            self._on_progress(1, 0)
        return [np.array([run.outcomes for run in self._store.runs(one, seeds)]) for one in addresses]

    def _missing(self, points: dict[str, Values], seeds: range) -> Iterator[Work]:
        """What is not in the store yet; points with the same address are evaluated once."""
        for one, values in points.items():
            finished = self._store.seeds(one)
            yield from (Work(one, values, seed) for seed in seeds if seed not in finished)


@contextlib.contextmanager
def evaluator(folder: Path, on_progress: OnProgress) -> Iterator[Evaluator]:
    """An evaluator with a process for each core; the store is in this folder.

    Args:
        folder: must exist.
        on_progress: called whenever runs are finished or found.

    Raises:
        UnusableFileError: the operating system refuses the store.
    """
    spawn = multiprocessing.get_context("spawn")
    with Store(folder, shape=SHAPE) as store, spawn.Pool(available_cores(), _leave_interrupts_to_the_parent) as pool:
        yield Evaluator(store, pool, on_progress)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
