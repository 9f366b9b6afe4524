"""Outcomes that must move in a known direction when one parameter changes and the random draws stay the same."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import inf
from typing import Any, NamedTuple

import numpy as np

import sim
from conformance.metamorphic.comparing import EXPECTED
from conformance.rows import POSITIVE, conformance, sampled
from sim.economy.arrays import Floats
from sim.lab.conformance import Part, Row
from sim.observation.outcomes import GROUPS, OUTCOMES, Window, outcomes

SEEDS = range(1, 25)
UP, DOWN = POSITIVE, (-inf, 0.0)
SAME = {"dynamics.months": 120}
# A direction is certain only if the change has no other consequences: losses, hiring, other sizes.
EARLY = {"organisation.noise": 0.0, "environment.speed": 0.0, "finance.reserve": 1e6, "dynamics.months": 24}
FOCUSED = {"population.sales_focused": 0.5}
ALONE = {"organisation.affordability": 0.0, "collaboration.meeting": 0.0, "finance.reserve": 1e6}
EQUALS = {"population.large": 0, **ALONE}
WORTH_IT = {"organisation.noise": 1.0, "collaboration.coordination": 0.0, "population.maturity": 1.0}
AS_MANY_AS_AFFORDABLE = {"organisation.staffing": "affordable"}
SWITCHED = {
    "collaboration.pooled_competence": False,
    "collaboration.hiring": "alone",
    "collaboration.exchange": 0.0,
}


class Direction(NamedTuple):
    """A claim: if `changes` are made to the settings `given`, the outcome of the group moves this way."""

    changes: dict[str, Any]
    outcome: str
    group: str
    way: tuple[float, float]
    given: tuple[tuple[str, Any], ...] = ()

    @property
    def reference(self) -> str:
        """The claim in words."""
        where = ", ".join(f"{name.split('.')[1]} {value}" for name, value in self.given)
        made = ", ".join(f"{name.split('.')[1]} {value}" for name, value in self.changes.items())
        return f"{made}{f' (with {where})' if where else ''}: {self.outcome.replace('_', ' ')}, {self.group}"


def direction(changes: dict[str, Any], outcome: str, group: str, way: tuple[float, float], **given: Any) -> Direction:
    """Return a direction; `given` are whole dictionaries of settings."""
    return Direction(changes, outcome, group, way, tuple((k, v) for part in given.values() for k, v in part.items()))


INTERDEPENDENT = "small interdependent"
DIRECTIONS = [
    direction({"organisation.noise": 1.0}, "fitness", "all", DOWN),
    direction({"environment.speed": 0.1}, "fitness", "all", DOWN),
    direction({"organisation.wage": 1.0}, "coverage", "all", DOWN),
    direction({"organisation.affordability": 0.9}, "specialists", "all", UP, hiring=AS_MANY_AS_AFFORDABLE),
    direction({"organisation.contract": 0.1}, "specialists", "small independent", UP),
    direction({"organisation.capacity": 1.0}, "alliance_members", INTERDEPENDENT, DOWN),
    direction({"organisation.span": 1e9}, "adoptions", "large", UP),
    direction({"organisation.caution": 0.1}, "adoptions", "large", DOWN),
    direction({"population.maturity": 0.7}, "coverage", INTERDEPENDENT, DOWN),
    direction({"collaboration.meeting": 0.05}, "allied", INTERDEPENDENT, DOWN),
    direction({"collaboration.coordination": 0.1}, "alliance_members", INTERDEPENDENT, DOWN),
    direction({"collaboration.exchange": 0.0}, "practices_adopted", INTERDEPENDENT, DOWN),
    direction({"collaboration.exchange": 0.0}, "fitness", INTERDEPENDENT, DOWN, early=EARLY),
    direction({"collaboration.pooled_competence": True}, "coverage", INTERDEPENDENT, UP, switched=SWITCHED),
    direction({"collaboration.hiring": "joint"}, "dues", INTERDEPENDENT, UP, switched=SWITCHED),
    direction({"collaboration.paid_coordination": False}, "dues", INTERDEPENDENT, DOWN),
    direction({"collaboration.monitoring": 1.0}, "allied", INTERDEPENDENT, DOWN),
    direction({"collaboration.exclusion": 60}, "allied", INTERDEPENDENT, DOWN),
    direction({"market.quality_weight": 20.0}, "concentration", "market", UP, equals=EQUALS),
    direction({"market.price_sensitivity": 2.0}, "markup", "all", DOWN),
    direction({"market.marginal_cost": 2.0}, "price", "all", UP),
    direction({"market.scale_elasticity": 0.1}, "share", "large", UP),
    direction({"market.customers": 2.0}, "exit_rate", "all", DOWN),
    direction({"market.outside": 1.0}, "profit_per_line", "all", DOWN),
    direction({"market.promotion": 0.2}, "share", "small sales-focused", UP, focused=FOCUSED, alone=ALONE),
    direction({"market.promotion": 0.2}, "share", "small profit-focused", DOWN, focused=FOCUSED, alone=ALONE),
    direction({"population.sales_focus": 0.5}, "price", "small sales-focused", DOWN, focused=FOCUSED),
    direction({"population.sales_focus": 0.5}, "operating_profit_per_line", "small sales-focused", DOWN, focused=FOCUSED),
    direction({"market.markets": 5}, "markup", "all", UP),
    direction({"market.markets": 5}, "consumer_surplus", "market", DOWN),
    direction({"finance.overhead": 1.1}, "exit_rate", "all", UP),
    direction({"finance.reserve": 24.0}, "exit_rate", "all", DOWN),
    direction({"dynamics.entry": "none"}, "price", "all", UP),
    direction({"dynamics.revision": 0.1}, "interdependent_share", "market", UP, worth_it=WORTH_IT),
]


@cache
def all_outcomes(changes: tuple[tuple[str, Any], ...]) -> Floats:
    """Return the outcomes of one set of parameters, shape (seeds, groups, outcomes)."""
    p = sim.parameters("today", {**SAME, **dict(changes)})
    return np.array([outcomes(sim.simulate(p, seed).history, p, Window()) for seed in SEEDS])


@conformance(Part.METAMORPHIC, seconds=8)
def what_must_move_moves_as_it_must() -> Iterator[Row]:
    """Directions: changed less default, same seeds"""
    for d in DIRECTIONS:
        moved = all_outcomes((*d.given, *d.changes.items())) - all_outcomes(d.given)
        yield sampled(d.reference, EXPECTED, moved[:, GROUPS.index(d.group), OUTCOMES.index(d.outcome)], d.way, "seeds")
