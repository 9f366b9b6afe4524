"""Prices that clear a market: closed forms, identities of the aggregative game, uniqueness, comparative statics."""

from collections.abc import Iterator
from math import inf

import numpy as np
from scipy.special import lambertw

import sim
from conformance.rows import at_most, conformance, exactly, positive
from conformance.support.kernels import from_python
from conformance.support.markets import clear_slowly, first_order_error, random_markets
from sim.economy import clearing
from sim.lab.conformance import Part, Row

LAMBERT = "exact: the first-order condition solved for z = s/(1−s) (Aravindakshan & Ratchford 2011; passage not seen)"
SYMMETRIC = "exact: s = 1/F in α(p−c) = 1/(1−s) (Anderson, de Palma & Thisse 1992; passage not seen)"
PRINTED = "design of this project, section 7, computed there with another program"
GAME = "Nocke & Schutz (2018), aggregative game; passage not seen, follows from the first-order conditions"
SOLVER = "tolerance of the solver"
MARKETS = 300


def largest(errors: Iterator[float]) -> float:
    """Return the largest of the errors."""
    return max(map(float, errors))


@conformance(Part.THEORY)
def a_monopolist_charges_one_plus_lambert_w() -> Iterator[Row]:
    """Monopoly: α(p−c) = 1 + W(e^(d−1)), with d = ln w − αc and outside utility 0"""
    for d in (-5.0, 0.0, 1.0, 2.0, 10.0, 60.0):
        expected = 1 + lambertw(np.exp(d - 1)).real
        yield exactly(
            f"mark-up of a monopolist, d = {d:g}", LAMBERT, expected, sim.clear([np.exp(d)], [0.0]).prices[0], 1e-12 * expected
        )
    yield exactly("its share at d = 2", LAMBERT, 0.5, sim.clear([np.exp(2.0)], [0.0]).shares[0], 1e-12)


@conformance(Part.THEORY)
def equal_firms_without_outside_good_have_markup_f_over_f_minus_one() -> Iterator[Row]:
    """F equal firms, no outside good: α(p−c) = F/(F−1)"""
    for firms in (2, 3, 10, 1000):
        found = sim.clear(np.full(firms, 0.3), np.full(firms, 2.0), price_sensitivity=4.0, outside=0.0)
        yield exactly(f"mark-up of {firms} firms", SYMMETRIC, firms / (firms - 1), 4 * (found.prices[0] - 2), 1e-11)


@conformance(Part.THEORY)
def oligopolies_meet_the_printed_digits() -> Iterator[Row]:
    """Equal firms with an outside good, printed values"""
    why = "rounding of what was printed"
    two, ten = (sim.clear([np.exp(d)] * firms, [0.0] * firms) for firms, d in ((2, 2.0), (10, 1.0)))
    yield exactly("mark-up of two firms at d = 2", PRINTED, 1.5989418625, two.prices[0], 5.1e-11, why)
    yield exactly("share of each of two firms at d = 2", PRINTED, 0.3745863915, two.shares[0], 5.1e-11, why)
    yield exactly("mark-up of ten firms at d = 1", PRINTED, 1.0989703756, ten.prices[0], 5.1e-11, why)


@conformance(Part.THEORY)
def first_order_conditions_and_aggregative_identities_hold() -> Iterator[Row]:
    """First-order conditions and the aggregative game over 300 random markets of 1 to 40 firms"""
    markets = list(random_markets(11, MARKETS))
    found = [sim.clear(**market) for market in markets]
    both = list(zip(markets, found, strict=True))
    conditions = largest(first_order_error(market, f) for market, f in both)
    yield at_most("first-order conditions: largest relative error of 1/mark-up", GAME, 1e-10, conditions, SOLVER)
    total = largest(abs(f.shares.sum() + f.outside_share - 1) for f in found)
    yield at_most("|Σ s + outside share − 1|", ELEMENTARY_SUM, 1e-11, total, SOLVER)
    fitting = largest(fitting_in_error(market, f) for market, f in both)
    yield at_most(
        "s·exp(1/(1−s)) = w·exp(−αc̃)/H with H = outside/outside share: largest relative error", GAME, 1e-9, fitting, SOLVER
    )
    slow = largest(np.max(np.abs(f.prices / clear_slowly(**market)[0] - 1)) for market, f in both)
    yield at_most(
        "prices of a solver by bisection (brentq around bisection): largest relative difference", GAME, 1e-9, slow, SOLVER
    )
    yield at_most(
        "a cost δ more and a weight e^(αδ) more: prices rise by δ", GAME, 1e-9, largest(map(shift_error, markets)), SOLVER
    )
    yield at_most("all weights seven times as large: the same prices", GAME, 1e-9, largest(map(scale_error, markets)), SOLVER)


ELEMENTARY_SUM = "exact: shares of all alternatives"


