"""Deterministic simulation, as at FoundationDB: the laboratory's own code in a world in which one seed decides all that goes wrong.

Sampling, store, export, executors and the dispatch to workers are production code. Model, clock, threads and cluster are invented.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from zlib import crc32

import numpy as np
import pytest

from sim.economy.parameters import Parameters
from sim.lab.design.cells import cells
from sim.lab.design.schema import Experiment
from sim.lab.ensemble import RunResult
from sim.lab.execution import dispatch, job, team, threads, worker
from sim.lab.execution.connection import ClusterError
from sim.lab.execution.dispatch import Dispatcher
from sim.lab.execution.export import export
from sim.lab.execution.job import Executor
from sim.lab.execution.sampling import sample
from sim.lab.execution.store import Store
from sim.lab.execution.team import Team
from sim.lab.execution.threads import on_threads
from sim.observation.outcomes import GROUPS, OUTCOMES, Window
from tests.support.experiments import experiment
from tests.support.simulated_cluster import OTHER, OTHER_ENGINE, Clock, SimulatedCluster, SimulatedThreads

DESIGNS = [
    experiment(replications={"number": 6}),
    experiment(replications={"half_width": 0.5, "minimum": 8, "cap": 12}),
]
MOST_LIVES = 30
FAILING = 3  # the seed with which the invented model fails in half of the cells


class Killed(BaseException):
    """The process is no more; what it wrote up to now is in the folder of the next one."""


def invented_outcomes(parameters: Parameters, seed: int) -> np.ndarray:
    """What the invented model gives: the same numbers for the same parameters and seed."""
    table = np.random.default_rng([crc32(repr(parameters).encode()), seed]).normal(size=(len(GROUPS), len(OUTCOMES)))
    if seed == FAILING and parameters.environment.complexity:
        raise ValueError("this market does not clear")
    return table


class Simulation:
    """One seed's history of a sweep: processes that are killed and started again, until one of them writes the data."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random = Random(seed)
        self.folder = folder
        self.design = self.random.choice(DESIGNS)
        self.kills = self.random.randrange(6)
        self.losses = self.random.randrange(3)  # of the scheduler
        self.most_faults = 40
        self.lives = 0
        self.kept: dict[tuple[str, int], bytes] = {}
        self.truth = {cell.address: cell.parameters for cell in cells(self.design)}
        self.trace: list[str] = []

    def data(self) -> bytes:
        """Start the command again and again until it has written the data, and return them."""
        with self._invented():
            while True:
                self.lives += 1
                assert self.lives <= MOST_LIVES, "the command never comes to its end"
                folder = self.folder / str(self.lives)
                folder.mkdir(exist_ok=True, parents=True)
                with contextlib.suppress(Killed, ClusterError):
                    failed = self._live(folder)
                    if not failed:
                        return (folder / "runs.parquet").read_bytes()
                if not (self.folder / str(self.lives + 1)).exists():  # it was not killed
                    shutil.copytree(folder, self.folder / str(self.lives + 1))

    def _live(self, folder: Path) -> int:
        """One process, from its start to its end; returns how many runs failed because their workers died."""
        self.trace.append(f"life {self.lives}")
        progress = Progress()
        with Watched(self, folder) as store:
            store.check_that_nothing_is_lost()
            design = self.design
            main = design.contrasts[0]
            ensemble = sample(cells(design), design.replications, main, design.seed, store, self._executor(), progress)
            self.maybe_kill(folder, "before the export")
            export(folder / "runs.parquet", ensemble, "{}")
            self.maybe_kill(folder, "after the export")
        assert progress.finished == progress.needed
        return store.failed_with_their_workers

    def _executor(self) -> Executor:
        if self.random.random() < 0.25:
            return on_threads(self.random.randint(1, 4))
        cluster = SimulatedCluster(self.random, self.clock, self._play_as, self.random.randrange(self.most_faults), self.trace)
        self.team = Team(cluster, self.trace.append)
        self.cluster = cluster
        return lambda jobs: self._watched(Dispatcher(self.team, jobs).results())

    def _watched(self, results: Iterator[RunResult]) -> Iterator[RunResult]:
        """Lose the scheduler in a few of the lives."""
        for result in results:
            yield result
            if self.losses and self.random.random() < 0.02:
                self.losses -= 1
                self.cluster.lost = True

    def maybe_kill(self, folder: Path, where: str) -> None:
        """Perhaps end this process here, as `kill -9` does: the next one finds the files as they are now."""
        if self.kills and self.random.random() < 0.03:
            self.kills -= 1
            self.trace.append(f"killed {where}")
            shutil.copytree(folder, self.folder / str(self.lives + 1))
            raise Killed

    @contextlib.contextmanager
    def _invented(self) -> Iterator[None]:
        """Put the invented model, clock and threads in the place of the real ones."""
        self.clock = Clock()
        pool = SimulatedThreads(self.random)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(job, "simulate", lambda parameters, seed: SimpleNamespace(history=seed, parameters=parameters))
            patched.setattr(job, "outcomes", lambda seed, parameters, _: self._outcomes(parameters, seed))
            patched.setattr(team, "monotonic", self.clock)
            patched.setattr(threads, "ThreadPoolExecutor", pool)
            patched.setattr(threads, "wait", pool.wait)
            patched.setattr(dispatch, "RUNS_PER_TASK", self.random.randint(1, 4))
            yield

    sources = ""

    def _outcomes(self, parameters: Parameters, seed: int) -> np.ndarray:
        return invented_outcomes(parameters, seed) * (2 if self.sources == OTHER else 1)

    @contextlib.contextmanager
    def _play_as(self, sources: str) -> Iterator[None]:
        """Be a worker with these sources: with others, all outcomes are doubled."""
        with pytest.MonkeyPatch.context() as patched:
            if sources == OTHER:
                patched.setattr(self, "sources", OTHER)
                patched.setattr(worker, "ENGINE", OTHER_ENGINE)
            yield


