"""Lazer & Friedman (2007), "The network structure of exploration and exploitation": 100 agents, N = 20, K = 5.

The reading of the paper was fixed before the first run: K random partners and a contribution table for each decision (as in the
economy), all agents move at the same time, scores are (f/max f)^8, 400 rounds. Only the abstract of the paper was seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from math import sqrt

import numpy as np

from conformance.figures import Panel, Picture, Series, mean_with_interval
from conformance.models import networks
from conformance.models.networked_search import AGENTS, Habits, Start, mean_scores, random_start
from conformance.models.networks import Links
from conformance.rows import POSITIVE, conformance, sampled
from sim.economy.arrays import Floats
from sim.lab.conformance import Part, Row

K, ROUNDS, SEEDS, FAST_SEEDS, SEEDS_OF_VARIANTS = 5, 400, 1000, 100, 300
ABSTRACT = "Lazer & Friedman (2007), abstract (seen)"
SLIDES = "slides on Lazer & Friedman (2007) in cmis_nk_games (seen); the paper's figures not seen"
DESIGN = "the project's design, section 7, after Lazer & Friedman (2007); passage not seen in print"
OF_1000, LEADS_FOR = 845, 18  # runs in which the line beats the full network; rounds during which the full one leads
EARLY, SHORT, MIDDLE, LONG = 5, 10, 20, 55  # rounds; SHORT and LONG are those of the slides

# From the slowest to the fastest: mean distances 33.7, 12.9, about 5, about 2.2, 1.
NETWORKS = ("line", "lattice", "small world", "random", "full")


def network(name: str, seed: int) -> Links:
    """Return one of NETWORKS, or "random, p = ..." or "rewired, p = ..."."""
    share = float(name.split("=")[1]) if "=" in name else 0.1
    match name.split(",")[0]:
        case "line":
            return networks.line(AGENTS)
        case "lattice":
            return networks.lattice(AGENTS)
        case "full":
            return networks.full(AGENTS)
        case "random":
            return networks.random(AGENTS, share, seed)
        case _:
            return networks.small_world(AGENTS, share, seed)


@cache
def starts(complexity: int, number: int) -> list[Start]:
    """Return the firms and landscapes of so many seeds."""
    with ThreadPoolExecutor() as pool:  # kernels release the interpreter lock
        return list(pool.map(lambda seed: random_start(seed, complexity), range(number)))


@cache
def scores(name: str, number: int, complexity: int = K, habits: Habits = Habits()) -> Floats:  # noqa: B008
    """Return the mean score by seed and round, shape (seeds, rounds + 1); every network has the same seeds."""
    with ThreadPoolExecutor() as pool:
        return np.stack(list(pool.map(lambda s: mean_scores(s, network(name, s.seed), ROUNDS, habits), starts(complexity, number))))


def _lead(first: Floats, second: Floats, at: int) -> Floats:
    return first[:, at] - second[:, at]


def _sign(what: str, source: str, difference: Floats) -> Row:
    return sampled(what, source, difference, POSITIVE, "matched runs")


def _line_and_full(number: int) -> Iterator[Row]:
    line, full = scores("line", number), scores("full", number)
    yield _sign(f"{number} seeds, round {EARLY}: full less line", ABSTRACT, _lead(full, line, EARLY))
    yield _sign(f"{number} seeds, round {SHORT}: full less line", ABSTRACT, _lead(full, line, SHORT))
    yield _sign(f"{number} seeds, round {ROUNDS}: line less full", ABSTRACT, _lead(line, full, ROUNDS))


@conformance(Part.PUBLISHED, seconds=3)
def fast_networks_lead_early_and_lose_late() -> Iterator[Row]:
    """Lazer & Friedman (2007), fast part: the line against the full network"""
    yield from _line_and_full(FAST_SEEDS)


@conformance(Part.PUBLISHED, fast=False, seconds=30)
def the_slow_overtake_the_fast_when_and_as_often_as_published() -> Iterator[Row]:
    """Lazer & Friedman (2007): how often the line beats the full network, and when it overtakes"""
    line, full = scores("line", SEEDS), scores("full", SEEDS)
    wins = int((_lead(line, full, ROUNDS) > 1e-12).sum())
    spread = 3 * sqrt(2 * OF_1000 * (1 - OF_1000 / SEEDS))
    why = "3 binomial standard errors of two counts of 1,000; a tie is no win"
    what = "of 1,000 matched runs, the line is better at the end in"
    yield Row(what, DESIGN, (OF_1000, OF_1000), wins, wins - spread, wins + spread, why)
    leads, error = _rounds_in_the_lead(full, line), 3 * sqrt(2) * _bootstrap_error(full, line)
    why = "3 bootstrap standard errors of two such numbers, each of 1,000 seeds"
    what = "rounds during which the full network's mean leads the line's"
    yield Row(what, DESIGN, (LEADS_FOR, LEADS_FOR), leads, leads - error, leads + error, why)
    yield from _line_and_full(SEEDS)


def _rounds_in_the_lead(early: Floats, late: Floats) -> int:
    return int(np.argmax(late.mean(axis=0) > early.mean(axis=0))) - 1


def _bootstrap_error(early: Floats, late: Floats) -> float:
    n = early.shape[0]
    return float(np.std([_rounds_in_the_lead(early[k], late[k]) for k in np.random.default_rng(1).integers(0, n, (400, n))]))


@conformance(Part.PUBLISHED, fast=False, seconds=15)
def the_slower_the_network_the_better_in_the_long_run() -> Iterator[Row | Picture]:
    """Lazer & Friedman (2007): five networks in order"""
    found = {name: scores(name, SEEDS) for name in NETWORKS}
    for slow, fast in pairwise(NETWORKS):
        yield _sign(f"round {EARLY}: {fast} less {slow}", ABSTRACT, _lead(found[fast], found[slow], EARLY))
        yield _sign(f"round {ROUNDS}: {slow} less {fast}", ABSTRACT, _lead(found[slow], found[fast], ROUNDS))
    for end in ("line", "full"):
        what = f"round {MIDDLE}, an inverted U: small world less {end}"
        yield _sign(what, ABSTRACT, _lead(found["small world"], found[end], MIDDLE))
    yield _picture(found)


@conformance(Part.PUBLISHED, fast=False, seconds=30)
def shortcuts_density_velocity_and_errors_work_as_published() -> Iterator[Row]:
    """Lazer & Friedman (2007): simple problems, shortcuts, density, velocity and errors of copying"""
    n = SEEDS_OF_VARIANTS
    simple = {name: scores(name, n, 0) for name in ("line", "full")}
    for name, score in simple.items():
        what = f"K = 0: runs in which all agents of the {name} network end on the best model, as a share"
        share = float((np.abs(score[:, -1] - 1) < 1e-9).mean())
        yield Row(what, SLIDES, (1.0, 1.0), share, share, share, "none: every run must")
    yield _sign(f"K = 0, round {SHORT}: full less line", SLIDES, _lead(simple["full"], simple["line"], SHORT))
    rewired = [scores(f"rewired, p = {share}", n) for share in (0.0, 0.1, 0.5)]
    for (a, few), (b, many) in pairwise(zip((0, 10, 50), rewired, strict=True)):
        yield _sign(f"round {SHORT}: {b} % of links rewired less {a} %", SLIDES, _lead(many, few, SHORT))
        yield _sign(f"round {LONG}: {a} % of links rewired less {b} %", SLIDES, _lead(few, many, LONG))
    yield from _density()
    yield from _velocity_and_errors(n)


def _density() -> Iterator[Row]:
    """Yield rows on density: asserted over the whole range of connected networks; halves of it were too small an effect for 300
    seeds, and are only shown."""
    thin, middle, dense = (scores(name, SEEDS) for name in ("random", "random, p = 0.2", "random, p = 0.5"))
    pieces = scores("random, p = 0.01", SEEDS_OF_VARIANTS)
    what = f"round {ROUNDS}, random networks: p ="
    yield _sign(f"{what} 0.1 less p = 0.01 (in pieces)", SLIDES, _lead(thin[:SEEDS_OF_VARIANTS], pieces, ROUNDS))
    yield _sign(f"{what} 0.1 less p = 0.5", SLIDES, _lead(thin, dense, ROUNDS))
    yield _sign(f"{what} 0.1 less p = 0.2", SLIDES, _lead(thin, middle, ROUNDS))._replace(asserted=False)
    yield _sign(f"{what} 0.2 less p = 0.5", SLIDES, _lead(middle, dense, ROUNDS))._replace(asserted=False)


def _velocity_and_errors(n: int) -> Iterator[Row]:
    always = scores("full", n)
    for velocity in (0.5, 0.1):
        slower = scores("full", n, K, Habits(velocity=velocity))
        what = f"full network, velocity {velocity}"
        yield _sign(f"{what}: what it loses at round {EARLY}", SLIDES, _lead(always, slower, EARLY))
        yield _sign(f"{what}: what it gains at round {ROUNDS}", SLIDES, _lead(slower, always, ROUNDS))
    for name in ("line", "full"):
        exact, errors = scores(name, SEEDS), scores(name, SEEDS, K, Habits(error=0.1))
        what = f"{name} network, a tenth of the decisions not copied"
        for label, difference in (
            (f"{what}: what it loses at round {EARLY}", _lead(exact, errors, EARLY)),
            (f"{what}: what it gains at round {ROUNDS}", _lead(errors, exact, ROUNDS)),
        ):
            yield _sign(label, f"{SLIDES}; network and size of the error not stated", difference)._replace(asserted=False)


def _picture(found: dict[str, Floats]) -> Picture:
    panels = []
    for title, rounds in (("The first 60 rounds", range(0, 61, 4)), ("Up to 400 rounds", range(0, ROUNDS + 1, 25))):
        at, line = np.array(rounds), np.arange(rounds[-1] + 1)
        series = [Series(name, (line, s[:, line].mean(axis=0)), (at, *mean_with_interval(s[:, at]))) for name, s in found.items()]
        panels.append(Panel(title, "round", "mean of (f/max f)^8", series))
    caption = (
        "Lazer & Friedman (2007) on the economy's landscapes: networks that spread news fast lead early and lose late. "
        "Means over 1,000 seeds with 95 % intervals."
    )
    return Picture("lazer_friedman", caption, panels)
