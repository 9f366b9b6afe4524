"""Rugged landscapes with one random try a month, the economy's own rule: a public reimplementation, a second program, theory.

Levinthal's (1997) own rule is in levinthal_figures.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from conformance.figures import Panel, Picture, Series, mean_with_interval
from conformance.models.adaptive_search import (
    LATER,
    PERIODS,
    N,
    forms_without_interaction,
    local_search,
    local_search_by_tables,
    search_with_jumps,
    survival,
)
from conformance.rows import ELEMENTARY, POSITIVE, conformance, published_mean, sampled
from sim.lab.conformance import Part, Row

LEVELS = (0, 1, 3, 5, 9)
SEEDS, FAST_SEEDS, SEEDS_WITH_JUMPS, SEEDS_OF_CHANGE = 1000, 100, 200, 250
ABSTRACT = "Levinthal (1997), abstract (seen)"
TIDY = "tidyABM, chapter 50, Levinthal's landscapes with one random try a period, 5 runs (seen)"
# K: fitness and distinct forms after 200 periods, then the same with jumps. Source: TIDY.
TABLE = {
    0: (0.688, 1.0, 0.688, 1.0),
    1: (0.701, 2.8, 0.706, 2.8),
    3: (0.701, 14.4, 0.721, 11.8),
    5: (0.698, 28.6, 0.721, 23.0),
    9: (0.661, 55.4, 0.701, 41.2),
}
RUNS = 5
SECOND = "a second program of this project that shares no line with the economy, no publication"
LANDSCAPES = 1000  # of the second program


@conformance(Part.PUBLISHED, seconds=4)
def distinct_forms_without_interaction_are_as_many_as_probability_says() -> Iterator[Row]:
    """One random try a month, exact part: distinct forms of 100 organisations"""
    forms = local_search(0, FAST_SEEDS)[0]
    for k, period in enumerate(PERIODS[:5]):
        what = f"K = 0: distinct forms among 100 after {period} periods"
        yield sampled(what, f"{ELEMENTARY} (docs/explanation/docking.md)", forms[:, k], forms_without_interaction(period), "seeds")
    ends = [local_search(complexity, FAST_SEEDS)[0][:, -1] for complexity in (0, 1, 5)]
    for (low, few), (high, many) in pairwise(zip((0, 1, 5), ends, strict=True)):
        yield sampled(f"forms after 200 periods: K = {high} less K = {low}", ABSTRACT, many - few, POSITIVE, "matched runs")
    yield from _against_the_second_program(5, FAST_SEEDS)


def _against_the_second_program(complexity: int, seeds: int) -> Iterator[Row]:
    forms, fitness, _ = local_search(complexity, seeds)
    for what, sample, other in zip(
        ("forms", "mean fitness"), (forms[:, -1], fitness), local_search_by_tables(complexity, LANDSCAPES), strict=True
    ):
        reference = f"K = {complexity}, {seeds:,} seeds, second program: {what} after 200 periods"
        yield sampled(reference, SECOND, sample, other.mean(), "seeds", other.std(ddof=1) / np.sqrt(LANDSCAPES))


def _blunt(reference: str, fitness: np.ndarray, published: float) -> Row:
    """Return a row that is shown, not asserted: five runs say so little about fitness that it could hardly be missed."""
    return published_mean(reference, TIDY, fitness, published, (RUNS, None, 0.0005))._replace(asserted=False)


@conformance(Part.PUBLISHED, fast=False, seconds=30)
def forms_and_fitness_on_rugged_landscapes_are_as_published() -> Iterator[Row | Picture]:
    """One random try a month: distinct forms and fitness by K"""
    for complexity in LEVELS:
        forms, fitness, _ = local_search(complexity, SEEDS)
        published = TABLE[complexity]
        yield published_mean(f"K = {complexity}: forms after 200 periods", TIDY, forms[:, -1], published[1], (RUNS, None, 0.05))
        yield _blunt(f"K = {complexity}: mean fitness after 200 periods", fitness, published[0])
        yield from _against_the_second_program(complexity, SEEDS)
    for complexity in (1, 5):
        what = f"K = {complexity}: covariance of distances at founding and after 200 periods (0 at K = 0)"
        yield sampled(what, f"{ABSTRACT}: founding persists", local_search(complexity, SEEDS)[2], POSITIVE, "seeds")
    yield _picture()


@conformance(Part.PUBLISHED, fast=False, seconds=38)
def long_jumps_help_where_landscapes_are_rugged() -> Iterator[Row]:
    """One random try a month: the same with long jumps"""
    for complexity in LEVELS:
        forms, fitness = search_with_jumps(complexity, SEEDS_WITH_JUMPS)
        published = TABLE[complexity]
        yield published_mean(f"K = {complexity}, jumps: forms after 200 periods", TIDY, forms, published[3], (RUNS, None, 0.05))
        yield _blunt(f"K = {complexity}, jumps: mean fitness after 200 periods", fitness, published[2])
    gains = {k: search_with_jumps(k, SEEDS_WITH_JUMPS)[1] - local_search(k, SEEDS)[1][:SEEDS_WITH_JUMPS] for k in (0, 9)}
    what = "fitness gained by jumps: K = 9 less K = 0"
    yield sampled(what, "sign of the table of tidyABM (seen)", gains[9] - gains[0], POSITIVE, "matched runs")


@conformance(Part.PUBLISHED, fast=False, seconds=4)
def tightly_coupled_firms_fail_more_in_the_economy_with_and_without_a_change() -> Iterator[Row]:
    """One random try a month: survival after the environment changes, by the economy's own market and exits (not asserted)"""
    changed, still = (
        survival(0, magnitude, SEEDS_OF_CHANGE) - survival(5, magnitude, SEEDS_OF_CHANGE) for magnitude in (1 / N, 0.0)
    )
    what = f"survival over {LATER} months, K = 0 less K = 5"
    for reference, difference in (
        (f"{what}, after each attribute is redrawn with chance 1/10", changed),
        (f"{what}: after that change less without it", changed - still),
    ):
        yield sampled(reference, f"{ABSTRACT}: sign", difference, POSITIVE, "matched runs")._replace(asserted=False)


def _picture() -> Picture:
    everywhere = [local_search(complexity, SEEDS)[0] for complexity in LEVELS]
    periods = np.arange(PERIODS[-1] + 1)
    exact = (periods, [forms_without_interaction(t) for t in periods])
    over_time = [
        Series(f"K = {k}", (PERIODS, f.mean(axis=0)), (PERIODS, *mean_with_interval(f)))
        for k, f in zip(LEVELS, everywhere, strict=True)
    ]
    over_time[0] = over_time[0]._replace(label="K = 0 (line: exact)", line=exact)
    ends = np.stack([f[:, -1] for f in everywhere], axis=1)
    error = 3 * ends.std(axis=0, ddof=1) / np.sqrt(RUNS)
    theirs = np.array([TABLE[k][1] for k in LEVELS])
    published = Series("published, 5 runs", dots=(np.array(LEVELS) + 0.2, theirs, theirs - error, theirs + error))
    panels = [
        Panel("Forms over time", "period", "distinct forms among 100", over_time),
        Panel(
            "Forms after 200 periods", "K", "distinct forms", [Series("ours", dots=(LEVELS, *mean_with_interval(ends))), published]
        ),
    ]
    caption = (
        "One random try a month: the more attributes interact, the more forms remain. Lines but for K = 0 join means. "
        "Ours with 95 % intervals over 1,000 seeds; published with 3 standard errors of 5 runs, if these spread as ours do."
    )
    return Picture("levinthal", caption, panels)
