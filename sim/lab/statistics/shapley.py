"""Shapley values: what each mechanism contributes to a contrast, on average over all orders in which they are switched on.

φ_j = Σ_S |S|!(k − |S| − 1)!/k! · [v(S ∪ j) − v(S)], where S are the sets of mechanisms without j (Shapley 1953). They are computed
seed by seed, so the values have paired intervals. Their sum is exactly v(all) − v(none).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import factorial
from typing import NamedTuple

import numpy as np

from sim.economy.arrays import Floats
from sim.lab.statistics.paired import CONFIDENCE, FEWEST, t_interval


class Contribution(NamedTuple):
    """A mechanism's mean contribution and its interval, simultaneous over the mechanisms (Bonferroni)."""

    mechanism: str
    mean: float
    low: float
    high: float


def shapley(worth: Mapping[frozenset[str], Floats], mechanisms: Sequence[str]) -> dict[str, Floats]:
    """Contribution of each mechanism for every seed; `worth` is the contrast, seed by seed, with a set of mechanisms on."""
    k = len(mechanisms)
    values = {name: np.zeros_like(worth[frozenset()]) for name in mechanisms}
    for on, value in worth.items():
        for name in set(mechanisms) - on:
            weight = factorial(len(on)) * factorial(k - len(on) - 1) / factorial(k)
            values[name] = values[name] + weight * (worth[on | {name}] - value)
    return values


def contributions(shapley_values: Mapping[str, Floats]) -> list[Contribution]:
    """Means and intervals over the seeds for which all arms have a value; empty if there are too few."""
    level = 1 - (1 - CONFIDENCE) / len(shapley_values)
    complete = {name: values[~np.isnan(values)] for name, values in shapley_values.items()}
    if min(map(len, complete.values())) < FEWEST:
        return []
    return [Contribution(name, float(values.mean()), *t_interval(values, level)) for name, values in complete.items()]
