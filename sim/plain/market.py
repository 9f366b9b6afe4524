"""The prices at which a market clears: no firm would change its price, given all others (Nocke & Schutz 2018)."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from scipy.optimize import brentq

from sim.economy.parameters import Market as Demand

if TYPE_CHECKING:
    from sim.plain.firm import Firm

SMALLEST = -708.0  # logarithm of the smallest number with all its digits: a share below it is none


class Market:
    """Customers who buy one product or nothing; the aggregate H sums up what they can choose from.

    `lines` is the number of product lines at the start.
    """

    def __init__(self, demand: Demand, lines: int) -> None:
        self.demand, self.lines = demand, lines
        self.customers = demand.customers * lines
        self.log_outside = math.log(demand.outside * lines) if demand.outside > 0 else -math.inf
        self.log_aggregate = self.first_log_aggregate = math.nan
        self.outside_share, self.best_fitness = 1.0, 0.0

    def clear(self, firms: list["Firm"]) -> None:
        """Set prices and shares: find ln H at which all shares and the outside share sum to one."""
        firms = sorted(firms, key=self.level, reverse=True)
        levels = [self.level(firm) for firm in firms]
        top = max([*levels, self.log_outside])  # all is taken relative to it: utilities may be far from zero

        def excess(h: float) -> float:
            """Return outside share + all shares - 1; the strongest firm's share less 1 is -1/(1+z)."""
            strongest, *others = [odds(level - top - h) for level in levels]
            return math.exp(self.log_outside - top - h) + sum(z / (1 + z) for z in others) - 1 / (1 + strongest)

        h = _root(excess, math.log(len(firms) + 1)) if firms else 0.0
        self.log_aggregate = top + h
        if math.isnan(self.first_log_aggregate):
            self.first_log_aggregate = self.log_aggregate
        self.outside_share = math.exp(self.log_outside - top - h)
        self.best_fitness = max((firm.fitness for firm in firms), default=0.0)
        for firm, level in zip(firms, levels, strict=True):
            z = odds(level - top - h)
            firm.share = z / (1 + z)
            firm.price = self._perceived_cost(firm) + (1 + z) / self.demand.price_sensitivity

    def level(self, firm: "Firm") -> float:
        """Return ln w - α·(1-β)c - 1: attraction at the lowest price that the firm would ever ask."""
        demand = self.demand
        appeal = math.log(firm.lines) + demand.quality_weight * (firm.fitness - 0.5)
        appeal += demand.promotion_effect * math.log(1 + firm.promotion / firm.lines)
        return appeal - demand.price_sensitivity * self._perceived_cost(firm) - 1

    def _perceived_cost(self, firm: "Firm") -> float:
        """Return the cost that sets its price: a sales-focused firm prices as if its costs were lower (Vickers 1985)."""
        return (1 - firm.sales_focus) * firm.marginal_cost


def odds(x: float) -> float:
    """Return z = share/(1 - share) at a firm's best price p = perceived cost + (1+z)/α: the root of ln z - ln(1+z) + z = x.

    x is level - ln H. Newton's method on ln z: the function is convex and the start lies above the root, so the steps go down.
    """
    if x < SMALLEST:
        return 0.0
    log_z = x if x < 0 else math.log1p(x)
    while True:
        z = math.exp(log_z)
        step = (log_z - math.log1p(z) + z - x) / (z + 1 / (1 + z))
        log_z -= step
        if step <= 1e-15 * max(1.0, abs(log_z)):
            return math.exp(log_z)


def _root(falling: Callable[[float], float], high: float) -> float:
    """Return where a falling function that is not positive at `high` crosses zero."""
    width = 1.0
    while falling(high - width) < 0:
        width *= 2
    return float(brentq(falling, high - width, high, xtol=1e-15, rtol=1e-15))
