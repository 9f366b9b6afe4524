"""How many seeds each cell is run with: a fixed number, or as many as the wanted precision takes.

Sampling proceeds in rounds. Within a round, all cells are run with one seed before the next seed starts, so that an interrupted
sweep is balanced. A round depends only on the results of the rounds before, never on time or on the order in which runs finish.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil

from sim.lab.design.cells import Cell
from sim.lab.design.contrast import Contrast
from sim.lab.design.points import Point
from sim.lab.design.schema import Replications
from sim.lab.ensemble import Ensemble, RunStore, Seeds
from sim.lab.execution.job import Executor, Job, job
from sim.lab.statistics.contrasts import compare
from sim.lab.statistics.paired import half_width

MOST_GROWTH = 2.0  # a round at most doubles a sample, because the first variances are rough guesses
MARGIN = 1.05  # a round aims at slightly more seeds than the variance so far asks for

OnProgress = Callable[[int, int], None]
"""Called with the number of finished runs, and the number that is known to be needed so far."""


def sample(
    cells: list[Cell],
    replications: Replications,
    main: Contrast | None,
    first_seed: int,
    store: RunStore,
    execute: Executor,
    on_progress: OnProgress,
) -> Ensemble:
    """Run what is missing in the store, until `main` is known precisely enough if `replications` asks for that.

    Returns:
        The cells, and the seeds with which each design point was run.
    """
    start = replications.number or replications.minimum
    ensemble = Ensemble(cells, {cell.number: range(first_seed, first_seed + start) for cell in cells}, store)
    failed: set[tuple[str, int]] = set()
    while True:
        _run_missing(ensemble, failed, execute, on_progress)
        if main is None or replications.half_width is None:
            return ensemble
        seeds = _seeds_of_next_round(ensemble, replications, main, replications.half_width)
        if seeds == ensemble.seeds:
            return ensemble
        ensemble = ensemble._replace(seeds=seeds)


def capped(ensemble: Ensemble, replications: Replications) -> list[Point]:
    """The design points at which sampling ended because the cap was reached."""
    if replications.half_width is None:
        return []
    by_point = ensemble.by_point()
    return [by_point[number][0].point for number, seeds in ensemble.seeds.items() if len(seeds) == replications.cap]


def _run_missing(ensemble: Ensemble, failed: set[tuple[str, int]], execute: Executor, on_progress: OnProgress) -> None:
    """Run each cell and seed once, even where two design points have the same parameters; add those that fail to `failed`.

    What failed in an earlier round is not run again: it would fail again, and the progress would go back.
    """
    missing = list(_missing(ensemble, failed))
    needed = ensemble.size
    finished = needed - len(missing)
    on_progress(finished, needed)
    for count, result in enumerate(execute(missing), finished + 1):
        ensemble.store.add(result)
        if result.error:
            failed.add((result.address, result.seed))
        on_progress(count, needed)


def _missing(ensemble: Ensemble, failed: set[tuple[str, int]]) -> Iterator[Job]:
    cells, seeds = ensemble.cells, ensemble.seeds
    finished = {cell.address: set(ensemble.store.seeds(cell.address)) for cell in cells}
    for seed in range(min(r.start for r in seeds.values()), max(r.stop for r in seeds.values())):
        for cell in cells:
            if seed in seeds[cell.number] and seed not in finished[cell.address] and (cell.address, seed) not in failed:
                finished[cell.address].add(seed)
                yield job(cell, seed)


def _seeds_of_next_round(ensemble: Ensemble, replications: Replications, main: Contrast, wanted: float) -> Seeds:
    """More seeds for the points whose interval is still too wide."""
    seeds = dict(ensemble.seeds)
    for number, cells in ensemble.by_point().items():
        used = seeds[number]
        comparisons = compare(main, ensemble._replace(cells=cells))
        widest = max((half_width(comparison.difference) for comparison in comparisons), default=0.0)
        if len(used) < replications.cap and widest > wanted:
            needed = MARGIN * len(used) * (widest / wanted) ** 2
            count = max(len(used) + 1, ceil(min(needed, MOST_GROWTH * len(used))))
            seeds[number] = range(used.start, used.start + min(replications.cap, count))
    return seeds
