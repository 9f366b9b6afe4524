"""Rows that hold a simulation against a simulation that others published."""

from __future__ import annotations

from math import hypot, sqrt

import numpy as np
from numpy.typing import ArrayLike

from sim.lab.conformance import Row

DIFFERENCE = 3.0  # standard errors between two simulations, fixed before anything was run


def repeated(reference: str, source: str, sample: ArrayLike, published: float, runs: tuple[int, float | None, float]) -> Row:
    """A published mean over few runs, and ours over many.

    Args:
        reference: what it is.
        source: who published it, and where it was seen.
        sample: ours, one number for each world.
        published: their mean.
        runs: their number of runs, the standard deviation between these (None: not printed, ours is taken), and the rounding of
            what was printed.
    """
    number, spread, rounding = runs
    x = np.asarray(sample, float)
    ours = x.std(ddof=1)
    error = DIFFERENCE * hypot(ours / sqrt(x.size), (ours if spread is None else spread) / sqrt(number)) + rounding
    why = f"{DIFFERENCE:g} standard errors of {x.size:,} worlds and of the published {number}, and rounding"
    why += "" if spread else "; spread of theirs not printed, ours taken"
    return Row(reference, source, (published, published), float(x.mean()), x.mean() - error, x.mean() + error, why)


def mean_with_interval(samples: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean over worlds (rows) and its 95 % interval, as figures draw it."""
    x = np.asarray(samples, float)
    mean, half = x.mean(axis=0), 1.96 * x.std(axis=0, ddof=1) / sqrt(x.shape[0])
    return mean, mean - half, mean + half
