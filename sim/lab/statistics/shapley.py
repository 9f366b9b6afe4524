"""Shapley values: what each mechanism contributes to a contrast, on average over all orders in which they are switched on.

φ_j = Σ_S |S|!(k − |S| − 1)!/k! · [v(S ∪ j) − v(S)], seed by seed, so that the values have paired intervals. They sum to
v(all) − v(none) exactly (Shapley 1953).
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
    """Each mechanism's contribution for every seed; `worth` = the contrast, seed by seed, with these mechanisms on."""
    k = len(mechanisms)
    found = {name: np.zeros_like(worth[frozenset()]) for name in mechanisms}
    for on, value in worth.items():
        for name in set(mechanisms) - on:
            weight = factorial(len(on)) * factorial(k - len(on) - 1) / factorial(k)
            found[name] = found[name] + weight * (worth[on | {name}] - value)
    return found


def contributions(found: Mapping[str, Floats]) -> list[Contribution]:
    """Means and intervals over the seeds with which all arms have a value; empty if there are too few."""
    level = 1 - (1 - CONFIDENCE) / len(found)
    known = {name: values[~np.isnan(values)] for name, values in found.items()}
    if min(map(len, known.values())) < FEWEST:
        return []
    return [Contribution(name, float(values.mean()), *t_interval(values, level)) for name, values in known.items()]