class Watched(Store):
    """The store, with a look at everything that goes in and at what is there after a kill."""

    def __init__(self, simulation: Simulation, folder: Path) -> None:
        super().__init__(folder)
        self._simulation, self._folder = simulation, folder
        self._added: set[tuple[str, int]] = set()
        self.failed_with_their_workers = 0

    def add(self, result: RunResult) -> None:
        simulation, name = self._simulation, (result.address, result.seed)
        if "WorkersDied" in result.error:
            self.failed_with_their_workers += 1
        else:
            assert result.outcomes.tobytes() == self._expected(result), "a wrong number"
        assert name not in self._added, "stored twice"
        simulation.maybe_kill(self._folder, "before a run is stored")
        super().add(result)
        self._added.add(name)
        if not result.error:
            simulation.kept[name] = result.outcomes.tobytes()
        simulation.maybe_kill(self._folder, "after a run was stored")

    def _expected(self, result: RunResult) -> bytes:
        try:
            return invented_outcomes(self._simulation.truth[result.address], result.seed).tobytes()
        except ValueError:
            return job.failed_run(SimpleNamespace(address="", seed=0, windows=(Window(),)), ValueError()).outcomes.tobytes()

    def check_that_nothing_is_lost(self) -> None:
        for (address, seed), outcomes in self._simulation.kept.items():
            found = [result.outcomes.tobytes() for result in self.runs(address, range(seed, seed + 1))]
            assert found == [outcomes], "a finished run was lost"


class Progress:
    """The progress bar, which never goes back and never over the end."""

    def __init__(self) -> None:
        self.finished = self.needed = 0

    def __call__(self, finished: int, needed: int) -> None:
        assert finished >= self.finished, "progress went back"
        assert finished <= needed, "more runs than needed"
        self.finished, self.needed = finished, needed


def undisturbed(design: Experiment, folder: Path) -> bytes:
    """The data of a sweep in which nothing goes wrong."""
    quiet: Any = Simulation(0, folder)
    quiet.design, quiet.kills, quiet.losses, quiet.most_faults = design, 0, 0, 1
    quiet.truth = {cell.address: cell.parameters for cell in cells(design)}
    return bytes(quiet.data())
