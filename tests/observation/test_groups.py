"""Groups by focus and unions of groups count every firm once."""

import numpy as np

import sim
from sim.economy.measures import ALL_GROUPS, GROUP_NAMES
from sim.observation.groups import UNIONS, with_unions


def test_groups_by_strategy_by_focus_and_by_size_hold_the_same_firms_and_sums() -> None:
    run = sim.simulate(sim.parameters("today", {"population.sales_focused": 0.4, "population.large_interdependent": 0.5}), seed=2)
    table = with_unions(run.history.by_group)
    small, large, everybody = (table[:, len(ALL_GROUPS) + number] for number in range(len(UNIONS)))
    for name in ("firms", "profit", "revenue", "exits", "cash"):
        k = GROUP_NAMES.index(name)
        by_strategy = np.nansum(table[:, :4, k], axis=1)
        np.testing.assert_allclose(by_strategy, np.nansum(table[:, 4:8, k], axis=1), rtol=1e-12)
        np.testing.assert_allclose(by_strategy, everybody[:, k], rtol=1e-12)
        np.testing.assert_allclose(small[:, k] + large[:, k], everybody[:, k], rtol=1e-12)
    k = GROUP_NAMES.index("fitness")
    np.testing.assert_allclose(everybody[-1, k], run.firms()["fitness"].mean())


def test_a_union_without_firms_has_no_value() -> None:
    run = sim.simulate(sim.parameters("today", {"population.large": 0, "dynamics.months": 5}))
    table = with_unions(run.history.by_group)
    small, large = (table[:, len(ALL_GROUPS) + number] for number in range(2))
    assert (large[:, 0] == 0).all()
    assert np.isnan(large[:, 1:]).all()
    np.testing.assert_array_equal(small[:, 0], 100)
