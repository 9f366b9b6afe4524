"""The runs of an experiment: which cells were run with which seeds, and where the results are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from sim.economy.arrays import Floats
from sim.lab.design.cells import Cell

Seeds = Mapping[int, range]
"""The seeds of each design point, by the point's number."""


class RunResult(NamedTuple):
    """A finished run: its outcomes (windows x GROUPS x OUTCOMES), or the error that ended it ("" = none)."""

    address: str
    seed: int
    outcomes: Floats
    error: str = ""


class Place(NamedTuple):
    """Where a number stands in the outcomes of a run."""

    window: int
    group: str
    outcome: str


class RunStore(Protocol):
    """Keeps finished runs by the address of their cell and their seed."""

    def add(self, result: RunResult) -> None:
        """Keep a finished run."""
        ...

    def seeds(self, address: str) -> set[int]:
        """The seeds of the runs that did not fail."""
        ...

    def runs(self, address: str, seeds: range) -> Iterator[RunResult]:
        """The runs with these seeds, in the order of the seeds."""
        ...

    def values(self, address: str, seeds: range, place: Place) -> Floats:
        """One number of each run, NaN where there is none."""
        ...


class Ensemble(NamedTuple):
    """The cells of an experiment, the seeds with which they were run, and the store of the results."""

    cells: Sequence[Cell]
    seeds: Seeds
    store: RunStore

    @property
    def size(self) -> int:
        """Number of runs; cells that share their address share their runs, of which some may need more than others."""
        runs: dict[str, int] = {}
        for cell in self.cells:
            runs[cell.address] = max(runs.get(cell.address, 0), len(self.seeds[cell.number]))
        return sum(runs.values())

    def runs(self, cell: Cell) -> Iterator[RunResult]:
        """The runs of a cell, in the order of the seeds, with the outcomes (GROUPS x OUTCOMES) of its window."""
        for run in self.store.runs(cell.address, self.seeds[cell.number]):
            yield run._replace(outcomes=run.outcomes[cell.window])

    def values(self, cell: Cell, group: str, outcome: str) -> Floats:
        """One outcome of one group in one cell for each seed, NaN where there is none."""
        return self.store.values(cell.address, self.seeds[cell.number], Place(cell.window, group, outcome))

    def by_point(self) -> dict[int, list[Cell]]:
        """The cells of each design point, by the point's number."""
        points: dict[int, list[Cell]] = {}
        for cell in self.cells:
            points.setdefault(cell.number, []).append(cell)
        return points

    def with_common_seeds(self) -> Ensemble:
        """The same cells with the seeds that all design points have."""
        common = range(min(seeds.start for seeds in self.seeds.values()), min(seeds.stop for seeds in self.seeds.values()))
        return self._replace(seeds=dict.fromkeys(self.seeds, common))
