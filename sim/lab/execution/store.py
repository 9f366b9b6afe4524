"""Finished runs on disk: one SQLite file per experiment, in which every run is kept the moment it is finished.

A run is addressed by all that determines it (parameters, seed, sources of the model), so after an edit of the experiment file only
what changed is run again. SQLite's write-ahead log survives a kill at any moment: a half-written run is rolled back, and finished
runs stay. Each run carries a digest; a run that is no longer what was stored is dropped and run again, and a line says so.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from sim.economy.arrays import Floats
from sim.lab.ensemble import Place, RunResult
from sim.lab.execution.database import COLUMNS, INSERT, open_or_rescue
from sim.lab.files import DIGEST_SIZE, UnusableFileError
from sim.observation.outcomes import GROUPS, OUTCOMES

FILE = "finished.sqlite"
SHAPE = (-1, len(GROUPS), len(OUTCOMES))

log = logging.getLogger(__name__)


class Store:
    """The finished runs of one experiment, or of the calibration."""

    def __init__(self, folder: Path, fresh: bool = False, shape: tuple[int, ...] = SHAPE) -> None:
        """Open the folder's store, emptied if `fresh`, and check all its runs; `shape` is that of a run's outcomes.

        A file that is no store any more is renamed; what can be read of it is kept.

        Raises:
            UnusableFileError: the operating system refuses.
        """
        self.path, self._shape = folder / FILE, shape
        with self._faults(), contextlib.ExitStack() as stack:
            self._connection = stack.enter_context(contextlib.closing(open_or_rescue(self.path, _is_intact)))
            if fresh:
                self._connection.execute("DELETE FROM runs")
            self._drop_damaged()
            stack.pop_all()  # no error: the connection stays open until the store is left

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._connection.close()

    def add(self, result: RunResult) -> None:
        """Keep a finished run; if it is run again after a failure, the new result replaces the old one."""
        contents = (result.address, result.seed, result.outcomes.tobytes(), result.error)
        with self._faults():
            self._connection.execute(INSERT, (*contents, _digest(*contents)))

    def seeds(self, address: str) -> set[int]:
        """The seeds with which this cell was run without failure."""
        with self._faults():
            rows = self._connection.execute("SELECT seed FROM runs WHERE address = ? AND error = ''", (address,))
            return {seed for (seed,) in rows}

    def runs(self, address: str, seeds: range) -> Iterator[RunResult]:
        """The runs of a cell with these seeds, in the order of the seeds.

        Raises:
            UnusableFileError: a run is missing or damaged.
        """
        query = f"SELECT {COLUMNS} FROM runs WHERE address = ? AND seed >= ? AND seed < ? ORDER BY seed"
        with self._faults():
            rows = self._connection.execute(query, (address, seeds.start, seeds.stop))
            for seed, row in itertools.zip_longest(seeds, rows):
                if row is None or row[1] != seed or not _is_intact(row):
                    raise UnusableFileError(f"{self.path}: a run is missing or damaged; the same command runs it again")
                yield RunResult(address, seed, np.frombuffer(row[2]).reshape(self._shape), row[3])

    def values(self, address: str, seeds: range, place: Place) -> Floats:
        """One number of each run; NaN where the run failed or has no such firms."""
        values = np.full(len(seeds), np.nan)
        where = (place.window, GROUPS.index(place.group), OUTCOMES.index(place.outcome))
        for result in self.runs(address, seeds):
            values[result.seed - seeds.start] = result.outcomes[where]
        return values

    def _drop_damaged(self) -> None:
        """Delete the runs that are no longer what was stored, so that they are run again."""
        rows = self._connection.execute(f"SELECT {COLUMNS}, rowid FROM runs")
        damaged = [(row[-1],) for row in rows if not _is_intact(row)]
        if damaged:
            self._connection.executemany("DELETE FROM runs WHERE rowid = ?", damaged)
            log.warning("%s: damaged runs, which will be run again: %s", self.path, f"{len(damaged):,}")

    @contextlib.contextmanager
    def _faults(self) -> Iterator[None]:
        """Turn SQLite's errors into one line; whatever they are, the finished runs stay."""
        try:
            yield
        except sqlite3.Error as error:
            advice = "finished runs are kept, and the same command continues from there"
            raise UnusableFileError(f"{self.path}: {error}; {advice}") from None


def _digest(address: str, seed: int, outcomes: bytes, error: str) -> bytes:
    """Digest of all that is stored of a run."""
    digest = hashlib.blake2b(f"{address} {seed} {error} ".encode(), digest_size=DIGEST_SIZE)
    digest.update(outcomes)
    return digest.digest()


def _is_intact(row: tuple[Any, ...]) -> bool:
    """Return whether a row is what was stored; damage may also change the types of its columns."""
    address, seed, outcomes, error, digest = row[:5]
    return isinstance(outcomes, bytes) and _digest(address, seed, outcomes, error) == digest
