"""Accounts balance for all parameters; and what size alone does to profit."""

import numpy as np
import pytest
from hypothesis import given

import sim
from sim.economy.initialisation import create
from sim.economy.simulation import play
from tests.support import strategies
from tests.support.balances import check_balances
from tests.support.options import LIVELY, OPTIONS


@pytest.mark.parametrize("world", list(sim.worlds()))
def test_accounts_balance_every_month_in_every_named_world(world: str) -> None:
    check_balances(sim.parameters(world), seed=1, months=120)


@pytest.mark.parametrize("option", OPTIONS, ids=str)
def test_accounts_balance_every_month_with_every_option(option: str) -> None:
    check_balances(sim.parameters("today", {**LIVELY, **OPTIONS[option]}), seed=3, months=30)


@pytest.mark.parametrize("elasticity", [0.0, 0.31, 1.0])
def test_the_reserve_grows_with_lines_to_the_power_of_one_plus_the_elasticity(elasticity: float) -> None:
    """It is so many months of overhead for a firm of one line; a firm begins with half of it, and pays out what exceeds it."""
    changes = {"finance.reserve": 10.0, "finance.overhead": 0.5, "finance.reserve_elasticity": elasticity}
    parameters = sim.parameters("today", {**changes, "population.large_lines": 30})
    state = create(parameters, 2)
    firms = state.firms
    np.testing.assert_allclose(firms.reserve, 10.0 * 0.5 * firms.lines ** (1 + elasticity), rtol=1e-12)
    np.testing.assert_allclose(firms.cash, firms.reserve / 2, rtol=1e-12)
    firms.cash[:] = firms.reserve
    play(state, parameters, 2)
    rich = firms.payout > 0
    assert set(firms.large[rich]) == {False, True}
    np.testing.assert_array_equal(firms.cash[rich], firms.reserve[rich])


def test_trailing_profits_are_exponential_averages_that_begin_with_the_first_month() -> None:
    """With weight 0.2 (docs/ODD.md)."""
    p = sim.parameters("today")
    state = create(p, 2)
    firms = state.firms
    trailing = np.zeros(firms.identity.size)
    for _ in range(60):
        play(state, p, 2)
        trailing = np.where(firms.age == 1, firms.profit, 0.8 * trailing + 0.2 * firms.profit)
        np.testing.assert_allclose(firms.trailing_profit, trailing, rtol=1e-9, atol=1e-12)


@given(strategies.overrides)
def test_accounts_balance_for_any_parameters(overrides: dict) -> None:
    check_balances(sim.parameters("today", overrides), seed=1, months=25)


@given(strategies.overrides)
def test_groups_without_firms_have_no_values_and_all_others_do(overrides: dict) -> None:
    run = sim.simulate(sim.parameters("today", {**overrides, "dynamics.months": 12}), 2)
    monthly = run.monthly()
    empty = monthly["firms"] == 0
    assert monthly[empty].drop(columns="firms").isna().all(axis=None)
    assert monthly[~empty].notna().all(axis=None)
    relative = monthly["relative_fitness"].dropna()
    assert relative.between(0, 1 + 1e-12).all()


@pytest.mark.parametrize(("cost", "bought"), [(1.0, True), (1000.0, False)])
def test_the_mean_price_has_a_value_exactly_where_something_is_bought(cost: float, bought: bool) -> None:
    """At 1000 utils above the outside good a share is e^-1000, which is below the smallest floating-point number."""
    run = sim.simulate(sim.parameters("today", {"market.marginal_cost": cost, "dynamics.months": 3}))
    assert (run.markets()["outside_share"] < 1.0).all() == bought
    assert (run.markets()["mean_price"].notna() == bought).all()
    assert (run.markets()["concentration"].gt(0.0) == bought).all()


