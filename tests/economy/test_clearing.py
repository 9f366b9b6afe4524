"""Clearing: closed forms, first-order conditions, and a slow solver that shares no line with ours."""

import numpy as np
import pytest
from hypothesis import given
from scipy.optimize import brentq, minimize
from scipy.special import lambertw

import sim
from tests import strategies


def roots(y: np.ndarray) -> np.ndarray:
    """z with ln z + z - ln(1+z) = y by bisection in ln z; e^z/(1+z) lies between 1 and 1.25 for y <= 0."""
    low, high = np.where(y > 0, -0.25, y - 0.25), np.where(y > 0, np.log(np.maximum(y, 0) + 2), y)
    for _ in range(70):
        middle = 0.5 * (low + high)
        below = middle + np.exp(middle) - np.log1p(np.exp(middle)) < y
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.exp(0.5 * (low + high))


def slowly(
    weights: np.ndarray, marginal_costs: np.ndarray, price_sensitivity: float, outside: float, sales_focus: float | np.ndarray
):
    """SciPy's brentq in ln H around a bisection in ln z (Nocke & Schutz 2018, aggregative game)."""
    perceived = (1 - sales_focus) * marginal_costs
    with np.errstate(divide="ignore"):
        level = np.log(weights) - price_sensitivity * perceived - 1
        log_outside = np.log(outside) if outside > 0 else -np.inf
    centre = max(level.max(), log_outside)
    level, log_outside = level - centre, log_outside - centre

    def excess(h: float) -> float:
        z = roots(level - h)
        return np.exp(log_outside - h) + np.sum(np.delete(z / (1 + z), z.argmax())) - 1 / (1 + z.max())

    second = np.partition(level, -2)[-2] if level.size > 1 else -np.inf
    low, high = max(log_outside, second - 2), max(level.max() + np.log(level.size), log_outside) + 2
    z = roots(level - brentq(excess, low, high, xtol=1e-14, rtol=1e-14))
    return perceived + (1 + z) / price_sensitivity, z / (1 + z)


def first_order_error(market: dict, found: sim.Equilibrium) -> float:
    """Largest error of α(p - perceived cost)(1 - s) = 1, with s the logit demand at the prices found, relative to the mark-up."""
    alpha, costs = market["price_sensitivity"], market["marginal_costs"]
    with np.errstate(divide="ignore"):
        utility = np.log(market["weights"]) - alpha * found.prices
        nothing = np.log(market["outside"]) if market["outside"] > 0 else -np.inf
    top = max(utility.max(), nothing)
    demand = np.exp(utility - top)
    rest = np.array([np.exp(nothing - top) + np.sum(np.delete(demand, i)) for i in range(demand.size)])
    share, others = demand / (rest + demand), rest / (rest + demand)
    markup = alpha * (found.prices - (1 - market["sales_focus"]) * costs)
    assert np.max(np.abs(share - found.shares)) < 1e-9
    return float(np.max(np.abs(others - 1 / markup)))


@given(strategies.markets())
def test_first_order_conditions_vanish_and_shares_and_the_outside_good_sum_to_one(market: dict) -> None:
    found = sim.clear(**market)
    assert found.converged
    assert found.residual < 1e-10
    assert found.shares.sum() + found.outside_share == pytest.approx(1, abs=1e-10)
    assert first_order_error(market, found) < 1e-10 * max(1.0, market["price_sensitivity"] * np.abs(found.prices).max())


