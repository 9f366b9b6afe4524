"""How a firm finds another business model: ideas, judgement, bureaucracy, exchange. A change is the mask of the bits to flip."""

import math
from typing import TYPE_CHECKING

from sim.economy import chance as purposes
from sim.plain import chance

if TYPE_CHECKING:
    from sim.plain.firm import Firm

YEAR = 12  # months for which it is observed what becomes of a practice


def search(firm: "Firm") -> None:
    """Make this month's attempts at a better business model."""
    firm.fitness = firm.model.landscape.fitness(firm.business_model)
    firm.looks = firm.ideas_adopted = firm.practices_adopted = firm.proposals_rejected = 0
    for attempt in range(firm.model.parameters.organisation.attempts):
        _try_once(firm, attempt)


def _try_once(firm: "Firm", attempt: int) -> None:
    """Judge the open proposal; without one, judge an ally's practice, or flipping one random decision."""
    if firm.proposal:
        _judge_proposal(firm, attempt)
    elif ally := _looks_at(firm, attempt):
        firm.looks += 1
        practice = _practice(firm, ally, attempt)
        if practice and perceived_gain(firm, practice, purposes.JUDGE_PRACTICE, attempt) > 0:
            _propose(firm, practice, from_ally=True)
    else:
        idea = 1 << firm.index(purposes.IDEA, firm.model.parameters.environment.decisions, attempt)
        if perceived_gain(firm, idea, purposes.JUDGE_IDEA, attempt) > 0:
            _propose(firm, idea, from_ally=False)


def perceived_gain(firm: "Firm", change: int, purpose: int, attempt: int) -> float:
    """Return the true gain plus an error for every contribution that changes in a domain which the firm does not cover."""
    landscape, noise = firm.model.landscape, firm.model.parameters.organisation.noise
    gain = landscape.fitness(firm.business_model ^ change) - firm.fitness
    unjudged = sum(landscape.domain(d) not in firm.coverage for d in landscape.affected(change))
    return gain + noise * math.sqrt(unjudged) / len(landscape.decisions) * firm.normal(purpose, attempt)


def _looks_at(firm: "Firm", attempt: int) -> "Firm | None":
    """Return the random ally at whose practice the firm looks in this attempt, if it looks at one."""
    if not firm.alliance or not firm.keeps_word or firm.never_looks:
        return None
    if firm.uniform(purposes.EXCHANGE, attempt) >= firm.alliance.exchange:
        return None
    key, allies = firm.bits(purposes.ALLY, attempt), [ally for ally in firm.alliance.keepers if ally is not firm]
    return min(allies, key=lambda ally: chance.bits(key, ally.identity), default=None)


def _practice(firm: "Firm", ally: "Firm", attempt: int) -> int:
    """Return the change that copies the ally's last business model in some domains that follow each other."""
    environment, collaboration = firm.model.parameters.environment, firm.model.parameters.collaboration
    first, domains = firm.index(purposes.DOMAIN, environment.domains, attempt), environment.domains
    broad = max(1, math.floor(collaboration.breadth * domains + 0.5))
    copied = sum(firm.model.landscape.decisions_of((first + step) % domains) for step in range(broad))
    shown = firm.bits(purposes.PLACEBO, attempt) if collaboration.placebo else ally.shown_model
    return (firm.business_model ^ shown) & copied


def _propose(firm: "Firm", change: int, from_ally: bool) -> None:
    """Send the change up the layers of management; without layers, implement it at once."""
    firm.proposal, firm.from_ally, firm.stage = change, from_ally, firm.layers
    if firm.stage == 0:
        _implement(firm)


def _judge_proposal(firm: "Firm", attempt: int) -> None:
    """Let the next layer judge the proposal again, on today's landscape."""
    if perceived_gain(firm, firm.proposal, purposes.JUDGE_PROPOSAL, attempt) <= firm.model.parameters.organisation.caution:
        firm.proposal = 0
        firm.proposals_rejected += 1
        return
    firm.stage -= 1
    if firm.stage == 0:
        _implement(firm)


def _implement(firm: "Firm") -> None:
    """Put the proposal into force."""
    change, firm.proposal = firm.proposal, 0
    firm.business_model ^= change
    firm.fitness = firm.model.landscape.fitness(firm.business_model)
    firm.practices_adopted += firm.from_ally
    firm.ideas_adopted += not firm.from_ally
    firm.copied &= ~change
    if firm.from_ally and not firm.copied_decisions:
        firm.copied, firm.copied_decisions, firm.copied_months = change, change.bit_count(), 0


def grow_older(firm: "Firm") -> None:
    """Count the months since the firm put the practice into force that is followed; after a year it is followed no longer."""
    if firm.copied_months == YEAR:
        firm.copied_decisions = 0
    firm.copied_months += 1


def completes_year(firm: "Firm") -> bool:
    """Return whether the followed practice was put into force a year ago."""
    return firm.copied_decisions > 0 and firm.copied_months == YEAR
