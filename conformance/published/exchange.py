"""Whether the economy itself, with its alliances, exchange and ideas, copies as Lazer & Friedman and Rivkin say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

import sim
from conformance.models.networked_search import POWER, highest
from conformance.rows import ELEMENTARY, POSITIVE, conformance, exactly, sampled
from conformance.support.landscapes import heights
from sim.economy.initialisation import create
from sim.economy.parameters import Parameters
from sim.economy.simulation import play
from sim.economy.state import NEVER_LOOKS
from sim.lab.conformance import Part, Row

FIRMS = 100
LAZER_FRIEDMAN = "sign: Lazer & Friedman (2007), abstract (seen); whom to copy is the economy's own rule"
NO_SOURCE = "none: what speed does in Lazer & Friedman (2007) would suggest it, but alliances are pieces, not slower networks"
RIVKIN = "sign: Rivkin (2000), abstract (seen); no number seen"
MONTHS = (10, 400)  # after which scores are compared
OFTEN, SELDOM = 0.5, 0.05  # exchange; a month goes to an ally's practice or to an own idea
ALLIED_SEEDS, COPIED_SEEDS, LEVELS = 200, 100, (0, 1, 5, 9)
SEARCH, IMITATION = 200, 60  # months: the leader's search, then the imitators'


def still(decisions: int, domains: int, complexity: int, exchange: float) -> Parameters:
    """Return parameters of 100 small firms that keep their word and judge without error, in a still environment; nobody fails.

    Who looks at an ally takes over one domain. Nobody hires, leaves its alliance or turns to another strategy.
    """
    neutral = {
        "population.small": FIRMS,
        "population.large": 0,
        "population.small_interdependent": 1.0,
        "population.maturity": 1.0,
        "environment.decisions": decisions,
        "environment.domains": domains,
        "environment.complexity": complexity,
        "environment.speed": 0.0,
        "organisation.attempts": 1,
        "organisation.noise": 0.0,
        "organisation.staffing": "none",
        "collaboration.meeting": 0.0,
        "collaboration.coordination": 0.0,
        "collaboration.exchange": exchange,
        "collaboration.breadth": 0.0,
        "collaboration.reconsider": 0.0,
        "dynamics.revision": 0.0,
        "finance.overhead": 0.0,
    }
    return sim.parameters("today", neutral)


@cache
def allied(size: int, exchange: float) -> NDArray[np.float64]:
    """Return by seed the mean of (f/max f)^8 after MONTHS, if firms form alliances of one size that share whole business models."""
    parameters, scores = still(20, 1, 5, exchange), np.empty((ALLIED_SEEDS, len(MONTHS)))
    for seed in range(ALLIED_SEEDS):
        state = create(parameters, seed)
        state.firms.alliance[:] = np.arange(FIRMS) // size if size > 1 else -1
        best = highest(state.landscape)
        for k, (past, now) in enumerate(pairwise((0, *MONTHS))):
            play(state, parameters, seed, now - past)
            scores[seed, k] = np.mean((state.firms.fitness / best) ** POWER)
    return scores


@cache
def imitation(complexity: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return by seed what one wrong decision costs an imitator of the best of 100 firms, and what share of imitators arrive.

    Each imitator forms an alliance with a copy of the leader, which is on a peak and does not look. Imitators spend every month
    on the leader's practice, and take over two decisions at a time if that is a gain.
    """
    parameters = still(10, 5, complexity, exchange=1.0)
    cost, arrived = np.empty(COPIED_SEEDS), np.empty(COPIED_SEEDS)
    for seed in range(COPIED_SEEDS):
        state = create(parameters, seed)
        firms, models = state.firms, state.firms.model
        founding = models.copy()
        play(state, parameters, seed, SEARCH)
        height = heights(state.landscape)
        leader = models[np.argmax(height[models])]
        cost[seed] = height[leader] - np.mean(height[int(leader) ^ (1 << np.arange(10))])
        models[0::2], models[1::2] = leader, founding[1::2]
        firms.alliance[:] = np.arange(FIRMS) // 2
        firms.habits[0::2] = NEVER_LOOKS
        play(state, parameters, seed, IMITATION)
        arrived[seed] = np.mean(models[1::2] == leader)
    return cost, arrived


@conformance(Part.PUBLISHED, fast=False, seconds=23)
def sharing_often_helps_early_and_harms_late() -> Iterator[Row]:
    """Lazer & Friedman (2007), in the economy: 100 firms that copy whole business models from allies"""
    often, seldom = allied(FIRMS, OFTEN), allied(FIRMS, SELDOM)
    clubs, alone = allied(10, OFTEN), allied(1, OFTEN)
    for what, difference, source in (
        (f"month 10, one alliance: exchange {OFTEN} less exchange {SELDOM}", often[:, 0] - seldom[:, 0], LAZER_FRIEDMAN),
        (f"month 400, one alliance: exchange {SELDOM} less exchange {OFTEN}", seldom[:, 1] - often[:, 1], LAZER_FRIEDMAN),
        ("month 10: one alliance of 100 less ten of 10", often[:, 0] - clubs[:, 0], LAZER_FRIEDMAN),
        ("month 10: ten alliances of 10 less none", clubs[:, 0] - alone[:, 0], LAZER_FRIEDMAN),
        ("month 400: none less ten alliances of 10", alone[:, 1] - clubs[:, 1], NO_SOURCE),
        ("month 400: ten alliances of 10 less one of 100", clubs[:, 1] - often[:, 1], NO_SOURCE),
    ):
        row = sampled(what, source, difference, POSITIVE, "matched runs")
        yield row._replace(asserted=source is not NO_SOURCE)


@conformance(Part.PUBLISHED, seconds=5)
def complex_business_models_are_hard_to_imitate() -> Iterator[Row]:
    """Rivkin (2000), in the economy: errors and partial copies of the best business model"""
    found = {complexity: imitation(complexity) for complexity in LEVELS}
    what = "K = 0: fitness lost by one wrong decision in copying the best of 100 firms"
    yield sampled(what, f"{ELEMENTARY}: 1/(3N)", found[0][0], 1 / 30, "seeds")
    arrived = float(found[0][1].min())
    yield exactly("K = 0: share of imitators that arrive at the leader's model, any run", ELEMENTARY, 1.0, arrived, 0.0, "exact")
    for low, high in pairwise(LEVELS):
        what = f"fitness lost by one wrong decision: K = {high} less K = {low}"
        yield sampled(what, RIVKIN, found[high][0] - found[low][0], POSITIVE, "matched runs")
        what = f"share of imitators that arrive at the leader's model: K = {low} less K = {high}"
        yield sampled(what, RIVKIN, found[low][1] - found[high][1], POSITIVE, "matched runs")