@given(strategies.markets())
def test_two_solvers_that_share_no_line_agree(market: dict) -> None:
    prices, shares = slowly(**market)
    found = sim.clear(**market)
    np.testing.assert_allclose(found.prices, prices, rtol=1e-9)
    np.testing.assert_allclose(found.shares, shares, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("firms", [2, 3, 10, 1000])
def test_equal_firms_without_outside_good_have_markup_n_over_n_minus_one(firms: int) -> None:
    """Nocke & Schutz (2018), symmetric logit: s = 1/F, α(p - c) = F/(F-1)."""
    found = sim.clear(np.full(firms, 0.3), np.full(firms, 2.0), price_sensitivity=4.0, outside=0.0)
    np.testing.assert_allclose(found.shares, 1 / firms, rtol=1e-12)
    np.testing.assert_allclose(4.0 * (found.prices - 2.0), firms / (firms - 1), rtol=1e-12)


@pytest.mark.parametrize("d", [-5.0, 0.0, 1.0, 2.0, 10.0, 60.0])
def test_the_monopoly_markup_is_one_plus_lambert_w(d: float) -> None:
    """With outside utility 0: α(p - c) = 1 + W(e^(d-1)) (Lambert W; e.g. Aravindakshan & Ratchford 2011)."""
    found = sim.clear([np.exp(d)], [0.0])
    assert found.prices[0] == pytest.approx(1 + lambertw(np.exp(d - 1)).real, rel=1e-12)


def test_the_monopolist_at_d_two_charges_exactly_two_and_serves_half() -> None:
    found = sim.clear([np.exp(2.0)], [0.0])
    assert found.prices[0] == pytest.approx(2.0, rel=1e-13)
    assert found.shares[0] == pytest.approx(0.5, rel=1e-13)


@pytest.mark.parametrize(("firms", "d", "markup"), [(2, 2.0, 1.5989418625), (10, 1.0, 1.0989703756)])
def test_oligopolies_of_the_design_are_met_to_their_last_printed_digit(firms: int, d: float, markup: float) -> None:
    """Design, section 7: values computed there with another program."""
    assert sim.clear([np.exp(d)] * firms, [0.0] * firms).prices[0] == pytest.approx(markup, abs=5e-11)


def test_the_duopoly_share_of_the_design_is_met() -> None:
    assert sim.clear([np.exp(2.0)] * 2, [0.0] * 2).shares[0] == pytest.approx(0.3745863915, abs=5e-11)


def test_a_better_product_gains_share_and_price_and_takes_both_from_rivals() -> None:
    weights = np.array([1.0, 2.0, 3.0])
    before, after = sim.clear(weights, [1.0] * 3), sim.clear(weights * [1.0, 1.5, 1.0], [1.0] * 3)
    assert after.shares[1] > before.shares[1]
    assert after.prices[1] > before.prices[1]
    assert np.all(after.shares[[0, 2]] < before.shares[[0, 2]])
    assert np.all(after.prices[[0, 2]] < before.prices[[0, 2]])


def test_a_multi_product_firm_has_one_markup_and_prices_as_one_product_of_their_joint_weight() -> None:
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


def test_a_sales_maximiser_is_a_profit_maximiser_with_perceived_cost() -> None:
    """Vickers (1985): β acts as a cost of (1-β)c."""
    focused = sim.clear([1.0, 2.0], [1.0, 1.5], sales_focus=[0.4, 0.0])
    cheap = sim.clear([1.0, 2.0], [0.6 * 1.0, 1.5])
    np.testing.assert_allclose(focused.prices, cheap.prices, rtol=1e-13)


def test_under_price_competition_an_owner_gains_by_penalising_sales() -> None:
    """Fershtman & Judd (1987): with prices as strategic complements the equilibrium incentive is β < 0."""

    def profit(beta: float) -> float:
        found = sim.clear([5.0, 5.0], [1.0, 1.0], sales_focus=[beta, 0.0])
        return float((found.prices[0] - 1.0) * found.shares[0])

    assert profit(-0.05) > profit(0.0) > profit(0.05)


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
        prices, shares = slowly(**market)
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
        (([1], [1], 0.0), "price_sensitivity = 0"),
        (([1], [1], 1.0, -1.0), r"outside\[0\] = -1.0"),
        (([1], [1], 1.0, 1.0, 2.0), r"sales_focus\[0\] = 2.0"),
        ((["a"], [1]), "weights: must be numbers"),
    ],
)
def test_bad_arrays_are_refused_with_the_entry_and_the_rule(arguments: tuple, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sim.clear(*arguments)


@pytest.mark.parametrize("price_sensitivity", [1.0, 144.0, 1000.0])
@pytest.mark.parametrize("cost", [0.0, 114.0, 1000.0])
def test_equal_firms_have_the_closed_form_however_far_from_zero_utilities_are(price_sensitivity: float, cost: float) -> None:
    found = sim.clear(np.ones(4), np.full(4, cost), price_sensitivity=price_sensitivity, outside=0.0)
    assert found.converged
    np.testing.assert_allclose(found.shares, 0.25, rtol=1e-12)
    np.testing.assert_allclose(found.prices, cost + 4 / 3 / price_sensitivity, rtol=1e-12)


def test_a_market_whose_firms_are_hopeless_leaves_all_to_the_outside_good() -> None:
    found = sim.clear(np.ones(3), np.full(3, 1000.0), price_sensitivity=1000.0, outside=1.0)
    assert found.converged
    assert found.outside_share == 1.0
