"""Demand, and the month's clearing of every market."""

from __future__ import annotations

import math

import numpy as np

from sim.economy.arithmetic import exp, log, log_of_any
from sim.economy.clearing import solve
from sim.economy.compiled import kernel
from sim.economy.parameters import Market
from sim.economy.state import Firms, State


@kernel
def clear(state: State, demand: Market) -> None:
    """Set attraction, price and share of every firm, market by market. Modified in place: state.firms, state.markets."""
    firms, markets, scratch = state.firms, state.markets, state.room.solver
    _attract(firms, demand)
    for m in range(markets.lines.size):
        start, stop = markets.start[m], markets.start[m + 1]
        log_outside = markets.log_outside[m] = log_of_any(demand.outside * markets.lines[m])
        result = solve(firms.level[start:stop], log_outside, markets.log_aggregate[m], firms.odds[start:stop], scratch)
        markets.log_aggregate[m] = result.log_aggregate
        if math.isnan(markets.first_log_aggregate[m]):
            markets.first_log_aggregate[m] = result.log_aggregate
        markets.outside_share[m] = exp(log_outside - result.log_aggregate)
        markets.converged[m] = result.converged
        markets.iterations[m] = result.iterations
        markets.residual[m] = result.residual
        markets.best_fitness[m] = _best_fitness(firms, start, stop)
    _price(firms, demand.price_sensitivity)


@kernel
def _attract(firms: Firms, demand: Market) -> None:
    """Set what the solver starts from: level = ln w - α(1-β)c - 1, and -inf for firms that do not trade.

    ln w = ln lines + θ(f - 1/2) + ε·ln(1 + promotion per line); c = marginal cost · lines^(-elasticity).
    Modified in place: marginal_cost, promotion and level of firms.
    """
    for i in range(firms.level.size):
        log_lines = log(float(firms.lines[i]))
        firms.marginal_cost[i] = demand.marginal_cost * exp(-demand.scale_elasticity * log_lines)
        firms.promotion[i] = demand.promotion * firms.sales_focus[i] * firms.revenue[i] if firms.active[i] else 0.0
        appeal = log_lines + demand.quality_weight * (firms.fitness[i] - 0.5)
        if firms.promotion[i] > 0.0:
            appeal += demand.promotion_effect * log(1.0 + firms.promotion[i] / firms.lines[i])
        perceived = (1.0 - firms.sales_focus[i]) * firms.marginal_cost[i]
        level = appeal - demand.price_sensitivity * perceived - 1.0
        firms.level[i] = level if firms.active[i] else -math.inf


@kernel
def _price(firms: Firms, price_sensitivity: float) -> None:
    """Set p = (1-β)c + (1+z)/α and share = z/(1+z) from the odds z. Modified in place: price and share of firms."""
    for i in range(firms.price.size):
        z = firms.odds[i]
        perceived = (1.0 - firms.sales_focus[i]) * firms.marginal_cost[i]
        firms.price[i] = perceived + (1.0 + z) / price_sensitivity if firms.active[i] else np.nan
        firms.share[i] = z / (1.0 + z)


@kernel
def _best_fitness(firms: Firms, start: int, stop: int) -> float:
    """The highest fitness among the firms that trade in rows start to stop; 0 if there is none."""
    best = 0.0
    for i in range(start, stop):
        if firms.active[i] and firms.fitness[i] > best:
            best = firms.fitness[i]
    return best
