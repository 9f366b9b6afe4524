"""The hash behind all random draws: published values, uniformity, independence."""

import numba
import numpy as np
from scipy import stats

from conformance.support.kernels import from_python
from sim.economy import chance

bits = from_python(chance.bits)
_key, _uniform, _normal = chance.key, chance.uniform, chance.normal


@numba.njit
def grid(seeds: int, months: int, purposes: int, entities: int) -> np.ndarray:
    found = np.empty((seeds, months, purposes, entities))
    for s in range(seeds):
        for m in range(months):
            for p in range(purposes):
                k = _key(np.uint64(s), m, p)
                for e in range(entities):
                    found[s, m, p, e] = _uniform(k, np.uint64(e))
    return found


@numba.njit
def normals(n: int) -> np.ndarray:
    found = np.empty(n)
    for e in range(n):
        found[e] = _normal(_key(np.uint64(9), 1, 2), np.uint64(e))
    return found


def test_the_sequence_is_splitmix64_as_published() -> None:
    """Reference output of SplitMix64 for seed 1234567 (Vigna's splitmix64.c)."""
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821]
    assert [int(bits(np.uint64(1234567), np.uint64(e))) for e in range(5)] == published


def test_draws_are_uniform_and_independent_along_every_field() -> None:
    draws = grid(16, 16, 16, 64)
    assert stats.kstest(draws.ravel(), "uniform").pvalue > 1e-4
    for axis in range(4):
        first, second = (np.take(draws, range(start, draws.shape[axis] - 1 + start), axis).ravel() for start in (0, 1))
        assert abs(np.corrcoef(first, second)[0, 1]) * np.sqrt(first.size) < 4
        cells = np.histogram2d(first, second, bins=16, range=[[0, 1], [0, 1]])[0]
        assert stats.chisquare(cells.ravel()).pvalue > 1e-4


def test_birthday_spacings_are_those_of_a_random_sequence() -> None:
    """Marsaglia's test, which a linear packing of the fields failed: 4096 birthdays in 2^32 days, expected 4 repeated spacings."""
    days = (grid(64, 64, 4, 256).reshape(-1, 4096) * 2**32).astype(np.int64)
    spacings = np.sort(np.diff(np.sort(days, axis=1), axis=1), axis=1)
    repeats = (np.diff(spacings, axis=1) == 0).sum(axis=1)
    assert abs(repeats.mean() - 4) < 4 * 2 / np.sqrt(repeats.size)


def test_normal_draws_are_normal() -> None:
    assert stats.kstest(normals(100_000), "norm").pvalue > 1e-4


def test_moments_agree_with_the_philox_generator() -> None:
    """Philox (Salmon et al. 2011) as an independent generator: two samples of one distribution."""
    ours, theirs = grid(1, 1, 1, 50_000).ravel(), np.random.Generator(np.random.Philox(1)).random(50_000)
    assert stats.ks_2samp(ours, theirs).pvalue > 1e-4
