"""What customers gain from trading."""

from collections.abc import Iterator

import numpy as np

import sim
from sim.lab.conformance import Part, Row
from tests.conformance.rows import at_most, conformance


@conformance(Part.THEORY)
def consumer_surplus_is_the_log_sum_at_the_prices_charged() -> Iterator[Row]:
    """Consumer surplus"""
    run = sim.simulate(sim.parameters("today", {"dynamics.months": 24, "market.price_sensitivity": 1.5}), 3)
    firms, market = run.firms(), run.markets().iloc[-1]
    weights = firms["lines"] * np.exp(10 * (firms["fitness"] - 0.5))
    surplus = 300 / 1.5 * np.log1p(np.sum(weights * np.exp(-1.5 * firms["price"])) / (0.166 * 200))
    yield at_most(
        "customers·ln(H/outside)/α at the last month's prices: largest relative difference",
        "Small & Rosen (1981), the log sum of logit demand; passage not seen, follows by integrating demand",
        1e-10,
        abs(market["consumer_surplus"] / surplus - 1),
        "tolerance of the solver",
    )
