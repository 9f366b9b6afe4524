"""How long a firm lives whose profit is a coin toss.

The accounts and exits of the economy are played month by month; only the market is replaced by a coin. With one customer for each
firm, no marginal cost and an overhead of 1, a price of 2 or 0 makes the profit +1 or −1. The reserve caps cash at R months of
overhead, and a firm fails when its cash is negative.
"""

from collections.abc import Iterator
from typing import Any

import numba
import numpy as np

import sim
from conformance.figures import Panel, Picture, Series
from conformance.rows import ERRORS, LINES_AND_DOTS, conformance, counted, sampled
from sim.economy import accounts, lifecycle
from sim.economy.initialisation import create, for_kernels
from sim.economy.state import State
from sim.lab.conformance import Part, Row

GAMBLER = "gambler's ruin with a sticky ceiling; exact: {method} of the chain on cash 0..R (method: Feller 1968, passage not seen)"
FIRMS = 20_000


def coin_tossers(reserve: int) -> tuple[sim.Parameters, State]:
    """Return parameters and a state of small firms that nobody replaces."""
    overrides = {
        "population.small": FIRMS,
        "population.large": 0,
        "population.small_interdependent": 0.0,
        "finance.overhead": 1.0,
        "finance.reserve": float(reserve),
        "market.marginal_cost": 0.0,
        "dynamics.entry": "none",
    }
    parameters = sim.parameters("today", overrides)
    state = create(parameters, 1)
    state.firms.share[:] = 1.0 / (parameters.market.customers * FIRMS)
    return parameters, state


@numba.njit
def live(state: State, parameters: Any, p: float, months: int, seed: int) -> np.ndarray:
    """Play and return the months that each firm trades, at most `months`; `p` is the probability of a profit.

    Modified in place: state.
    """
    np.random.seed(seed)
    lived = np.zeros(state.firms.identity.size, np.int64)
    for month in range(months):
        lifecycle.open_month(state, parameters, np.uint64(1), month)
        for i in range(lived.size):
            state.firms.price[i] = 2.0 if np.random.random() < p else 0.0
            lived[i] += state.firms.active[i]
        if not state.firms.active.any():
            break
        accounts.settle(state.firms, state.markets, parameters)
        lifecycle.close_month(state.firms, 0.0, np.uint64(1), month)
    return lived


def lives(reserve: int, cash: float | None, p: float, months: int) -> np.ndarray:
    """Return the months that each firm trades from this cash on, or (None) from the cash of a start-up."""
    parameters, state = coin_tossers(reserve)
    if cash is not None:
        state.firms.cash[:] = cash
    return live(state, for_kernels(parameters), p, months, 100 * reserve + int(100 * p))


def expected_life(reserve: int, cash: int, p: float) -> float:
    """Return the months to ruin: (c+1)(2R+2−c), or with r = q/p: p²·r^(−R)·(1−r^(c+1))/(q(p−q)²) − (c+1)/(p−q)."""
    q = 1 - p
    if p == q:
        return (cash + 1) * (2 * reserve + 2 - cash)
    r = q / p
    return p**2 * r**-reserve * (1 - r ** (cash + 1)) / (q * (p - q) ** 2) - (cash + 1) / (p - q)


def survival(reserve: int, cash: int, p: float, months: int) -> np.ndarray:
    """Return the share of firms that trade more than t months, t = 0..months."""
    up, down = np.eye(reserve + 1, k=1) * p, np.eye(reserve + 1, k=-1) * (1 - p)
    chain = up + down
    chain[-1, -1] = p
    state = np.eye(reserve + 1)[cash]
    found = [1.0]
    for _ in range(months):
        state = state @ chain
        found.append(state.sum())
    return np.array(found)


@conformance(Part.THEORY, seconds=10)
def firms_with_random_profits_live_as_long_as_the_gambler() -> Iterator[Row | Picture]:
    """Ruin: profit +1 with probability p, else −1; cash capped at R; months until cash is negative"""
    for reserve, cash, p in ((3, 0, 0.5), (3, 0, 0.55), (3, 0, 0.6), (3, 3, 0.5), (3, 3, 0.55), (3, 3, 0.6)):
        found = lives(reserve, cash, p, 100_000)
        reference = f"months to ruin, R = {reserve}, cash {cash}, p = {p:g}"
        yield sampled(reference, GAMBLER.format(method="mean first passage"), found, expected_life(reserve, cash, p), "firms")
    found = lives(10, None, 0.5, 100_000)
    reference = "months to ruin, R = 10, a start-up's half reserve, p = 0.5"
    yield sampled(reference, GAMBLER.format(method="mean first passage"), found, expected_life(10, 5, 0.5), "firms")
    series, shown = [], np.array([6, 12, 24, 48, 96, 144, 192, 240])
    for p in (0.45, 0.5, 0.55):
        lived, theory = lives(10, None, p, 241), survival(10, 5, p, 240)
        for t in (12, 60, 240):
            reference = f"share alive after {t} months, R = 10, half reserve, p = {p:g}"
            yield counted(reference, GAMBLER.format(method="powers"), int(np.sum(lived > t)), FIRMS, theory[t], "firms")
        alive = np.array([np.mean(lived > t) for t in shown])
        error = ERRORS * np.sqrt(theory[shown] * (1 - theory[shown]) / FIRMS)
        series.append(Series(f"p = {p:g}", (np.arange(241), theory), (shown, alive, alive - error, alive + error)))
    caption = "Survival of start-ups whose profit is +1 or −1 a month, with a reserve of 10 months. " + LINES_AND_DOTS
    yield Picture("ruin", caption, [Panel("", "months", "share alive", series)])
