"""Small experiments, an invented model with known effects, and a store of runs in memory."""

from collections.abc import Iterable, Iterator

import numpy as np

from sim.lab.design.schema import Experiment
from sim.lab.ensemble import Place, RunResult
from sim.lab.execution.job import Executor, Job
from sim.observation.outcomes import GROUPS, OUTCOMES

ADVANTAGE = {
    "name": "advantage",
    "outcome": "profit_per_line",
    "groups": ["small interdependent", "small independent"],
}
TINY = {
    "title": "Tiny",
    "question": "Does it run?",
    "overrides": {"dynamics.months": 12, "population.small": 20},
    "sweep": {"environment.complexity": [0, 4], "environment.speed": [0, 0.1]},
    "replications": {"number": 4},
    "contrasts": [ADVANTAGE],
}
TINY_TOML = """
title = "Tiny"
question = "Does it run?"
[overrides]
"dynamics.months" = 12
"population.small" = 20
[sweep]
"environment.complexity" = [0, 4]
"environment.speed" = [0, 0.1]
[replications]
number = 3
[[contrasts]]
name = "advantage"
outcome = "profit_per_line"
groups = ["small interdependent", "small independent"]
"""


def experiment(**changes: object) -> Experiment:
    """The tiny experiment with some of its keys changed."""
    return Experiment.model_validate({**TINY, **changes})


class Memory:
    """A store that keeps finished runs in memory instead of on disk."""

    def __init__(self) -> None:
        self.results: dict[str, dict[int, RunResult]] = {}

    def add(self, result: RunResult) -> None:
        self.results.setdefault(result.address, {})[result.seed] = result

    def seeds(self, address: str) -> set[int]:
        return set(self.results.get(address, {}))

    def runs(self, address: str, seeds: range) -> Iterator[RunResult]:
        yield from (self.results[address][seed] for seed in seeds if seed in self.results.get(address, {}))

    def values(self, address: str, seeds: range, place: Place) -> np.ndarray:
        where = (place.window, GROUPS.index(place.group), OUTCOMES.index(place.outcome))
        return np.array([result.outcomes[where] for result in self.runs(address, seeds)])


def invented(effect: float, noise: float, trial: int) -> Executor:
    """An executor that plays no economy: interdependent firms earn `effect` more on average; both groups share random draws."""

    def execute(jobs: Iterable[Job]) -> Iterator[RunResult]:
        for job in jobs:
            rng = np.random.default_rng([trial, job.seed])
            table = np.full((len(GROUPS), len(OUTCOMES)), np.nan)
            shared, own = rng.normal(0, 5), rng.normal(0, noise)
            column = OUTCOMES.index("profit_per_line")
            table[GROUPS.index("small independent"), column] = shared
            table[GROUPS.index("small interdependent"), column] = shared + effect + own
            yield RunResult(job.address, job.seed, table[None])

    return execute
