"""Whether the economy itself, with its alliances, exchange and ideas, copies as Lazer & Friedman and Rivkin say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

import sim
from conformance.models.networked_search import POWER, highest
from conformance.rows import ELEMENTARY, POSITIVE, conformance, exactly, sampled
from conformance.support.landscapes import heights
from sim.economy import search, staffing
from sim.economy.initialisation import create, for_kernels
from sim.economy.landscape import fitness
from sim.economy.parameters import Parameters
from sim.economy.simulation import play
from sim.economy.state import State
from sim.lab.conformance import Part, Row

FIRMS = 100
LAZER_FRIEDMAN = "sign: Lazer & Friedman (2007), abstract (seen); whom to copy is the economy's own rule"
NO_SOURCE = "none: what speed does in Lazer & Friedman (2007) would suggest it, but alliances are pieces, not slower networks"
RIVKIN = "sign: Rivkin (2000), abstract (seen); no number seen"
MONTHS = (10, 400)  # after which scores are compared
ALLIED_SEEDS, COPIED_SEEDS, LEVELS = 200, 100, (0, 1, 5, 9)
SEARCH, IMITATION = 200, 60  # months: the leader's search, then the imitators'


def still(decisions: int, domains: int, complexity: int, exchange: float = 1.0) -> Parameters:
    """Return parameters of 100 small firms that keep their word and judge without error, in a still environment; nobody fails."""
    neutral = {
        "population.small": FIRMS,
        "population.large": 0,
        "population.small_interdependent": 1.0,
        "population.maturity": 1.0,
        "environment.decisions": decisions,
        "environment.domains": domains,
        "environment.complexity": complexity,
        "environment.speed": 0.0,
        "organisation.noise": 0.0,
        "organisation.wage": 0.0,
        "collaboration.meeting": 0.0,
        "collaboration.coordination": 0.0,
        "collaboration.exchange": exchange,
        "collaboration.breadth": 0.0,  # a domain at a time
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

    Each imitator forms an alliance with a copy of the leader. Imitators have no ideas of their own, and take over two decisions at
    a time if that is a gain.
    """
    parameters = still(10, 5, complexity)
    cost, arrived = np.empty(COPIED_SEEDS), np.empty(COPIED_SEEDS)
    for seed in range(COPIED_SEEDS):
        state = create(parameters, seed)
        founding = state.firms.model.copy()
        play(state, parameters, seed, SEARCH)
        height, models = heights(state.landscape), state.firms.model
        leader = models[np.argmax(height[models])]
        cost[seed] = height[leader] - np.mean(height[int(leader) ^ (1 << np.arange(10))])
        models[0::2], models[1::2] = leader, founding[1::2]
        state.firms.alliance[:] = np.arange(FIRMS) // 2
        copy_only(state, for_kernels(parameters), np.uint64(seed))
        arrived[seed] = np.mean(models[1::2] == leader)
    return cost, arrived


@numba.njit
def copy_only(state: State, parameters: Any, seed: np.uint64) -> None:
    """Play months in which every other firm looks at its ally's practice, and nobody has an idea. Modified in place: state."""
    firms, alliances, land = state.firms, state.alliances, state.landscape
    for month in range(SEARCH, SEARCH + IMITATION):
        staffing.staff(firms, alliances, land, parameters, seed, month)
        keys = search._keys(seed, month, 0)
        for i in range(1, firms.identity.size, 2):
            firms.fitness[i] = fitness(land, firms.model[i])
            ally = search._ally_to_look_at(firms, i, alliances, parameters, keys)
            search._consider_practice(firms, i, firms.model[ally], land, parameters, keys)


@conformance(Part.PUBLISHED, fast=False, seconds=23)
def sharing_often_helps_early_and_harms_late() -> Iterator[Row]:
    """Lazer & Friedman (2007), in the economy: 100 firms that copy whole business models from allies"""
    often, seldom = allied(FIRMS, 1.0), allied(FIRMS, 0.1)
    clubs, alone = allied(10, 1.0), allied(1, 1.0)
    for what, difference, source in (
        ("month 10, one alliance: exchange 1 less exchange 0.1", often[:, 0] - seldom[:, 0], LAZER_FRIEDMAN),
        ("month 400, one alliance: exchange 0.1 less exchange 1", seldom[:, 1] - often[:, 1], LAZER_FRIEDMAN),
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
