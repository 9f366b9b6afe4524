"""Search for better business models: ideas, judgement, layers of management, exchange.

After Knudsen & Levinthal (2007), Sah & Stiglitz (1986) and Christensen & Knudsen (2010).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.economy import chance
from sim.economy.arrays import Masks
from sim.economy.compiled import kernel
from sim.economy.landscape import NOTHING, ONE, Landscape, affected, count, fitness
from sim.economy.parameters import Organisation, Parameters
from sim.economy.state import NEVER_LOOKS, Alliances, Firms, State

FOLLOWED = 12  # months for which a practice is followed that was taken over from an ally


class SearchKeys(NamedTuple):
    """The keys of the random draws of one round of attempts, one for each purpose."""

    exchange: np.uint64
    ally: np.uint64
    domain: np.uint64
    placebo: np.uint64
    idea: np.uint64
    judge_practice: np.uint64
    judge_idea: np.uint64
    judge_proposal: np.uint64


@kernel
def _round_key(seed: np.uint64, month: int, purpose: int, attempt: int) -> np.uint64:
    """The key for one purpose in one round of attempts."""
    return chance.bits(chance.key(seed, month, purpose), np.uint64(attempt))


@kernel
def _keys(seed: np.uint64, month: int, attempt: int) -> SearchKeys:
    """The keys of one round of attempts."""
    return SearchKeys(
        exchange=_round_key(seed, month, chance.EXCHANGE, attempt),
        ally=_round_key(seed, month, chance.ALLY, attempt),
        domain=_round_key(seed, month, chance.DOMAIN, attempt),
        placebo=_round_key(seed, month, chance.PLACEBO, attempt),
        idea=_round_key(seed, month, chance.IDEA, attempt),
        judge_practice=_round_key(seed, month, chance.JUDGE_PRACTICE, attempt),
        judge_idea=_round_key(seed, month, chance.JUDGE_IDEA, attempt),
        judge_proposal=_round_key(seed, month, chance.JUDGE_PROPOSAL, attempt),
    )


@kernel
def search(state: State, parameters: Parameters, seed: np.uint64, month: int) -> None:
    """Let every firm make its attempts at a better business model. Modified in place: state.firms.

    An attempt is the judgement of its open proposal by one layer of management, or a look at an ally's practice, or an idea of its
    own. All firms search at the same time: they see last month's business models. Afterwards `fitness` is that of the model in
    force.
    """
    firms, landscape, last_month = state.firms, state.landscape, state.room.models
    for i in range(firms.identity.size):
        last_month[i] = firms.model[i]
        firms.looks[i] = firms.ideas_adopted[i] = firms.practices_adopted[i] = firms.proposals_rejected[i] = 0
        if firms.active[i]:
            firms.fitness[i] = fitness(landscape, firms.model[i])
    for attempt in range(parameters.organisation.attempts):
        _attempt_each(firms, state.alliances, last_month, landscape, parameters, _keys(seed, month, attempt))


@kernel
def _attempt_each(
    firms: Firms, alliances: Alliances, last_month: Masks, landscape: Landscape, parameters: Parameters, keys: SearchKeys
) -> None:
    """One attempt of every firm; `last_month` holds the business models that others see. Modified in place: firms."""
    for i in range(firms.identity.size):
        if not firms.active[i]:
            continue
        if firms.proposal[i] != NOTHING:
            _judge_proposal(firms, i, landscape, parameters.organisation, keys)
        else:
            ally = _ally_to_look_at(firms, i, alliances, parameters, keys)
            if ally >= 0:
                _consider_practice(firms, i, last_month[ally], landscape, parameters, keys)
            else:
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
        firms.proposals_rejected[i] += 1
        return
    firms.stage[i] -= 1
    if firms.stage[i] == 0:
        _implement(firms, i, firms.proposal[i], firms.practice[i], landscape)


@kernel
def _ally_to_look_at(firms: Firms, i: int, alliances: Alliances, parameters: Parameters, keys: SearchKeys) -> int:
    """The row of the ally at whose practice firm i looks in this attempt, or -1."""
    if not firms.keeps_word[i] or firms.habits[i] & NEVER_LOOKS:
        return -1
    in_trial = alliances.trial[firms.alliance[i]]
    exchange = parameters.trial.exchange if in_trial else parameters.collaboration.exchange
    if chance.uniform(keys.exchange, firms.identity[i]) >= exchange:
        return -1
    return _choose_ally(firms, i, alliances, chance.bits(keys.ally, firms.identity[i]))


@kernel
def _consider_practice(
    firms: Firms, i: int, practice: np.uint64, landscape: Landscape, parameters: Parameters, keys: SearchKeys
) -> None:
    """Propose an ally's decisions in some domains, if that seems a gain. Modified in place: firms.

    `practice` is the ally's business model of last month. The domains go round from a random one on.
    """
    me, domains = firms.identity[i], landscape.domain.size
    firms.looks[i] += 1
    if parameters.collaboration.placebo:
        practice = chance.bits(keys.placebo, me)
    first = chance.index(keys.domain, me, domains)
    looked_at = NOTHING
    for step in range(max(1, int(parameters.collaboration.breadth * domains + 0.5))):
        looked_at |= landscape.domain[(first + step) % domains]
    change = (firms.model[i] ^ practice) & looked_at
    if change != NOTHING:
        if perceived_gain(firms, i, change, landscape, parameters.organisation.noise, keys.judge_practice) > 0.0:
            _propose(firms, i, change, True, landscape)


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
    firms.copied[i] &= ~change
    if practice:
        firms.practices_adopted[i] += 1
        if firms.copied_decisions[i] == 0:
            firms.copied[i] = change
            firms.copied_decisions[i] = count(change)
            firms.copied_months[i] = 0
    else:
        firms.ideas_adopted[i] += 1


@kernel
def follow_practice(firms: Firms, i: int) -> None:
    """Count the months since firm i took over the practice that is followed, for a year. Modified in place: firms."""
    if firms.copied_decisions[i] > 0:
        if firms.copied_months[i] == FOLLOWED:
            firms.copied_decisions[i] = 0
        firms.copied_months[i] += 1
