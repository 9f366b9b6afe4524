"""Random markets, first-order conditions, and a slow solver that shares no line with ours."""

from collections.abc import Iterator

import numpy as np
from scipy.optimize import brentq

import sim


def roots(y: np.ndarray) -> np.ndarray:
    """Return z with ln z + z - ln(1+z) = y, by bisection in ln z; e^z/(1+z) lies between 1 and 1.25 for y <= 0."""
    low, high = np.where(y > 0, -0.25, y - 0.25), np.where(y > 0, np.log(np.maximum(y, 0) + 2), y)
    for _ in range(70):
        middle = 0.5 * (low + high)
        below = middle + np.exp(middle) - np.log1p(np.exp(middle)) < y
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.exp(0.5 * (low + high))


def clear_slowly(
    weights: np.ndarray, marginal_costs: np.ndarray, price_sensitivity: float, outside: float, sales_focus: float | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return prices and shares of one market: brentq of SciPy in ln H around a bisection in ln z (Nocke & Schutz 2018)."""
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
    """Return the largest error of α(p - perceived cost)(1 - s) = 1, relative to the mark-up; s is logit demand at these prices."""
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


def random_markets(seed: int, markets: int) -> Iterator[dict]:
    """Yield arguments of `sim.clear`: 1 to 40 firms of unequal attraction, cost and focus, with an outside good."""
    rng = np.random.default_rng(seed)
    for _ in range(markets):
        firms = int(rng.integers(1, 41))
        yield {
            "weights": np.exp(rng.normal(0, rng.choice([0.5, 3.0]), firms)),
            "marginal_costs": rng.uniform(0, 3, firms),
            "price_sensitivity": float(rng.choice([0.5, 1.0, 4.0])),
            "outside": float(rng.choice([0.01, 1.0, 50.0])),
            "sales_focus": rng.uniform(-0.5, 1, firms) * rng.integers(2),
        }
