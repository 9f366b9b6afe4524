"""Exchange, leaving and joining: each must do what it is said to do, and nobody may lose by an option."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

import sim
from conformance.rows import conformance, sampled
from conformance.rules.worlds import INDEPENDENT, INTERDEPENDENT, RULE, advantage, earned
from sim.lab.conformance import Part, Row

SMALL = 0.02  # money per line and month: the smallest effect of interest
FIRST_EDITION = {
    "organisation.staffing": "affordable",
    "collaboration.breadth": 0.0,
    "collaboration.reconsider": 0.0,
    "dynamics.inheritance": 0.0,
    "dynamics.intensity": 5.0,
    "finance.reserve_elasticity": 0.0,
}
NO_EXCHANGE = {"collaboration.exchange": 0.0}
HALF = {"population.small_interdependent": 0.5}  # two groups of the same size have the least sampling error


@conformance(Part.RULES, fast=False, seconds=12)
def random_bits_are_worth_no_more_than_no_exchange() -> Iterator[Row]:
    """Placebo: the advantage of allying with random bits in place of allies' practice, less that without exchange"""
    without = advantage("today", {**HALF, **NO_EXCHANGE})
    for rate in (None, 0.2):
        exchange = {} if rate is None else {"collaboration.exchange": rate}
        placebo = advantage("today", {"collaboration.placebo": True, **HALF, **exchange})
        label = "the default rate" if rate is None else f"{rate:g}"
        yield sampled(f"placebo, exchange at {label}", RULE, placebo - without, (-inf, SMALL), "seeds")
        information = advantage("today", {**HALF, **exchange}) - placebo
        yield sampled(f"allies' practice less placebo, exchange at {label}", RULE, information, (0.0, inf), "seeds")


@conformance(Part.RULES, fast=False, seconds=5)
def members_leave_where_allying_does_not_pay() -> Iterator[Row]:
    """Leaving: the world `yesterday` after 20 to 40 years"""
    allied = earned("yesterday", {}, INTERDEPENDENT, "allied")
    yield sampled("share of the interdependent that are allied", RULE, allied, (0.0, 1 / 3), "seeds")
    yield sampled("advantage of being willing to ally", RULE, advantage("yesterday", {}), (-0.06, inf), "seeds")
    stay = advantage("yesterday", {"collaboration.reconsider": 0.0})
    yield sampled("lost if nobody may leave", RULE, advantage("yesterday", {}) - stay, (0.0, inf), "seeds")._replace(asserted=False)


@conformance(Part.RULES, fast=False, seconds=25)
def nobody_loses_by_being_willing_to_ally() -> Iterator[Row]:
    """An option costs nothing: profit per line of the willing less that of the independent, in all named worlds (shown)"""
    for world in sim.worlds():
        row = sampled(f"{world}: advantage of being willing to ally", RULE, advantage(world, {}), (-SMALL, inf), "seeds")
        yield row._replace(asserted=False)


@conformance(Part.RULES, fast=False, seconds=8)
def the_first_edition_can_be_had_back_but_for_the_extra_attempt() -> Iterator[Row]:
    """The rules of the first edition, in which a look now takes the place of an idea (shown)"""
    source = (
        "design of the second edition: .044 for a look that takes the place of the idea, at the first edition's defaults; not exact"
    )
    changes = {
        **FIRST_EDITION,
        "population.small_interdependent": 0.5,
        "environment.speed": 0.02,
        "market.quality_weight": 10.0,
        "finance.overhead": 0.85,
        "finance.reserve": 12.0,
        "collaboration.exchange": 0.5,
    }
    yield sampled("advantage of allying", source, advantage("today", changes), (0.0, 0.09), "seeds")._replace(asserted=False)
    extra = earned("today", changes, INDEPENDENT, "specialists")
    yield sampled("specialists of a small independent firm", RULE, extra, (0.0, inf), "seeds")._replace(asserted=False)
