"""The tables of a history are those of the run, and hold the numbers of its arrays."""

import numpy as np
import pandas as pd

import sim
from sim.economy.measures import GROUP_NAMES, GROUPS, MONTH_NAMES
from sim.observation.monthly import market_table, monthly_table


def run() -> sim.Run:
    return sim.simulate(sim.parameters("today", {"dynamics.months": 7, "population.large": 0}), seed=3)


def test_the_tables_of_a_history_are_those_of_the_run() -> None:
    played = run()
    pd.testing.assert_frame_equal(monthly_table(played.history), played.monthly())
    pd.testing.assert_frame_equal(market_table(played.history), played.markets())


def test_each_number_of_the_monthly_table_is_that_of_its_month_group_and_measure() -> None:
    history = run().history
    table = monthly_table(history)
    assert table.shape == (7 * len(GROUPS), len(GROUP_NAMES))
    for month in range(7):
        for g, group in enumerate(GROUPS):
            np.testing.assert_array_equal(table.loc[(month, group)].to_numpy(), history.by_group[month, g])


def test_a_group_without_firms_has_nothing_but_their_number() -> None:
    table = run().monthly().xs("large independent", level="group")
    assert (table["firms"] == 0).all()
    assert table.drop(columns="firms").isna().all(axis=None)


def test_each_number_of_the_market_table_is_that_of_its_month_and_measure() -> None:
    history = run().history
    np.testing.assert_array_equal(market_table(history).to_numpy(), history.by_month)
    assert list(market_table(history).columns) == list(MONTH_NAMES)
