"""Who keeps their word this month, which specialists are hired, and which domains each firm can judge."""

from __future__ import annotations

import numpy as np

from sim.economy import chance
from sim.economy.choices import Hiring
from sim.economy.compiled import kernel
from sim.economy.landscape import NOTHING, Landscape, count
from sim.economy.parameters import Organisation, Parameters
from sim.economy.state import TREATED, Alliances, Firms
from sim.economy.trial import is_running


@kernel
def specialist_cost(served: int, organisation: Organisation) -> float:
    """What one specialist costs a firm or an alliance a month: wage·max(contract, firms served/capacity)."""
    return float(organisation.wage * max(organisation.contract, served / organisation.capacity))


@kernel
def staff(firms: Firms, alliances: Alliances, landscape: Landscape, parameters: Parameters, seed: np.uint64, month: int) -> None:
    """Draw who keeps their word, hire jointly and alone, and set coverage and costs. Modified in place: firms, alliances."""
    _pool(firms, alliances, parameters, chance.key(seed, month, chance.KEEPS_WORD))
    _list_keepers(firms, alliances)
    width = landscape.key.size // landscape.domain.size
    staffing_key = chance.key(seed, month, chance.STAFFING)
    for a in range(alliances.members.size):
        if alliances.members[a] > 0:
            _staff_alliance(alliances, a, landscape, parameters, staffing_key)
    advised = parameters.trial.individual and is_running(parameters.trial, month)
    for i in range(firms.identity.size):
        a = firms.alliance[i]
        firms.coverage[i] = firms.competence[i]
        if advised and firms.assignment[i] == TREATED:
            firms.coverage[i] = landscape.all_decisions[0]
        firms.specialists[i], firms.specialist_cost[i], firms.dues[i] = NOTHING, 0.0, 0.0
        if a >= 0:
            firms.coverage[i] |= alliances.contributed[a] | alliances.hired[a]
            firms.dues[i] = alliances.dues[a] if firms.keeps_word[i] else 0.0
        if hires_alone(alliances, a, parameters):
            _hire_alone(firms, i, landscape, parameters.organisation, width)


@kernel
def hires_jointly(alliances: Alliances, a: int, parameters: Parameters) -> bool:
    """Whether alliance a, or a group of a field trial, hires specialists for its members."""
    return bool(parameters.trial.joint_hiring if alliances.trial[a] else parameters.collaboration.hiring == Hiring.JOINT)


@kernel
def hires_alone(alliances: Alliances, a: int, parameters: Parameters) -> bool:
    """Whether a firm in alliance a hires specialists for itself; a = -1 is none."""
    if a < 0:
        return True
    return bool(not parameters.trial.joint_hiring if alliances.trial[a] else parameters.collaboration.hiring == Hiring.ALONE)


@kernel
def _at_most(wanted: int, offset: int, domains: int) -> int:
    """How many specialists are hired at most."""
    return int(min(max(int(wanted) + int(offset), 0), domains))


@kernel
def _hire_alone(firms: Firms, i: int, landscape: Landscape, organisation: Organisation, width: int) -> None:
    """Hire out of the firm's own profit, starting at the domain after its competence. Modified in place: firms."""
    cost = specialist_cost(1, organisation)
    budget = organisation.affordability * firms.trailing_operating_profit[i]
    most = _at_most(firms.wanted[i], firms.staffing_offset[i], landscape.domain.size)
    firms.specialists[i] = hire(firms.coverage[i], _after(firms.competence[i], landscape), cost, budget, most, landscape)
    firms.specialist_cost[i] = cost * (count(firms.specialists[i]) // width)
    firms.coverage[i] |= firms.specialists[i]


@kernel
def hire(covered: np.uint64, first: int, cost: float, budget: float, most: int, landscape: Landscape) -> np.uint64:
    """The domains for which specialists are hired, a mask: uncovered ones, going round from `first`, as far as the budget goes.

    Each specialist costs `cost`; a negative budget counts as 0. `most` are hired at most.
    """
    hired, spent, hires = NOTHING, 0.0, 0
    domains = landscape.domain.size
    for step in range(domains):
        if hires == most or spent + cost > max(budget, 0.0):
            break
        domain = landscape.domain[(first + step) % domains]
        if not covered & domain:
            hired |= domain
            spent += cost
            hires += 1
    return hired


@kernel
def _after(competence: np.uint64, landscape: Landscape) -> int:
    """The number of the domain that follows the firm's own."""
    for g in range(landscape.domain.size):
        if competence & landscape.domain[g]:
            return g + 1
    return 0


@kernel
def _pool(firms: Firms, alliances: Alliances, parameters: Parameters, key: np.uint64) -> None:
    """Draw who keeps their word, and add up what these members bring in. Modified in place: firms, alliances.

    They bring in their profits and, where competences are pooled, their competences. In a field trial, all keep their word.
    """
    alliances.keepers[:] = 0
    alliances.pooled[:] = 0.0
    alliances.contributed[:] = NOTHING
    alliances.offset[:] = 0
    for i in range(firms.identity.size):
        a = firms.alliance[i]
        firms.keeps_word[i] = a >= 0 and (alliances.trial[a] or chance.uniform(key, firms.identity[i]) < firms.maturity[i])
        if a >= 0 and alliances.name[a] == firms.identity[i]:
            alliances.offset[a] = firms.staffing_offset[i]
        if firms.keeps_word[i]:
            alliances.keepers[a] += 1
            alliances.pooled[a] += firms.trailing_operating_profit[i]
            if parameters.trial.pooled_competence if alliances.trial[a] else parameters.collaboration.pooled_competence:
                alliances.contributed[a] |= firms.competence[i]


@kernel
def _list_keepers(firms: Firms, alliances: Alliances) -> None:
    """List the members who keep their word, alliance by alliance. Modified in place: alliances."""
    start = alliances.start
    start[0] = 0
    for a in range(alliances.members.size):
        start[a + 1] = start[a]
        if a > 0:
            start[a + 1] = start[a] + alliances.keepers[a - 1]
    for i in range(firms.identity.size):
        if firms.keeps_word[i]:
            a = firms.alliance[i]
            alliances.roster[start[a + 1]] = i
            start[a + 1] += 1


@kernel
def _staff_alliance(alliances: Alliances, a: int, landscape: Landscape, parameters: Parameters, key: np.uint64) -> None:
    """Hire jointly, out of the pooled profits of the members who keep their word and pay. Modified in place: alliances."""
    members, keepers, domains = alliances.members[a], alliances.keepers[a], landscape.domain.size
    cost = specialist_cost(members, parameters.organisation)
    budget = parameters.organisation.affordability * alliances.pooled[a]
    first = chance.index(key, alliances.name[a], domains)
    most = _at_most(alliances.wanted[a], alliances.offset[a], domains)
    alliances.hired[a], alliances.dues[a] = NOTHING, 0.0
    if keepers > 0:
        if hires_jointly(alliances, a, parameters):
            alliances.hired[a] = hire(alliances.contributed[a], first, cost, budget, most, landscape)
        hires = count(alliances.hired[a]) // (landscape.key.size // domains)
        alliances.dues[a] = cost * hires / keepers
        if parameters.collaboration.paid_coordination and not alliances.trial[a]:
            alliances.dues[a] += parameters.collaboration.coordination * (members - 1)
