"""Search for better business models: ideas, judgement, layers of management, exchange.

After Knudsen & Levinthal (2007), Sah & Stiglitz (1986) and Christensen & Knudsen (2010).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.economy import chance
from sim.economy.arrays import Masks
from sim.economy.compiled import allocating_kernel, kernel
from sim.economy.landscape import NOTHING, ONE, Landscape, affected, count, fitness
from sim.economy.parameters import Organisation, Parameters
from sim.economy.state import Alliances, Firms, State

# What came of a firm's search this month.
NOTHING_NEW, IDEA_ADOPTED, PRACTICE_ADOPTED, PROPOSAL_REJECTED = 0, 1, 2, 3


class SearchKeys(NamedTuple):
    """The keys of this month's random draws, one for each purpose."""

    exchange: np.uint64
    ally: np.uint64
    domain: np.uint64
    idea: np.uint64
    judge_practice: np.uint64
    judge_idea: np.uint64
    judge_proposal: np.uint64


@allocating_kernel
def search(state: State, parameters: Parameters, seed: np.uint64, month: int) -> None:
    """Let every firm judge its open proposal, or an ally's practice, or an idea of its own. Modified in place: state.firms.

    All firms search at the same time: they see last month's business models. Afterwards `fitness` is that of the model in force.
    """
    last_month = state.firms.model.copy()
    keys = SearchKeys(
        exchange=chance.key(seed, month, chance.EXCHANGE),
        ally=chance.key(seed, month, chance.ALLY),
        domain=chance.key(seed, month, chance.DOMAIN),
        idea=chance.key(seed, month, chance.IDEA),
        judge_practice=chance.key(seed, month, chance.JUDGE_PRACTICE),
        judge_idea=chance.key(seed, month, chance.JUDGE_IDEA),
        judge_proposal=chance.key(seed, month, chance.JUDGE_PROPOSAL),
    )
    _search_each(state.firms, state.alliances, last_month, state.landscape, parameters, keys)


@kernel
def _search_each(
    firms: Firms, alliances: Alliances, last_month: Masks, landscape: Landscape, parameters: Parameters, keys: SearchKeys
) -> None:
    """Firm by firm; `last_month` holds the business models that others see. Modified in place: firms."""
    for i in range(firms.identity.size):
        firms.outcome[i] = NOTHING_NEW
        if firms.active[i]:
            firms.fitness[i] = fitness(landscape, firms.model[i])
            if firms.proposal[i] != NOTHING:
                _judge_proposal(firms, i, landscape, parameters.organisation, keys)
            elif not _consider_practice(firms, i, alliances, last_month, landscape, parameters, keys):
                _consider_idea(firms, i, landscape, parameters.organisation.noise, keys)
            firms.idea[i] = NOTHING


@kernel
def perceived_gain(firms: Firms, i: int, change: np.uint64, landscape: Landscape, noise: float, key: np.uint64) -> float:
    """What firm i thinks it would gain by a change: f(y) - f(x) + (σ/N)·sqrt(n)·ε.

    n is the number of contributions that change and that the firm does not cover; their n errors add up to one normal draw ε.
    """
    gain = fitness(landscape, firms.model[i] ^ change) - firms.fitness[i]
    unjudged = count(affected(landscape, change) & ~firms.coverage[i])
    if unjudged > 0 and noise > 0.0:
        gain += noise * math.sqrt(unjudged) / landscape.key.size * chance.normal(key, firms.identity[i])
    return float(gain)


@kernel
def _judge_proposal(firms: Firms, i: int, landscape: Landscape, organisation: Organisation, keys: SearchKeys) -> None:
    """Let the next layer judge the proposal afresh, on today's landscape. Modified in place: firms."""
    gain = perceived_gain(firms, i, firms.proposal[i], landscape, organisation.noise, keys.judge_proposal)
    if gain <= organisation.caution:
        firms.proposal[i] = NOTHING
        firms.outcome[i] = PROPOSAL_REJECTED
        return
    firms.stage[i] -= 1
    if firms.stage[i] == 0:
        _implement(firms, i, firms.proposal[i], firms.practice[i], landscape)


@kernel
def _consider_practice(
    firms: Firms,
    i: int,
    alliances: Alliances,
    last_month: Masks,
    landscape: Landscape,
    parameters: Parameters,
    keys: SearchKeys,
) -> bool:
    """Look at a random ally's decisions in a random domain, and propose them if that seems a gain. Modified in place: firms.

    Returns whether they were proposed.
    """
    me = firms.identity[i]
    if not firms.keeps_word[i] or chance.uniform(keys.exchange, me) >= parameters.collaboration.exchange:
        return False
    ally = _choose_ally(firms, i, alliances, chance.bits(keys.ally, me))
    if ally < 0:
        return False
    domain = landscape.domain[chance.index(keys.domain, me, landscape.domain.size)]
    change = (firms.model[i] ^ last_month[ally]) & domain
    if change == NOTHING:
        return False
    if perceived_gain(firms, i, change, landscape, parameters.organisation.noise, keys.judge_practice) <= 0.0:
        return False
    _propose(firms, i, change, True, landscape)
    return True


@kernel
def _choose_ally(firms: Firms, i: int, alliances: Alliances, key: np.uint64) -> int:
    """The row of one other member that keeps its word, or -1.

    It is the one with the lowest draw, so that one more member changes the choice only to itself.
    """
    a = firms.alliance[i]
    chosen, lowest = -1, ~NOTHING
    for k in range(alliances.start[a], alliances.start[a + 1]):
        j = alliances.roster[k]
        draw = chance.bits(key, firms.identity[j])
        if j != i and draw <= lowest:
            chosen, lowest = j, draw
    return chosen


@kernel
def _consider_idea(firms: Firms, i: int, landscape: Landscape, noise: float, keys: SearchKeys) -> None:
    """Propose the firm's idea, or flipping one random decision, if that seems a gain. Modified in place: firms."""
    change = firms.idea[i]
    if change == NOTHING:
        change = ONE << np.uint64(chance.index(keys.idea, firms.identity[i], landscape.key.size))
    if perceived_gain(firms, i, change, landscape, noise, keys.judge_idea) > 0.0:
        _propose(firms, i, change, False, landscape)


@kernel
def _propose(firms: Firms, i: int, change: np.uint64, practice: bool, landscape: Landscape) -> None:
    """Send the change up the layers of management; without layers it is implemented at once. Modified in place: firms."""
    if firms.layers[i] == 0:
        _implement(firms, i, change, practice, landscape)
    else:
        firms.proposal[i] = change
        firms.practice[i] = practice
        firms.stage[i] = firms.layers[i]


@kernel
def _implement(firms: Firms, i: int, change: np.uint64, practice: bool, landscape: Landscape) -> None:
    """Put the change into force. Modified in place: firms."""
    firms.model[i] ^= change
    firms.fitness[i] = fitness(landscape, firms.model[i])
    firms.proposal[i] = NOTHING
    firms.outcome[i] = PRACTICE_ADOPTED if practice else IDEA_ADOPTED
