"""From the comparisons of contrasts to verdicts: at each design point, on each contrast, and on the claim."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sim.lab.analysis.findings import ContrastResult
from sim.lab.statistics.contrasts import Comparison
from sim.lab.statistics.shapes import decide_shape, lines_with_values
from sim.lab.statistics.verdicts import LEVEL, Verdict, decide_each, over_contrasts, over_points, settled_together

Comparisons = list[list[Comparison]]
"""The comparisons of each contrast of an experiment, in the order of the file."""


def decisions(comparisons: Sequence[Comparison], complete: bool, level: float = LEVEL) -> list[Verdict | None]:
    """The verdict at each design point of a contrast; None without a rule for single points, and where a point does not count.

    A point at which one of the groups never exists does not count. If runs failed (not `complete`), values may be missing for that
    reason; then such a point counts as not settled.
    """
    contrast = comparisons[0].contrast
    if contrast.limit is None or contrast.shape:
        return [None] * len(comparisons)
    each = decide_each(comparisons, level)
    return [verdict if c.difference.size or not complete else None for c, verdict in zip(comparisons, each, strict=True)]


def verdict(comparisons: Sequence[Comparison], complete: bool, level: float = LEVEL) -> Verdict | None:
    """The verdict on a contrast; None without a rule."""
    contrast = comparisons[0].contrast
    if contrast.limit is None:
        return None
    if contrast.shape:
        return over_points([decide_shape(line, level) for line in lines_with_values(comparisons)])
    return over_points([decision for decision in decisions(comparisons, complete, level) if decision])


def hold_together(comparisons: Comparisons, complete: bool) -> list[bool]:
    """Whether the verdict on each contrast is the same at Holm's level, that is, together with those on the others."""
    ruled = [number for number, of_contrast in enumerate(comparisons) if of_contrast[0].contrast.limit is not None]
    together = settled_together([partial(_settled, comparisons[number], complete) for number in ruled])
    at_holms_level = dict(zip(ruled, together, strict=True))
    return [at_holms_level.get(number) == verdict(part, complete) for number, part in enumerate(comparisons)]


def _settled(comparisons: Sequence[Comparison], complete: bool, level: float) -> Verdict:
    return verdict(comparisons, complete, level) or Verdict.UNSETTLED


def verdict_on_claim(results: Sequence[ContrastResult]) -> Verdict:
    """The verdict of all contrasts that have a rule."""
    ruled = [result for result in results if result.verdict]
    return over_contrasts([result.verdict for result in ruled if result.verdict], [result.holds for result in ruled])
