"""No dominated rule: a few firms that deviate alone gain at most a little. Shown, whatever it says."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from conformance.rows import conformance
from conformance.rules.worlds import RULE
from sim.lab.conformance import Part, Row
from sim.lab.deviations.gains import MOST_GAIN, find_deviations

SEEDS = range(6001, 6049)


def deviations(world: str) -> Iterator[Row]:
    """Yield a row for each kind of firm and deviation."""
    for gain in find_deviations(world, SEEDS, lambda *_: None).gains:
        why = f"95 % intervals that hold for all rows of a world at once, {gain.n} seeds"
        reference = f"{world}: {gain.kind}: {gain.deviation}"
        yield Row(reference, RULE, (-inf, MOST_GAIN), gain.mean, gain.low, gain.high, why, asserted=False)


@conformance(Part.RULES, fast=False, seconds=100)
def deviations_in_the_world_today() -> Iterator[Row]:
    """What a few firms of a kind gain if they deviate alone, `today`"""
    yield from deviations("today")


@conformance(Part.RULES, fast=False, seconds=100)
def deviations_in_the_world_yesterday() -> Iterator[Row]:
    """What a few firms of a kind gain if they deviate alone, `yesterday`"""
    yield from deviations("yesterday")


@conformance(Part.RULES, fast=False, seconds=100)
def deviations_in_the_turbulent_world() -> Iterator[Row]:
    """What a few firms of a kind gain if they deviate alone, `turbulent`"""
    yield from deviations("turbulent")
