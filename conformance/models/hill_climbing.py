"""Hill climbing on a moving landscape without interaction: simulated with the economy's search, and its exact loss.

At K = 0 a firm is as good as its decisions. Each decision is right, or wrong by a gap g of density 2(1 − g).
A firm's loss is its distance from the best possible fitness: g for each wrong decision, over N.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import numba
import numpy as np
from scipy.integrate import quad
from scipy.stats import binom, norm

import sim
from sim.economy import landscape as nk
from sim.economy import search
from sim.economy.initialisation import create, for_kernels
from sim.economy.measures import ALL_GROUPS, GROUP_NAMES
from sim.economy.simulation import play
from sim.economy.state import State

N, D = 12, 6
SPANS = (1e9, 20.0, 4.5, 2.72)  # 0, 1, 2 and 3 layers over 20 product lines
FITNESS, LARGE = GROUP_NAMES.index("fitness"), ALL_GROUPS.index("large independent")


class Setting(NamedTuple):
    """Speed, noise and layers, and how many landscapes, firms and months are played."""

    speed: float = 0.0
    noise: float = 0.0
    layers: int = 0
    landscapes: int = 100
    firms: int = 30  # more firms on the same landscape add very little information
    months: int = 600

    @property
    def parameters(self) -> sim.Parameters:
        """Parameters with which nobody fails, hires or allies, so that only search matters."""
        return sim.parameters(
            "today",
            {
                "population.small": 0,
                "population.large": self.firms,
                "finance.overhead": 0.0,
                "organisation.attempts": 1,
                "organisation.staffing": "none",
                "environment.complexity": 0,
                "environment.decisions": N,
                "environment.domains": D,
                "environment.speed": self.speed,
                "organisation.noise": self.noise,
                "organisation.span": SPANS[self.layers],
                "dynamics.months": self.months,
            },
        )


@numba.njit
def gaps(land: nk.Landscape) -> np.ndarray:
    """Return |v_d(1) - v_d(0)| for each decision d, and as the last element the best possible fitness."""
    n = land.key.size
    found = np.zeros(n + 1)
    for d in range(n):
        zero, one = nk.contribution(land, d, np.uint64(0)), nk.contribution(land, d, np.uint64(1) << np.uint64(d))
        found[d] = abs(one - zero)
        found[n] += max(zero, one) / n
    return found


@numba.njit
def climb(state: State, parameters: Any, seed: np.uint64, months: int) -> np.ndarray:
    """Let the landscape move and all firms search, and return the mean loss of each month. Modified in place: state."""
    lack = np.empty(months)
    for month in range(months):
        nk.move(state.landscape, parameters.environment, seed, month)
        search.search(state, parameters, seed, month)
        lack[month] = gaps(state.landscape)[state.landscape.key.size] - state.firms.fitness.mean()
    return lack


def climbs(setting: Setting) -> Iterator[tuple[np.ndarray, np.ndarray, State]]:
    """Yield for each landscape the loss by month, the gaps at the start, and the final state. Nobody has specialists."""
    parameters = setting.parameters
    for seed in range(setting.landscapes):
        state = create(parameters, seed)
        state.firms.coverage[:] = state.firms.competence
        start = gaps(state.landscape)[:N]
        yield climb(state, for_kernels(parameters), np.uint64(seed), setting.months), start, state


def whole_months(setting: Setting) -> tuple[np.ndarray, np.ndarray]:
    """Return the loss by landscape and month of whole months, with markets and accounts, and the expected share of wrong decisions.

    The loss of each landscape is corrected by what its own gaps let expect.
    """
    wrong, found, parameters = path(setting.speed, setting.layers, setting.months), [], setting.parameters
    for seed in range(setting.landscapes):
        state = create(parameters, seed)
        own = gaps(state.landscape)
        fitness = play(state, parameters, seed, setting.months).by_group[:, LARGE, FITNESS]
        found.append(own[N] - fitness - (own[:N].mean() - 1 / 3) * wrong)
    return np.array(found), wrong


def chain(speed: float, layers: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the transition matrix, the distribution at the start, and the wrong decisions by state; judgement is without error.

    The states are: no proposal and k = 0..N wrong decisions; an improving proposal at layer s = L..1 and k = 0..N-1 others wrong.
    """
    idle, size = N + 1, N + 1 + layers * N
    matrix, wrong = np.zeros((size, size)), np.zeros(size)
    wrong[:idle] = np.arange(idle)
    for k in range(idle):
        for after, p in enumerate(redrawn(k, N, speed)):
            first = idle + (layers - 1) * N + after - 1 if layers else after - 1
            matrix[k, after] += p * (1 - after / N)
            if after > 0:
                matrix[k, first] += p * after / N
    for s, k in product(range(1, layers + 1), range(N)):
        state = idle + (s - 1) * N + k
        wrong[state] = k + 1
        for after, p in enumerate(redrawn(k, N - 1, speed)):
            passed = after if s == 1 else idle + (s - 2) * N + after
            matrix[state, passed] += p * (1 - speed / 2)
            matrix[state, after] += p * speed / 2
    return matrix, np.r_[binom.pmf(np.arange(idle), N, 0.5), np.zeros(layers * N)], wrong


def redrawn(wrong: int, of: int, speed: float) -> np.ndarray:
    """Return the distribution of the number of wrong decisions after a month.

    Each redrawn decision is wrong with probability 1/2.
    """
    stay, turn = binom.pmf(np.arange(of + 1), wrong, 1 - speed / 2), binom.pmf(np.arange(of + 1), of - wrong, speed / 2)
    return np.convolve(stay, turn)[: of + 1]


def path(speed: float, layers: int, months: int) -> np.ndarray:
    """Return the share of decisions that are wrong after each month."""
    matrix, state, wrong = chain(speed, layers)
    found = []
    for _ in range(months):
        state = state @ matrix
        found.append(state @ wrong / N)
    return np.array(found)


def settled(speed: float, layers: int) -> float:
    """Return the loss in the long run if judgement is without error."""
    matrix, state, wrong = chain(speed, layers)
    return float(state @ np.linalg.matrix_power(matrix, 1 << 14) @ wrong / N / 3)


def blurred(speed: float, noise: float) -> float:
    """Return the loss in the long run without layers.

    b* = [b∞(1−ρ) + ρτ/2]/[1 − ρ(1−τ)] with ρ = 1 − 1/N and b∞ = Φ(−g/σ), or 0 in the firm's own domain.
    """
    rho = 1 - 1 / N

    def wrong(g: float, b: float) -> float:
        return 2 * (1 - g) * g * (b * (1 - rho) + rho * speed / 2) / (1 - rho * (1 - speed))

    unseen = quad(lambda g: wrong(g, norm.cdf(-g / noise)), 0, 1)[0]
    return float(unseen * (1 - 1 / D) + quad(lambda g: wrong(g, 0.0), 0, 1)[0] / D)


def screened(gap: np.ndarray, noise: float, layers: int) -> np.ndarray:
    """Return what a decision of this gap costs a firm without a proposal under way, on a still landscape."""
    accepts, errs = norm.cdf(gap / noise) ** (layers + 1), norm.cdf(-gap / noise) ** (layers + 1)
    return gap * (1 - 1 / D) * errs / (accepts + errs)


def mean_screened(noise: float, layers: int) -> float:
    """Return the mean of `screened` over gaps."""
    return float(quad(lambda g: 2 * (1 - g) * screened(g, noise, layers), 0, 1)[0])
