"""Small experiments, an invented model with known effects, and a store in memory."""

from collections.abc import Iterable, Iterator

import numpy as np

from sim.lab.design.schema import Experiment
from sim.lab.execution.job import Job, RunResult
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
    """Finished runs, kept in memory: what the store does, without a disk."""

    def __init__(self) -> None:
        self.found: dict[str, dict[int, RunResult]] = {}

    def add(self, done: RunResult) -> None:
        self.found.setdefault(done.address, {})[done.seed] = done

    def seeds(self, address: str) -> set[int]:
        return set(self.found.get(address, {}))

    def runs(self, address: str, seeds: range) -> Iterator[RunResult]:
        yield from (self.found[address][seed] for seed in seeds if seed in self.found.get(address, {}))

    def values(self, address: str, seeds: range, group: str, outcome: str) -> np.ndarray:
        place = GROUPS.index(group), OUTCOMES.index(outcome)
        return np.array([done.outcomes[place] for done in self.runs(address, seeds)])


def invented(effect: float, noise: float, trial: int):
    """An executor that plays no economy: the interdependent earn `effect` more on average, with luck that both share."""

    def execute(jobs: Iterable[Job]) -> Iterator[RunResult]:
        for job in jobs:
            rng = np.random.default_rng([trial, job.seed])
            table = np.full((len(GROUPS), len(OUTCOMES)), np.nan)
            shared, own = rng.normal(0, 5), rng.normal(0, noise)
            column = OUTCOMES.index("profit_per_line")
            table[GROUPS.index("small independent"), column] = shared
            table[GROUPS.index("small interdependent"), column] = shared + effect + own
            yield RunResult(job.address, job.seed, table)

    return execute
