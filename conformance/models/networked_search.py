"""Lazer & Friedman's (2007) search in networks, played with the economy's own firms, landscape, judgement and chance.

In a round every agent looks at those it is linked to. If one of them does better, it takes over the business model of the best;
otherwise it considers flipping one random decision. All move at once. What differs from the economy is the rule of whom to copy:
there, a random ally's decisions of one domain.
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
POWER = 8  # scores are (f/max f)^8: monotone, so it changes no decision, but spreads the averages


class Habits(NamedTuple):
    """How agents copy: the chance of looking round in a round, and the chance that a decision is not copied."""

    velocity: float = 1.0
    error: float = 0.0


@kernel
def _best_neighbour(firms: Firms, i: int, start: NDArray[np.int64], roster: NDArray[np.int64]) -> int:
    """The one that does best among those who do better than i, or -1."""
    best, highest = -1, firms.fitness[i]
    for k in range(start[i], start[i + 1]):
        if firms.fitness[roster[k]] > highest:
            best, highest = roster[k], firms.fitness[roster[k]]
    return best


@kernel
def _copied(n: int, error: float, key: np.uint64) -> np.uint64:
    """The decisions that arrive when a model of n decisions is copied."""
    mask = NOTHING
    for d in range(n):
        if chance.uniform(key, np.uint64(d)) >= error:
            mask |= ONE << np.uint64(d)
    return mask


@kernel
def _next_model(
    firms: Firms, i: int, neighbour: int, landscape: Landscape, habits: Habits, keys: tuple[np.uint64, np.uint64]
) -> np.uint64:
    """The model of the neighbour, or one's own with an idea that seems a gain."""
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
    """Fitness of each agent at the start and after each round, shape (rounds + 1, agents). Modified in place: firms."""
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
    """The best fitness of all 2^N models, in the order of the Gray code: each next model differs in one decision."""
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


class Matched(NamedTuple):
    """One world, to be searched from the same start by one network after the other."""

    firms: Firms
    landscape: Landscape
    best: float
    seed: int


def matched_world(seed: int, complexity: int, decisions: int = 20) -> Matched:
    """100 firms with random business models on one landscape, as the economy begins."""
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
    return Matched(state.firms, state.landscape, highest(state.landscape), seed)


def mean_scores(state: Matched, links: Links, rounds: int, habits: Habits | None = None) -> NDArray[np.float64]:
    """Mean over agents of (f/max f)^8 after 0, 1, ... rounds; the world stays as it was."""
    firms = state.firms._replace(model=state.firms.model.copy(), fitness=state.firms.fitness.copy())
    history = play_rounds(firms, state.landscape, neighbours(links), habits or Habits(), np.uint64(state.seed), rounds)
    return ((history / state.best) ** POWER).mean(axis=1)
