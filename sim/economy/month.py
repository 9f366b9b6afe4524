"""One month, act by act, in the order of docs/ODD.md. Read `play_month` first."""

from __future__ import annotations

import numpy as np

from sim.economy import accounts, alliances, landscape, learning, lifecycle, market, measuring, search, staffing, trial
from sim.economy.arrays import Floats
from sim.economy.compiled import entry_point, kernel
from sim.economy.parameters import Parameters
from sim.economy.state import Markets, State


@kernel
def play_month(state: State, parameters: Parameters, seed: np.uint64, by_group: Floats, by_month: Floats) -> None:
    """Play one month and measure it. Modified in place: state, by_group, by_month.

    The two halves are functions of their own because firms that decide in Python are asked between them (`consent.py`).
    """
    seekers = before_meetings(state, parameters, seed)  # acts 1 and 2, and who looks for allies
    alliances.meet(state, parameters, seekers, seed)  # act 3: firms meet one after the other
    after_meetings(state, parameters, seed, by_group, by_month)  # acts 3 to 8


@kernel
def before_meetings(state: State, parameters: Parameters, seed: np.uint64) -> int:
    """Play what happens before firms meet, and return how many of them look for allies. Modified in place: state."""
    month = state.clock[0]
    # 1. The environment moves.
    landscape.move(state.landscape, parameters.environment, seed, month)
    # 2. The month opens: start-ups replace the firms that failed, firms revise what they want, alliances end.
    lifecycle.open_month(state, parameters, seed, month)
    learning.revise_strategies(state, parameters, seed, month)
    learning.reconsider_membership(state, parameters, seed, month)
    alliances.dissolve(state, parameters, month)
    trial.assign(state, parameters.trial, seed, month)
    learning.review_staffing(state, parameters, seed, month)
    # 3. Alliances form: firms look for allies.
    return alliances.assemble(state, parameters, seed, month)


@kernel
def after_meetings(state: State, parameters: Parameters, seed: np.uint64, by_group: Floats, by_month: Floats) -> None:
    """Play what happens after firms have met. Modified in place: state, by_group, by_month."""
    month = state.clock[0]
    # 3. Alliances staff themselves: it is drawn who keeps their word, and specialists are hired.
    staffing.staff(state.firms, state.alliances, state.landscape, parameters, seed, month)
    # 4. Firms search for better business models.
    search.search(state, parameters, seed, month)
    # 5. Markets clear.
    market.clear(state, parameters.market)
    # 6. Accounts are settled.
    accounts.settle(state.firms, state.markets, parameters)
    # 7. The month closes: shirkers may be found out, firms without cash fail.
    lifecycle.close_month(state.firms, parameters.collaboration.monitoring, seed, month)
    # 8. The month is measured.
    measuring.measure(state, parameters, by_group, by_month)
    state.clock[0] = month + 1


@entry_point
def play_months(state: State, parameters: Parameters, seed: np.uint64, by_group: Floats, by_month: Floats) -> int:
    """Play as many months as `by_group` has rows. Modified in place: state, by_group, by_month.

    Returns the number of the market that did not clear, at which it stops, or -1.
    """
    for t in range(by_group.shape[0]):
        play_month(state, parameters, seed, by_group[t], by_month[t])
        failed = not_cleared(state.markets)
        if failed >= 0:
            return failed
    return -1


@kernel
def not_cleared(markets: Markets) -> int:
    """The first market that did not clear this month, or -1."""
    for m in range(markets.converged.size):
        if not markets.converged[m]:
            return m
    return -1
