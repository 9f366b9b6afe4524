"""Hong & Page (2004), "Groups of diverse problem solvers can outperform groups of high-ability problem solvers".

Values on a ring of 2000 points; a heuristic is three different steps of 1 to l, tried in turn and taken when strictly better, until
none helps. It docks the economy's chance only: the ring is no business model. The original means were not seen; the table is
that of a replication.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import permutations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.economy import chance
from sim.economy.compiled import entry_point, kernel
from sim.lab.conformance import Part, Row
from tests.conformance.figures import Panel, Picture, Series
from tests.conformance.repeated import mean_with_interval, repeated
from tests.conformance.rows import ELEMENTARY, conformance, sampled

POINTS, STEPS, LANDSCAPES, FAST_LANDSCAPES, PUBLISHED_LANDSCAPES = 2000, 3, 100, 20, 500
VALUE, MEMBER = 1, 2  # what numbers are drawn for
WALLRICH = "Wallrich's replication, table 1 of its manuscript (seen); the original means not seen"
# (group size, l): score of the best group, its SD over landscapes, of the random group, SD; then the same of diversity in %.
TABLE = {
    (10, 12): (92.34, 1.26, 94.35, 0.56, 84.63, 4.24, 91.75, 2.52),
    (10, 20): (93.55, 1.25, 95.73, 0.48, 87.06, 4.54, 95.06, 1.77),
    (20, 12): (93.66, 0.82, 94.74, 0.47, 85.79, 3.01, 91.82, 1.12),
    (20, 20): (95.00, 0.83, 96.48, 0.42, 88.52, 3.36, 95.05, 0.91),
}
KINDS = ("best score", "random score", "best diversity", "random diversity")


@entry_point
def values(seed: np.uint64) -> NDArray[np.float64]:
    """The ring: uniform on (0, 100)."""
    found, key = np.empty(POINTS), chance.key(seed, 0, VALUE)
    for point in range(POINTS):
        found[point] = 100.0 * chance.uniform(key, np.uint64(point))
    return found


@kernel
def _end(ring: NDArray[np.float64], heuristic: NDArray[np.int64], start: int) -> int:
    """Where a heuristic gets from a start: all its steps fail there."""
    at, failed, k = start, 0, 0
    while failed < heuristic.size:
        ahead = (at + heuristic[k]) % ring.size
        if ring[ahead] > ring[at]:
            at, failed = ahead, 0
        else:
            failed += 1
        k = (k + 1) % heuristic.size
    return at


@entry_point
def abilities(ring: NDArray[np.float64], heuristics: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mean value that each heuristic reaches over all starts."""
    found = np.zeros(heuristics.shape[0])
    for h in range(found.size):
        for start in range(ring.size):
            found[h] += ring[_end(ring, heuristics[h], start)]
    return found / ring.size


@entry_point
def relay(ring: NDArray[np.float64], group: NDArray[np.int64]) -> float:
    """Mean value over all starts if the members take turns, each going on from where the last one stopped, until none gets on."""
    total = 0.0
    for start in range(ring.size):
        at, idle, member = start, 0, 0
        while idle < group.shape[0]:
            reached = _end(ring, group[member], at)
            idle = idle + 1 if reached == at else 0
            at, member = reached, (member + 1) % group.shape[0]
        total += ring[at]
    return total / ring.size


@entry_point
def lots(number: int, seed: np.uint64) -> NDArray[np.float64]:
    """A draw for each heuristic: the lowest make up the random group."""
    found, key = np.empty(number), chance.key(seed, 0, MEMBER)
    for h in range(number):
        found[h] = chance.uniform(key, np.uint64(h))
    return found


def diversity(group: NDArray[np.int64]) -> float:
    """Mean over pairs of the share (in %) of positions at which two heuristics differ."""
    first, second = np.triu_indices(group.shape[0], 1)
    return 100.0 * float(np.mean(group[first] != group[second]))


