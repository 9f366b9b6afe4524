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

    Args:
        weights: w, attraction of each firm, shape (firms,); a firm of weight 0 sells nothing.
        marginal_costs: c, shape (firms,).
        price_sensitivity: α > 0.
        outside: weight of buying nothing, >= 0.
        sales_focus: β, one number or shape (firms,); 0 maximises profit, 1 revenue, below 0 penalises sales.

    Raises:
        ValueError: names the entry of the argument that breaks a rule.
    """
    w = _numbers("weights", weights, low=0.0)
    c = _numbers("marginal_costs", marginal_costs, length=w.size)
    beta = _numbers(
        "sales_focus", np.broadcast_to(sales_focus, w.shape) if np.ndim(sales_focus) == 0 else sales_focus, length=w.size
    )
    alpha = float(_numbers("price_sensitivity", [price_sensitivity], low=0.0)[0])
    nothing = float(_numbers("outside", [outside], low=0.0)[0])
    if alpha == 0.0:
        raise ValueError("price_sensitivity = 0: must be positive")
    if np.any(beta > 1.0):
        i = int(np.argmax(beta > 1.0))
        raise ValueError(f"sales_focus[{i}] = {beta[i]}: must be at most 1")
    if nothing == 0.0 and np.count_nonzero(w) < 2:
        raise ValueError("outside = 0: needs at least two firms of positive weight, a single seller has no finite price")
    prices, shares, outside_share, result = _clear(w, c, alpha, nothing, beta)
    return Equilibrium(prices, shares, outside_share, result.converged, result.iterations, result.residual)


def _numbers(name: str, values: Any, low: float = -math.inf, length: int | None = None) -> Floats:
    """A one-dimensional array of finite numbers, or a clear error."""
    try:
        array = np.ascontiguousarray(values, np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: must be numbers, not {values!r}") from None
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name}: must be a list of at least one number, not of shape {array.shape}")
    if length is not None and array.size != length:
        raise ValueError(f"{name}: must have one entry per firm, {length} as weights has, not {array.size}")
    for wrong, rule in ((~np.isfinite(array), "must be finite"), (array < low, f"must be at least {low:g}")):
        if wrong.any():
            i = int(np.argmax(wrong))
            raise ValueError(f"{name}[{i}] = {array[i]}: {rule}")
    return array


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
