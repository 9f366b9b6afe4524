"""Hill climbing on a moving landscape without interaction, where everything can be reckoned: speed, accuracy, layers.

At K = 0 a firm is as good as its decisions, each of which is right or wrong by a gap g of density 2(1 − g). Its loss is what it
lacks to the best possible: g for each decision that is wrong, over N. Three planes of the cube (speed τ, noise σ, layers L) have an
exact answer; where all three are at work there is none, and nothing is asserted.
"""

from collections.abc import Iterator
from itertools import product
from math import sqrt
from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import quad
from scipy.stats import binom, norm

import sim
from conformance.figures import Panel, Picture, Series
from conformance.rows import ERRORS, LINES_AND_DOTS, conformance, sampled
from sim.economy import landscape as nk
from sim.economy import search
from sim.economy.initialisation import create, for_kernels
from sim.economy.measures import ALL_GROUPS, GROUP_NAMES
from sim.economy.simulation import play
from sim.economy.state import State
from sim.lab.conformance import Part, Row

N, D = 12, 6
SPANS = (1e9, 20.0, 4.5, 2.72)  # 0, 1, 2 and 3 layers over 20 product lines
SPEEDS = (0.02, 0.05, 0.2, 0.5)
NOISES = (0.1, 0.3, 1.0)
CHAIN = (
    "exact: Markov chain of (wrong decisions, proposal and its stage); without layers it is the formula of the design, section 7"
)
FORMULA = "design of this project, section 7, exact with b∞ = Φ(−g/σ) averaged over gaps g"
DETAILED = "exact: detailed balance, an idea passes with p^(L+1) (Sah & Stiglitz 1986: a hierarchy accepts with the product)"
OF = "landscapes"

FITNESS, LARGE = GROUP_NAMES.index("fitness"), ALL_GROUPS.index("large independent")


