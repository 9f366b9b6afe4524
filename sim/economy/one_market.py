"""The clearing of one market as a public function on plain arrays."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.economy.arithmetic import exp, log_of_any
from sim.economy.arrays import Floats
from sim.economy.clearing import BLOCK, Clearing, solve
from sim.economy.compiled import entry_point
from sim.economy.messages import shown
from sim.economy.validation import ParameterError

MOST_UTILS = 1e8  # of a cost


class Equilibrium(NamedTuple):
    """Prices and shares at which a market clears.

    Attributes:
        prices: one per firm.
        shares: of all customers, one per firm.
        outside_share: share of the customers who buy nothing.
        converged: whether the equilibrium was found.
        iterations: how many passes over all firms that took.
        residual: the largest error left, see `sim.economy.clearing.solve`.
    """

    prices: Floats
    shares: Floats
    outside_share: float
    converged: bool
    iterations: int
    residual: float


def clear(
    weights: ArrayLike,
    marginal_costs: ArrayLike,
    price_sensitivity: float = 1.0,
    outside: float = 1.0,
    sales_focus: ArrayLike = 0.0,
) -> Equilibrium:
    """Find the prices at which one market with logit demand is in Bertrand-Nash equilibrium.

    >>> import sim
    >>> found = sim.clear([2.0, 1.0], [1.0, 1.0], outside=1.0)
    >>> found.converged, found.prices.round(3).tolist(), round(found.outside_share, 3)
    (True, [2.198, 2.1], 0.744)

    share_i = w_i·exp(-α·p_i)/(outside + Σ w_k·exp(-α·p_k)) and p_i = (1 - β_i)·c_i + 1/(α·(1 - share_i)) for all i at once
    (Nocke & Schutz 2018; sales focus after Vickers 1985).

    Costs in utils, α·(1 - β)·c, must lie within ±1e8; a share then has a relative error below 1e-10 + 1e-14 times the largest of
    them. Far beyond, floating-point numbers cannot tell which firm is cheaper. A share below 1e-300 may be given as 0.

    Args:
        weights: w, attraction of each firm, shape (firms,); a firm of weight 0 sells nothing.
        marginal_costs: c, shape (firms,).
        price_sensitivity: α, from 1e-200 to 1e200, so that prices are finite.
        outside: weight of buying nothing, >= 0.
        sales_focus: β, one number or shape (firms,), from -1e100 to 1; 0 maximises profit, 1 revenue, < 0 penalises sales.

    Raises:
        ParameterError: names the entry of the argument that breaks a rule.
    """
    w = _numbers("weights", weights, (0.0, math.inf))
    c = _numbers("marginal_costs", marginal_costs, firms=w.size)
    alpha = _number("price_sensitivity", price_sensitivity, (1e-200, 1e200))
    nothing = _number("outside", outside, (0.0, math.inf))
    focus = _floats("sales_focus", sales_focus)
    beta = _numbers("sales_focus", np.full(w.shape, focus) if focus.ndim == 0 else focus, (-1e100, 1.0), firms=w.size)
    if nothing == 0.0 and np.count_nonzero(w) < 2:
        raise ParameterError("outside = 0: needs at least two firms of positive weight, a single seller has no finite price")
    _check_utils(c, alpha, beta)
    prices, shares, outside_share, result = _clear(w, c, alpha, nothing, beta)
    return Equilibrium(prices, shares, outside_share, result.converged, result.iterations, result.residual)


def _check_utils(c: Floats, alpha: float, beta: Floats) -> None:
    """Refuse costs that no share could be computed from."""
    with np.errstate(over="ignore"):
        utils = alpha * ((1.0 - beta) * c)
    too_far = np.abs(utils) > MOST_UTILS
    if too_far.any():
        i = int(np.argmax(too_far))
        rule = f"price_sensitivity * (1 - sales_focus) * marginal_costs must be from {-MOST_UTILS:g} to {MOST_UTILS:g}"
        raise ParameterError(f"marginal_costs[{i}] = {c[i]}: {rule}, not {utils[i]:g}")


def _number(name: str, value: Any, limits: tuple[float, float]) -> float:
    """One finite number within limits, or a clear error."""
    number = _floats(name, value)
    if number.ndim != 0:
        raise ParameterError(f"{name}: must be one number, not a list of shape {number.shape}")
    if rule := _broken_rule(float(number), limits):
        raise ParameterError(f"{name} = {number}: {rule}")
    return float(number)


def _numbers(name: str, values: Any, limits: tuple[float, float] = (-math.inf, math.inf), firms: int | None = None) -> Floats:
    """A list of finite numbers within limits, or a clear error."""
    array = _floats(name, values)
    if array.ndim != 1 or array.size == 0:
        raise ParameterError(f"{name}: must be a list of at least one number, not of shape {array.shape}")
    if firms is not None and array.size != firms:
        raise ParameterError(f"{name}: must have one entry per firm, {firms} as weights has, not {array.size}")
    wrong = ~(np.isfinite(array) & (array >= limits[0]) & (array <= limits[1]))
    if wrong.any():
        i = int(np.argmax(wrong))
        raise ParameterError(f"{name}[{i}] = {array[i]}: {_broken_rule(array[i], limits)}")
    return array


def _broken_rule(x: float, limits: tuple[float, float]) -> str | None:
    """What is wrong with a number, or None."""
    if not math.isfinite(x):
        return "must be finite"
    if x < limits[0]:
        return f"must be at least {limits[0]:g}"
    return f"must be at most {limits[1]:g}" if x > limits[1] else None


def _floats(name: str, values: Any) -> Floats:
    """A new array of real numbers as doubles hold them, or a clear error for what is not a number, or too large for one."""
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "biufO":  # text that looks like a number is not one, and complex numbers have no order
            raise TypeError
        with np.errstate(over="ignore"):
            return array.astype(np.float64)
    except OverflowError:
        raise ParameterError(f"{name} = {shown(values)}: must be numbers below {np.finfo(np.float64).max:.4g} in size") from None
    except (TypeError, ValueError):
        raise ParameterError(f"{name} = {shown(values)}: must be numbers") from None


@entry_point
def _clear(w: Floats, c: Floats, alpha: float, outside: float, beta: Floats) -> tuple[Floats, Floats, float, Clearing]:
    """Prices, shares, outside share, and how the search for them ended."""
    level = np.empty(w.size)
    for i in range(w.size):
        level[i] = log_of_any(w[i]) - alpha * (1.0 - beta[i]) * c[i] - 1.0
    # Only differences of levels matter: centred, they keep their last digits however high costs are.
    centre = max(np.max(level), log_of_any(outside))
    level -= centre
    z = np.empty(w.size)
    log_outside = log_of_any(outside) - centre
    result = solve(level, log_outside, np.nan, z, np.empty((3, BLOCK)))
    prices, shares = np.empty(w.size), np.empty(w.size)
    for i in range(w.size):
        prices[i] = (1.0 - beta[i]) * c[i] + (1.0 + z[i]) / alpha
        shares[i] = z[i] / (1.0 + z[i])
    return prices, shares, exp(log_outside - result.log_aggregate), result
