"""Ideas, judgement, bureaucracy, exchange (Knudsen & Levinthal 2007; Sah & Stiglitz 1986; Christensen & Knudsen 2010)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.economy import chance
from sim.economy.compiled import allocating_kernel, kernel
from sim.economy.landscape import NOTHING, ONE, Landscape, affected, count, fitness
from sim.economy.state import Alliances, Firms, State

# What came of a firm's search this month.
NOTHING_NEW, IDEA_ADOPTED, PRACTICE_ADOPTED, PROPOSAL_REJECTED = 0, 1, 2, 3


@allocating_kernel
def search(state: State, parameters: Any, seed: np.uint64, month: int) -> None:
    """Let every firm judge its open proposal, or an ally's practice, or an idea of its own. Modified in place.

    All move at once: they see last month's business models. Afterwards `fitness` is that of the model in force.
    """
    seen = state.firms.model.copy()
    keys = np.empty(chance.JUDGE_PROPOSAL + 1, np.uint64)
    for purpose in range(chance.EXCHANGE, chance.JUDGE_PROPOSAL + 1):
        keys[purpose] = chance.key(seed, month, purpose)
    _search_each(state.firms, state.alliances, seen, state.landscape, parameters, keys)


@kernel
def _search_each(
    firms: Firms, alliances: Alliances, seen: NDArray[np.uint64], landscape: Landscape, parameters: Any, keys: NDArray[np.uint64]
) -> None:
    for i in range(firms.identity.size):
        firms.outcome[i] = NOTHING_NEW
        if firms.active[i]:
            firms.fitness[i] = fitness(landscape, firms.model[i])
            if firms.proposal[i] != NOTHING:
                _judge_proposal(firms, i, landscape, parameters.organisation, keys)
            elif not _consider_practice(firms, i, alliances, seen, landscape, parameters, keys):
                _consider_idea(firms, i, landscape, parameters.organisation.noise, keys)
            firms.idea[i] = NOTHING


@kernel
def perceived_gain(firms: Firms, i: int, change: np.uint64, landscape: Landscape, noise: float, key: np.uint64) -> float:
    """f(y) - f(x) + (σ/N)·sqrt(n)·ε: n contributions change that no specialist judges; their n errors add up to one normal."""
    gain = fitness(landscape, firms.model[i] ^ change) - firms.fitness[i]
    unjudged = count(affected(landscape, change) & ~firms.coverage[i])
    if unjudged > 0 and noise > 0.0:
        gain += noise * math.sqrt(unjudged) / landscape.key.size * chance.normal(key, firms.identity[i])
    return float(gain)


@kernel
def _judge_proposal(firms: Firms, i: int, landscape: Landscape, organisation: Any, keys: NDArray[np.uint64]) -> None:
    """The next layer judges afresh, on today's landscape."""
    gain = perceived_gain(firms, i, firms.proposal[i], landscape, organisation.noise, keys[chance.JUDGE_PROPOSAL])
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
    seen: NDArray[np.uint64],
    landscape: Landscape,
    parameters: Any,
    keys: NDArray[np.uint64],
) -> bool:
    """Look at a random ally and at its decisions of a random domain; True if that seems a gain."""
    me = firms.identity[i]
    if not firms.keeps_word[i] or chance.uniform(keys[chance.EXCHANGE], me) >= parameters.collaboration.exchange:
        return False
    ally = _choose_ally(firms, i, alliances, chance.bits(keys[chance.ALLY], me))
    if ally < 0:
        return False
    domain = landscape.domain[chance.index(keys[chance.DOMAIN], me, landscape.domain.size)]
    change = (firms.model[i] ^ seen[ally]) & domain
    if change == NOTHING:
        return False
    if perceived_gain(firms, i, change, landscape, parameters.organisation.noise, keys[chance.JUDGE_PRACTICE]) <= 0.0:
        return False
    _propose(firms, i, change, True, landscape)
    return True


@kernel
def _choose_ally(firms: Firms, i: int, alliances: Alliances, key: np.uint64) -> int:
    """One other member that keeps its word: the one with the lowest draw, so that a newcomer changes nothing unless chosen."""
    a = firms.alliance[i]
    chosen, lowest = -1, ~NOTHING
    for k in range(alliances.start[a], alliances.start[a + 1]):
        j = alliances.roster[k]
        draw = chance.bits(key, firms.identity[j])
        if j != i and draw <= lowest:
            chosen, lowest = j, draw
    return chosen


@kernel
def _consider_idea(firms: Firms, i: int, landscape: Landscape, noise: float, keys: NDArray[np.uint64]) -> None:
    """Consider the firm's idea, or flipping one random decision."""
    change = firms.idea[i]
    if change == NOTHING:
        change = ONE << np.uint64(chance.index(keys[chance.IDEA], firms.identity[i], landscape.key.size))
    if perceived_gain(firms, i, change, landscape, noise, keys[chance.JUDGE_IDEA]) > 0.0:
        _propose(firms, i, change, False, landscape)


@kernel
def _propose(firms: Firms, i: int, change: np.uint64, practice: bool, landscape: Landscape) -> None:
    """Send the change up the layers; without layers it is implemented at once."""
    if firms.layers[i] == 0:
        _implement(firms, i, change, practice, landscape)
    else:
        firms.proposal[i] = change
        firms.practice[i] = practice
        firms.stage[i] = firms.layers[i]


@kernel
def _implement(firms: Firms, i: int, change: np.uint64, practice: bool, landscape: Landscape) -> None:
    firms.model[i] ^= change
    firms.fitness[i] = fitness(landscape, firms.model[i])
    firms.proposal[i] = NOTHING
    firms.outcome[i] = PRACTICE_ADOPTED if practice else IDEA_ADOPTED
