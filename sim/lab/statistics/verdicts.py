"""Verdicts on contrasts and claims, by rules that the experiment file fixed before the run.

At a design point the rule "at least δ" is supported if the whole interval lies above δ, contradicted if the whole interval lies
below δ, and not settled otherwise ("at most" is the mirror image). The interval is simultaneous over all points of the contrast.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sim.lab.design.schema import Contrast
from sim.lab.statistics.paired import Estimate

SETTLED = 0.8  # share of the points that must be settled before a contrast as a whole is called supported or contradicted


class Verdict(StrEnum):
    """The answer of the runs to a rule."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    DEPENDS = "depends"
    UNSETTLED = "not settled"


def decide(contrast: Contrast, estimate: Estimate) -> Verdict:
    """The verdict at one design point."""
    low, high, threshold = estimate.low, estimate.high, contrast.at_least
    if contrast.at_most is not None:
        low, high, threshold = -high, -low, -contrast.at_most
    if threshold is not None and low > threshold:
        return Verdict.SUPPORTED
    return Verdict.CONTRADICTED if threshold is not None and high < threshold else Verdict.UNSETTLED


def over_points(decisions: Sequence[Verdict]) -> Verdict:
    """The verdict on a contrast: that of the settled points if they agree and enough points are settled; DEPENDS if they differ."""
    settled = {decision for decision in decisions if decision is not Verdict.UNSETTLED}
    if len(settled) == 2:
        return Verdict.DEPENDS
    enough = sum(decision is not Verdict.UNSETTLED for decision in decisions) >= SETTLED * len(decisions)
    return settled.pop() if settled and enough else Verdict.UNSETTLED


def over_contrasts(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict on a claim: that of its contrasts if they all agree; DEPENDS if some are supported and some contradicted."""
    settled = set(verdicts) - {Verdict.UNSETTLED}
    if len(settled) > 1 or Verdict.DEPENDS in settled:
        return Verdict.DEPENDS
    return settled.pop() if settled and Verdict.UNSETTLED not in verdicts else Verdict.UNSETTLED
