"""Stylised facts about firms: shown, not asserted. Only the world `calibrated` was fitted to them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np

import sim
from conformance.rows import conformance, sampled
from sim.economy.arrays import Floats
from sim.lab.calibration.facts import FACTS
from sim.lab.calibration.panel import observe
from sim.lab.conformance import Part, Row

SEEDS = range(2001, 3001)  # not those of the calibration


@cache
def observed(world: str) -> Floats:
    """Return the numbers of FACTS in a named world, shape (seeds, facts)."""
    parameters = sim.parameters(world)
    return np.array([observe(parameters, seed) for seed in SEEDS])


def facts(world: str) -> Iterator[Row]:
    """Yield a row for each fact."""
    for k, fact in enumerate(FACTS):
        row = sampled(f"{world}: {fact.meaning}", fact.source, observed(world)[:, k], fact.range, "seeds")
        yield row._replace(asserted=False)


@conformance(Part.FACTS, fast=False, seconds=18)
def firms_of_the_defaults() -> Iterator[Row]:
    """The defaults, `today`"""
    yield from facts("today")


@conformance(Part.FACTS, fast=False, seconds=18)
def firms_of_the_calibrated_world() -> Iterator[Row]:
    """The world `calibrated`, found by `make calibrate`"""
    yield from facts("calibrated")
