"""Calibration: find values of a few parameters that bring the model closest to the published ranges of the stylised facts."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel
from scipy.optimize import Bounds, OptimizeResult, differential_evolution

from sim.economy.arrays import Floats
from sim.economy.validation import flat, parameters
from sim.lab.calibration.facts import FACTS
from sim.lab.calibration.panel import observe
from sim.lab.json_files import write_model
from sim.lab.provenance import versions
from sim.lab.reference import Table, markdown_table
from sim.observation.labels import number, value_label

BOUNDS: dict[str, tuple[float, float]] = {
    "population.small_interdependent": (0.05, 0.95),
    "environment.speed": (0.002, 0.06),
    "market.quality_weight": (2.0, 15.0),
    "finance.overhead": (0.6, 1.2),
    "finance.reserve": (2.0, 36.0),
}
TARGETS = [k for k, fact in enumerate(FACTS) if fact.is_target]
FITTED = range(1, 129)  # the same seeds at every point: common random numbers make the distance nearly smooth
HELD_OUT = range(1001, 1065)
GENERATIONS = 20
MEMBERS = 4  # per parameter
OPTIMISER_SEED = 1
DIGITS = 2  # of the calibrated values
DECIMALS = 3  # of the distances
FOLDER = "calibration"
FILE = "calibration.json"


class Calibration(BaseModel):
    """The result of a calibration, and all that determines it."""

    changes: dict[str, float]  # rounded to DIGITS significant digits
    bounds: dict[str, tuple[float, float]]
    distance: float  # of the rounded values, for the fitted seeds
    distance_before: float  # of the defaults
    held_out: float  # the same for seeds that were not used for fitting
    held_out_before: float
    evaluations: int
    fitted_seeds: list[int]
    held_out_seeds: list[int]
    optimiser_seed: int
    versions: dict[str, str]


def numbers(changes: dict[str, float], seeds: Sequence[int]) -> Floats:
    """Mean over seeds of the numbers of FACTS, with these changes to the defaults."""
    values = parameters("today", changes)
    return np.asarray(np.mean([observe(values, seed) for seed in seeds], axis=0))


def distance(changes: dict[str, float], seeds: Sequence[int]) -> float:
    """Sum over the targets of ((ours - middle of the published range)/half its width)².

    A target on the edge of its range adds 1. The distance is infinite if a target cannot be observed.
    """
    least, most = np.array([FACTS[k].range for k in TARGETS]).T
    apart = (numbers(changes, seeds)[TARGETS] - 0.5 * (least + most)) / (0.5 * (most - least))
    total = float(np.sum(apart**2))
    return total if np.isfinite(total) else np.inf


def calibrate(on_progress: Callable[[int], None]) -> Calibration:
    """Find the best point of BOUNDS, rounded, and its distance and that of the defaults from the facts.

    Args:
        on_progress: called with the number of finished generations.
    """
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        optimum = _search(pool.map, on_progress)
        changes = _rounded(optimum.x)
        distances = pool.starmap(distance, [(changes, FITTED), ({}, FITTED), (changes, HELD_OUT), ({}, HELD_OUT)])
    return Calibration(
        changes=changes,
        bounds=BOUNDS,
        distance=distances[0],
        distance_before=distances[1],
        held_out=distances[2],
        held_out_before=distances[3],
        evaluations=int(optimum.nfev),
        fitted_seeds=list(FITTED),
        held_out_seeds=list(HELD_OUT),
        optimiser_seed=OPTIMISER_SEED,
        versions=versions(),
    )


def _search(map_function: Callable[..., Any], on_progress: Callable[[int], None]) -> OptimizeResult:
    """Differential evolution (Storn & Price 1997) over BOUNDS, a generation at a time."""
    generations = count(1)
    return differential_evolution(
        _distance_at,
        Bounds(*np.array(list(BOUNDS.values())).T),
        maxiter=GENERATIONS,
        popsize=MEMBERS,
        rng=OPTIMISER_SEED,
        polish=False,
        updating="deferred",
        workers=map_function,
        callback=lambda *_, **__: on_progress(next(generations)),
    )


def _rounded(point: Floats) -> dict[str, float]:
    return {name: float(f"{value:.{DIGITS}g}") for name, value in zip(BOUNDS, point.tolist(), strict=True)}


def _distance_at(point: Floats) -> float:
    """The distance of the rounded point, so that the search compares what will be reported."""
    return distance(_rounded(point), FITTED)


def save(calibration: Calibration, results: Path) -> Path:
    """Write a calibration as JSON, and return the path of the file."""
    path = results / FOLDER / FILE
    write_model(path, calibration)
    return path


def value_table(calibration: Calibration) -> Table:
    """Default, bounds and calibrated value of each parameter."""
    defaults = flat(parameters())
    rows = [
        [name, value_label(defaults[name]), f"{value_label(low)} to {value_label(high)}", value_label(calibration.changes[name])]
        for name, (low, high) in calibration.bounds.items()
    ]
    return ["parameter", "default", "bounds", "calibrated"], rows


def distance_table(calibration: Calibration) -> Table:
    """Distances before and after calibration."""
    c = calibration
    rows = [
        [f"fitted to, {len(c.fitted_seeds)} seeds", number(c.distance_before, DECIMALS), number(c.distance, DECIMALS)],
        [f"held out, {len(c.held_out_seeds)} seeds", number(c.held_out_before, DECIMALS), number(c.held_out, DECIMALS)],
    ]
    return ["seeds", "defaults", "calibrated"], rows


def page(calibration: Calibration) -> str:
    """A calibration as a Markdown page."""
    computed_by = ", ".join(f"{name} {version}" for name, version in calibration.versions.items() if name != "commit")
    return f"""# Calibration

Made by `make calibrate`; what it is: [stylised facts and calibration](../explanation/facts_and_calibration.md).

{markdown_table(value_table(calibration))}

Distance: the sum over the {len(TARGETS)} published ranges of ((ours - middle)/half the width)²;
with all of ours on an edge it is {len(TARGETS)}.

{markdown_table(distance_table(calibration))}

Differential evolution, seed {calibration.optimiser_seed}, {calibration.evaluations} evaluations; with {computed_by}."""