def test_profit_per_line_differs_by_size_only_as_the_equilibrium_of_clear_says() -> None:
    """Neutral control: no wages, layers or alliances, and quality does not count, so `sim.clear` gives the equilibrium."""
    overrides = {
        "market.quality_weight": 0.0,
        "organisation.wage": 0.0,
        "organisation.span": 1e9,
        "population.small_interdependent": 0.0,
        "finance.overhead": 0.0,
        "dynamics.months": 5,
    }
    run = sim.simulate(sim.parameters("today", overrides))
    lines = np.r_[np.ones(100), np.full(5, 20.0)]
    found = sim.clear(lines, np.ones(105), outside=0.166 * 200)
    expected = 1.5 * 200 * found.shares * (found.prices - 1.0) / lines
    last = run.monthly().loc[4, "profit_per_line"]
    assert last["small independent"] == pytest.approx(expected[0], rel=1e-10)
    assert last["large independent"] == pytest.approx(expected[-1], rel=1e-10)


def test_nothing_but_size_and_its_layers_distinguishes_large_firms() -> None:
    """Neutral control: without layers and with free specialists, large and small firms are equally fit."""
    overrides = {
        "organisation.wage": 0.0,
        "organisation.span": 1e9,
        "population.small_interdependent": 0.0,
        "finance.overhead": 0.0,
    }
    p = sim.parameters("today", {**overrides, "population.large": 100, "dynamics.months": 60})
    gaps = []
    for seed in range(40):
        fitness = sim.simulate(p, seed).summary()["fitness"]
        gaps.append(fitness["large independent"] - fitness["small independent"])
    assert abs(np.mean(gaps)) < 4 * np.std(gaps, ddof=1) / np.sqrt(len(gaps))


def test_ten_times_the_firms_and_customers_change_no_mean_beyond_sampling_error() -> None:
    names = ["profit_per_line", "fitness", "coverage", "exit_rate"]

    def sample(scale: int, seeds: int) -> np.ndarray:
        p = sim.parameters("today", {"population.small": 100 * scale, "population.large": 10 * scale, "environment.complexity": 0})
        return np.array([sim.simulate(p, s).summary()[names].to_numpy()[:3] for s in range(seeds)])

    one, ten = sample(3, 40), sample(30, 40)
    error = np.sqrt(one.var(axis=0, ddof=1) / len(one) + ten.var(axis=0, ddof=1) / len(ten))
    # Both have the same 40 landscapes, so the error is overstated; the larger market is slightly more competitive.
    assert np.all(np.abs(one.mean(axis=0) - ten.mean(axis=0)) < 4 * error)


def test_without_entry_the_number_of_sellers_only_falls() -> None:
    run = sim.simulate(sim.parameters("today", {"dynamics.entry": "none", "finance.overhead": 1.3}), 3)
    total = run.monthly()["firms"].groupby("month").sum()
    assert total.iloc[-1] < total.iloc[0]
    assert total.is_monotonic_decreasing
    assert run.monthly()["entries"].sum() == 0


def test_replacement_keeps_the_size_of_each_group_and_imitation_does_not() -> None:
    def counts(entry: str) -> np.ndarray:
        run = sim.simulate(sim.parameters("today", {"dynamics.entry": entry, "finance.overhead": 1.0}), 3)
        return run.monthly()["firms"].unstack("group").nunique().to_numpy()

    assert counts("replace").max() == 1
    assert counts("imitate").max() > 1


@pytest.mark.parametrize("price_sensitivity", [1.0, 300.0, 500.0, 700.0])
def test_concentration_is_at_least_that_of_equal_sellers_however_little_is_bought(price_sensitivity: float) -> None:
    run = sim.simulate(sim.parameters("today", {"market.price_sensitivity": price_sensitivity, "dynamics.months": 3}))
    assert run.markets()["concentration"].between(1 / 105, 1).all()


def test_an_outside_good_of_tiny_weight_still_limits_a_single_seller() -> None:
    """1e-310 is below the normal range of floating-point numbers, and still limits the price of a single seller."""
    few = {"population.small": 1, "population.large": 0, "market.outside": 1e-310, "dynamics.months": 3}
    run = sim.simulate(sim.parameters("today", few))
    assert run.markets()["outside_share"].between(1e-4, 1e-2).all()
    assert np.isfinite(run.markets()["consumer_surplus"]).all()
