"""PyBLP (Conlon & Gortmaker 2020) as an independent solver: random markets, and its shipped cereal data with a merger."""

from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

import sim
from conformance.rows import at_most, conformance, positive
from sim.lab.conformance import Part, Row

SOLVER = f"PyBLP {version('pyblp')}, ζ-mark-up contraction to 1e-14"
BOTH = "tolerances of the two solvers"
NOTEBOOK = "pyblp, docs/notebooks/tutorial/logit_nested.ipynb, cell 5: prices −3.0E+01 (robust standard error +1.0E+00)"
TUTORIAL = "pyblp, docs/notebooks/tutorial/post_estimation.ipynb: "
NEVO = "cereal data"
INSIDE = 1e4  # points of a Herfindahl index


def pyblp() -> Any:
    """Return the package, set to be quiet; it is imported here because that takes a second."""
    import pyblp

    pyblp.options.verbose = False
    return pyblp


@conformance(Part.THEORY, seconds=5)
def random_markets_have_the_prices_that_pyblp_finds() -> Iterator[Row]:
    """PyBLP on 60 random markets with firms of one and of several products"""
    rng, solver, errors = np.random.default_rng(31), pyblp(), []
    for alpha in (0.5, 1.0, 4.0):
        sizes = rng.integers(1, 31, 20)
        market = np.repeat(np.arange(20), sizes)
        owner = np.concatenate([rng.integers(0, max(1, n // rng.integers(1, 4)), n) for n in sizes])
        log_weights, costs = rng.normal(0, 2, market.size), rng.uniform(0, 3, market.size)
        simulation = solver.Simulation(
            solver.Formulation("0 + prices"), {"market_ids": market, "firm_ids": owner}, beta=[-alpha], xi=log_weights
        )
        theirs = simulation.replace_endogenous(costs=costs[:, None], iteration=contraction())
        prices, shares, surplus = ours(market, owner, log_weights, costs, alpha)
        errors.append(
            [
                np.max(np.abs(prices - theirs.product_data.prices.ravel())),
                np.max(np.abs(shares - theirs.product_data.shares.ravel())),
                np.max(np.abs(surplus - theirs.compute_consumer_surpluses().ravel())),
            ]
        )
    for name, error in zip(("price", "share", "consumer surplus"), np.max(errors, axis=0), strict=True):
        yield at_most(f"{name}: largest difference from PyBLP, random markets", SOLVER, 1e-10, error, BOTH)


def contraction() -> Any:
    """Return how PyBLP iterates to its prices."""
    return pyblp().Iteration("simple", {"atol": 1e-14, "max_evaluations": 100_000})


def ours(
    market: np.ndarray, owner: np.ndarray, log_weights: np.ndarray, costs: np.ndarray, alpha: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return prices and shares by product, and consumer surplus by market.

    A firm of several products has one mark-up (Nocke & Schutz 2018): it is cleared as one product of cost 0 and weight
    Σ w·exp(−αc), whose price is that mark-up.
    """
    prices, shares, surplus = np.empty(market.size), np.empty(market.size), []
    for m in np.unique(market):
        here = np.flatnonzero(market == m)
        _, firm = np.unique(owner[here], return_inverse=True)
        net = np.exp(log_weights[here] - alpha * costs[here])
        found = sim.clear(np.bincount(firm, net), np.zeros(firm.max() + 1), price_sensitivity=alpha)
        prices[here] = costs[here] + found.prices[firm]
        shares[here] = found.outside_share * net * np.exp(-alpha * found.prices[firm])
        surplus.append(-np.log(found.outside_share) / alpha)
    return prices, shares, np.array(surplus)


@cache
def estimated() -> tuple[pd.DataFrame, Any]:
    """Return the cereal data, and PyBLP's estimate of a plain logit with product fixed effects."""
    solver = pyblp()
    data = pd.read_csv(solver.data.NEVO_PRODUCTS_LOCATION)
    return data, solver.Problem(solver.Formulation("prices", absorb="C(product_ids)"), data).solve()


@conformance(Part.THEORY, seconds=5)
def a_merger_in_the_cereal_data_has_the_effects_that_pyblp_finds() -> Iterator[Row]:
    """PyBLP's cereal data (2,256 products in 94 markets, five firms): plain logit, and firm 2 merged into firm 1"""
    data, logit = estimated()
    alpha, costs = -float(logit.beta[0, 0]), logit.compute_costs().ravel()
    assert abs(alpha - 30) < 0.5, f"not the coefficient of {NOTEBOOK}"
    market = data["market_ids"].astype("category").cat.codes.to_numpy()
    owner, price, share = (data[name].to_numpy() for name in ("firm_ids", "prices", "shares"))
    log_weights = np.log(share / (1 - data.groupby(market)["shares"].transform("sum").to_numpy())) + alpha * price
    merged = np.where(owner == 2, 1, owner)
    before, after = (ours(market, who, log_weights, costs, alpha) for who in (owner, merged))
    theirs = logit.compute_prices(firm_ids=merged, costs=costs[:, None], iteration=contraction()).ravel()
    for name, error in {
        "prices with unchanged owners, against the data": before[0] - price,
        "prices after the merger": after[0] - theirs,
        "shares after the merger": after[1] - logit.compute_shares(theirs).ravel(),
        "consumer surplus lost by the merger": after[2] - before[2] - change_of_surplus(logit, theirs),
    }.items():
        yield at_most(f"{NEVO}, {name}: largest difference from PyBLP", SOLVER, 1e-10, np.max(np.abs(error)), BOTH)
    concentration = [herfindahl(market, who, s) for who, s in ((owner, share), (merged, after[1]))]
    error = concentration[1] - logit.compute_hhi(firm_ids=merged, shares=logit.compute_shares(theirs)).ravel()
    what = f"{NEVO}, Herfindahl index of inside shares after the merger: largest difference from PyBLP, of 10,000 points"
    yield at_most(what, SOLVER, 1e-5, np.max(np.abs(error)), BOTH + ", times 10,000")
    for name, quote, move in (
        ("smallest rise of a price by the merger", "“Markups and profits generally increase as well”", np.min(after[0] - price)),
        ("smallest rise of the Herfindahl index", "“HHI increases”", np.min(concentration[1] - concentration[0])),
    ):
        yield positive(f"{NEVO}, {name}", TUTORIAL + quote, move)


def change_of_surplus(logit: Any, prices: np.ndarray) -> np.ndarray:
    """Return the change of consumer surplus by market, from the prices in the data to these."""
    return (logit.compute_consumer_surpluses(prices[:, None]) - logit.compute_consumer_surpluses()).ravel()


def herfindahl(market: np.ndarray, owner: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return the index by market, of shares among those who buy.

    PyBLP 1.3 divides by the inside share, too, although its docstring does not say so.
    """
    by_firm = pd.DataFrame({"m": market, "f": owner, "s": share}).groupby(["m", "f"])["s"].sum()
    inside = by_firm / by_firm.groupby("m").transform("sum")
    return INSIDE * (inside**2).groupby("m").sum().to_numpy()
