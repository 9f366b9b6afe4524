"""What firms that deviate alone gain, seed by seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from sim.economy.arrays import Floats
from sim.economy.initialisation import create
from sim.economy.parameters import Parameters
from sim.economy.simulation import stepper
from sim.economy.validation import flat, parameters
from sim.lab.deviations.findings import Deviations, Gain
from sim.lab.deviations.kinds import FOLLOWS, KINDS, ROWS, Deviation, Kind
from sim.lab.execution.threads import available_cores
from sim.lab.provenance import origin
from sim.lab.statistics.paired import CONFIDENCE, FEWEST, t_interval

FIRST_MONTH, MONTHS = 240, 1200  # so long, because what a few places earn changes slowly
SEEDS = 96  # at standard scale
MOST_GAIN = 0.02  # per line and month: a larger gain shows a rule that firms are better off without


def find_deviations(world: str, seeds: range, on_progress: Callable[[int, int], None]) -> Deviations:
    """Play the world with each deviation and without, and estimate the gains.

    Args:
        world: its name.
        seeds: with which each row is run.
        on_progress: called with the seeds that are finished and those that are needed.

    Raises:
        ParameterError: the world is unknown.
    """
    values, observed = _values(world), []
    on_progress(0, len(seeds))
    with ThreadPoolExecutor(available_cores()) as pool:
        for numbers in pool.map(lambda seed: observe(values, seed), seeds):
            observed.append(numbers)
            on_progress(len(observed), len(seeds))
    return Deviations(world=world, most=MOST_GAIN, gains=gains(np.array(observed)), origin=origin_of(world, seeds))


def origin_of(world: str, seeds: range) -> dict[str, Any]:
    """All that determines the gains in a world."""
    return origin(parameters=flat(_values(world)), first_month=FIRST_MONTH, seeds=[seeds.start, seeds.stop - 1])


def _values(world: str) -> Parameters:
    return parameters(world, {"dynamics.months": MONTHS})


def observe(values: Parameters, seed: int) -> Floats:
    """What the places of each of KINDS earn where nobody deviates, then for each of ROWS what they earn that deviate.

    Raises:
        NotClearedError: no prices were found at which a market clears.
    """
    deviating = [profits(values, seed, [row.kind], row.deviation)[0] for row in ROWS]
    return np.array([*profits(values, seed, KINDS), *deviating])


def profits(values: Parameters, seed: int, kinds: Sequence[Kind], deviation: Deviation = FOLLOWS) -> list[float]:
    """Mean monthly profit per line from FIRST_MONTH on, of the places of each kind, which all deviate; NaN if no firm was there."""
    state = create(values, seed)
    places = [kind.places(state.firms) for kind in kinds]
    for deviating in places:
        deviation.begin(state.firms, deviating)
    step, months = stepper(state, values, seed), np.full((MONTHS - FIRST_MONTH, len(kinds)), np.nan)
    step(FIRST_MONTH)
    for month in months:
        step(1)
        for k, kind in enumerate(kinds):
            rows = kind.measured(state, places[k])
            if rows.size:
                month[k] = np.mean(state.firms.profit[rows] / state.firms.lines[rows])
    return [float(np.nanmean(column)) if np.isfinite(column).any() else np.nan for column in months.T]


def gains(observed: Floats) -> list[Gain]:
    """The gains by row, from one line of numbers for each seed as `observe` returns them; rows without such firms are left out.

    A gain is the mean monthly profit per line of the places that deviate, less that of the same places where nobody deviates, with
    the same seed. The intervals hold for all rows at once (Bonferroni).
    """
    followed = observed[:, [KINDS.index(row.kind) for row in ROWS]]
    differences = [column[np.isfinite(column)] for column in (observed[:, len(KINDS) :] - followed).T]
    level = (1 - CONFIDENCE) / max(1, sum(values.size >= FEWEST for values in differences))
    return [
        Gain(*row.names, float(np.nanmean(before)), values.size, float(values.mean()), *t_interval(values, 1 - level))
        for row, before, values in zip(ROWS, followed.T, differences, strict=True)
        if values.size >= FEWEST
    ]
