"""Verdicts on contrasts and claims, by rules that the experiment file fixed before the run.

At a design point the rule "at least δ" is supported if the whole interval lies above δ, contradicted if the whole interval lies
below δ, and not settled otherwise ("at most" is the mirror image). The interval is simultaneous over all points of the contrast.
Before a claim is called contradicted, or is said to depend, the levels of its contrasts are corrected for their number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from sim.lab.design.contrast import Contrast
from sim.lab.statistics.contrasts import Comparison
from sim.lab.statistics.paired import CONFIDENCE, FEWEST, t_interval

LEVEL = 1 - CONFIDENCE  # chance that a contrast is settled although every effect is exactly at its limit
SETTLED = 0.8  # share of the points that must be settled before a contrast as a whole is called supported or contradicted


class Verdict(StrEnum):
    """The answer of the runs to a rule."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    DEPENDS = "depends"
    UNSETTLED = "not settled"


def decide(contrast: Contrast, low: float, high: float) -> Verdict:
    """The verdict on an effect that lies in this interval."""
    threshold = contrast.at_least
    if contrast.at_most is not None:
        low, high, threshold = -high, -low, -contrast.at_most
    if threshold is not None and low > threshold:
        return Verdict.SUPPORTED
    return Verdict.CONTRADICTED if threshold is not None and high < threshold else Verdict.UNSETTLED


def decide_each(comparisons: Sequence[Comparison], level: float = LEVEL) -> list[Verdict]:
    """The verdict at each design point of a contrast; the intervals hold for all of them at once with probability 1 - level."""
    series = [comparison.difference for comparison in comparisons]
    share = level / max(1, sum(values.size >= FEWEST for values in series))
    return [
        decide(comparison.contrast, *t_interval(values, 1 - share)) if values.size >= FEWEST else Verdict.UNSETTLED
        for comparison, values in zip(comparisons, series, strict=True)
    ]


def over_points(decisions: Sequence[Verdict]) -> Verdict:
    """The verdict on a contrast: that of the settled points if they agree and enough points are settled; DEPENDS if they differ."""
    settled = {decision for decision in decisions if decision is not Verdict.UNSETTLED}
    if len(settled) == 2:
        return Verdict.DEPENDS
    enough = sum(decision is not Verdict.UNSETTLED for decision in decisions) >= SETTLED * len(decisions)
    return settled.pop() if settled and enough else Verdict.UNSETTLED


def settled_together(verdicts_at: Sequence[Callable[[float], Verdict]]) -> list[Verdict]:
    """The verdicts on the contrasts of a claim that are settled at Holm's levels, in the order given; the others are UNSETTLED.

    Of m contrasts, each must first be settled at LEVEL/m. Once some are, the k others need LEVEL/k only, and so on (Holm 1979). The
    chance that any contrast is settled although its effects are exactly at its limit is then at most LEVEL, however many there are.

    Args:
        verdicts_at: for each contrast, its verdict at a level.
    """
    verdicts = [Verdict.UNSETTLED] * len(verdicts_at)
    while True:
        others = [k for k, verdict in enumerate(verdicts) if verdict is Verdict.UNSETTLED]
        now = {k: verdicts_at[k](LEVEL / len(others)) for k in others}
        if set(now.values()) <= {Verdict.UNSETTLED}:
            return verdicts
        for k, verdict in now.items():
            verdicts[k] = verdict


def over_contrasts(verdicts: Sequence[Verdict], hold: Sequence[bool]) -> Verdict:
    """The verdict on a claim: that of its contrasts if they all agree; DEPENDS if some are supported and some contradicted.

    Args:
        verdicts: of the contrasts by themselves. They suffice for SUPPORTED: all must be, so their number makes no error likelier.
        hold: whether each also holds together with the others; those that do decide everything else.
    """
    if verdicts and set(verdicts) == {Verdict.SUPPORTED}:
        return Verdict.SUPPORTED
    counted = {verdict if holds else Verdict.UNSETTLED for verdict, holds in zip(verdicts, hold, strict=True)}
    settled = counted - {Verdict.UNSETTLED}
    if len(settled) > 1 or Verdict.DEPENDS in settled:
        return Verdict.DEPENDS
    return settled.pop() if settled and Verdict.UNSETTLED not in counted else Verdict.UNSETTLED
