"""A month of the economy as a period of search on rugged landscapes, without all that Levinthal's (1997) model does not have.

There are 100 independent firms of one line, interactions are those with the next K decisions in circular order, and there is
neither noise nor a layer nor a change of the environment. Then a month is one try: one random attribute is changed if that is
fitter. Long jumps are added on top. Levinthal's own organisations look at all N neighbours in a period: see models/levinthal.py.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from math import comb

import numba
import numpy as np
from numpy.typing import NDArray

import sim
from conformance.support.landscapes import heights, heights_by_tables
from sim.economy.initialisation import create
from sim.economy.parameters import Parameters
from sim.economy.simulation import play
from sim.economy.state import State

N, ORGANISATIONS = 10, 100
PERIODS = (0, 5, 10, 25, 50, 100, 200)  # when forms are counted
JUMP = 0.1
CHANGE, LATER = 50, 24  # months of adaptation before the environment changes, and months after which survivors are counted


def rugged(complexity: int, **more: object) -> Parameters:
    """Return Levinthal's model as parameters of the economy."""
    neutral = {
        "population.small": ORGANISATIONS,
        "population.large": 0,
        "population.small_interdependent": 0.0,
        "environment.decisions": N,
        "environment.domains": 1,
        "environment.complexity": complexity,
        "environment.interaction": "adjacent",
        "environment.speed": 0.0,
        "organisation.attempts": 1,
        "organisation.noise": 0.0,
        "organisation.staffing": "none",
    }
    return sim.parameters("today", neutral | more)


@cache
def local_search(complexity: int, seeds: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return by seed: distinct forms (seeds x PERIODS), final mean fitness, and how far founding forms persist to the end."""
    parameters = rugged(complexity, **{"finance.overhead": 0.0})  # without costs nobody fails
    forms, fitness, memory = np.empty((seeds, len(PERIODS))), np.empty(seeds), np.empty(seeds)
    for seed in range(seeds):
        state = create(parameters, seed)
        founding = state.firms.model.copy()
        forms[seed, 0] = np.unique(founding).size
        for k, (past, now) in enumerate(pairwise(PERIODS), start=1):
            play(state, parameters, seed, now - past)
            forms[seed, k] = np.unique(state.firms.model).size
        fitness[seed] = state.firms.fitness.mean()
        memory[seed] = _resemblance(founding, state.firms.model)
    return forms, fitness, memory


@numba.njit
def local_search_by_tables(complexity: int, seeds: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return forms and mean fitness after 200 periods from a second program, which shares no line with the economy."""
    forms, fitness = np.empty(seeds), np.empty(seeds)
    for seed in range(seeds):
        height = heights_by_tables(N, complexity, True, seed)
        models = np.random.randint(0, 1 << N, ORGANISATIONS)
        for _ in range(200):
            for i in range(ORGANISATIONS):
                tried = models[i] ^ (1 << np.random.randint(N))
                if height[tried] > height[models[i]]:
                    models[i] = tried
        forms[seed], fitness[seed] = np.unique(models).size, height[models].mean()
    return forms, fitness


def _resemblance(founding: NDArray[np.uint64], final: NDArray[np.uint64]) -> float:
    """Return the covariance, over all pairs of organisations, of their distances at founding and at the end."""
    pairs = np.triu_indices(founding.size, 1)
    before, after = (np.bitwise_count(models[pairs[0]] ^ models[pairs[1]]).astype(float) for models in (founding, final))
    return float(np.mean((before - before.mean()) * (after - after.mean())))


@cache
def search_with_jumps(complexity: int, seeds: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return forms and mean fitness after 200 periods, if with probability JUMP an organisation tries a random form instead."""
    parameters = rugged(complexity, **{"finance.overhead": 0.0})
    forms, fitness = np.empty(seeds), np.empty(seeds)
    for seed in range(seeds):
        state, rng = create(parameters, seed), np.random.default_rng(seed)
        height = heights(state.landscape)
        for _ in range(PERIODS[-1]):
            _one_period_with_jumps(state, parameters, seed, height, rng)
        forms[seed], fitness[seed] = np.unique(state.firms.model).size, height[state.firms.model].mean()
    return forms, fitness


def _one_period_with_jumps(
    state: State, parameters: Parameters, seed: int, height: NDArray[np.float64], rng: np.random.Generator
) -> None:
    """Play a month; firms that jump keep the better of their old form and a random one. Modified in place: state, rng."""
    before, model = state.firms.model.copy(), state.firms.model
    play(state, parameters, seed)
    drawn = rng.integers(0, 1 << N, ORGANISATIONS, dtype=np.uint64)
    best = np.where(height[drawn] > height[before], drawn, before)
    model[:] = np.where(rng.random(ORGANISATIONS) < JUMP, best, model)


@cache
def survival(complexity: int, magnitude: float, seeds: int) -> NDArray[np.float64]:
    """Return by seed the share of firms that survive LATER months after a change of the environment.

    The change redraws each attribute with probability `magnitude`.
    """
    parameters = rugged(complexity, **{"environment.shocks": [{"month": CHANGE, "magnitude": magnitude}]})
    shares = np.empty(seeds)
    for seed in range(seeds):
        state = create(parameters, seed)
        firms = state.firms
        play(state, parameters, seed, CHANGE)
        cohort, age = firms.active & ~firms.failed, firms.age.copy()
        play(state, parameters, seed, LATER)
        shares[seed] = (firms.active & ~firms.failed & (firms.age >= age + LATER))[cohort].mean()
    return shares


def forms_without_interaction(period: int) -> float:
    """Return the expected number of distinct forms at K = 0, where all organisations climb the same peak.

    An attribute is wrong if it was wrong at founding (probability 1/2) and has not been tried since.
    w given attributes are wrong and the others right with probability p_w = Σ_j (-1)^j C(N-w, j) (1 - (w+j)/N)^t / 2^(w+j).
    So the expected number is Σ_w C(N, w) (1 - (1 - p_w)^100).
    """
    total = 0.0
    for wrong in range(N + 1):
        signed = ((-1) ** j * comb(N - wrong, j) * (1 - (wrong + j) / N) ** period / 2 ** (wrong + j) for j in range(N - wrong + 1))
        total += comb(N, wrong) * (1 - (1 - sum(signed)) ** ORGANISATIONS)
    return total
