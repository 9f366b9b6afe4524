"""Levinthal (1997), "Adaptation on rugged landscapes", against a public reimplementation, a second program, and exact theory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from sim.lab.conformance import Part, Row
from tests.conformance.adaptive_search import (
    LATER,
    PERIODS,
    N,
    forms_without_interaction,
    local_search,
    search_with_jumps,
    survival,
)
from tests.conformance.figures import Panel, Picture, Series
from tests.conformance.repeated import mean_with_interval, repeated
from tests.conformance.rows import ELEMENTARY, conformance, sampled

LEVELS = (0, 1, 3, 5, 9)
WORLDS, FAST_WORLDS, WORLDS_WITH_JUMPS, WORLDS_OF_CHANGE = 500, 100, 100, 250
ABSTRACT = "Levinthal (1997), abstract (seen)"
TIDY = "tidyABM, chapter 50, Levinthal's model in 5 runs (seen); the paper's own figures not seen"
# K: fitness and distinct forms after 200 periods, then the same with jumps. Source: TIDY.
TABLE = {
    0: (0.688, 1.0, 0.688, 1.0),
    1: (0.701, 2.8, 0.706, 2.8),
    3: (0.701, 14.4, 0.721, 11.8),
    5: (0.698, 28.6, 0.721, 23.0),
    9: (0.661, 55.4, 0.701, 41.2),
}
RUNS = 5
# K: fitness, its standard deviation, forms, theirs, after 200 periods on 1,000 landscapes of another, throw-away program (tables
# from the Mersenne Twister, no line in common with the economy). It is no publication, but it is far sharper than five runs.
INDEPENDENT = {
    0: (0.6684, 0.0736, 1.00, 0.0),
    1: (0.7005, 0.0592, 3.71, 2.35),
    3: (0.7033, 0.0318, 15.35, 3.78),
    5: (0.6935, 0.0170, 29.12, 3.75),
    9: (0.6604, 0.0080, 54.70, 3.95),
}
OURS = "a separate throw-away program of this project (not kept), no publication"


@conformance(Part.PUBLISHED, seconds=4)
def forms_at_founding_and_without_interaction_are_as_many_as_chance_has_it() -> Iterator[Row]:
    """Levinthal (1997), exact part: distinct forms of 100 organisations"""
    forms = local_search(0, FAST_WORLDS)[0]
    for k, period in enumerate(PERIODS[:5]):
        what = f"K = 0: distinct forms among 100 after {period} periods"
        yield sampled(what, f"{ELEMENTARY} (docs/explanation/docking.md)", forms[:, k], forms_without_interaction(period), "worlds")
    ends = [local_search(complexity, FAST_WORLDS)[0][:, -1] for complexity in (0, 1, 5)]
    for (low, few), (high, many) in pairwise(zip((0, 1, 5), ends, strict=True)):
        yield sampled(f"forms after 200 periods: K = {high} less K = {low}", ABSTRACT, many - few, (0.0, np.inf), "matched worlds")
    yield from _against_the_second_program(5, FAST_WORLDS)


def _against_the_second_program(complexity: int, worlds: int) -> Iterator[Row]:
    forms, fitness, _ = local_search(complexity, worlds)
    height, height_sd, number, number_sd = INDEPENDENT[complexity]
    what = f"K = {complexity}, {worlds:,} worlds, second program"
    yield repeated(f"{what}: forms after 200 periods", OURS, forms[:, -1], number, (1000, number_sd, 0.005))
    yield repeated(f"{what}: mean fitness after 200 periods", OURS, fitness, height, (1000, height_sd, 0.00005))


@conformance(Part.PUBLISHED, fast=False, seconds=30)
def forms_and_fitness_on_rugged_landscapes_are_as_published() -> Iterator[Row | Picture]:
    """Levinthal (1997): distinct forms and fitness by K, local search"""
    for complexity in LEVELS:
        forms, fitness, _ = local_search(complexity, WORLDS)
        published = TABLE[complexity]
        yield repeated(f"K = {complexity}: forms after 200 periods", TIDY, forms[:, -1], published[1], (RUNS, None, 0.05))
        yield repeated(f"K = {complexity}: mean fitness after 200 periods", TIDY, fitness, published[0], (RUNS, None, 0.0005))
        yield from _against_the_second_program(complexity, WORLDS)
    for complexity in (1, 5):
        what = f"K = {complexity}: covariance of distances at founding and after 200 periods (0 at K = 0)"
        yield sampled(what, f"{ABSTRACT}: founding persists", local_search(complexity, WORLDS)[2], (0.0, np.inf), "worlds")
    yield _picture()


@conformance(Part.PUBLISHED, fast=False, seconds=25)
def long_jumps_help_where_landscapes_are_rugged() -> Iterator[Row]:
    """Levinthal (1997): the same with long jumps"""
    for complexity in LEVELS:
        forms, fitness = search_with_jumps(complexity, WORLDS_WITH_JUMPS)
        published = TABLE[complexity]
        yield repeated(f"K = {complexity}, jumps: forms after 200 periods", TIDY, forms, published[3], (RUNS, None, 0.05))
        yield repeated(
            f"K = {complexity}, jumps: mean fitness after 200 periods", TIDY, fitness, published[2], (RUNS, None, 0.0005)
        )
    gains = {k: search_with_jumps(k, WORLDS_WITH_JUMPS)[1] - local_search(k, WORLDS)[1][:WORLDS_WITH_JUMPS] for k in (0, 9)}
    what = "fitness gained by jumps: K = 9 less K = 0"
    yield sampled(what, "sign of the table of tidyABM (seen)", gains[9] - gains[0], (0.0, np.inf), "matched worlds")


@conformance(Part.PUBLISHED, fast=False, seconds=4)
def tightly_coupled_organisations_fail_more_after_a_change() -> Iterator[Row]:
    """Levinthal (1997): survival after the environment changes, in the economy with its own market and exits"""
    loose, tight = (survival(complexity, 1 / N, WORLDS_OF_CHANGE) for complexity in (0, 5))
    what = f"survival over {LATER} months after one of ten attributes is redrawn: K = 0 less K = 5"
    yield sampled(what, f"{ABSTRACT}: sign only", loose - tight, (0.0, np.inf), "matched worlds")
    still = survival(5, 0.0, WORLDS_OF_CHANGE)
    what = "K = 5: survival without that change less survival with it"
    yield sampled(
        what, f"{ABSTRACT}: sign, if its failures are due to the change", still - tight, (0.0, np.inf), "matched worlds"
    )._replace(asserted=False)


def _picture() -> Picture:
    everywhere = [local_search(complexity, WORLDS)[0] for complexity in LEVELS]
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
        "Levinthal (1997) in the economy: the more attributes interact, the more forms remain. Lines but for K = 0 join means. "
        "Ours with 95 % intervals over 500 worlds; published with 3 standard errors of 5 runs."
    )
    return Picture("levinthal", caption, panels)
