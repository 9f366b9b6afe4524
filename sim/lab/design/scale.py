"""The scale of an experiment: a quick look, the standard, or the precision that a paper needs."""

from __future__ import annotations

from enum import StrEnum
from math import sqrt
from typing import TypeVar

from sim.lab.design.ranges import LARGEST_SAMPLE, Sample
from sim.lab.design.schema import COARSEST, FINEST, MOST_SEEDS, Experiment, Replications, Robustness


class Scale(StrEnum):
    """How many seeds are run, and how large samples of design points are."""

    QUICK = "quick"
    STANDARD = "standard"
    FULL = "full"


SHARES = {Scale.QUICK: 1 / 24, Scale.STANDARD: 1.0, Scale.FULL: 4.0}
Design = TypeVar("Design", Experiment, Robustness)
FEWEST_SEEDS, FEWEST_IN_SEQUENCE, SMALLEST_SAMPLE = 3, 8, 8


def scaled(design: Design, scale: Scale) -> Design:
    """The same design with more or fewer seeds, and with a larger or smaller sample, within the limits of the schema."""
    if scale is Scale.STANDARD:
        return design
    share = SHARES[scale]
    changes: dict[str, object] = {"replications": _replications(design.replications, share)}
    if isinstance(design, Experiment) and design.sample:
        changes["sample"] = _sample(design.sample, share)
    return design.model_copy(update=changes)


def _replications(wanted: Replications, share: float) -> Replications:
    if wanted.number is not None:
        return Replications(number=_count(wanted.number, share, FEWEST_SEEDS))
    assert wanted.half_width is not None
    minimum, cap = (_count(n, share, FEWEST_IN_SEQUENCE) for n in (wanted.minimum, wanted.cap))
    half_width = min(COARSEST, max(FINEST, wanted.half_width / sqrt(share)))
    return Replications(half_width=half_width, minimum=minimum, cap=cap)


def scaled_seeds(seeds: int, scale: Scale) -> int:
    """So many seeds at standard scale, at another one."""
    return _count(seeds, SHARES[scale], FEWEST_IN_SEQUENCE)


def _count(seeds: int, share: float, fewest: int) -> int:
    return min(MOST_SEEDS, max(fewest, round(seeds * share)))


def _sample(wanted: Sample, share: float) -> Sample:
    size = SMALLEST_SAMPLE
    while size * 2 <= min(wanted.size * share, LARGEST_SAMPLE):
        size *= 2
    return wanted.model_copy(update={"size": size})
