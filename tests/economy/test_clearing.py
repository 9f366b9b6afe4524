"""Clearing: first-order conditions, an independent slow solver, extreme markets, bad input.

Closed forms: conformance/theory/clearing.py.
"""

import numpy as np
import pytest
from hypothesis import given
from scipy.optimize import minimize

import sim
from conformance.support.markets import clear_slowly, first_order_error
from tests.support import strategies
from tests.support.exact_market import exact_equilibrium


@given(strategies.markets())
def test_first_order_conditions_hold_and_all_shares_sum_to_one(market: dict) -> None:
    found = sim.clear(**market)
    assert found.converged
    assert found.residual < 1e-10
    assert found.shares.sum() + found.outside_share == pytest.approx(1, abs=1e-10)
    assert first_order_error(market, found) < 1e-10 * max(1.0, market["price_sensitivity"] * np.abs(found.prices).max())


@given(strategies.markets())
def test_prices_and_shares_agree_with_an_independent_solver(market: dict) -> None:
    prices, shares = clear_slowly(**market)
    found = sim.clear(**market)
    np.testing.assert_allclose(found.prices, prices, rtol=1e-9)
    np.testing.assert_allclose(found.shares, shares, rtol=1e-9, atol=1e-12)


def test_a_firm_of_several_products_has_one_markup_and_is_priced_as_one_product() -> None:
    """Nocke & Schutz (2018): α(p - c) = 1/(1 - S) for every product of a firm with joint share S; checked by maximising profit."""
    weights, rival = np.array([2.0, 5.0]), 4.0
    found = sim.clear([weights.sum(), rival], [1.0, 1.0])
    rival_demand = rival * np.exp(-found.prices[1])

    def loss(prices: np.ndarray) -> float:
        demand = weights * np.exp(-prices)
        return float(-np.sum((prices - 1.0) * demand) / (1.0 + demand.sum() + rival_demand))

    best = minimize(loss, [1.5, 3.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-15, "maxiter": 10_000}).x
    np.testing.assert_allclose(best, found.prices[0], atol=1e-6)
    np.testing.assert_allclose(found.prices[0] - 1.0, 1 / (1 - found.shares[0]), rtol=1e-12)


@given(strategies.hostile_markets())
def test_any_numbers_are_refused_by_name_or_give_the_exact_equilibrium(market: dict) -> None:
    """The errors are those that the docstring of `sim.clear` promises."""
    try:
        found = sim.clear(**market)
    except sim.ParameterError as error:
        refusal = str(error)
    else:
        check_against_the_exact_equilibrium(market, found)
        return
    assert refusal.startswith(tuple(market))


def check_against_the_exact_equilibrium(market: dict, found: sim.Equilibrium) -> None:
    assert found.converged
    assert found.residual < 1e-11
    prices, shares, outside_share = exact_equilibrium(**market)
    alpha, costs = market["price_sensitivity"], (1 - market["sales_focus"]) * market["marginal_costs"]
    tolerance = 1e-10 + 1e-14 * np.abs(alpha * costs).max()
    for share, exact in zip([*found.shares, found.outside_share], [*shares, outside_share], strict=True):
        assert abs(share - exact) <= tolerance * exact + 1e-300
    for price, exact in zip(found.prices, prices, strict=True):
        assert np.isfinite(price)
        assert abs(alpha * (price - exact)) <= tolerance * (1 + abs(alpha * exact))


