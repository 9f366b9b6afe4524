"""Sales focus, and the incentives that owners would choose (Fershtman & Judd 1987; Vickers 1985)."""

from collections.abc import Iterator

import numpy as np
from scipy.optimize import brentq, minimize_scalar

import sim
from conformance.rows import at_most, conformance, exactly, positive
from conformance.support.markets import random_markets
from sim.lab.conformance import Part, Row

VICKERS = "Vickers (1985), passage not seen; exact: the objective profit + β·variable cost differs by the cost that counts"
OURS = "exact: the owner's first-order condition with the rival's reply, s_i·s_j/(1−s_j), derived for this project"
JUDD = (
    "Fershtman & Judd (1987), abstract: managers “paid less than the marginal profit” in a price game, "
    "that is overcompensated for profits, so that sales are penalised"
)
COST = 1.0


@conformance(Part.THEORY)
def a_sales_focus_is_a_lower_perceived_cost() -> Iterator[Row]:
    """Sales focus β: prices of a profit maximiser whose cost is (1−β)c"""
    errors = []
    for market in random_markets(21, 100):
        market["sales_focus"] = np.linspace(-0.5, 1, market["weights"].size)
        profit_focused = {**market, "sales_focus": 0.0, "marginal_costs": (1 - market["sales_focus"]) * market["marginal_costs"]}
        errors.append(np.max(np.abs(sim.clear(**market).prices - sim.clear(**profit_focused).prices)))
    yield at_most("largest difference of price, 100 random markets", VICKERS, 1e-12, max(errors), "rounding")


@conformance(Part.THEORY)
def owners_of_a_duopoly_penalise_sales_by_the_closed_form() -> Iterator[Row]:
    """Delegation in a duopoly: α(p−c) = (1−s)/((1−s)²−s³), perceived cost raised by s³/((1−s)((1−s)²−s³))"""
    for d, outside in ((0.0, 1.0), (1.0, 1.0), (2.0, 1.0), (3.0, 1.0), (5.0, 1.0), (2.0, 0.0)):
        s = brentq(excess_share, 1e-9, 0.4999, args=(d,), xtol=1e-15) if outside else 0.5
        where = f"d = {d:g}" if outside else "no outside good"
        margin, shift = closed_form(s)
        delegated = duopoly(d, outside, -shift, -shift)
        yield exactly(f"margin under delegation, {where}", OURS, margin, delegated.prices[0] - COST, 1e-9)
        reply = best_reply(d, outside, -shift)
        why = "a maximum found by comparing profits of 1e-13 relative accuracy"
        yield exactly(f"best reply to it: rise of perceived cost, {where}", OURS, shift, -reply, 1e-6, why)
        alone = duopoly(d, outside, 0.0, 0.0)
        yield positive(f"gain of both owners, {where}", OURS, profit(delegated) - profit(alone))
        if outside:
            yield positive(f"loss of customers, {where}", OURS, np.log(delegated.outside_share / alone.outside_share))
    yield positive("an owner's gain by β = −0.05, d = 2", JUDD, profit(duopoly(2, 1, -0.05, 0)) - profit(duopoly(2, 1, 0, 0)))
    yield positive("an owner's loss by β = 0.05, d = 2", JUDD, profit(duopoly(2, 1, 0, 0)) - profit(duopoly(2, 1, 0.05, 0)))


def closed_form(s: float) -> tuple[float, float]:
    """Return margin and rise of perceived cost, times α, if each firm has share s."""
    denominator = (1 - s) ** 2 - s**3
    return (1 - s) / denominator, s**3 / ((1 - s) * denominator)


def excess_share(s: float, d: float) -> float:
    """Return demand at the margin of the closed form, less s; outside utility is 0."""
    demand = np.exp(d - closed_form(s)[0])
    return float(demand / (1 + 2 * demand) - s)


def duopoly(d: float, outside: float, own: float, rival: float) -> sim.Equilibrium:
    """Clear a market of two firms. α = c = 1, so −β is the rise of perceived cost."""
    return sim.clear([np.exp(d + COST)] * 2, [COST] * 2, outside=outside, sales_focus=[own, rival])


def profit(found: sim.Equilibrium) -> float:
    """Return the profit of the first firm for each customer."""
    return float((found.prices[0] - COST) * found.shares[0])


def best_reply(d: float, outside: float, rival: float) -> float:
    """Return the sales focus that maximises the profit of the first firm, given that of its rival."""

    def loss(own: float) -> float:
        return -profit(duopoly(d, outside, own, rival))

    return float(minimize_scalar(loss, bounds=(-4, 1), method="bounded", options={"xatol": 1e-10}).x)