class Groups(NamedTuple):
    """One number for each landscape."""

    best: NDArray[np.float64]
    random: NDArray[np.float64]
    best_diversity: NDArray[np.float64]
    random_diversity: NDArray[np.float64]


@cache
def groups(steps_up_to: int, landscapes: int) -> dict[int, Groups]:
    """By group size: scores and diversities of the ablest heuristics and of random ones."""
    heuristics = np.array(list(permutations(range(1, steps_up_to + 1), STEPS)), np.int64)
    found: dict[int, list[tuple[float, ...]]] = {10: [], 20: []}
    for seed in range(landscapes):
        ring = values(np.uint64(seed))
        by_ability = heuristics[np.argsort(-abilities(ring, heuristics), kind="stable")]
        by_lot = heuristics[np.argsort(lots(len(heuristics), np.uint64(seed)))]
        for size, rows in found.items():
            best, chosen = by_ability[:size], by_lot[:size]
            rows.append((relay(ring, best), relay(ring, chosen), diversity(best), diversity(chosen)))
    return {size: Groups(*np.array(rows).T) for size, rows in found.items()}


def _signs(landscapes: int, cases: tuple[int, ...]) -> Iterator[Row]:
    for steps in cases:
        ten = groups(steps, landscapes)[10]
        of = (0.0, np.inf)
        what = f"l = {steps}, groups of 10, {landscapes} landscapes: random less best"
        yield sampled(f"{what}, score", WALLRICH, ten.random - ten.best, of, "landscapes")
        heuristics = steps * (steps - 1) * (steps - 2)
        exact = 100 * (1 - 1 / steps) * heuristics / (heuristics - 1)
        what = f"l = {steps}, {landscapes} landscapes: diversity of ten random heuristics in %"
        yield sampled(what, f"{ELEMENTARY}: (1 - 1/l)·M/(M - 1), M = {heuristics:,}", ten.random_diversity, exact, "groups")


@conformance(Part.PUBLISHED, seconds=4)
def random_groups_beat_the_ablest_on_few_landscapes() -> Iterator[Row]:
    """Hong & Page (2004), fast part"""
    yield from _signs(FAST_LANDSCAPES, (12,))


@conformance(Part.PUBLISHED, fast=False, seconds=60)
def diverse_groups_score_as_replicated() -> Iterator[Row | Picture]:
    """Hong & Page (2004): scores and diversity of the ablest and of random groups"""
    for (size, steps), published in TABLE.items():
        for k, (kind, sample) in enumerate(zip(KINDS, groups(steps, LANDSCAPES)[size], strict=True)):
            # The table prints scores first; of each kind it has the mean and the standard deviation.
            runs = (PUBLISHED_LANDSCAPES, published[2 * k + 1], 0.005)
            yield repeated(f"groups of {size}, l = {steps}: {kind}", WALLRICH, sample, published[2 * k], runs)
    yield from _signs(LANDSCAPES, (12, 20))
    yield _picture()


def _picture() -> Picture:
    panels = []
    for name, k in (("Scores", 0), ("Diversity in %", 2)):
        series = []
        for label, column, shift in (("ablest", k, 0.0), ("random", k + 1, 0.1)):
            ours = np.stack([groups(steps, LANDSCAPES)[size][column] for size, steps in TABLE], axis=1)
            series.append(Series(f"{label}: ours", dots=(np.arange(4) + shift, *mean_with_interval(ours))))
            mean, spread = (np.array([row[2 * column + j] for row in TABLE.values()]) for j in (0, 1))
            error = 1.96 * spread / np.sqrt(PUBLISHED_LANDSCAPES)
            series.append(Series(f"{label}: replication", dots=(np.arange(4) + shift + 0.2, mean, mean - error, mean + error)))
        panels.append(Panel(name, "0, 1: groups of 10, l = 12, 20; 2, 3: groups of 20", name.lower(), series))
    return Picture("hong_page", "Hong & Page (2004): random groups are more diverse than the ablest and score higher (95 % intervals).", panels)
