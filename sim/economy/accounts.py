"""Revenue, cost, profit and cash; every flow has a counter-flow."""

from __future__ import annotations

from sim.economy.compiled import kernel
from sim.economy.parameters import Parameters
from sim.economy.state import Firms, Markets

TRAILING_WEIGHT = 0.2  # of the latest month in trailing profits


@kernel
def settle(firms: Firms, markets: Markets, parameters: Parameters) -> None:
    """Book the month. Modified in place: the money of firms.

    revenue = customers·share·p; operating profit = customers·share·(p - c) - overhead - promotion;
    profit = operating profit - specialists' wages - dues = change of cash + pay-out.
    Trailing profits are exponential averages that start from a firm's first month.
    """
    finance, customers_per_line = parameters.finance, parameters.market.customers
    for m in range(markets.lines.size):
        customers = customers_per_line * markets.lines[m]
        for i in range(markets.start[m], markets.start[m + 1]):
            if not firms.active[i]:
                continue
            sold = customers * firms.share[i]
            overhead = finance.overhead * firms.lines[i]
            firms.revenue[i] = sold * firms.price[i]
            firms.operating_profit[i] = sold * (firms.price[i] - firms.marginal_cost[i]) - overhead - firms.promotion[i]
            firms.profit[i] = firms.operating_profit[i] - firms.specialist_cost[i] - firms.dues[i]
            weight = TRAILING_WEIGHT if firms.age[i] > 0 else 1.0
            firms.trailing_operating_profit[i] += weight * (firms.operating_profit[i] - firms.trailing_operating_profit[i])
            firms.trailing_profit[i] += weight * (firms.profit[i] - firms.trailing_profit[i])
            wealth = firms.cash[i] + firms.profit[i]
            firms.cash[i] = min(wealth, firms.reserve[i])
            firms.payout[i] = wealth - firms.cash[i]
