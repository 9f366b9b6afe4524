"""Any admitted parameters and seed: a run ends without a warning, its accounts balance, and it has the same bits again.

A finding becomes an `@example` of the test.
"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.economy.measures import FIRMS, GROUP_NAMES, MONTH_NAMES
from sim.economy.simulation import History
from tests.support import strategies
from tests.support.balances import check_balances

SHARES = ("share", "fitness", "relative_fitness", "allied")
SHARES_OF_THE_MONTH = ("interdependent_share", "concentration", "outside_share")


def check(overrides: dict, seed: int, months: int) -> None:
    first = min(overrides.get("trial.first_month", 0), months - 1)
    p = sim.parameters("today", {**overrides, "dynamics.months": months, "trial.first_month": first})
    run = sim.simulate(p, seed)
    by_month = check_balances(p, seed, months)
    assert [table.tobytes() for table in run.history] == [table.tobytes() for table in by_month]
    check_values(run.history)


def check_values(history: History) -> None:
    """Values are finite, or missing exactly where the reference says so; shares are shares."""
    groups = dict(zip(GROUP_NAMES, np.moveaxis(history.by_group, 2, 0), strict=True))
    months = dict(zip(MONTH_NAMES, history.by_month.T, strict=True))
    nobody = history.by_group[:, :, FIRMS] == 0
    for name, values in groups.items():
        np.testing.assert_array_equal(np.isnan(values), nobody & (name != "firms"), err_msg=name)
    no_value = {
        "mean_price": months["concentration"] == 0.0,
        "interdependent_share": nobody.all(axis=1),
        "alliance_age": months["alliances"] == 0.0,
        "peer_slope": np.isnan(months["peer_slope"]),  # tests/economy/test_trial.py says when it has a value
    }
    for name, values in months.items():
        np.testing.assert_array_equal(np.isnan(values), no_value.get(name, False), err_msg=name)
    for name, values in (*groups.items(), *months.items()):
        assert not np.isinf(values).any(), name
    for values in (*(groups[name] for name in SHARES), *(months[name] for name in SHARES_OF_THE_MONTH)):
        assert np.all(np.isnan(values) | ((values >= 0.0) & (values <= 1.0 + 1e-12)))


@given(strategies.anything | strategies.extremes, strategies.seeds, st.integers(1, 12))
def test_any_admitted_parameters_give_a_run_that_is_whole(overrides: dict, seed: int, months: int) -> None:
    check(overrides, seed, months)
