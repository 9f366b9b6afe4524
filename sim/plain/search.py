"""How a firm finds another business model: ideas, judgement, bureaucracy, exchange. A change is the mask of the bits to flip."""

import math
from typing import TYPE_CHECKING

from sim.economy import chance as purposes
from sim.plain import chance

if TYPE_CHECKING:
    from sim.plain.firm import Firm


def search(firm: "Firm") -> None:
    """Judge the open proposal; without one, judge an ally's practice, and if that seems no gain, flipping one random decision."""
    firm.outcome, firm.fitness = "", firm.model.landscape.fitness(firm.business_model)
    if firm.proposal:
        _judge_proposal(firm)
        return
    practice, idea = _practice(firm), 1 << firm.index(purposes.IDEA, firm.model.parameters.environment.decisions)
    if practice and perceived_gain(firm, practice, purposes.JUDGE_PRACTICE) > 0:
        _propose(firm, practice, "practice adopted")
    elif perceived_gain(firm, idea, purposes.JUDGE_IDEA) > 0:
        _propose(firm, idea, "idea adopted")


def perceived_gain(firm: "Firm", change: int, purpose: int) -> float:
    """Return the true gain plus an error for every contribution that changes in a domain which the firm does not cover."""
    landscape, noise = firm.model.landscape, firm.model.parameters.organisation.noise
    gain = landscape.fitness(firm.business_model ^ change) - firm.fitness
    unjudged = sum(landscape.domain(d) not in firm.coverage for d in landscape.affected(change))
    return gain + noise * math.sqrt(unjudged) / len(landscape.decisions) * firm.normal(purpose)


def _practice(firm: "Firm") -> int:
    """Return the change that copies a random ally's last business model in a random domain; 0 if the firm does not look."""
    if not firm.alliance or not firm.keeps_word or firm.uniform(purposes.EXCHANGE) >= firm.model.parameters.collaboration.exchange:
        return 0
    key, allies = firm.bits(purposes.ALLY), [ally for ally in firm.alliance.keepers if ally is not firm]
    if not allies:
        return 0
    ally = min(allies, key=lambda ally: chance.bits(key, ally.identity))
    domain = firm.index(purposes.DOMAIN, firm.model.parameters.environment.domains)
    return (firm.business_model ^ ally.shown_model) & firm.model.landscape.decisions_of(domain)


def _propose(firm: "Firm", change: int, outcome: str) -> None:
    """Send the change up the layers of management; without layers, implement it at once."""
    firm.proposal, firm.hoped_for, firm.stage = change, outcome, firm.layers
    if firm.stage == 0:
        _implement(firm)


def _judge_proposal(firm: "Firm") -> None:
    """Let the next layer judge the proposal again, on today's landscape."""
    if perceived_gain(firm, firm.proposal, purposes.JUDGE_PROPOSAL) <= firm.model.parameters.organisation.caution:
        firm.proposal, firm.outcome = 0, "proposal rejected"
        return
    firm.stage -= 1
    if firm.stage == 0:
        _implement(firm)


def _implement(firm: "Firm") -> None:
    firm.business_model ^= firm.proposal
    firm.fitness = firm.model.landscape.fitness(firm.business_model)
    firm.proposal, firm.outcome = 0, firm.hoped_for
