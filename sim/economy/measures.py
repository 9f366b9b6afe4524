"""What is measured, written once: the groups of firms, and name, unit and meaning of every measure. `measuring.py` measures."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple, get_type_hints

import numpy as np

from sim.economy.compiled import kernel_and_python

SIZES = ("small", "large")
STRATEGIES = ("independent", "interdependent")
FOCUSES = ("profit-focused", "sales-focused")
GROUPS = tuple(f"{size} {strategy}" for size in SIZES for strategy in STRATEGIES)
FOCUS_GROUPS = tuple(f"{size} {focus}" for size in SIZES for focus in FOCUSES)
TRIAL_GROUPS = ("treated", "control")
ALL_GROUPS = (*GROUPS, *FOCUS_GROUPS, *TRIAL_GROUPS)


class Measure(NamedTuple):
    """One reported number: its name, how it is put together, unit and meaning."""

    name: str
    kind: str  # "count", "sum" over the firms of a group, or "mean" over them; "market" for the month-wide ones
    unit: str
    meaning: str


class Of(NamedTuple):
    """How a measure is put together from firms (see `Measure.kind`), its unit and its meaning."""

    kind: str
    unit: str
    meaning: str


class FirmMeasures(NamedTuple):
    """What is measured of one firm in a month: the definition of the measures by group, in their order."""

    firms: Annotated[float, Of("count", "firms", "firms that sold this month")]
    age: Annotated[float, Of("mean", "months", "months of trading, this one included")]
    profit: Annotated[float, Of("sum", "money", "operating profit less own specialists' wages and dues")]
    operating_profit: Annotated[float, Of("sum", "money", "revenue less variable cost, overhead and promotion")]
    revenue: Annotated[float, Of("sum", "money", "price times quantity sold")]
    profit_per_line: Annotated[float, Of("mean", "money/line", "profit per product line")]
    operating_profit_per_line: Annotated[float, Of("mean", "money/line", "operating profit per product line")]
    revenue_per_line: Annotated[float, Of("mean", "money/line", "revenue per product line")]
    log_revenue: Annotated[float, Of("mean", "", "natural logarithm of revenue per product line")]
    promotion: Annotated[float, Of("sum", "money", "spent on promotion")]
    specialist_cost: Annotated[float, Of("sum", "money", "wages of specialists that firms hire alone")]
    dues: Annotated[float, Of("sum", "money", "paid to alliances: joint wages and coordination")]
    cash: Annotated[float, Of("sum", "money", "cash at the end of the month")]
    price: Annotated[float, Of("mean", "money", "price")]
    markup: Annotated[float, Of("mean", "money", "price less marginal cost")]
    share: Annotated[float, Of("mean", "", "share of the customers of the firm's market")]
    fitness: Annotated[float, Of("mean", "", "fitness of the business model in force")]
    relative_fitness: Annotated[float, Of("mean", "", "fitness divided by the best in the firm's market this month")]
    coverage: Annotated[float, Of("mean", "domains", "domains that the firm can judge without error")]
    specialists: Annotated[float, Of("mean", "specialists", "specialists that serve the firm, hired alone or jointly")]
    wanted: Annotated[float, Of("mean", "specialists", "specialists that the firm wants, or the alliance that hires for it")]
    alliance_members: Annotated[float, Of("mean", "firms", "members of the firm's alliance, 1 = alone")]
    allied: Annotated[float, Of("mean", "", "share of the firms that are in an alliance")]
    shirkers: Annotated[float, Of("count", "firms", "members that did not keep their word")]
    members_left: Annotated[float, Of("count", "firms", "members that left their alliance by their own will as the month opened")]
    members_expelled: Annotated[float, Of("count", "firms", "members that were found out and will be expelled")]
    members_closed: Annotated[float, Of("count", "firms", "members that ended the month without cash and close")]
    exits: Annotated[float, Of("count", "firms", "firms that ended the month without cash and close")]
    entries: Annotated[float, Of("count", "firms", "start-ups that opened this month")]
    ideas_adopted: Annotated[float, Of("count", "ideas", "ideas of their own that firms put into force")]
    looks: Annotated[float, Of("count", "looks", "looks at an ally's practice")]
    practices_adopted: Annotated[float, Of("count", "practices", "allies' practices that firms put into force")]
    practices_followed: Annotated[
        float, Of("count", "practices", "practices that were put into force a year ago and followed since, at most one a firm")
    ]
    practices_kept: Annotated[
        float, Of("sum", "practices", "of the practices followed for a year, the share of their decisions that was never changed")
    ]
    proposals_rejected: Annotated[float, Of("count", "proposals", "proposals that a layer of management stopped")]


class MonthMeasures(NamedTuple):
    """What is measured of a month over all markets: the definition of the month-wide measures, in their order."""

    alliances: Annotated[float, Of("market", "alliances", "alliances with at least two members")]
    alliances_founded: Annotated[float, Of("market", "alliances", "alliances that were founded this month")]
    alliances_dissolved: Annotated[float, Of("market", "alliances", "alliances that ended as the month opened")]
    alliance_age: Annotated[float, Of("market", "months", "mean age of the alliances, this month included; no value without one")]
    alliances_aged_1: Annotated[float, Of("market", "alliances", "alliances that complete their first year")]
    alliances_aged_3: Annotated[float, Of("market", "alliances", "alliances that complete their third year")]
    alliances_aged_5: Annotated[float, Of("market", "alliances", "alliances that complete their fifth year")]
    interdependent_share: Annotated[
        float, Of("market", "", "share of the firms that are interdependent; no value where all have closed")
    ]
    concentration: Annotated[float, Of("market", "", "Herfindahl index of what is bought, 0 where nothing is; mean over customers")]
    outside_share: Annotated[float, Of("market", "", "share of the customers who buy nothing")]
    mean_price: Annotated[float, Of("market", "money", "price paid, mean over what is bought; no value where nothing is")]
    consumer_surplus: Annotated[
        float, Of("market", "money", "customers·ln(H/outside)/α; without outside good, relative to the first month")
    ]
    total_surplus: Annotated[float, Of("market", "money", "consumer surplus plus all firms' profits")]
    peer_slope: Annotated[
        float,
        Of("market", "", "field trial: slope of the treated firms' gain in ln revenue on their peers' ln revenue before the trial"),
    ]
    iterations: Annotated[float, Of("market", "", "iterations until prices were found, the largest of all markets")]


def _definitions(measures: type) -> tuple[Measure, ...]:
    """The measures that a NamedTuple defines."""
    hints = get_type_hints(measures, include_extras=True)
    return tuple(Measure(name, *hint.__metadata__[0]) for name, hint in hints.items())


GROUP_MEASURES = _definitions(FirmMeasures)
MONTH_MEASURES = _definitions(MonthMeasures)
GROUP_NAMES = tuple(measure.name for measure in GROUP_MEASURES)
MONTH_NAMES = tuple(measure.name for measure in MONTH_MEASURES)
IS_MEAN = np.array([measure.kind == "mean" for measure in GROUP_MEASURES])
FIRMS, PROFIT = GROUP_NAMES.index("firms"), GROUP_NAMES.index("profit")
CONSUMERS, TOTAL = MONTH_NAMES.index("consumer_surplus"), MONTH_NAMES.index("total_surplus")


@kernel_and_python
def group_number(large: Any, second: Any) -> Any:
    """Number of a group: by size, then by the second trait, which is the strategy in `GROUPS` and the focus in `FOCUS_GROUPS`.

    Takes the flags of one firm, or arrays of them.
    """
    return 2 * large + second
