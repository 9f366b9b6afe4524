"""The accounts of every month, checked while a run is played."""

import numpy as np

from sim.economy import measures
from sim.economy.initialisation import create
from sim.economy.parameters import Parameters
from sim.economy.simulation import History, play


def close(ours: np.ndarray, other: np.ndarray, scale: np.ndarray | float) -> bool:
    """Return True if both are equal to 1e-9 of the flows that make up the balance."""
    return bool(np.all(np.abs(ours - other) <= 1e-9 * (np.abs(scale) + 1e-300)))


def check_balances(p: Parameters, seed: int, months: int) -> History:
    """Play a run month by month and compare what firms, markets and groups have and had; return what was measured."""
    state = create(p, seed)
    firms, markets = state.firms, state.markets
    parts = []
    for _ in range(months):
        cash, failed = firms.cash.copy(), firms.failed.copy()
        history = play(state, p, seed)
        parts.append(history)
        on, customers = firms.active, p.market.customers * markets.lines[firms.market]
        sold, overhead = customers * firms.share, p.finance.overhead * firms.lines
        opening = np.where(failed, 0.5 * firms.reserve, cash)
        variable = sold * firms.marginal_cost
        flows = np.abs(firms.revenue) + overhead + variable + firms.promotion + firms.specialist_cost + firms.dues
        assert close(firms.revenue[on], (sold * firms.price)[on], flows[on])
        spent = variable + overhead + firms.promotion + firms.specialist_cost + firms.dues + firms.profit
        assert close(firms.revenue[on], spent[on], flows[on])
        assert close((firms.cash - opening + firms.payout)[on], firms.profit[on], (flows + opening)[on])
        assert np.all(firms.payout >= 0)
        assert np.all(firms.cash[on] <= firms.reserve[on])
        bought = np.bincount(firms.market, np.where(on, firms.share, 0), markets.lines.size)
        assert close(bought + markets.outside_share, np.ones(markets.lines.size), 1.0)
        columns = [measures.GROUP_NAMES.index(n) for n in ("profit", "revenue", "dues", "cash", "firms")]
        groups = history.by_group[0, : len(measures.GROUPS), columns]
        totals = [np.sum(flow[on]) for flow in (firms.profit, firms.revenue, firms.dues, firms.cash)] + [on.sum()]
        assert close(np.nansum(groups, axis=1), np.array(totals), np.abs(totals) + flows[on].sum())
    return History(*(np.concatenate(table) for table in zip(*parts, strict=True)))
