"""Consumer surplus: what customers gain from the market."""

from collections.abc import Iterator

import numpy as np
from scipy.integrate import quad

import sim
from conformance.rows import at_most, conformance
from sim.lab.conformance import Part, Row

SMALL_ROSEN = "Small & Rosen (1981), passage not seen; exact: the log sum is the integral of demand over prices"


@conformance(Part.THEORY)
def consumer_surplus_is_what_customers_would_have_paid_beyond_the_price() -> Iterator[Row]:
    """Consumer surplus: customers·ln(H/outside)/α"""
    alpha, customers, outside = 1.5, 300.0, 0.166 * 200
    parameters = sim.parameters("today", {"dynamics.months": 24, "market.price_sensitivity": alpha})
    run, theta = sim.simulate(parameters, 3), parameters.market.quality_weight
    firms, market = run.firms(), run.markets().iloc[-1]
    attraction = np.sum(firms["lines"] * np.exp(theta * (firms["fitness"] - 0.5) - alpha * firms["price"]))

    def bought(rise: float) -> float:
        demand = attraction * np.exp(-alpha * rise)
        return float(customers * demand / (outside + demand))

    log_sum = customers / alpha * np.log1p(attraction / outside)
    for name, expected in {
        "the log sum at the prices charged": log_sum,
        "demand integrated over all higher prices": quad(bought, 0, 60)[0],
    }.items():
        error = abs(market["consumer_surplus"] / expected - 1)
        yield at_most(f"{name}: largest relative difference", SMALL_ROSEN, 1e-9, error, "tolerances of solver and quadrature")
