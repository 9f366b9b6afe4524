"""Small landscapes: all their heights and peaks, walks to the peaks, and the same for NK landscapes built from tables."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numba
import numpy as np

import sim
from conformance.support.kernels import from_python
from sim.economy import landscape as nk
from sim.economy.initialisation import for_kernels

survey = from_python(nk.survey)
fitness = nk.fitness


def surveyed(seed: int, **environment: object) -> nk.Landscape:
    """Return the landscape of one seed."""
    return next(many([seed], **environment))


def many(seeds: Any, **environment: object) -> Iterator[nk.Landscape]:
    """Yield the landscapes of many seeds."""
    parameters = for_kernels(sim.parameters("today", {f"environment.{name}": value for name, value in environment.items()}))
    for seed in seeds:
        land = nk.allocate_landscape(parameters.environment)
        survey(land, parameters.environment, np.uint64(seed))
        yield land


@numba.njit
def heights(land: nk.Landscape) -> np.ndarray:
    """Return f of all 2^N business models."""
    n = land.key.size
    found = np.empty(1 << n)
    for model in range(1 << n):
        found[model] = fitness(land, np.uint64(model))
    return found


@numba.njit
def heights_by_tables(n: int, k: int, adjacent: bool, seed: int) -> np.ndarray:
    """Return the heights of an NK landscape whose code shares no line with ours: a table for each decision, NumPy's generator."""
    np.random.seed(seed)
    found = np.zeros(1 << n)
    for d in range(n):
        others = (d + np.arange(1, n)) % n if adjacent else np.random.permutation(n - 1)
        others = others if adjacent else others + (others >= d)
        table = np.random.random(1 << (k + 1))
        for model in range(1 << n):
            index = (model >> d) & 1
            for j in range(k):
                index |= ((model >> others[j]) & 1) << (j + 1)
            found[model] += table[index] / n
    return found


class Climbing(NamedTuple):
    """Peaks of a landscape and walks to them; what is said of walks are means over random starts."""

    peaks: int
    sum_of_peaks: float
    steps: float  # to any fitter neighbour, all equally likely (Kauffman 1993)
    top: float
    steepest_steps: float  # to the best neighbour
    steepest_top: float


@numba.njit
def climbed(height: np.ndarray, walks: int, seed: int) -> Climbing:
    """Count the peaks and walk to them from random starts; `walks` is the number of starts."""
    np.random.seed(seed)
    n = int(np.log2(height.size))
    peaks, total = 0, 0.0
    for model in range(height.size):
        if _fitter(height, model, n, False) < 0:
            peaks += 1
            total += height[model]
    steps, top = np.zeros(2), np.zeros(2)
    for _ in range(walks):
        start = np.random.randint(height.size)
        for steepest in range(2):
            at = start
            while True:
                following = _fitter(height, at, n, steepest == 1)
                if following < 0:
                    break
                at = following
                steps[steepest] += 1
            top[steepest] += height[at]
    walks = max(walks, 1)
    return Climbing(peaks, total, steps[0] / walks, top[0] / walks, steps[1] / walks, top[1] / walks)


@numba.njit
def _fitter(height: np.ndarray, at: int, n: int, steepest: bool) -> int:
    """Return a fitter neighbour, a random one or the best; -1 on a peak."""
    chosen, fitter, best = -1, 0, height[at]
    for d in range(n):
        near = at ^ (1 << d)
        if height[near] > best:
            fitter += 1
            if steepest:
                chosen, best = near, height[near]
            elif np.random.random() * fitter < 1.0:
                chosen = near
    return chosen


def covariances(height: np.ndarray) -> np.ndarray:
    """Return the mean of (f(x) - 1/2)(f(y) - 1/2) over all pairs at Hamming distance 0..N, by the fast Walsh transform."""
    spectrum = _walsh(height - 0.5) ** 2
    by_mask = _walsh(spectrum) / height.size**2
    distance = np.bitwise_count(np.arange(height.size))
    return np.bincount(distance, by_mask) / np.bincount(distance)


def _walsh(x: np.ndarray) -> np.ndarray:
    width = 1
    while width < x.size:
        pairs = x.reshape(-1, 2, width)
        x = np.stack([pairs[:, 0] + pairs[:, 1], pairs[:, 0] - pairs[:, 1]], axis=1).ravel()
        width *= 2
    return x


@numba.njit
def peaks_without_landscapes(n: int, k: int, adjacent: bool, draws: int, seed: int) -> tuple[int, float, float]:
    """Count how often N contributions are a peak, from independent uniform numbers alone: no landscape is built.

    Flipping decision j redraws every contribution that depends on j. Returns how often all N neighbours were worse, and the sums
    of the height and of its square in these cases.
    """
    np.random.seed(seed)
    wins, total, squares = 0, 0.0, 0.0
    own, depends = np.empty(n), np.zeros((n, n), np.bool_)
    _draw_dependence(depends, k, adjacent)
    for _ in range(draws):
        if not adjacent:
            _draw_dependence(depends, k, adjacent)
        for d in range(n):
            own[d] = np.random.random()
        beaten = False
        for j in range(n):
            change = 0.0
            for d in range(n):
                if depends[d, j]:
                    change += np.random.random() - own[d]
            if change > 0.0:
                beaten = True
                break
        if not beaten:
            height = own.mean()
            wins += 1
            total += height
            squares += height * height
    return wins, total, squares


@numba.njit
def _draw_dependence(depends: np.ndarray, k: int, adjacent: bool) -> None:
    """Let decision d depend on itself and K others: the next, or random ones (selection sampling). Modified in place: depends."""
    n = depends.shape[0]
    for d in range(n):
        missing, left = k, n - 1
        depends[d, d] = True
        for step in range(1, n):
            j = (d + step) % n
            taken = missing > 0 if adjacent else np.random.random() * left < missing
            depends[d, j] = taken
            missing -= taken
            left -= 1
