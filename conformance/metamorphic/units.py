"""Units must not matter: those of money, customers and lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from conformance.metamorphic.comparing import FOLLOWS, LIVELY, SEEDS, difference, history
from conformance.rows import at_most, conformance, exactly
from sim.economy.measures import GROUP_MEASURES, MONTH_MEASURES
from sim.economy.validation import fields, flat, parameters
from sim.lab.conformance import Part, Row

MONEY = frozenset(m.name for m in (*GROUP_MEASURES, *MONTH_MEASURES) if m.unit.startswith("money"))
FLOWS = MONEY - {"price", "markup", "mean_price"}
SUMS = frozenset(name for name in FLOWS if not name.endswith("_per_line"))
NO_PROMOTION = {"market.promotion": 0.0}
WITHOUT = ("iterations", "log_revenue", "peer_slope")  # logarithms shift with the unit, and are not exact
ROUNDING = 1e-9
AWKWARD = 1.37


class Unit(NamedTuple):
    """A claim about a change of unit by some factor.

    If each parameter is multiplied by its power of the factor, the measures in `grows` are multiplied by the factor, and all others
    stay the same. `needs` are settings without which that is not so.
    """

    reference: str
    powers: dict[str, int]
    grows: frozenset[str]
    needs: dict[str, Any]


MONEY_UNIT = Unit(
    "money in another unit (without promotion, whose effect counts in units of money)",
    {
        "organisation.wage": 1,
        "collaboration.coordination": 1,
        "market.marginal_cost": 1,
        "finance.overhead": 1,
        "market.price_sensitivity": -1,
        "dynamics.intensity": -1,
    },
    MONEY,
    NO_PROMOTION,
)
CUSTOMERS = Unit(
    "more customers, and fixed costs in proportion: the same prices",
    {
        "market.customers": 1,
        "organisation.wage": 1,
        "collaboration.coordination": 1,
        "finance.overhead": 1,
        "dynamics.intensity": -1,
    },
    FLOWS,
    NO_PROMOTION,
)
LINES = Unit(
    "more lines per firm, without layers, reserves in proportion: the same per line",
    {"population.small_lines": 1, "population.large_lines": 1, "organisation.wage": 1, "collaboration.coordination": 1},
    SUMS,
    {"organisation.span": 1e300, "market.scale_elasticity": 0.0, "finance.reserve_elasticity": 0.0},
)


def scaled(changes: Mapping[str, Any], unit: Unit, factor: float) -> dict[str, Any]:
    """Return the changes that describe the same economy in the other unit."""
    now = flat(parameters("today", {**changes, **unit.needs}))
    whole = {name for name in unit.powers if isinstance(fields()[name].default, int)}
    other = {name: now[name] * factor**power for name, power in unit.powers.items()}
    return {**changes, **unit.needs, **{name: round(value) if name in whole else value for name, value in other.items()}}


def deviation(changes: Mapping[str, Any], unit: Unit, factor: float, seed: int) -> float:
    """Return the largest relative deviation from the same run in the other unit."""
    before, after = history({**changes, **unit.needs}, seed), history(scaled(changes, unit, factor), seed)
    stays = [m.name for m in (*GROUP_MEASURES, *MONTH_MEASURES) if m.name not in WITHOUT]
    return difference(after, before, stays, dict.fromkeys(unit.grows, factor))


@conformance(Part.METAMORPHIC)
def the_unit_does_not_matter() -> Iterator[Row]:
    """Units: the largest relative deviation from the same economy in another unit"""
    for unit in (MONEY_UNIT, CUSTOMERS):
        worst = max(deviation(LIVELY, unit, factor, seed) for seed in SEEDS for factor in (0.25, 8.0))
        yield exactly(f"{unit.reference}; factors 1/4 and 8", FOLLOWS, 0.0, worst, 0.0, "powers of two: the same bits")
        worst = max(deviation(LIVELY, unit, AWKWARD, seed) for seed in SEEDS)
        yield at_most(f"{unit.reference}; factor {AWKWARD}", FOLLOWS, ROUNDING, worst, "rounding")
    worst = max(deviation(LIVELY, LINES, factor, seed) for seed in SEEDS for factor in (2, 7))
    yield at_most(f"{LINES.reference}; factors 2 and 7", FOLLOWS, ROUNDING, worst, "rounding")
