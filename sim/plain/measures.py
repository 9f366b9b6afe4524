"""What is reported of a month: the measures that sim/economy/measures.py defines, taken firm by firm."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.economy.measures import ALL_GROUPS, FOCUSES, GROUP_MEASURES, SIZES, STRATEGIES
from sim.plain.firm import Firm
from sim.plain.market import Market
from sim.plain.search import completes_year
from sim.plain.staffing import hiring_unit
from sim.plain.trial import peer_slope

if TYPE_CHECKING:
    from sim.plain.model import PlainEconomy

OF_A_FIRM: dict[str, Callable[[Firm], float]] = {
    "firms": lambda _: 1,
    "profit_per_line": lambda firm: firm.profit / firm.lines,
    "operating_profit_per_line": lambda firm: firm.operating_profit / firm.lines,
    "revenue_per_line": lambda firm: firm.revenue / firm.lines,
    "markup": lambda firm: firm.price - firm.marginal_cost,
    "relative_fitness": lambda firm: firm.fitness / firm.market.best_fitness,
    "coverage": lambda firm: len(firm.coverage),
    "specialists": lambda firm: len(firm.specialists | firm.alliance.hired if firm.alliance else firm.specialists),
    "wanted": lambda firm: unit.wanted if (unit := hiring_unit(firm)) else 0,
    "alliance_members": lambda firm: len(firm.alliance.members) if firm.alliance and firm.is_allied else 1,
    "allied": lambda firm: firm.is_allied,
    "shirkers": lambda firm: firm.is_allied and not firm.keeps_word,
    "members_left": lambda firm: firm.left,
    "members_expelled": lambda firm: firm.expelled,
    "members_closed": lambda firm: firm.is_allied and firm.failed,
    "exits": lambda firm: firm.failed,
    "entries": lambda firm: firm.entered,
    "practices_followed": completes_year,
    "practices_kept": lambda firm: firm.copied.bit_count() / firm.copied_decisions if completes_year(firm) else 0,
}
"""How a firm's measures are taken; those not listed are the firm's attributes of that name."""


def by_group(model: "PlainEconomy") -> dict[str, dict[str, float]]:
    """Return all measures of all groups; of a group without firms, all are NaN except their number."""
    groups: dict[str, list[Firm]] = {name: [] for name in ALL_GROUPS}
    for firm in model.agents:
        groups[f"{SIZES[firm.size]} {STRATEGIES[firm.interdependent]}"].append(firm)
        groups[f"{SIZES[firm.size]} {FOCUSES[firm.sales_focus > 0]}"].append(firm)
        if firm.assignment:
            groups[firm.assignment].append(firm)
    return {name: _of_group(firms) for name, firms in groups.items()}


def _of_group(firms: list[Firm]) -> dict[str, float]:
    if not firms:
        return {measure.name: 0 if measure.name == "firms" else math.nan for measure in GROUP_MEASURES}
    measured = {}
    for name, kind, *_ in GROUP_MEASURES:
        total = sum(OF_A_FIRM[name](firm) if name in OF_A_FIRM else getattr(firm, name) for firm in firms)
        measured[name] = total / len(firms) if kind == "mean" else total
    return measured


def by_month(model: "PlainEconomy") -> dict[str, float]:
    """Return all month-wide measures except the solver's iterations; markets are weighted by their customers."""
    firms, lines = list(model.agents), sum(market.lines for market in model.markets)
    bought = sum(firm.market.lines * firm.share for firm in firms)
    consumers = sum(_consumer_surplus(market) for market in model.markets)
    ages = [model.month - alliance.founded for alliance in model.alliances if not alliance.trial]  # the month is over
    return {
        "alliances": len(ages),
        "alliances_founded": ages.count(1),
        "alliances_dissolved": model.dissolved,
        "alliance_age": sum(ages) / len(ages) if ages else math.nan,
        "alliances_aged_1": ages.count(12),
        "alliances_aged_3": ages.count(36),
        "alliances_aged_5": ages.count(60),
        "interdependent_share": sum(firm.interdependent for firm in firms) / len(firms) if firms else math.nan,
        "concentration": sum(market.lines * _herfindahl(market, firms) for market in model.markets) / lines,
        "outside_share": sum(market.lines * market.outside_share for market in model.markets) / lines,
        "mean_price": sum(firm.market.lines * firm.share * firm.price for firm in firms) / bought if bought else math.nan,
        "consumer_surplus": consumers,
        "total_surplus": consumers + sum(firm.profit for firm in firms),
        "peer_slope": peer_slope(firms),
    }


def _herfindahl(market: Market, firms: list[Firm]) -> float:
    shares = [firm.share for firm in firms if firm.market is market]
    return sum((share / sum(shares)) ** 2 for share in shares) if any(shares) else 0.0


def _consumer_surplus(market: Market) -> float:
    """Return customers·ln(H/outside)/α; without an outside good, relative to the first month."""
    reference = market.log_outside if market.demand.outside > 0 else market.first_log_aggregate
    return market.customers * (market.log_aggregate - reference) / market.demand.price_sensitivity
