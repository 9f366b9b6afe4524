"""Hong & Page (2004), "Groups of diverse problem solvers can outperform groups of high-ability problem solvers".

Each of 2000 points on a ring has a value. A heuristic is three different steps of 1 to l; they are tried in turn, and taken when
strictly better, until none helps. The only part of the economy that is used here are its random draws: the ring is no business
model. The original means were not seen; the table is that of a replication. Its text lets members take turns until none gets any
further, but its program gives each member one turn (it compares a dictionary with itself). So the table is compared with one turn,
and rows by the rule of the text are shown as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import permutations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from conformance.figures import Panel, Picture, Series, mean_with_interval
from conformance.rows import ELEMENTARY, conformance, published_mean, sampled
from sim.economy import chance
from sim.economy.compiled import entry_point, kernel
from sim.lab.conformance import Part, Row

POINTS, STEPS, LANDSCAPES, FAST_LANDSCAPES, PUBLISHED_LANDSCAPES = 2000, 3, 100, 20, 500
VALUE, MEMBER = 1, 2  # purposes of random draws
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
    """Return the values on the ring: uniform on (0, 100)."""
    found, key = np.empty(POINTS), chance.key(seed, 0, VALUE)
    for point in range(POINTS):
        found[point] = 100.0 * chance.uniform(key, np.uint64(point))
    return found


@kernel
def _first_pass(ring: NDArray[np.float64], heuristic: NDArray[np.int64], start: int) -> int:
    """Return the point to which the first pass through the steps leads."""
    at = start
    for step in heuristic:
        ahead = (at + step) % ring.size
        if ring[ahead] > ring[at]:
            at = ahead
    return at


@entry_point
def ends(ring: NDArray[np.float64], highest_first: NDArray[np.int64], heuristic: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where a heuristic stops from each start. Points are visited highest first, so the ends of higher ones are known."""
    found = np.empty(ring.size, np.int64)
    for start in highest_first:
        ahead = _first_pass(ring, heuristic, start)
        found[start] = start if ahead == start else found[ahead]
    return found


def relay(ring: NDArray[np.float64], stops: list[NDArray[np.int64]], turns: int | None = None) -> float:
    """Return the mean value over all starts if the members take turns, each starting where the last one stopped.

    The relay ends after `turns` turns of each member, or (None) when none gets any further.
    """
    at, taken = np.arange(ring.size), 0
    while taken != turns:
        before = at
        for stop in stops:
            at = stop[at]
        taken += 1
        if np.array_equal(before, at):
            break
    return float(ring[at].mean())


@entry_point
def draws(number: int, seed: np.uint64) -> NDArray[np.float64]:
    """Return a random draw for each heuristic: those with the lowest draws form the random group."""
    found, key = np.empty(number), chance.key(seed, 0, MEMBER)
    for h in range(number):
        found[h] = chance.uniform(key, np.uint64(h))
    return found


def diversity(group: NDArray[np.int64]) -> float:
    """Return the mean over pairs of the share (in %) of positions at which two heuristics differ."""
    first, second = np.triu_indices(group.shape[0], 1)
    return 100.0 * float(np.mean(group[first] != group[second]))


class Groups(NamedTuple):
    """One number for each landscape; the first four in the order of the table, with one turn for each member."""

    best: NDArray[np.float64]
    random: NDArray[np.float64]
    best_diversity: NDArray[np.float64]
    random_diversity: NDArray[np.float64]
    best_to_the_end: NDArray[np.float64]
    random_to_the_end: NDArray[np.float64]


@cache
def groups(steps_up_to: int, landscapes: int) -> dict[int, Groups]:
    """Return by group size the scores and diversities of the ablest heuristics and of random ones."""
    heuristics = np.array(list(permutations(range(1, steps_up_to + 1), STEPS)), np.int64)
    found: dict[int, list[tuple[float, ...]]] = {10: [], 20: []}
    for seed in range(landscapes):
        ring = values(np.uint64(seed))
        highest_first = np.argsort(-ring)
        ability = np.array([ring[ends(ring, highest_first, heuristic)].mean() for heuristic in heuristics])
        orders = np.argsort(-ability, kind="stable"), np.argsort(draws(len(heuristics), np.uint64(seed)))
        for size, rows in found.items():
            best, chosen = (heuristics[order[:size]] for order in orders)
            teams = [[ends(ring, highest_first, heuristic) for heuristic in group] for group in (best, chosen)]
            once, to_the_end = ([relay(ring, team, turns) for team in teams] for turns in (1, None))
            rows.append((*once, diversity(best), diversity(chosen), *to_the_end))
    return {size: Groups(*np.array(rows).T) for size, rows in found.items()}


def _signs(landscapes: int, cases: tuple[int, ...]) -> Iterator[Row]:
    for steps in cases:
        ten = groups(steps, landscapes)[10]
        of = (0.0, np.inf)
        what = f"l = {steps}, groups of 10, {landscapes} landscapes: random less best"
        yield sampled(f"{what}, score", WALLRICH, ten.random_to_the_end - ten.best_to_the_end, of, "landscapes")
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
        ours = groups(steps, LANDSCAPES)[size]
        for k, (kind, sample) in enumerate(zip(KINDS, ours, strict=False)):
            yield _of_the_table(f"groups of {size}, l = {steps}: {kind}", sample, published, k)
        for k, sample in enumerate((ours.best_to_the_end, ours.random_to_the_end)):
            what = f"groups of {size}, l = {steps}: {KINDS[k]}, turns until nobody gets on"
            yield _of_the_table(what, sample, published, k)._replace(asserted=False)
    yield from _signs(LANDSCAPES, (12, 20))
    yield _picture()


def _of_the_table(what: str, sample: NDArray[np.float64], published: tuple[float, ...], kind: int) -> Row:
    """Return the row of one kind: the table prints its mean and its standard deviation."""
    runs = (PUBLISHED_LANDSCAPES, published[2 * kind + 1], 0.005)
    return published_mean(what, WALLRICH, sample, published[2 * kind], runs)


def _picture() -> Picture:
    panels, sizes = [], np.array((10, 20))
    for steps in (12, 20):
        series = []
        for label, kind in (("ablest", 0), ("random", 1)):
            ours = np.stack([groups(steps, LANDSCAPES)[size][kind] for size in sizes], axis=1)
            series.append(Series(f"{label}: ours", dots=(sizes - 0.2 + kind, *mean_with_interval(ours))))
            mean, spread = (np.array([TABLE[size, steps][2 * kind + j] for size in sizes]) for j in (0, 1))
            error = 1.96 * spread / np.sqrt(PUBLISHED_LANDSCAPES)
            series.append(Series(f"{label}: replication", dots=(sizes + 0.2 + kind, mean, mean - error, mean + error)))
        panels.append(Panel(f"Steps up to l = {steps}", "members", "score", series))
    caption = "Hong & Page (2004): random groups score higher than groups of the ablest (95 % intervals over landscapes)."
    return Picture("hong_page", caption, panels)