def fitting_in_error(market: dict, found: sim.Equilibrium) -> float:
    """Return the largest error of Nocke & Schutz's fitting-in function, each share given H alone, in logarithms."""
    alpha, s = market["price_sensitivity"], found.shares
    perceived = (1 - market["sales_focus"]) * market["marginal_costs"]
    right = np.log(market["weights"]) - alpha * perceived - np.log(market["outside"] / found.outside_share)
    return float(np.max(np.abs(np.log(s) + 1 / (1 - s) - right) * (1 - s)))


def shift_error(market: dict) -> float:
    """Return how far prices are from rising by 0.7 when costs do and weights make up for it."""
    alpha, focus = market["price_sensitivity"], np.zeros(market["weights"].size)
    before = sim.clear(**{**market, "sales_focus": focus})
    costs, weights = market["marginal_costs"] + 0.7, market["weights"] * np.exp(alpha * 0.7)
    after = sim.clear(**{**market, "sales_focus": focus, "marginal_costs": costs, "weights": weights})
    return float(np.max(np.abs(after.prices - before.prices - 0.7)))


def scale_error(market: dict) -> float:
    """Return how far prices move when all weights are multiplied by 7."""
    scaled = {**market, "weights": 7 * market["weights"], "outside": 7 * market["outside"]}
    return float(np.max(np.abs(sim.clear(**scaled).prices - sim.clear(**market).prices)))


@conformance(Part.THEORY)
def the_equilibrium_is_the_same_from_every_start() -> Iterator[Row]:
    """One equilibrium, from wherever the search begins"""
    solve, rng, spread, mapped = from_python(clearing.solve), np.random.default_rng(5), [], []
    for market in random_markets(12, 30):
        alpha, costs = market["price_sensitivity"], (1 - market["sales_focus"]) * market["marginal_costs"]
        level = np.log(market["weights"]) - alpha * costs - 1
        starts = [np.nan, *rng.uniform(-60, 60, 40)]
        ends = [
            solve(level, np.log(market["outside"]), start, np.exp(rng.normal(0, 5, level.size)), np.empty((3, clearing.BLOCK)))
            for start in starts
        ]
        spread.append(np.ptp([end.log_aggregate for end in ends]))
        prices = sim.clear(**market).prices
        mapped += [np.max(np.abs(zeta(market, costs, costs + rng.exponential(5, costs.size)) / prices - 1)) for _ in range(5)]
    source = "Nocke & Schutz (2018): the equilibrium is unique; passage not seen"
    yield at_most("ln H from 41 starts between −60 and 60, 30 markets: largest difference", source, 1e-11, max(spread), SOLVER)
    source = "Morrow & Skerlos (2011), fixed point of p = c + ζ(p), as PyBLP documents it"
    yield at_most(
        "prices by the ζ map from 5 random starts, 30 markets: largest relative difference", source, 1e-9, max(mapped), SOLVER
    )


def zeta(market: dict, costs: np.ndarray, prices: np.ndarray) -> np.ndarray:
    """Return the fixed point of p <- c + 1/α + s(p)(p − c), the ζ map for firms of one product, from the given prices."""
    alpha, change = market["price_sensitivity"], inf
    while change > 1e-13 * np.max(np.abs(prices)):
        demand = market["weights"] * np.exp(-alpha * prices)
        new = costs + 1 / alpha + demand / (market["outside"] + demand.sum()) * (prices - costs)
        prices, change = new, np.max(np.abs(new - prices))
    return prices


@conformance(Part.THEORY)
def comparative_statics_have_their_signs() -> Iterator[Row]:
    """Comparative statics: the smallest move over random markets of at least two firms, each with a share above 1e-6"""
    moves: dict[str, list[float]] = {}
    for market in random_markets(13, MARKETS):
        base = sim.clear(**market)
        if base.shares.size < 2 or base.shares.min() < 1e-6:  # prices move by less than a double can tell
            continue
        better = sim.clear(**{**market, "weights": market["weights"] * bump(market, 1.5)})
        costlier = sim.clear(**{**market, "marginal_costs": market["marginal_costs"] + bump(market, 1.5) - 1})
        entry = sim.clear(**{name: np.append(market[name], 1.0) if np.ndim(market[name]) else market[name] for name in market})
        effect = (1 - market["sales_focus"][0]) * 0.5
        for name, move in {
            "a better product: its share": better.shares[0] - base.shares[0],
            "a better product: its price": better.prices[0] - base.prices[0],
            "a better product: loss of share of rivals": np.min(base.shares[1:] - better.shares[1:]),
            "a better product: fall of rivals' prices": np.min(base.prices[1:] - better.prices[1:]),
            "a higher cost: rise of the own price": costlier.prices[0] - base.prices[0],
            "a higher cost: what the firm bears itself": effect - (costlier.prices[0] - base.prices[0]),
            "one more firm: fall of the others' prices": np.min(base.prices - entry.prices[:-1]),
            "one more firm: gain of consumer surplus": np.log(base.outside_share / entry.outside_share),
        }.items():
            moves.setdefault(name, []).append(float(move))
    for name, found in moves.items():
        yield positive(name, GAME, min(found))


def bump(market: dict, factor: float) -> np.ndarray:
    """Return `factor` for the first firm and 1 for the others."""
    return np.r_[factor, np.ones(market["weights"].size - 1)]