@pytest.mark.thorough
def test_ten_thousand_adversarial_markets_clear_as_the_slow_solver_does() -> None:
    rng = np.random.default_rng(7)
    for trial in range(10_000):
        firms = int(10 ** rng.uniform(0, 5 if trial % 100 == 0 else 2.5))
        weights = np.exp(rng.uniform(-690, 10, firms) if trial % 3 == 0 else rng.normal(0, rng.uniform(0, 20), firms))
        if trial % 2:
            weights[0] = weights.max() * np.exp(60.0)
        market = {
            "weights": weights,
            "marginal_costs": rng.uniform(0, 10, firms),
            "price_sensitivity": 10 ** rng.uniform(-2, 1.5),
            "outside": 0.0 if firms > 1 and trial % 5 == 0 else 10 ** rng.uniform(-12, 3),
            "sales_focus": rng.uniform(0, 1, firms) * (trial % 4 == 0),
        }
        found = sim.clear(**market)
        assert found.converged, trial
        assert found.residual < 1e-10, trial
        prices, shares = clear_slowly(**market)
        np.testing.assert_allclose(found.prices, prices, rtol=1e-9, err_msg=str(trial))
        np.testing.assert_allclose(found.shares, shares, rtol=1e-9, atol=1e-12, err_msg=str(trial))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, np.nan], [1, 1]), r"weights\[1\] = nan: must be finite"),
        (([1, -2], [1, 1]), r"weights\[1\] = -2.0: must be at least 0"),
        (([1, 2], [1]), "marginal_costs: must have one entry per firm, 2"),
        (([], []), "weights: must be a list of at least one number"),
        (([1], [1], 1.0, 0.0), "needs at least two firms"),
        (([0, 0], [1, 1], 1.0, 0.0), "needs at least two firms"),
        (([1], [np.inf]), r"marginal_costs\[0\] = inf"),
        (([1], [1], 0.0), "price_sensitivity = 0.0: must be at least 1e-200"),
        (([1], [1], 5e-324), "price_sensitivity = 5e-324: must be at least 1e-200"),
        (([1], [1], 1e201), r"price_sensitivity = 1e\+201: must be at most 1e\+200"),
        (([1], [1], [1.0]), "price_sensitivity: must be one number, not a list"),
        (([1], [1], 1.0, -1.0), "outside = -1.0: must be at least 0"),
        (([1], [1], 1.0, np.nan), "outside = nan: must be finite"),
        (([1], [1], 1.0, 1.0, 2.0), r"sales_focus\[0\] = 2.0"),
        (([1], [1], 1.0, 1.0, -1e101), r"sales_focus\[0\] = -1e\+101: must be at least -1e\+100"),
        ((["a"], [1]), r"weights = \['a'\]: must be numbers"),
        ((["1.5"], [1]), "weights = .*: must be numbers"),
        (([1 + 2j], [1]), "weights = .*: must be numbers"),
        (([1, [2, 3]], [1]), "weights = .*: must be numbers"),
        (([1, 10**400], [1, 1]), r"weights = .*: must be numbers below 1.798e\+308 in size"),
        (([1], [1], 10**5000), "price_sensitivity = a whole number of .* bits: must be numbers below"),
        (([1, 1], [0, 9e299], 3.6e10, 0.0), r"marginal_costs\[1\] = 9e\+299: .* must be from -1e\+08 to 1e\+08, not inf"),
        (
            ([1], [-1e300]),
            r"marginal_costs\[0\] = -1e\+300: price_sensitivity \* \(1 - sales_focus\) \* marginal_costs must be from",
        ),
    ],
)
def test_bad_arrays_are_refused_with_the_entry_and_the_rule(arguments: tuple, message: str) -> None:
    with pytest.raises(sim.ParameterError, match=message):
        sim.clear(*arguments)


@pytest.mark.parametrize("price_sensitivity", [1.0, 144.0, 1000.0])
@pytest.mark.parametrize("cost", [0.0, 114.0, 1000.0])
def test_equal_firms_have_the_closed_form_however_far_from_zero_utilities_are(price_sensitivity: float, cost: float) -> None:
    found = sim.clear(np.ones(4), np.full(4, cost), price_sensitivity=price_sensitivity, outside=0.0)
    assert found.converged
    np.testing.assert_allclose(found.shares, 0.25, rtol=1e-12)
    np.testing.assert_allclose(found.prices, cost + 4 / 3 / price_sensitivity, rtol=1e-12)


@pytest.mark.parametrize("outside", [0.0, 1e-3])
def test_tiny_shares_next_to_a_near_monopolist_are_as_exact_as_its_own(outside: float) -> None:
    weights, focus = np.exp(np.linspace(-3, 3, 14)), np.r_[1.0, np.zeros(13)]
    for cost in np.geomspace(1.0, 8000.0, 100):  # the leader's share is from 0.91 to 0.999997
        market = {"weights": weights, "marginal_costs": np.full(14, cost), "price_sensitivity": 40.0, "outside": outside}
        found = sim.clear(**market, sales_focus=focus)
        _, shares = clear_slowly(**market, sales_focus=focus)
        np.testing.assert_allclose(found.shares, shares, rtol=1e-9, atol=1e-290)


def test_hopelessly_expensive_firms_leave_all_customers_to_the_outside_good() -> None:
    found = sim.clear(np.ones(3), np.full(3, 1000.0), price_sensitivity=1000.0, outside=1.0)
    assert found.converged
    assert found.outside_share == 1.0
