"""Finished runs on disk: one SQLite file per experiment, in which every run is kept the moment it is finished.

A run is addressed by all that determines it (parameters, seed, sources of the model), so after an edit of the experiment file only
what changed is run again. SQLite's write-ahead log survives a kill at any moment: a half-written run is rolled back, and finished
runs stay.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from sim.economy.arrays import Floats
from sim.lab.ensemble import RunResult
from sim.lab.files import UnusableFileError
from sim.lab.provenance import model_digest
from sim.observation.outcomes import GROUPS, OUTCOMES

FILE = "finished.sqlite"
SHAPE = (len(GROUPS), len(OUTCOMES))
TABLES = """
CREATE TABLE IF NOT EXISTS runs (address TEXT, seed INTEGER, outcomes BLOB, error TEXT, PRIMARY KEY (address, seed));
CREATE TABLE IF NOT EXISTS model (sources TEXT PRIMARY KEY);
"""


class Store:
    """The finished runs of one experiment."""

    def __init__(self, folder: Path, fresh: bool = False) -> None:
        """Open the folder's store, emptied if `fresh`.

        Raises:
            UnusableFileError: the file exists but is not a store.
        """
        self.path = folder / FILE
        with contextlib.ExitStack() as stack:
            try:
                self._connection = stack.enter_context(
                    contextlib.closing(sqlite3.connect(self.path, isolation_level=None, timeout=60))
                )
                self._prepare(fresh)
            except sqlite3.Error as error:
                reason = f"is not a store of finished runs ({error}); delete it to start again"
                raise UnusableFileError(f"{self.path}: {reason}") from None
            stack.pop_all()  # no error: the connection stays open until the store is left

    def _prepare(self, fresh: bool) -> None:
        """Make the tables if there are none, and delete the runs of another version of the model."""
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(TABLES)
        if fresh or not self._connection.execute("SELECT * FROM model WHERE sources = ?", (model_digest(),)).fetchone():
            self._forget()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._connection.close()

    def add(self, result: RunResult) -> None:
        """Keep a finished run; if it is run again after a failure, the new result replaces the old one."""
        row = (result.address, result.seed, result.outcomes.tobytes(), result.error)
        self._connection.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?)", row)

    def seeds(self, address: str) -> set[int]:
        """The seeds with which this cell was run without failure."""
        rows = self._connection.execute("SELECT seed FROM runs WHERE address = ? AND error = ''", (address,))
        return {seed for (seed,) in rows}

    def runs(self, address: str, seeds: range) -> Iterator[RunResult]:
        """The runs of a cell with these seeds, in the order of the seeds; missing ones are left out."""
        query = "SELECT seed, outcomes, error FROM runs WHERE address = ? AND seed >= ? AND seed < ? ORDER BY seed"
        for seed, blob, error in self._connection.execute(query, (address, seeds.start, seeds.stop)):
            yield RunResult(address, seed, np.frombuffer(blob).reshape(SHAPE), error)

    def values(self, address: str, seeds: range, group: str, outcome: str) -> Floats:
        """One outcome of one group for each seed; NaN where the run failed, is missing, or has no such firms."""
        values = np.full(len(seeds), np.nan)
        row, column = GROUPS.index(group), OUTCOMES.index(outcome)
        for result in self.runs(address, seeds):
            values[result.seed - seeds.start] = result.outcomes[row, column]
        return values

    def _forget(self) -> None:
        """Delete all runs, and note the present version of the model."""
        self._connection.execute("BEGIN IMMEDIATE")
        for statement in ("DELETE FROM runs", "DELETE FROM model"):
            self._connection.execute(statement)
        self._connection.execute("INSERT INTO model VALUES (?)", (model_digest(),))
        self._connection.execute("COMMIT")
