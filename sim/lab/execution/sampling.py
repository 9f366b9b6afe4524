"""How many seeds each world is run with: a fixed number, or as many as the wanted precision takes.

In rounds, and in each round seed by seed through all worlds, so that what an interrupted sweep has done is balanced. What is
sampled in a round follows from the results of the rounds before, never from time or from the order in which runs finish.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil

import numpy as np

from sim.lab.design.cells import Cell
from sim.lab.design.schema import Contrast, Replications
from sim.lab.execution.job import Executor, Job, job
from sim.lab.execution.store import Store
from sim.lab.statistics.contrasts import pointwise_values
from sim.lab.statistics.paired import half_width

Seeds = dict[int, range]  # by number of the point
MOST_GROWTH = 2.0  # a round at most doubles a sample, since early variances are guesses
SPARE = 1.05  # aim a little beyond what the variance so far says is needed

OnProgress = Callable[[int, int], None]
"""Called with how many runs are there and how many are known to be needed."""


def sample(
    worlds: list[Cell],
    replications: Replications,
    main: Contrast | None,
    first_seed: int,
    store: Store,
    execute: Executor,
    report: OnProgress,
) -> Seeds:
    """Run what is missing in the store; returns the seeds that each point was run with."""
    start = replications.number or replications.minimum
    seeds = {cell.number: range(first_seed, first_seed + start) for cell in worlds}
    while True:
        _run_missing(worlds, seeds, store, execute, report)
        wanted = seeds if main is None or replications.half_width is None else _next_round(worlds, replications, main, seeds, store)
        if wanted == seeds:
            return seeds
        seeds = wanted


def capped(seeds: Seeds, replications: Replications) -> list[int]:
    """The points whose sampling ended because the cap was reached."""
    return [] if replications.half_width is None else [point for point, used in seeds.items() if len(used) == replications.cap]


def _run_missing(worlds: list[Cell], seeds: Seeds, store: Store, execute: Executor, report: OnProgress) -> None:
    """Each world and seed once, even where two points are the same world."""
    known = {cell.address: store.seeds(cell.address) for cell in worlds}
    needed = sum(len(seeds[cell.number]) for cell in worlds)
    missing = list(_missing(worlds, seeds, known))
    there = needed - len(missing)
    report(there, needed)
    for finished, done in enumerate(execute(missing), there + 1):
        store.add(done)
        report(finished, needed)


def _missing(worlds: list[Cell], seeds: Seeds, known: dict[str, set[int]]) -> Iterator[Job]:
    asked: set[tuple[str, int]] = set()
    for seed in range(min(r.start for r in seeds.values()), max(r.stop for r in seeds.values())):
        for cell in worlds:
            if seed in seeds[cell.number] and seed not in known[cell.address] and (cell.address, seed) not in asked:
                asked.add((cell.address, seed))
                yield job(cell, seed)


def _next_round(worlds: list[Cell], wanted: Replications, main: Contrast, seeds: Seeds, store: Store) -> Seeds:
    """More seeds for the points whose interval is still too wide."""
    grown = dict(seeds)
    by_point: dict[int, list[Cell]] = {}
    for cell in worlds:
        by_point.setdefault(cell.number, []).append(cell)
    for point, cells in by_point.items():
        used = seeds[point]
        widest = max((half_width(values) for values in pointwise_values(cells, main, used, store)), default=0.0)
        if len(used) < wanted.cap and widest > (wanted.half_width or np.inf):
            needed = ceil(SPARE * len(used) * (widest / (wanted.half_width or 1.0)) ** 2)
            grown[point] = range(
                used.start, used.start + min(wanted.cap, max(len(used) + 1, min(needed, int(MOST_GROWTH * len(used)))))
            )
    return grown
