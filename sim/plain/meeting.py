"""Which firms ally: meetings, and the club rule (Buchanan 1965)."""

from typing import TYPE_CHECKING

from sim.economy import chance as purposes
from sim.economy.choices import Scope
from sim.economy.parameters import Parameters
from sim.plain.alliance import Alliance
from sim.plain.staffing import specialist_cost

if TYPE_CHECKING:
    from sim.plain.firm import Firm


def looks_for_allies(firm: "Firm") -> bool:
    """Return whether the firm may ally and looks for allies this month."""
    free = firm.interdependent and firm.alliance is None and firm.exclusion == 0 and not firm.never_allies
    return free and firm.uniform(purposes.MEETING) < firm.model.parameters.collaboration.meeting


def meet(firm: "Firm") -> None:
    """Join the firm that it meets, or its alliance, if these can and want to admit it."""
    other = firm.find(purposes.PARTNER, lambda other: _could_meet(firm, other)) if firm.alliance is None else None
    if other and _is_open(other):
        incumbents, parameters = other.alliance.members if other.alliance else [other], firm.model.parameters
        if club_cost([*incumbents, firm], parameters) < club_cost(incumbents, parameters):
            (other.alliance or Alliance([other])).admit(firm)


def _could_meet(firm: "Firm", other: "Firm") -> bool:
    """Return whether the other firm is interdependent and within scope."""
    scope = firm.model.parameters.collaboration.scope
    same_size = scope != Scope.SAME_SIZE or other.size == firm.size
    other_market = scope != Scope.OTHER_MARKET or other.market is not firm.market
    return other is not firm and other.interdependent and same_size and other_market


def _is_open(firm: "Firm") -> bool:
    """Return whether others may ally with the firm: it is not excluded, in no trial group, and its alliance is not full."""
    members, in_trial_group = (len(firm.alliance.members), firm.alliance.trial) if firm.alliance else (1, False)
    is_full = members >= firm.model.parameters.collaboration.most_members
    return firm.exclusion == 0 and not firm.never_allies and not in_trial_group and not is_full


def club_cost(members: list["Firm"], parameters: Parameters) -> float:
    """Return what full coverage would cost each member: C(m, u) = cost(m)·(D - u)/m + coordination·(m - 1)."""
    m, missing = len(members), parameters.environment.domains - len({firm.competence for firm in members})
    return specialist_cost(m, parameters.organisation) * missing / m + parameters.collaboration.coordination * (m - 1)
