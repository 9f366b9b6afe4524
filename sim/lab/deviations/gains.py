"""What firms that deviate alone gain, seed by seed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from sim.economy.arrays import Floats
from sim.economy.initialisation import create
from sim.economy.parameters import Parameters
from sim.economy.simulation import stepper
from sim.economy.validation import flat, parameters
from sim.lab.deviations.findings import Deviations, Gain
from sim.lab.deviations.kinds import FOLLOWS, TABLE, Deviation, Kind
from sim.lab.provenance import origin
from sim.lab.statistics.paired import CONFIDENCE, t_interval

MONTHS, FIRST_MONTH = 480, 240
SEEDS = 240  # at standard scale
MOST_GAIN = 0.02  # per line and month: a larger gain shows a rule that firms are better off without


def find_deviations(world: str, seeds: range, on_progress: Callable[[int, int], None]) -> Deviations:
    """Play the world with each deviation and without, and estimate the gains.

    The gain is the mean monthly profit per line of the places that deviate, less that of the same places where nobody deviates,
    with the same seed. The intervals hold for all rows at once (Bonferroni).

    Args:
        world: its name.
        seeds: with which each row is run.
        on_progress: called with the runs that are finished and those that are needed.

    Raises:
        ParameterError: the world is unknown.
    """
    values = parameters(world, {"dynamics.months": MONTHS})
    present = [(kind, deviations) for kind, deviations in TABLE if kind.places(create(values, seeds[0]).firms).size]
    rows = sum(len(deviations) for _, deviations in present)
    gains: list[Gain] = []
    needed = len(seeds) * sum(1 + len(deviations) for _, deviations in present)
    finished = 0

    def counted(profits: Iterator[float]) -> Iterator[float]:
        nonlocal finished
        for profit in profits:
            finished += 1
            on_progress(finished, needed)
            yield profit

    on_progress(0, needed)
    with ThreadPoolExecutor(os.cpu_count()) as pool:

        def profits(kind: Kind, deviation: Deviation) -> Floats:
            return np.array(list(counted(pool.map(lambda seed: profit(values, seed, kind, deviation), seeds))))

        for kind, deviations in present:
            followed = profits(kind, FOLLOWS)
            gains += [_gain(kind, deviation, followed, profits(kind, deviation), rows) for deviation in deviations]
    return Deviations(world=world, most=MOST_GAIN, gains=gains, origin=origin_of(world, seeds))


def origin_of(world: str, seeds: range) -> dict[str, Any]:
    """All that determines the gains in a world."""
    return origin(parameters=flat(parameters(world)), seeds=[seeds.start, seeds.stop - 1])


def profit(values: Parameters, seed: int, kind: Kind, deviation: Deviation) -> float:
    """Mean monthly profit per line of the places of a kind from FIRST_MONTH on; NaN if no firm was ever there."""
    state = create(values, seed)
    firms, places = state.firms, kind.places(state.firms)
    deviation.begin(firms, places)
    step = stepper(state, values, seed)
    step(FIRST_MONTH)
    months = []
    for _ in range(FIRST_MONTH, MONTHS):
        step(1)
        rows = kind.measured(state, places)
        if rows.size:
            months.append(np.mean(firms.profit[rows] / firms.lines[rows]))
    return float(np.mean(months)) if months else np.nan


def _gain(kind: Kind, deviation: Deviation, followed: Floats, deviated: Floats, rows: int) -> Gain:
    difference = (deviated - followed)[~np.isnan(deviated - followed)]
    low, high = t_interval(difference, 1 - (1 - CONFIDENCE) / rows)
    return Gain(kind.name, deviation.name, float(np.nanmean(followed)), difference.size, float(difference.mean()), low, high)
