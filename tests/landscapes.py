"""Landscapes for tests: every height of a small one, its peaks, and walks to them."""

import numba
import numpy as np

import sim
from sim.economy import landscape as nk
from sim.economy.beginning import for_kernels
from tests.calling import from_python

survey = from_python(nk.survey)
fitness = nk.fitness


def surveyed(seed: int, **environment: object) -> nk.Landscape:
    parameters = for_kernels(sim.parameters("today", {f"environment.{name}": value for name, value in environment.items()}))
    land = nk.allocate_landscape(parameters.environment)
    survey(land, parameters.environment, np.uint64(seed))
    return land


@numba.njit
def heights(land: nk.Landscape) -> np.ndarray:
    n = land.key.size
    found = np.empty(1 << n)
    for model in range(1 << n):
        found[model] = fitness(land, np.uint64(model))
    return found


def neighbours(height: np.ndarray) -> np.ndarray:
    """Heights one flip away, shape (2^N, N)."""
    models = np.arange(height.size)
    return height[models[:, None] ^ (1 << np.arange(int(np.log2(height.size))))]


def peaks(height: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.all(neighbours(height) < height[:, None], axis=1))


def walk(height: np.ndarray, rng: np.random.Generator) -> int:
    """Steps of a one-mutant walk to any better neighbour, all equally likely (Kauffman 1993), from a random start."""
    at, steps, n = int(rng.integers(height.size)), 0, int(np.log2(height.size))
    while True:
        near = at ^ (1 << np.arange(n))
        better = near[height[near] > height[at]]
        if better.size == 0:
            return steps
        at, steps = int(rng.choice(better)), steps + 1
