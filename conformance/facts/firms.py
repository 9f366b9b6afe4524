"""Stylised facts about firms in the world `today`: shown, not asserted. Some were fitted, see docs/reference/calibration.md."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from conformance.rows import conformance, sampled
from sim.lab.calibration.evaluation import observe
from sim.lab.calibration.facts import FACTS
from sim.lab.conformance import Part, Row

SEEDS = range(2001, 3001)  # not those of the calibration


@conformance(Part.FACTS, fast=False, seconds=40)
def firms_of_the_defaults() -> Iterator[Row]:
    """The defaults, `today`"""
    numbers = np.array([observe({}, seed) for seed in SEEDS])
    for fact, sample in zip(FACTS, numbers.T, strict=True):
        reference = f"today: {fact.meaning} ({'fitted' if fact.fitted else 'held out'})"
        yield sampled(reference, fact.source, sample[np.isfinite(sample)], fact.range, "seeds")._replace(asserted=False)
