"""Random numbers from plain integers: each is a function of (seed, month, purpose, entity).

The hash is SplitMix64 (Steele, Lea & Flood 2014); the purposes are numbered in sim/economy/chance.py.
"""

import heapq
import math
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from sim.plain.model import PlainEconomy

GAMMA, MIX_1, MIX_2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
ALL_BITS = (1 << 64) - 1
STANDARD_NORMAL = NormalDist()
F = TypeVar("F")


def mix(x: int) -> int:
    """Scramble 64 bits, one to one."""
    x = (x ^ (x >> 30)) * MIX_1 & ALL_BITS
    x = (x ^ (x >> 27)) * MIX_2 & ALL_BITS
    return x ^ (x >> 31)


def bits(key: int, entity: int) -> int:
    """Return the entity's 64 random bits under a key."""
    return mix(key + (entity + 1) * GAMMA & ALL_BITS)


@lru_cache(1000)
def key(seed: int, month: int, purpose: int) -> int:
    """Return the key for the draws of all entities for one purpose in one month."""
    return bits(bits(mix(seed + GAMMA & ALL_BITS), month), purpose)


def unit(random_bits: int) -> float:
    """Turn random bits into a number between 0 and 1."""
    return ((random_bits >> 11) + 0.5) * 2.0**-53


def uniform(key: int, entity: int) -> float:
    """Return the entity's uniform random number between 0 and 1."""
    return unit(bits(key, entity))


def index(key: int, entity: int, n: int) -> int:
    """Return the entity's random draw from 0..n-1."""
    return int(uniform(key, entity) * n)


class OwnDraws:
    """The random numbers of one agent: for one purpose, in the current month, under the agent's identity.

    What it draws several times a month has the number of the attempt.
    """

    model: "PlainEconomy"
    identity: int

    def bits(self, purpose: int, attempt: int | None = None) -> int:
        """Draw 64 random bits."""
        of_month = key(self.model.seed, self.model.month, purpose)
        return bits(of_month if attempt is None else bits(of_month, attempt), self.identity)

    def uniform(self, purpose: int, attempt: int | None = None) -> float:
        """Draw a number between 0 and 1."""
        return unit(self.bits(purpose, attempt))

    def normal(self, purpose: int, attempt: int | None = None) -> float:
        """Draw a standard normal number."""
        return STANDARD_NORMAL.inv_cdf(self.uniform(purpose, attempt))

    def index(self, purpose: int, n: int, attempt: int | None = None) -> int:
        """Draw one of 0..n-1."""
        return int(self.uniform(purpose, attempt) * n)


def first_to_ring(key: int, numbers: tuple[int, int], firms: Mapping[tuple[int, int], F], suits: Callable[[F], bool]) -> F:
    """Return a random firm among those that suit: each firm has a clock, and the first suitable one whose clock rings is taken.

    Args:
        key: for the draws.
        numbers: how many small and large firms there may be.
        firms: the firms that exist, by size and number; at least one must suit.
        suits: whether a firm may be taken.
    """
    blocks = [(size, start) for size in (0, 1) for start in (0, *(1 << k for k in range(64))) if start < numbers[size]]
    clocks = [_rings(bits(bits(key, size), start), size, start, max(start, 1)) for size, start in blocks]
    met = (firms.get((size, number)) for _, size, number in heapq.merge(*clocks))
    return next(firm for firm in met if firm is not None and suits(firm))


def _rings(key: int, size: int, start: int, width: int) -> Iterator[tuple[float, int, int]]:
    """Yield when the clocks of `width` numbers from `start` ring, and whose: a Poisson process."""
    time, draw = 0.0, 0
    while True:
        time -= math.log(uniform(key, draw)) / width
        yield time, size, start + index(key, draw + 1, width)
        draw += 2
