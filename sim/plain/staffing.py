"""Which specialists are hired, by firms and by alliances, and which domains a firm can judge."""

from typing import TYPE_CHECKING

from sim.economy import chance as purposes
from sim.economy.choices import Hiring, Staffing
from sim.economy.parameters import Organisation
from sim.plain.trial import covers_all_domains

if TYPE_CHECKING:
    from sim.plain.alliance import Alliance
    from sim.plain.firm import Firm


def hiring_unit(firm: "Firm") -> "Firm | Alliance | None":
    """Return who hires for the firm: itself, its alliance or trial group, or nobody."""
    if not firm.alliance or firm.alliance.hiring == Hiring.ALONE:
        return firm
    return firm.alliance if firm.alliance.hiring == Hiring.JOINT else None


def first_wanted(firm: "Firm") -> int:
    """Return how many specialists a firm wants before it has learned anything."""
    domains, staffing = firm.model.parameters.environment.domains, firm.model.parameters.organisation.staffing
    if staffing == Staffing.LEARNED:
        return firm.index(purposes.FIRST_WANTED, domains + 1)
    return domains if staffing == Staffing.AFFORDABLE else 0


def staff_alliance(alliance: "Alliance") -> None:
    """Let the members who keep their word pool their competences, hire from their pooled profits and share the costs."""
    alliance.contributed, alliance.hired, alliance.dues = set(), set(), 0.0
    keepers, organisation = alliance.keepers, alliance.model.parameters.organisation
    if not keepers:
        return
    if alliance.pools_competence:
        alliance.contributed = {firm.competence for firm in keepers}
    cost = specialist_cost(len(alliance.members), organisation)
    if alliance.hiring == Hiring.JOINT:
        budget = organisation.affordability * sum(firm.trailing_operating_profit for firm in keepers)
        first = alliance.head.index(purposes.STAFFING, alliance.model.parameters.environment.domains)
        alliance.hired = hire(alliance, alliance.contributed, first, cost, budget)
    alliance.dues = cost * len(alliance.hired) / len(keepers) + alliance.coordination


def staff_firm(firm: "Firm") -> None:
    """Give a firm coverage from its alliance, let it pay dues if it keeps its word, and hire alone where nobody hires for it."""
    firm.coverage, firm.specialists, firm.specialist_cost, firm.dues = {firm.competence}, set(), 0.0, 0.0
    if firm.alliance:
        firm.coverage |= firm.alliance.contributed | firm.alliance.hired
        firm.dues = firm.alliance.dues if firm.keeps_word else 0.0
    if covers_all_domains(firm):
        firm.coverage = set(range(firm.model.parameters.environment.domains))
    if hiring_unit(firm) is firm:
        organisation = firm.model.parameters.organisation
        cost, budget = specialist_cost(1, organisation), organisation.affordability * firm.trailing_operating_profit
        firm.specialists = hire(firm, firm.coverage, firm.competence + 1, cost, budget)
        firm.specialist_cost = cost * len(firm.specialists)
        firm.coverage |= firm.specialists


def specialist_cost(served: int, organisation: Organisation) -> float:
    """Return what a specialist who serves so many firms costs a month."""
    return organisation.wage * max(organisation.contract, served / organisation.capacity)


def hire(unit: "Firm | Alliance", covered: set[int], first: int, cost: float, budget: float) -> set[int]:
    """Return the domains for which a firm or an alliance hires specialists.

    They are domains that are not covered, from `first` on, going round, as many as it wants and as far as the budget goes.
    """
    domains = unit.model.parameters.environment.domains
    most = unit.wanted + unit.head.staffing_offset
    hired: set[int] = set()
    spent = 0.0
    for domain in ((first + step) % domains for step in range(domains)):
        if domain not in covered and len(hired) < most and spent + cost <= max(budget, 0.0):
            hired.add(domain)
            spent += cost
    return hired
