"""Recovery: the months until half of what a shock took is regained."""

import math

import numpy as np

import sim
from sim.economy.measures import ALL_GROUPS, GROUP_NAMES
from sim.observation.recovery import recovery


def with_fitness(path: list[float]) -> np.ndarray:
    table = np.zeros((len(path), len(ALL_GROUPS), len(GROUP_NAMES)))
    table[:, :, GROUP_NAMES.index("fitness")] = np.array(path)[:, None]
    return table


def test_recovery_counts_months_to_the_middle_between_before_and_the_shock() -> None:
    assert recovery(with_fitness([0.8] * 12 + [0.4, 0.5, 0.59, 0.61, 0.7]), 12)[0] == 3
    assert recovery(with_fitness([0.8] * 3 + [0.9, 0.4]), 3)[0] == 0
    assert recovery(with_fitness([0.8] * 12 + [0.4, 0.5, 0.5]), 12)[0] == 3
    assert math.isnan(recovery(with_fitness([0.4, 0.5]), 0)[0])


def test_a_shock_is_felt_and_recovered_from() -> None:
    shock = {"environment.shocks": [{"month": 60, "magnitude": 1.0}], "environment.speed": 0, "dynamics.months": 120}
    found = sim.simulate(sim.parameters("today", shock), seed=1).summary()["recovery"]
    assert 0 < found["small independent"] < 60
    assert math.isnan(sim.simulate(sim.parameters("today", {"dynamics.months": 30}), seed=1).summary()["recovery"]["small"])
