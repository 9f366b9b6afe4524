"""Alliances: clubs whose members pool their competences and hire specialists together (Buchanan 1965)."""

from typing import TYPE_CHECKING

from sim.economy import chance as purposes
from sim.economy.parameters import Organisation, Parameters
from sim.plain import chance

if TYPE_CHECKING:
    from sim.plain.firm import Firm


class Alliance:
    """The members, and what they share this month: competences and specialists (both as domains), and the costs."""

    def __init__(self, founder: "Firm") -> None:
        self.members = [founder]
        self.hired: set[int] = set()
        self.contributed: set[int] = set()
        self.dues = 0.0
        founder.alliance = self

    def admit(self, firm: "Firm") -> None:
        """Add a member."""
        self.members.append(firm)
        firm.alliance = self

    def dismiss(self, firm: "Firm") -> None:
        """Remove a member; an alliance of one firm ends."""
        self.members.remove(firm)
        firm.alliance = None
        if len(self.members) == 1:
            self.dismiss(self.members[0])

    @property
    def keepers(self) -> list["Firm"]:
        """The members who keep their word this month."""
        return [firm for firm in self.members if firm.keeps_word]

    def staff(self, parameters: Parameters, seed: int, month: int) -> None:
        """Let the members who keep their word pool their competences, hire from their pooled profits and share the costs."""
        self.contributed, self.hired, self.dues = set(), set(), 0.0
        if not self.keepers:
            return
        members, collaboration, domains = len(self.members), parameters.collaboration, parameters.environment.domains
        if collaboration.pooled_competence:
            self.contributed = {firm.competence for firm in self.keepers}
        cost = specialist_cost(members, parameters.organisation)
        if collaboration.joint_hiring:
            budget = parameters.organisation.affordability * sum(firm.trailing_operating_profit for firm in self.keepers)
            name = min(firm.identity for firm in self.members)
            first = chance.index(chance.key(seed, month, purposes.STAFFING), name, domains)
            self.hired = hire(self.contributed, first, cost, budget, domains)
        self.dues = cost * len(self.hired) / len(self.keepers)
        if collaboration.paid_coordination:
            self.dues += collaboration.coordination * (members - 1)


def club_cost(members: list["Firm"], parameters: Parameters) -> float:
    """Return what full coverage would cost each member: C(m, u) = cost(m)·(D - u)/m + coordination·(m - 1)."""
    m, missing = len(members), parameters.environment.domains - len({firm.competence for firm in members})
    return specialist_cost(m, parameters.organisation) * missing / m + parameters.collaboration.coordination * (m - 1)


def specialist_cost(served: int, organisation: Organisation) -> float:
    """Return what a specialist who serves so many firms costs a month."""
    return organisation.wage * max(organisation.contract, served / organisation.capacity)


def hire(covered: set[int], first: int, cost: float, budget: float, domains: int) -> set[int]:
    """Return the domains for which specialists are hired: those not covered, from `first` on, as far as the budget goes."""
    hired: set[int] = set()
    spent = 0.0
    for domain in ((first + step) % domains for step in range(domains)):
        if domain not in covered and spent + cost <= max(budget, 0.0):
            hired.add(domain)
            spent += cost
    return hired
