"""The NK landscape against its known theory (Kauffman 1993; Weinberger 1991)."""

from math import comb, hypot, sqrt

import numpy as np
import pytest

from tests.landscapes import heights, peaks, surveyed, walk

PATTERNS = ["random", "adjacent", "modular"]


def within(sample: list[float] | np.ndarray, expected: float, rounding: float = 0.0) -> bool:
    """Whether a mean is within 4 standard errors of what is expected."""
    sample = np.asarray(sample, float)
    return abs(sample.mean() - expected) < 4 * hypot(sample.std(ddof=1) / sqrt(sample.size), rounding)


@pytest.mark.parametrize("interaction", PATTERNS)
@pytest.mark.parametrize("complexity", [0, 3, 9])
def test_fitness_has_mean_one_half_and_variance_one_over_12n(interaction: str, complexity: int) -> None:
    draws = [
        heights(surveyed(s, decisions=10, domains=5, complexity=complexity, interaction=interaction))[s % 1024] for s in range(4000)
    ]
    assert within(draws, 0.5)
    assert within((np.array(draws) - 0.5) ** 2, 1 / 120)


@pytest.mark.parametrize("interaction", PATTERNS)
@pytest.mark.parametrize("complexity", [0, 2, 4, 9])
def test_correlation_falls_with_distance_as_weinberger_says(interaction: str, complexity: int) -> None:
    """ρ(d) = C(N-K-1, d)/C(N, d)."""
    n, models = 10, np.arange(1024)
    rng = np.random.default_rng(1)
    for distance in (1, 2, 4):
        products = []
        for seed in range(300):
            height = heights(surveyed(seed, decisions=n, domains=5, complexity=complexity, interaction=interaction)) - 0.5
            flips = sum(1 << int(d) for d in rng.choice(n, distance, replace=False))
            products.append(np.mean(height * height[models ^ flips]) * 12 * n)
        assert within(products, comb(n - complexity - 1, distance) / comb(n, distance)), distance


def test_without_interaction_there_is_one_peak_of_mean_two_thirds_and_walks_take_half_the_decisions() -> None:
    rng = np.random.default_rng(2)
    found = [heights(surveyed(seed, decisions=12, domains=6, complexity=0)) for seed in range(400)]
    assert {peaks(height).size for height in found} == {1}
    assert within([height.max() for height in found], 2 / 3)
    assert within([walk(height, rng) for height in found], 6.0)


def test_with_full_interaction_one_model_in_n_plus_one_is_a_peak() -> None:
    counts = [peaks(heights(surveyed(seed, decisions=10, domains=5, complexity=9))).size for seed in range(600)]
    assert within(counts, 2**10 / 11)


@pytest.mark.parametrize(("interaction", "published", "error"), [("random", 32.06, 0.11), ("adjacent", 35.03, 0.0)])
def test_peaks_at_n_ten_k_five_are_as_many_as_published(interaction: str, published: float, error: float) -> None:
    """Number of local optima for N = 10, K = 5, as given with its error in the design, section 7."""
    found = [heights(surveyed(seed, decisions=10, domains=5, complexity=5, interaction=interaction)) for seed in range(1500)]
    assert within([peaks(height).size for height in found], published, error)
    if interaction == "random":
        rng = np.random.default_rng(3)
        assert within([height[peaks(height)].mean() for height in found], 0.665, 0.0005)
        assert within([walk(height, rng) for height in found for _ in range(4)], 3.51, 0.005)


def test_larger_k_only_adds_neighbours_and_the_own_domain_comes_first_when_modular() -> None:
    fewer = surveyed(5, decisions=12, domains=4, complexity=3).depends_on
    more = surveyed(5, decisions=12, domains=4, complexity=6).depends_on
    assert np.all(fewer & more == fewer)
    modular = surveyed(5, decisions=12, domains=4, complexity=2, interaction="modular")
    assert [int(mask) for mask in modular.depends_on] == [int(modular.domain[d // 3]) for d in range(12)]


def test_adjacent_decisions_are_the_next_ones_round_the_circle() -> None:
    land = surveyed(5, decisions=6, domains=3, complexity=2, interaction="adjacent")
    assert [int(mask) for mask in land.depends_on] == [0b000111, 0b001110, 0b011100, 0b111000, 0b110001, 0b100011]


def test_what_a_decision_affects_is_what_depends_on_it() -> None:
    land = surveyed(6, decisions=64, domains=8, complexity=20)
    depends = np.array([[(int(mask) >> j) & 1 for j in range(64)] for mask in land.depends_on])
    affects = np.array([[(int(mask) >> d) & 1 for d in range(64)] for mask in land.affects])
    assert np.array_equal(depends.T, affects)
    assert np.all(depends.sum(axis=1) == 21)