class Setting(NamedTuple):
    """Where in the cube, how many landscapes and firms, and for how long."""

    speed: float = 0.0
    noise: float = 0.0
    layers: int = 0
    landscapes: int = 100
    firms: int = 30  # more firms on a landscape add next to nothing
    months: int = 600

    @property
    def parameters(self) -> sim.Parameters:
        """Nobody fails, hires or allies: nothing but search matters."""
        return sim.parameters(
            "today",
            {
                "population.small": 0,
                "population.large": self.firms,
                "finance.overhead": 0.0,
                "organisation.affordability": 0.0,
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
    """|v_d(1) - v_d(0)| by decision, and last the best possible height."""
    n = land.key.size
    found = np.zeros(n + 1)
    for d in range(n):
        zero, one = nk.contribution(land, d, np.uint64(0)), nk.contribution(land, d, np.uint64(1) << np.uint64(d))
        found[d] = abs(one - zero)
        found[n] += max(zero, one) / n
    return found


@numba.njit
def climb(state: State, parameters: Any, seed: np.uint64, months: int) -> np.ndarray:
    """What firms lack to the best possible, month by month: the landscape moves, then all search. Modified in place: world."""
    lack = np.empty(months)
    for month in range(months):
        nk.move(state.landscape, parameters.environment, seed, month)
        search.search(state, parameters, seed, month)
        lack[month] = gaps(state.landscape)[state.landscape.key.size] - state.firms.fitness.mean()
    return lack


def climbs(setting: Setting) -> Iterator[tuple[np.ndarray, np.ndarray, State]]:
    """Loss by month, the gaps at the start, and the world at the end, of each landscape. Nobody has specialists."""
    parameters = setting.parameters
    for seed in range(setting.landscapes):
        state = create(parameters, seed)
        state.firms.coverage[:] = state.firms.competence
        start = gaps(state.landscape)[:N]
        yield climb(state, for_kernels(parameters), np.uint64(seed), setting.months), start, state


def chain(speed: float, layers: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Transition matrix, start, and wrong decisions by state, judged without error.

    States: idle with k = 0..N wrong decisions; a proposal before layer s = L..1, right to make, with k = 0..N-1 others wrong.
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
    """Distribution of the number of wrong decisions after a month's redraws: each redrawn one is wrong with probability 1/2."""
    stay, turn = binom.pmf(np.arange(of + 1), wrong, 1 - speed / 2), binom.pmf(np.arange(of + 1), of - wrong, speed / 2)
    return np.convolve(stay, turn)[: of + 1]


def path(speed: float, layers: int, months: int) -> np.ndarray:
    """Share of decisions that are wrong after each month."""
    matrix, state, wrong = chain(speed, layers)
    found = []
    for _ in range(months):
        state = state @ matrix
        found.append(state @ wrong / N)
    return np.array(found)


def settled(speed: float, layers: int) -> float:
    """Loss in the long run, judged without error."""
    matrix, state, wrong = chain(speed, layers)
    return float(state @ np.linalg.matrix_power(matrix, 1 << 14) @ wrong / N / 3)


def blurred(speed: float, noise: float) -> float:
    """Loss in the long run without layers: b* = [b∞(1−ρ) + ρτ/2]/[1 − ρ(1−τ)], ρ = 1 − 1/N, b∞ = Φ(−g/σ) but in the own domain."""
    rho = 1 - 1 / N

    def wrong(g: float, b: float) -> float:
        return 2 * (1 - g) * g * (b * (1 - rho) + rho * speed / 2) / (1 - rho * (1 - speed))

    unseen = quad(lambda g: wrong(g, norm.cdf(-g / noise)), 0, 1)[0]
    return float(unseen * (1 - 1 / D) + quad(lambda g: wrong(g, 0.0), 0, 1)[0] / D)


def screened(gap: np.ndarray, noise: float, layers: int) -> np.ndarray:
    """A still landscape: how much a decision of this gap costs a firm with no proposal under way."""
    accepts, errs = norm.cdf(gap / noise) ** (layers + 1), norm.cdf(-gap / noise) ** (layers + 1)
    return gap * (1 - 1 / D) * errs / (accepts + errs)


def dots(x: tuple[float, ...], rows: list[Row]) -> tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike]:
    """Fitness, as a figure shows it: 2/3 less the loss."""
    loss, low, high = np.array([[row.ours, row.low, row.high] for row in rows]).T
    return x, 2 / 3 - loss, 2 / 3 - high, 2 / 3 - low


@conformance(Part.THEORY, seconds=10)
def hill_climbing_meets_the_closed_forms_over_speed_and_layers_and_over_speed_and_accuracy() -> Iterator[Row | Picture]:
    """Search at K = 0: loss against the best possible in the long run, over speed τ with layers L, and over speed with noise σ"""
    by_layers, by_noise, fine = [], [], np.geomspace(0.005, 1, 30)
    for layers in range(4):
        rows = [long_run(Setting(speed, 0.0, layers), settled(speed, layers), CHAIN) for speed in SPEEDS]
        yield from rows
        line = fine, 2 / 3 - np.array([settled(speed, layers) for speed in fine])
        by_layers.append(Series(f"L = {layers}", line, dots(SPEEDS, rows)))
    for noise in NOISES:
        rows = [long_run(Setting(speed, noise), blurred(speed, noise), FORMULA) for speed in SPEEDS]
        yield from rows
        line = fine, 2 / 3 - np.array([blurred(speed, noise) for speed in fine])
        by_noise.append(Series(f"σ = {noise:g}", line, dots(SPEEDS, rows)))
    caption = (
        "Search at K = 0, N = 12: fitness in the long run. Left: judged without error, by layers L. Right: no layers, by noise σ. "
    )
    panels = [
        Panel("speed and layers", "speed τ (1/month)", "fitness", by_layers),
        Panel("speed and noise", "speed τ (1/month)", "fitness", by_noise),
    ]
    yield Picture("search", caption + LINES_AND_DOTS, panels)


@conformance(Part.THEORY, fast=False, seconds=15)
def layers_make_up_for_noise_as_detailed_balance_says() -> Iterator[Row | Picture]:
    """Search at K = 0 on a still landscape: loss of firms without a proposal under way, over noise σ and layers L"""
    series, fine = [], np.geomspace(0.05, 2, 30)
    for layers in range(4):
        rows = [without_proposal(Setting(0.0, noise, layers, 20, 500, 1500)) for noise in NOISES]
        yield from rows
        line = fine, 2 / 3 - np.array([mean_screened(noise, layers) for noise in fine])
        series.append(Series(f"L = {layers}", line, dots(NOISES, rows)))
    caption = "Search at K = 0 on a still landscape: fitness of firms without a proposal under way. " + LINES_AND_DOTS
    yield Picture("search_layers", caption, [Panel("", "noise σ", "fitness", series)])


def long_run(setting: Setting, expected: float, source: str) -> Row:
    found = [loss[setting.months // 3 :].mean() for loss, _, _ in climbs(setting)]
    where = f"τ = {setting.speed:g}, σ = {setting.noise:g}, L = {setting.layers}"
    return sampled(f"loss, {where}", source, found, expected, OF)


def mean_screened(noise: float, layers: int) -> float:
    return float(quad(lambda g: 2 * (1 - g) * screened(g, noise, layers), 0, 1)[0])


def without_proposal(setting: Setting) -> Row:
    """Firms without a proposal under way at the end of a month, each landscape corrected by what its own gaps make expected."""
    expected, sample = mean_screened(setting.noise, setting.layers), []
    for _, gap, state in climbs(setting):
        loss = gaps(state.landscape)[N] - state.firms.fitness[state.firms.proposal == 0].mean()
        sample.append(expected + loss - screened(gap, setting.noise, setting.layers).mean())
    reference = f"loss, τ = 0, σ = {setting.noise:g}, L = {setting.layers}, no proposal under way"
    return sampled(reference, DETAILED, sample, expected, OF)


@conformance(Part.THEORY, seconds=5)
def the_climb_itself_is_as_fast_as_reckoned() -> Iterator[Row | Picture]:
    """Search at K = 0: the way up on a still landscape, judged without error: without layers E f(t) = 2/3 − (1/6)(1 − 1/N)^t"""
    months, series = 60, []
    for layers in range(4):
        corrected, wrong = whole_months(Setting(layers=layers, landscapes=60, firms=500, months=months))
        for t in (5, 20, 60) if layers else (1, 5, 20, 60):  # in the first month layers make no difference
            source = CHAIN if layers else "exact: an attempt finds a given wrong decision with probability 1/N"
            yield sampled(f"loss after {t} months, L = {layers}", source, corrected[:, t - 1], wrong[t - 1] / 3, OF)
        shown = np.array([1, 5, 10, 20, 40, 60])
        mean, error = corrected.mean(axis=0), ERRORS * corrected.std(axis=0, ddof=1) / sqrt(len(corrected))
        middle, half = (2 / 3 - mean)[shown - 1], error[shown - 1]
        line = np.arange(1, months + 1), 2 / 3 - wrong / 3
        series.append(Series(f"L = {layers}", line, (shown, middle, middle - half, middle + half)))
    caption = "The way up on a still landscape, K = 0, N = 12, judged without error, by layers of management L. " + LINES_AND_DOTS
    yield Picture("climb", caption, [Panel("", "months", "fitness", series)])


def whole_months(setting: Setting) -> tuple[np.ndarray, np.ndarray]:
    """Loss by landscape and month of whole months, markets and accounts included, and the share of wrong decisions expected.

    Each landscape is corrected by what its own gaps make expected.
    """
    wrong, found, parameters = path(setting.speed, setting.layers, setting.months), [], setting.parameters
    for seed in range(setting.landscapes):
        state = create(parameters, seed)
        own = gaps(state.landscape)
        fitness = play(state, parameters, seed, setting.months).by_group[:, LARGE, FITNESS]
        found.append(own[N] - fitness - (own[:N].mean() - 1 / 3) * wrong)
    return np.array(found), wrong
