"""Calibration: the few parameters with which the world comes closest to the published ranges of the stylised facts."""

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
from sim.economy.validation import parameters
from sim.lab.calibration.facts import FACTS
from sim.lab.calibration.panel import observe
from sim.lab.files import write_whole
from sim.lab.provenance import versions
from sim.lab.reference import Table, markdown_table

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
DIGITS = 2
FOLDER = "calibration"
FILE = "calibration.json"


class Calibration(BaseModel):
    """What a calibration found, and all that it follows from."""

    changes: dict[str, float]  # rounded to DIGITS significant digits
    bounds: dict[str, tuple[float, float]]
    distance: float  # of the rounded values, fitted seeds
    distance_before: float  # of the defaults
    held_out: float  # the same with seeds that nothing was fitted to
    held_out_before: float
    evaluations: int
    fitted_seeds: list[int]
    held_out_seeds: list[int]
    optimiser_seed: int
    versions: dict[str, str]


def numbers(changes: dict[str, float], seeds: Sequence[int]) -> Floats:
    """Mean over seeds of the numbers of FACTS, in a world with these changes to the defaults."""
    chosen = parameters("today", changes)
    return np.asarray(np.mean([observe(chosen, seed) for seed in seeds], axis=0))


def distance(changes: dict[str, float], seeds: Sequence[int]) -> float:
    """Sum over the targets of ((ours - middle of the published range)/half its width)²; 1 a target is the range's edge.

    A world in which a target cannot be observed is infinitely far away.
    """
    least, most = np.array([FACTS[k].range for k in TARGETS]).T
    apart = (numbers(changes, seeds)[TARGETS] - 0.5 * (least + most)) / (0.5 * (most - least))
    total = float(np.sum(apart**2))
    return total if np.isfinite(total) else np.inf


def calibrate(report: Callable[[int], None]) -> Calibration:
    """The best point of BOUNDS, rounded, and how far it and the defaults are from the facts; `report` gets the generations done."""
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        found = _search(pool.map, report)
        changes = _rounded(found.x)
        distances = pool.starmap(distance, [(changes, FITTED), ({}, FITTED), (changes, HELD_OUT), ({}, HELD_OUT)])
    return Calibration(
        changes=changes,
        bounds=BOUNDS,
        distance=distances[0],
        distance_before=distances[1],
        held_out=distances[2],
        held_out_before=distances[3],
        evaluations=int(found.nfev),
        fitted_seeds=list(FITTED),
        held_out_seeds=list(HELD_OUT),
        optimiser_seed=OPTIMISER_SEED,
        versions=versions(),
    )


def _search(mapped: Callable[..., Any], report: Callable[[int], None]) -> OptimizeResult:
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
        workers=mapped,
        callback=lambda *_, **__: report(next(generations)),
    )


def _rounded(point: Floats) -> dict[str, float]:
    return {name: float(f"{value:.{DIGITS}g}") for name, value in zip(BOUNDS, point.tolist(), strict=True)}


def _distance_at(point: Floats) -> float:
    """Of the rounded point: what is compared is what will be reported."""
    return distance(_rounded(point), FITTED)


def save(found: Calibration, results: Path) -> Path:
    """Write it as JSON."""
    (results / FOLDER).mkdir(parents=True, exist_ok=True)
    path = results / FOLDER / FILE
    write_whole(path, lambda file: file.write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8"))
    return path


def value_table(found: Calibration) -> Table:
    """What was chosen, within which bounds."""
    defaults = parameters()
    rows = [
        [
            name,
            f"{getattr(getattr(defaults, name.split('.')[0]), name.split('.')[1]):g}",
            f"{low:g} to {high:g}",
            f"{found.changes[name]:g}",
        ]
        for name, (low, high) in found.bounds.items()
    ]
    return ["parameter", "default", "bounds", "calibrated"], rows


def distance_table(found: Calibration) -> Table:
    """Distances before and after."""
    rows = [
        [f"fitted to, {len(found.fitted_seeds)} seeds", f"{found.distance_before:.3f}", f"{found.distance:.3f}"],
        [f"held out, {len(found.held_out_seeds)} seeds", f"{found.held_out_before:.3f}", f"{found.held_out:.3f}"],
    ]
    return ["seeds", "defaults", "calibrated"], rows


def page(found: Calibration) -> str:
    """As a Markdown page."""
    computed_by = ", ".join(f"{name} {version}" for name, version in found.versions.items() if name != "commit")
    return f"""# Calibration

Made by `make calibrate`; what it is: [stylised facts and calibration](../explanation/facts_and_calibration.md).

{markdown_table(value_table(found))}

Distance: the sum over the {len(TARGETS)} published ranges of ((ours - middle)/half the width)²;
with all of ours on an edge it is {len(TARGETS)}.

{markdown_table(distance_table(found))}

Differential evolution, seed {found.optimiser_seed}, {found.evaluations} evaluations; with {computed_by}."""
