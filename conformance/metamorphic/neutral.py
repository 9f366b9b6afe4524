"""If a mechanism is switched off, its parameters must not matter: results must be bit-identical."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from conformance.metamorphic.comparing import FOLLOWS, LIVELY, SEEDS, difference, history
from conformance.rows import conformance, exactly
from sim.economy.measures import GROUP_NAMES, MONTH_NAMES
from sim.lab.conformance import Part, Row

EVERYTHING = (*GROUP_NAMES, *MONTH_NAMES)
SEARCHING = ("fitness", "relative_fitness", "ideas_adopted", "proposals_rejected")
SELLING = ("price", "markup", "share", "revenue", "revenue_per_line", "outside_share", "mean_price", "consumer_surplus")
ALLYING = (
    *("allied", "alliance_members", "shirkers", "members_left", "members_expelled", "members_closed"),
    *(name for name in MONTH_NAMES if name.startswith("alliance")),
)
NOBODY_FAILS = {"finance.reserve": 1e6, "finance.overhead": 0.9, "dynamics.revision": 0.0}  # nor does anybody change its strategy
NO_HIRING = {"organisation.affordability": 0.0}
UNMOVED = {**NO_HIRING, "organisation.review": 0.0, "collaboration.reconsider": 0.0}  # by what others earn
NO_LOOKS = {"collaboration.exchange": 0.0, "trial.exchange": 0.0}
ONE_LINE = {"population.small_lines": 1, "population.large_lines": 1}
TREATMENT = {
    "trial.first_month": 2,
    "trial.share": 1.0,
    "trial.group": 5,
    "trial.exchange": 1.0,
    "trial.pooled_competence": True,
    "trial.successors": True,
}


class Neutral(NamedTuple):
    """A claim: with the settings `off`, the settings `change` do not change the measures `stays`, whatever else is set."""

    reference: str
    off: dict[str, Any]
    change: dict[str, Any]
    stays: tuple[str, ...] = EVERYTHING


def but(*names: str) -> tuple[str, ...]:
    """Return all measures except these."""
    return tuple(name for name in EVERYTHING if name not in names)


KEEPING_TOGETHER = {
    "population.maturity": 0.3,
    "collaboration.coordination": 0.2,
    "collaboration.exchange": 1.0,
    "collaboration.monitoring": 0.9,
    "collaboration.exclusion": 1,
    "collaboration.pooled_competence": False,
    "collaboration.reconsider": 0.9,
    "collaboration.most_members": 2,
    "collaboration.hiring": "alone",
    "collaboration.paid_coordination": False,
}
ALONE = {"population.small_interdependent": 0.0, "population.large_interdependent": 0.0}

NEUTRAL = [
    Neutral(
        "nobody interdependent: the rules of alliances do not matter", ALONE, {**KEEPING_TOGETHER, "collaboration.meeting": 0.9}
    ),
    Neutral("meeting 0: the rules of alliances do not matter", {"collaboration.meeting": 0.0}, KEEPING_TOGETHER),
    Neutral(
        "one market: looking for allies in others is meeting nobody",
        {"market.markets": 1, "collaboration.scope": "other market"},
        {"collaboration.meeting": 0.0},
    ),
    Neutral(
        "only small firms interdependent: looking among the same size is looking everywhere",
        {"population.large_interdependent": 0.0, "dynamics.entry": "replace", "collaboration.scope": "any"},
        {"collaboration.scope": "same size"},
    ),
    Neutral(
        "maturity 0, each hires alone, nobody reviews: allying changes nothing but itself",
        {"population.maturity": 0.0, "collaboration.hiring": "alone", "organisation.review": 0.0},
        {"collaboration.meeting": 0.0},
        but(*ALLYING),
    ),
    Neutral(
        "maturity 1: monitoring and exclusion do not matter",
        {"population.maturity": 1.0},
        {"collaboration.monitoring": 1.0, "collaboration.exclusion": 40},
    ),
    Neutral("monitoring 0: exclusion does not matter", {"collaboration.monitoring": 0.0}, {"collaboration.exclusion": 40}),
    Neutral(
        "exchange 0 or 1, nobody fails or reconsiders: who allies with whom stays",
        {**NOBODY_FAILS, "collaboration.exchange": 0.0, "collaboration.reconsider": 0.0},
        {"collaboration.exchange": 1.0},
        ALLYING,
    ),
    Neutral(
        "noise 0, exchange 0, nobody fails: neither specialists nor allies change search and sales",
        {**NOBODY_FAILS, "organisation.noise": 0.0, "collaboration.exchange": 0.0},
        {"organisation.wage": 5.0, "organisation.affordability": 0.9, "collaboration.meeting": 0.0},
        SEARCHING + SELLING,
    ),
    Neutral(
        "wage 0, all are hired that can be afforded: neither noise nor meeting matters, as all is judged without error and no club "
        "can be cheaper",
        {"organisation.wage": 0.0, "organisation.staffing": "affordable", "collaboration.coordination": 0.0},
        {"organisation.noise": 5.0, "organisation.capacity": 1.0, **NO_HIRING, "collaboration.meeting": 0.9},
    ),
    Neutral(
        "nothing affordable and meeting 0: the price of specialists does not matter",
        {**NO_HIRING, "collaboration.meeting": 0.0, "organisation.wage": 0.2},
        {"organisation.wage": 2.0, "organisation.contract": 1.0, "organisation.capacity": 90.0},
    ),
    Neutral(
        "clubs below the capacity: it does not matter",
        {"organisation.contract": 1.0, "organisation.capacity": 1e3},
        {"organisation.capacity": 1e9},
    ),
    Neutral(
        "span infinite: neither span nor caution matters",
        {"organisation.span": 1e300},
        {"organisation.span": 1e9, "organisation.caution": 0.1},
    ),
    Neutral(
        "complexity N-1: the pattern of interaction does not matter",
        {"environment.decisions": 12, "environment.domains": 6, "environment.complexity": 11, "environment.interaction": "random"},
        {"environment.interaction": "adjacent"},
    ),
    Neutral(
        "complexity 0: the pattern of interaction does not matter",
        {"environment.complexity": 0, "environment.interaction": "random"},
        {"environment.interaction": "modular"},
    ),
    Neutral(
        "shocks of magnitude 0, and after the end, do not matter",
        {"environment.shocks": []},
        {"environment.shocks": [{"month": 2, "magnitude": 0.0}, {"month": 999, "magnitude": 1.0}]},
    ),
    Neutral(
        "quality without weight and promotion without effect: search does not matter for sales",
        {**NOBODY_FAILS, "market.quality_weight": 0.0, "market.promotion_effect": 0.0},
        {"environment.speed": 0.5, "organisation.noise": 3.0},
        SELLING,
    ),
    Neutral(
        "promotion_effect 0, nobody fails, hires or reconsiders: promotion changes nobody's sales",
        {**NOBODY_FAILS, **UNMOVED, "market.promotion_effect": 0.0, "market.promotion": 0.0},
        {"market.promotion": 0.9},
        SEARCHING + SELLING + ALLYING,
    ),
    Neutral("promotion 0: its effect does not matter", {"market.promotion": 0.0}, {"market.promotion_effect": 1.0}),
    Neutral(
        "sales_focus 0: who has it, and promotion, do not matter",
        {"population.sales_focus": 0.0},
        {"population.sales_focused": 1.0, "market.promotion": 0.9},
    ),
    Neutral("no marginal cost: scale does not matter", {"market.marginal_cost": 0.0}, {"market.scale_elasticity": 1.5}),
    Neutral("nobody fails: who would follow does not matter", {**NOBODY_FAILS, "market.outside": 0.2}, {"dynamics.entry": "none"}),
    Neutral("reserve beyond any loss: only cash shows it", NOBODY_FAILS, {"finance.reserve": 5e5}, but("cash")),
    Neutral("overhead 0: the reserve does not matter", {"finance.overhead": 0.0}, {"finance.reserve": 700.0}),
    Neutral("firms of one line: how the reserve grows with lines does not matter", ONE_LINE, {"finance.reserve_elasticity": 2.0}),
    Neutral(
        "revision, reconsider and review 0: intensity does not matter",
        {"dynamics.revision": 0.0, "collaboration.reconsider": 0.0, "organisation.review": 0.0},
        {"dynamics.intensity": 500.0},
    ),
    Neutral(
        "staffing not learned: neither review nor variation matters",
        {"organisation.staffing": "affordable"},
        {"organisation.review": 0.9, "organisation.variation": 0.5},
    ),
    Neutral(
        "exchange 0: breadth and placebo do not matter", NO_LOOKS, {"collaboration.breadth": 0.0, "collaboration.placebo": True}
    ),
    Neutral("no trial: its rules do not matter", {"trial.months": 0}, TREATMENT),
    Neutral(
        "one strategy only: neither imitation nor revision matters",
        {**ALONE, "dynamics.entry": "replace", "dynamics.revision": 0.0},
        {"dynamics.entry": "imitate", "dynamics.revision": 0.9},
    ),
]


def moved(neutral: Neutral, base: dict[str, Any], seed: int) -> float:
    """Return the largest relative change of the measures that must stay the same."""
    off = {**base, **neutral.off}
    return difference(history(off, seed), history({**off, **neutral.change}, seed), neutral.stays)


@conformance(Part.METAMORPHIC, seconds=2)
def what_is_switched_off_does_not_matter() -> Iterator[Row]:
    """Neutral values: the largest relative change of what must stay"""
    for neutral in NEUTRAL:
        worst = max(moved(neutral, LIVELY, seed) for seed in SEEDS)
        yield exactly(neutral.reference, FOLLOWS, 0.0, worst, 0.0, "the same bits")
