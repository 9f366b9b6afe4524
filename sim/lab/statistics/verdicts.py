"""From intervals to words, by rules that were fixed in the file before the run.

At one place the rule "at least δ" is supported if the whole interval lies above δ, contradicted if the whole interval lies below,
and not settled otherwise ("at most" is the mirror image). The interval is simultaneous over all places of the contrast.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sim.lab.design.schema import Contrast
from sim.lab.statistics.paired import Estimate

SETTLED = 0.8  # share of the places that must be settled before a contrast is called supported or contradicted as a whole


class Verdict(StrEnum):
    """What the runs say."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    DEPENDS = "depends"
    UNSETTLED = "not settled"


def has_rule(contrast: Contrast) -> bool:
    """Whether the contrast takes part in the verdict."""
    return contrast.at_least is not None or contrast.at_most is not None


def decide(contrast: Contrast, estimate: Estimate) -> Verdict:
    """The verdict at one place."""
    low, high, threshold = estimate.low, estimate.high, contrast.at_least
    if contrast.at_most is not None:
        low, high, threshold = -high, -low, -contrast.at_most
    if threshold is not None and low > threshold:
        return Verdict.SUPPORTED
    return Verdict.CONTRADICTED if threshold is not None and high < threshold else Verdict.UNSETTLED


def over_places(decisions: Sequence[Verdict]) -> Verdict:
    """The verdict of a contrast: one word if it holds wherever it is settled, and most places are settled."""
    settled = {decision for decision in decisions if decision is not Verdict.UNSETTLED}
    if len(settled) == 2:
        return Verdict.DEPENDS
    enough = sum(decision is not Verdict.UNSETTLED for decision in decisions) >= SETTLED * len(decisions)
    return settled.pop() if settled and enough else Verdict.UNSETTLED


def over_contrasts(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict of a claim: one word if all its contrasts say it; it depends where they differ."""
    settled = set(verdicts) - {Verdict.UNSETTLED}
    if len(settled) > 1 or Verdict.DEPENDS in settled:
        return Verdict.DEPENDS
    return settled.pop() if settled and Verdict.UNSETTLED not in verdicts else Verdict.UNSETTLED
