"""A field trial: some of the small independent firms, drawn at random, are treated for a time; the others are their controls."""

import math
from typing import TYPE_CHECKING

from sim.economy import chance as purposes
from sim.economy.choices import Hiring
from sim.plain.alliance import Alliance

if TYPE_CHECKING:
    from sim.plain.firm import Firm
    from sim.plain.model import PlainEconomy

LEAST_VARIANCE = 1e-6  # of the peers' baselines, as far as the own baseline does not explain them


class TrialGroup(Alliance):
    """Treated firms who keep their word and share what the trial says; they pay for no coordination."""

    trial = True
    maturity = 1.0
    coordination = 0.0

    @property
    def exchange(self) -> float:
        """The chance that an attempt of a member is a look at the practice of another one."""
        return self.model.parameters.trial.exchange

    @property
    def pools_competence(self) -> bool:
        """Whether the competences of the members count for all."""
        return self.model.parameters.trial.pooled_competence

    @property
    def hiring(self) -> Hiring:
        """Who hires for the members: the group, or each alone."""
        return Hiring.JOINT if self.model.parameters.trial.joint_hiring else Hiring.ALONE


def begin_or_end_trial(model: "PlainEconomy") -> None:
    """Assign firms in the first month of the trial, and dissolve its groups after the last one."""
    trial = model.parameters.trial
    if trial.months > 0 and model.month == trial.first_month:
        _assign(model)
    if model.month == trial.first_month + trial.months:
        for group in [alliance for alliance in model.alliances if alliance.trial]:
            group.dissolve()


def covers_all_domains(firm: "Firm") -> bool:
    """Return whether the trial treats this firm by covering all domains for it."""
    trial = firm.model.parameters.trial
    is_on = trial.first_month <= firm.model.month < trial.first_month + trial.months
    return is_on and trial.individual and firm.assignment == "treated"


def _assign(model: "PlainEconomy") -> None:
    """Draw exactly round(share·n) of the n firms that can take part, and form their groups; the last one may be smaller."""
    trial = model.parameters.trial
    eligible = sorted(filter(_can_take_part, model.agents), key=lambda firm: (firm.bits(purposes.TRIAL), firm.identity))
    treated = eligible[: math.floor(trial.share * len(eligible) + 0.5)]
    for firm in eligible:
        firm.baseline = firm.log_revenue
        firm.assignment = "treated" if firm in treated else "control"
    for start in range(0, 0 if trial.individual else len(treated), trial.group):
        members = treated[start : start + trial.group]
        if len(members) > 1:
            TrialGroup(members)
        for firm in members:
            others = [other.baseline for other in members if other is not firm]
            firm.peers = sum(others) / len(others) if others else math.nan


def _can_take_part(firm: "Firm") -> bool:
    return firm.size == 0 and not firm.interdependent and firm.has_record


def peer_slope(firms: list["Firm"]) -> float:
    """Return how much more a treated firm gained since its baseline if its peers had a higher one, given its own.

    It is a slope of least squares: of gains on the part of `peers` that the own baseline does not explain. It is no number where
    that part hardly varies, or fewer than ten firms are left.
    """
    sample = [firm for firm in firms if firm.assignment == "treated" and not math.isnan(firm.peers)]
    if len(sample) < 10:
        return math.nan
    gains = [firm.log_revenue - firm.baseline for firm in sample]
    own = _centred([firm.baseline for firm in sample])
    peers = _centred([firm.peers for firm in sample])
    explained = _product(own, peers) / (_product(own, own) or 1.0)
    unexplained = [p - explained * o for p, o in zip(peers, own, strict=True)]
    spread = _product(unexplained, unexplained)
    return _product(unexplained, gains) / spread if spread > LEAST_VARIANCE * len(sample) else math.nan


def _centred(values: list[float]) -> list[float]:
    mean = sum(values) / len(values)
    return [value - mean for value in values]


def _product(x: list[float], y: list[float]) -> float:
    return sum(a * b for a, b in zip(x, y, strict=True))
