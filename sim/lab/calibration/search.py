"""The search for the best point: differential evolution over all bounds, then rounds with a local model of the facts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import Bounds, differential_evolution
from scipy.stats import qmc

from sim.economy.arrays import Floats
from sim.lab.calibration.evaluation import Evaluator
from sim.lab.calibration.local_model import Box, LocalModel
from sim.lab.calibration.objective import mean_and_error, misfit
from sim.lab.calibration.points import BOUNDS, Values, penalty, place_of, values_at

OPTIMISER_SEED = 1
SEARCH_SEEDS = range(1, 33)  # the same at every point: common random numbers make differences between points more exact
GENERATIONS = 20
MEMBERS = 4  # per parameter
LOCAL_SEEDS = range(33, 65)  # others, so that the rounds do not inherit the luck of the search
LOCAL_POINTS = 128  # a round
HALF_WIDTHS = (0.25, 0.15)  # of the rounds' boxes, as shares of the bounds
SEARCH_RUNS = (GENERATIONS + 1) * MEMBERS * len(BOUNDS) * len(SEARCH_SEEDS)
LOCAL_RUNS = len(HALF_WIDTHS) * LOCAL_POINTS * len(LOCAL_SEEDS)

Tell = Callable[[str], None]
"""Says one line about the progress."""


def objectives(evaluate: Evaluator, points: list[Values], seeds: range) -> Floats:
    """The objective at each point: the misfit of its facts and the penalty of the prior."""
    runs = evaluate.runs(points, seeds)
    return np.array([misfit(mean_and_error(numbers)[0]) + penalty(values) for values, numbers in zip(points, runs, strict=True)])


def evolve(evaluate: Evaluator, tell: Tell) -> Values:
    """The best point of differential evolution (Storn & Price 1997), a generation at a time."""
    least: list[float] = []  # in each generation

    def generation(places: Floats) -> Floats:
        heights = objectives(evaluate, [values_at(place) for place in places.T], SEARCH_SEEDS)
        least.append(float(heights.min()))
        tell(f"search, generation {len(least) - 1} of {GENERATIONS}: least objective {min(least):.1f}")
        return heights

    optimum = differential_evolution(
        generation,  # type: ignore[arg-type]  # the stubs do not know vectorized=True
        Bounds(np.zeros(len(BOUNDS)), np.ones(len(BOUNDS))),
        maxiter=GENERATIONS,
        popsize=MEMBERS,
        tol=0.0,
        rng=OPTIMISER_SEED,
        polish=False,
        updating="deferred",
        vectorized=True,
    )
    return values_at(optimum.x)


def refine(evaluate: Evaluator, start: Values, tell: Tell) -> tuple[list[Values], LocalModel]:
    """Move to the best point of a local model of the facts, round after round; return these points and the last model."""
    centres, places, numbers = [start], np.empty((0, len(BOUNDS))), []
    for number, half_width in enumerate(HALF_WIDTHS, 1):
        box = Box.around(place_of(centres[-1]), half_width)
        design = qmc.LatinHypercube(len(BOUNDS), rng=OPTIMISER_SEED + number).random(LOCAL_POINTS)
        points = [values_at(box.low + place * (box.high - box.low)) for place in design]
        numbers += [mean_and_error(runs)[0] for runs in evaluate.runs(points, LOCAL_SEEDS)]
        places = np.concatenate([places, [place_of(values) for values in points]])
        model = LocalModel.fitted(places, np.array(numbers), box)
        centres.append(values_at(model.best()))
        tell(f"refinement {number} of {len(HALF_WIDTHS)}: {centres[-1]}")
    return centres[1:], model
