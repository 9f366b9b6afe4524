"""Recovery: the months until half of what a shock took from the whole market is regained."""

import math

import numpy as np

import sim
from sim.economy.measures import ALL_GROUPS, FIRMS, GROUP_NAMES, GROUPS
from sim.observation.recovery import recovered, recovery, regained


def with_fitness(*paths: list[float]) -> np.ndarray:
    """A history in which the first groups have one firm each with such a fitness, and the others have no firms."""
    table = np.full((len(paths[0]), len(ALL_GROUPS), len(GROUP_NAMES)), np.nan)
    table[:, : len(GROUPS), FIRMS] = 0
    for group, path in enumerate(paths):
        table[:, group, FIRMS] = 1
        table[:, group, GROUP_NAMES.index("fitness")] = path
    return table


def test_recovery_counts_months_to_the_middle_between_before_and_the_shock() -> None:
    assert recovery(with_fitness([0.8] * 12 + [0.4, 0.5, 0.59, 0.61, 0.7]), 12)[0] == 3
    assert math.isnan(recovery(with_fitness([0.4, 0.5]), 0)[0])
    assert math.isnan(recovery(with_fitness([0.4, 0.5]), 2)[0])


def test_every_group_has_to_reach_the_same_level() -> None:
    high, low = [0.9] * 12 + [0.5, 0.65, 0.7, 0.7], [0.7] * 12 + [0.3, 0.5, 0.5, 0.65]
    table = with_fitness(high, low)  # the market falls from 0.8 to 0.4, so the level is 0.6
    assert list(recovery(table, 12)[:2]) == [1, 3]
    assert math.isnan(recovery(table, 12)[2])
    assert recovery(with_fitness([0.9] * 12 + [0.7], [0.7] * 12 + [0.1]), 12)[0] == 0  # above the level of 0.6 at once


def test_a_group_that_never_recovers_has_the_months_that_were_left() -> None:
    table = with_fitness([0.8] * 12 + [0.4, 0.5, 0.5])
    assert (recovery(table, 12)[0], recovered(table, 12)[0]) == (3, 0)
    table = with_fitness([0.8] * 12 + [0.4, 0.5, 0.7])
    assert (recovery(table, 12)[0], recovered(table, 12)[0]) == (2, 1)


def test_what_is_regained_is_counted_from_the_month_of_the_shock() -> None:
    table = with_fitness([0.8, 0.4, 0.5, 0.5, 0.7, 0.9])
    assert math.isclose(regained(table, 1)[0], 0.3)
    assert math.isnan(regained(table, 3)[0])
    assert math.isnan(regained(table, 1)[1])


def test_a_shock_is_felt_and_recovered_from() -> None:
    shock = {"environment.shocks": [{"month": 60, "magnitude": 1.0}], "environment.speed": 0, "dynamics.months": 120}
    found = sim.simulate(sim.parameters("today", shock), seed=1).summary()
    assert 0 < found["recovery_common"]["small independent"] < 60
    assert found["recovered"]["small independent"] == 1
    assert found["fitness_regained"]["small independent"] > 0
    assert found.loc["small", ["recovery_common", "recovered"]].notna().all()
    calm = sim.simulate(sim.parameters("today", {"dynamics.months": 30}), seed=1).summary()
    assert calm[["recovery_common", "recovered", "fitness_regained"]].isna().all(axis=None)
