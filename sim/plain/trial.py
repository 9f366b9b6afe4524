"""A field trial: some of the small independent firms, drawn at random, are treated for a time; the others are their controls."""

import math
from typing import TYPE_CHECKING

from sim.economy import chance as purposes
from sim.economy.choices import Hiring
from sim.plain.alliance import Alliance

if TYPE_CHECKING:
    from sim.plain.firm import Firm
    from sim.plain.model import PlainEconomy


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
    return firm.size == 0 and not firm.interdependent and firm.alliance is None and firm.has_record


def peer_slope(firms: list["Firm"]) -> float:
    """Return how much a treated firm's growth since the baseline rises with its peers' baseline, given its own.

    It is a coefficient of least squares: growth on the part of `peers` that the own baseline does not explain.
    """
    treated = [firm for firm in firms if firm.assignment == "treated"]
    sample = [(firm.log_revenue - firm.baseline, firm.peers, firm.baseline) for firm in treated if not math.isnan(firm.peers)]
    growth, peers, own = ([row[k] for row in sample] for k in range(3))
    explained = _slope(own, peers)
    unexplained = [p - explained * o for p, o in zip(peers, own, strict=True)]
    return _slope(unexplained, growth)


def _slope(x: list[float], y: list[float]) -> float:
    """Return the slope of the line of least squares; not a number if all x are the same."""
    if not x:
        return math.nan
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    spread = sum((a - mean_x) ** 2 for a in x)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / spread if spread else math.nan
