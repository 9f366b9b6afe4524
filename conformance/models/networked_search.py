"""Lazer & Friedman's (2007) search in networks, with the economy's firms, landscape, judgement and random draws.

In a round every agent looks at the agents it is linked to. If one of them does better, it copies the business model of the best;
otherwise it considers flipping one random decision. All move at the same time. Only the rule of whom to copy differs from the
economy: there a firm considers a random ally's decisions of one domain.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import sim
from conformance.models.networks import Links, neighbours
from sim.economy import chance
from sim.economy.compiled import entry_point, kernel
from sim.economy.initialisation import create
from sim.economy.landscape import NOTHING, ONE, Landscape, contribution, fitness
from sim.economy.search import perceived_gain
from sim.economy.state import Firms

AGENTS = 100
POWER = 8  # scores are (f/max f)^8: monotone, so no decision changes, but averages spread out


class Habits(NamedTuple):
    """How agents copy: the probability of looking at others in a round, and the probability that a decision is not copied."""

    velocity: float = 1.0
    error: float = 0.0


@kernel
def _best_neighbour(firms: Firms, i: int, start: NDArray[np.int64], roster: NDArray[np.int64]) -> int:
    """Return the neighbour that does best among those that do better than i, or -1."""
    best, highest = -1, firms.fitness[i]
    for k in range(start[i], start[i + 1]):
        if firms.fitness[roster[k]] > highest:
            best, highest = roster[k], firms.fitness[roster[k]]
    return best


@kernel
def _copied(n: int, error: float, key: np.uint64) -> np.uint64:
    """Return a mask of the decisions that are copied when a model of n decisions is copied."""
    mask = NOTHING
    for d in range(n):
        if chance.uniform(key, np.uint64(d)) >= error:
            mask |= ONE << np.uint64(d)
    return mask


@kernel
def _next_model(
    firms: Firms, i: int, neighbour: int, landscape: Landscape, habits: Habits, keys: tuple[np.uint64, np.uint64]
) -> np.uint64:
    """Return the neighbour's model, or agent i's own model, with an idea in it if that is a gain."""
    me = firms.identity[i]
    if neighbour >= 0:
        change = firms.model[i] ^ firms.model[neighbour]
        return firms.model[i] ^ (change & _copied(landscape.key.size, habits.error, chance.bits(keys[1], me)))
    idea = ONE << np.uint64(chance.index(keys[0], me, landscape.key.size))
    gains = perceived_gain(firms, i, idea, landscape, 0.0, NOTHING) > 0.0
    return firms.model[i] ^ idea if gains else firms.model[i]


@entry_point
def play_rounds(
    firms: Firms,
    landscape: Landscape,
    network: tuple[NDArray[np.int64], NDArray[np.int64]],
    habits: Habits,
    seed: np.uint64,
    rounds: int,
) -> NDArray[np.float64]:
    """Play rounds and return the fitness of each agent at the start and after each, shape (rounds + 1, agents).

    Modified in place: firms.
    """
    n = firms.identity.size
    history = np.empty((rounds + 1, n))
    following = np.empty(n, np.uint64)
    for t in range(rounds + 1):
        for i in range(n):
            firms.fitness[i] = fitness(landscape, firms.model[i])
            history[t, i] = firms.fitness[i]
        keys = (chance.key(seed, t, chance.IDEA), chance.key(seed, t, chance.EXCHANGE))
        looks = chance.key(seed, t, chance.ALLY)
        for i in range(n):
            neighbour = -1
            if chance.uniform(looks, firms.identity[i]) < habits.velocity:
                neighbour = _best_neighbour(firms, i, network[0], network[1])
            following[i] = _next_model(firms, i, neighbour, landscape, habits, keys)
        firms.model[:] = following
    return history


@entry_point
def highest(landscape: Landscape) -> float:
    """Return the best fitness of all 2^N models, visited in Gray code order: each differs from the last in one decision."""
    n = landscape.key.size
    values, model = np.empty(n), NOTHING
    for d in range(n):
        values[d] = contribution(landscape, d, model)
    total = values.sum()
    best, peak = total, model
    for step in range(1, 1 << n):
        flipped = 0
        while not (step >> flipped) & 1:
            flipped += 1
        model ^= ONE << np.uint64(flipped)
        for d in range(n):
            if (landscape.affects[flipped] >> np.uint64(d)) & ONE:
                new = contribution(landscape, d, model)
                total += new - values[d]
                values[d] = new
        if total > best:
            best, peak = total, model
    return fitness(landscape, peak)


class Start(NamedTuple):
    """Firms on a landscape, to be searched from the same start by one network after another."""

    firms: Firms
    landscape: Landscape
    best: float
    seed: int


def random_start(seed: int, complexity: int, decisions: int = 20) -> Start:
    """Return 100 firms with random business models on one landscape, as the economy initialises them."""
    state = create(
        sim.parameters(
            "today",
            {
                "population.small": AGENTS,
                "population.large": 0,
                "environment.decisions": decisions,
                "environment.domains": 1,
                "environment.complexity": complexity,
            },
        ),
        seed,
    )
    return Start(state.firms, state.landscape, highest(state.landscape), seed)


def mean_scores(start: Start, links: Links, rounds: int, habits: Habits | None = None) -> NDArray[np.float64]:
    """Return the mean over agents of (f/max f)^8 after 0, 1, ... rounds; `start` is not modified."""
    firms = start.firms._replace(model=start.firms.model.copy(), fitness=start.firms.fitness.copy())
    history = play_rounds(firms, start.landscape, neighbours(links), habits or Habits(), np.uint64(start.seed), rounds)
    return ((history / start.best) ** POWER).mean(axis=1)
