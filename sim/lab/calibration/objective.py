"""How far simulated firms are from the published facts."""

from __future__ import annotations

import numpy as np

from sim.economy.arrays import Floats
from sim.lab.calibration.facts import FACTS

LEAST, MOST = np.array([fact.range for fact in FACTS]).T
IS_SIGN = np.isinf(LEAST) | np.isinf(MOST)
MIDDLE = 0.5 * (np.where(IS_SIGN, 0.0, LEAST) + np.where(IS_SIGN, 0.0, MOST))
UNCERTAINTY = np.array([fact.uncertainty for fact in FACTS])
FITTED = np.array([fact.fitted for fact in FACTS])


def distances(numbers: Floats) -> Floats:
    """(ours - middle of the published range)/uncertainty, for each fact; 0 where a sign is met. Shape (..., facts)."""
    nearest = np.where(IS_SIGN, np.clip(numbers, LEAST, MOST), MIDDLE)
    return np.asarray((numbers - nearest) / UNCERTAINTY)


def misfit(numbers: Floats) -> Floats:
    """Sum of the squared distances of the fitted facts; infinite if one could not be observed. Shape (...)."""
    total = np.sum(distances(numbers)[..., FITTED] ** 2, axis=-1)
    return np.where(np.isfinite(total), total, np.inf)


def mean_and_error(runs: Floats) -> tuple[Floats, Floats]:
    """Mean and standard error over runs, shape (runs, facts); a run in which there was nothing to observe does not count."""
    observed = np.isfinite(runs)
    count = observed.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(observed, runs, 0.0).sum(axis=0) / count
        spread = np.where(observed, runs - mean, 0.0)
        return mean, np.sqrt((spread**2).sum(axis=0) / (count - 1) / count)


def misfit_and_error(runs: Floats) -> tuple[float, float]:
    """The misfit of the means over runs, and its standard error by the jackknife."""
    n = len(runs)
    without = np.array([misfit(mean_and_error(np.delete(runs, k, axis=0))[0]) for k in range(n)])
    error = np.sqrt((n - 1) / n * np.sum((without - without.mean()) ** 2))
    return float(misfit(mean_and_error(runs)[0])), float(error)
