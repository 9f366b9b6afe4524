"""Networks as boolean matrices: element (i, j) says whether i sees j. Links go both ways.

Random networks use the economy's counter-based random draws, so that a seed gives the same network on every machine.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.economy import chance
from sim.economy.initialisation import initial_bits

Links = NDArray[np.bool_]

LINK, REWIRE = 1, 2  # purposes of random draws


def _draws(seed: int, purpose: int, number: int) -> NDArray[np.float64]:
    """Return random draws that are uniform on [0, 1)."""
    return (initial_bits(np.arange(number, dtype=np.uint64), np.uint64(seed), purpose) >> np.uint64(11)) * chance.UNIT


def line(n: int) -> Links:
    """Return a line: each agent sees the two next to it; the ends have one neighbour."""
    return np.eye(n, k=1, dtype=bool) | np.eye(n, k=-1, dtype=bool)


def full(n: int) -> Links:
    """Return the full network: each agent sees all others."""
    return ~np.eye(n, dtype=bool)


def lattice(n: int, reach: int = 2) -> Links:
    """Return a ring on which each agent sees the `reach` next ones on either side."""
    distance = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    distance = np.minimum(distance, n - distance)
    return (distance > 0) & (distance <= reach)


def small_world(n: int, rewired: float, seed: int, reach: int = 2) -> Links:
    """Return the ring lattice with a share of its links rewired (Watts & Strogatz 1998); the number of links stays the same."""
    links = lattice(n, reach)
    draws = _draws(seed, REWIRE, 2 * n * reach).reshape(n, reach, 2)
    for i in range(n):
        for step in range(1, reach + 1):
            chosen, where = draws[i, step - 1]
            j, new = (i + step) % n, int(where * n)
            if chosen < rewired and new != i and not links[i, new]:
                links[i, j] = links[j, i] = False
                links[i, new] = links[new, i] = True
    return links


def random(n: int, probability: float, seed: int) -> Links:
    """Return a network in which each pair is linked with the same probability (Erdős & Rényi 1959)."""
    upper = np.triu(_draws(seed, LINK, n * n).reshape(n, n) < probability, 1)
    return upper | upper.T


def neighbours(links: Links) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return start and roster, as kernels take a network: agent i sees roster[start[i]:start[i + 1]]."""
    start = np.concatenate([[0], np.cumsum(links.sum(axis=1))]).astype(np.int64)
    return start, np.nonzero(links)[1].astype(np.int64)


def mean_distance(links: Links) -> float:
    """Return the mean number of steps between two agents; infinite if some cannot be reached."""
    n = links.shape[0]
    reached, distance = np.eye(n, dtype=bool), np.where(np.eye(n, dtype=bool), 0.0, np.inf)
    for step in range(1, n):
        further = ((reached.astype(np.int64) @ links) > 0) | reached
        distance[further & ~reached] = step
        if np.array_equal(further, reached):
            break
        reached = further
    return float(distance.sum() / (n * (n - 1)))
