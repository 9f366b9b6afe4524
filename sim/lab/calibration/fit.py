"""Calibration: the values of a few parameters that bring the model closest to published facts, and how sure they are."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel

from sim.lab.calibration.evaluation import Evaluator
from sim.lab.calibration.facts import FACTS
from sim.lab.calibration.objective import mean_and_error, misfit_and_error
from sim.lab.calibration.points import BEFORE, BOUNDS, Values
from sim.lab.calibration.profile import PROFILE_RUNS, PROFILE_SEEDS, ProfilePoint, profiles
from sim.lab.calibration.search import (
    HALF_WIDTHS,
    LOCAL_RUNS,
    LOCAL_SEEDS,
    OPTIMISER_SEED,
    SEARCH_RUNS,
    SEARCH_SEEDS,
    Tell,
    evolve,
    objectives,
    refine,
)
from sim.lab.json_files import read_model, write_model
from sim.lab.provenance import versions

HELD_OUT_SEEDS = range(1001, 1513)
CANDIDATES = 1 + len(HALF_WIDTHS)
RUNS = SEARCH_RUNS + LOCAL_RUNS + CANDIDATES * len(PROFILE_SEEDS) + PROFILE_RUNS + len(HELD_OUT_SEEDS)
SEEDS = {"search": SEARCH_SEEDS, "refinement": LOCAL_SEEDS, "choice and profiles": PROFILE_SEEDS, "held out": HELD_OUT_SEEDS}
FILE = "calibration.json"


class Observed(BaseModel):
    """What was simulated of a fact, with its standard error."""

    mean: float
    error: float


class Calibration(BaseModel):
    """The result of a calibration, and all that determines it."""

    values: Values  # these are the defaults of the model
    before: Values
    bounds: dict[str, tuple[float, float]]
    facts: dict[str, Observed]  # with the held-out seeds
    misfit: Observed  # with the held-out seeds
    profiles: dict[str, list[ProfilePoint]]
    seeds: dict[str, tuple[int, int]]  # first and last
    optimiser_seed: int
    versions: dict[str, str]

    @property
    def least(self) -> float:
        """The least objective of all profiles."""
        return min(point.objective for points in self.profiles.values() for point in points)


def calibrate(evaluate: Evaluator, tell: Tell) -> Calibration:
    """Search, refine, choose, look around the best point, and run it with seeds that nothing was fitted to."""
    found = evolve(evaluate, tell)
    refined, model = refine(evaluate, found, tell)
    best = _best(evaluate, [*reversed(refined), found])
    tell(f"the best point: {best}")
    around = profiles(evaluate, best, model)
    tell("the profiles of the objective are finished")
    [runs] = evaluate.runs([best], HELD_OUT_SEEDS)
    means, errors = mean_and_error(runs)
    height, error = misfit_and_error(runs)
    return Calibration(
        values=best,
        before=BEFORE,
        bounds=BOUNDS,
        facts={f.name: Observed(mean=m, error=e) for f, m, e in zip(FACTS, means.tolist(), errors.tolist(), strict=True)},
        misfit=Observed(mean=height, error=error),
        profiles=around,
        seeds={name: (seeds.start, seeds.stop - 1) for name, seeds in SEEDS.items()},
        optimiser_seed=OPTIMISER_SEED,
        versions={name: version for name, version in versions().items() if name != "commit"},
    )


def _best(evaluate: Evaluator, candidates: list[Values]) -> Values:
    """The candidate with the lowest objective for seeds that led to none of them."""
    heights = objectives(evaluate, candidates, PROFILE_SEEDS)
    return candidates[int(heights.argmin())]


def save(calibration: Calibration, folder: Path) -> Path:
    """Write a calibration as JSON, and return the path of the file."""
    path = folder / FILE
    write_model(path, calibration)
    return path


def load(path: Path) -> Calibration:
    """Read what `save` wrote.

    Raises:
        UnusableFileError: there is no such file, it is damaged, or another version wrote it.
    """
    return read_model(path, Calibration, "run make calibrate")
