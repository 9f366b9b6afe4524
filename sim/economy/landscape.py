"""What a business model is worth: the NK landscape (Kauffman 1993), and the environment that moves it.

The contribution of decision d is a hash of (seed, epoch of d, d, the states of d and of the K decisions it depends on). So no
table is stored, any N up to 64 and any K work, and a new epoch redraws all contributions of d at no cost.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.economy import chance
from sim.economy.arrays import Counts, Masks
from sim.economy.choices import Interaction
from sim.economy.compiled import kernel
from sim.economy.parameters import Environment

ONE = np.uint64(1)
NOTHING = np.uint64(0)
EVERYTHING = np.uint64((1 << 64) - 1)


class Landscape(NamedTuple):
    """One entry per decision, except in the masks of the domains and of all decisions."""

    depends_on: Masks  # the decisions that contribution d depends on, itself included
    affects: Masks  # the contributions that depend on decision d
    epoch: Counts
    key: Masks  # under which contribution d is drawn in its present epoch
    domain: Masks  # the decisions of each domain
    all_decisions: Masks  # one entry


def allocate_landscape(environment: Environment) -> Landscape:
    """The arrays of a landscape, which `survey` fills."""
    n = environment.decisions
    masks = [np.zeros(size, np.uint64) for size in (n, n, n, environment.domains, 1)]
    return Landscape(masks[0], masks[1], np.zeros(n, np.int64), masks[2], masks[3], masks[4])


@kernel
def survey(landscape: Landscape, environment: Environment, seed: np.uint64) -> None:
    """Draw which decisions depend on which, and the first epoch. Modified in place: landscape."""
    n = landscape.key.size
    width = n // landscape.domain.size
    landscape.all_decisions[0] = EVERYTHING >> np.uint64(64 - n)
    for g in range(landscape.domain.size):
        landscape.domain[g] = (EVERYTHING >> np.uint64(64 - width)) << np.uint64(g * width)
    landscape.affects[:] = NOTHING
    for d in range(n):
        landscape.depends_on[d] = _neighbours(d, n, width, environment, chance.key(seed, d, chance.INTERACTIONS))
        for j in range(n):
            if (landscape.depends_on[d] >> np.uint64(j)) & ONE:
                landscape.affects[j] |= ONE << np.uint64(d)
        landscape.epoch[d] = 0
        landscape.key[d] = _contribution_key(seed, d, 0)


@kernel
def _neighbours(d: int, n: int, width: int, environment: Environment, key: np.uint64) -> np.uint64:
    """Decision d and the K others with the lowest draws, so that a larger K only adds decisions."""
    mask = ONE << np.uint64(d)
    for _ in range(environment.complexity):
        best, lowest = d, np.inf
        for j in range(n):
            if not (mask >> np.uint64(j)) & ONE:
                draw = chance.uniform(key, np.uint64(j))
                if environment.interaction == Interaction.ADJACENT:
                    draw = float((j - d) % n)
                elif environment.interaction == Interaction.MODULAR and j // width == d // width:
                    draw -= 1.0
                if draw < lowest:
                    best, lowest = j, draw
        mask |= ONE << np.uint64(best)
    return mask


@kernel
def _contribution_key(seed: np.uint64, d: int, epoch: int) -> np.uint64:
    """The key under which the contributions of decision d are drawn in an epoch."""
    return chance.bits(chance.key(seed, epoch, chance.CONTRIBUTION), np.uint64(d))


@kernel
def contribution(landscape: Landscape, d: int, model: np.uint64) -> float:
    """The contribution v_d(x) of decision d to business model x, uniform on (0, 1)."""
    return chance.unit(chance.mix(landscape.key[d] + (model & landscape.depends_on[d]) * chance.GAMMA))


@kernel
def fitness(landscape: Landscape, model: np.uint64) -> float:
    """The fitness of business model x: f(x) = mean over d of v_d(x)."""
    total = 0.0
    for d in range(landscape.key.size):
        total += contribution(landscape, d, model)
    return total / landscape.key.size


@kernel
def affected(landscape: Landscape, change: np.uint64) -> np.uint64:
    """The contributions that can change when the decisions in `change` do."""
    union = NOTHING
    for d in range(landscape.affects.size):
        if (change >> np.uint64(d)) & ONE:
            union |= landscape.affects[d]
    return union


@kernel
def count(mask: np.uint64) -> int:
    """The number of bits set."""
    x = mask - ((mask >> ONE) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


@kernel
def move(landscape: Landscape, environment: Environment, seed: np.uint64, month: int) -> None:
    """Advance each decision's epoch with probability `speed`, then by the shocks of the month. Modified in place: landscape."""
    redraw(landscape, environment.speed, seed, month, chance.DRIFT)
    shocks: Any = environment.shocks  # an array here, see `initialisation.for_kernels`
    for k in range(shocks.shape[0]):
        if shocks[k, 0] == month:
            redraw(landscape, shocks[k, 1], seed, month, chance.SHOCK)


@kernel
def redraw(landscape: Landscape, probability: float, seed: np.uint64, month: int, purpose: int) -> None:
    """Advance each decision's epoch with a probability, by drift or by a shock. Modified in place: landscape."""
    key = chance.key(seed, month, purpose)
    for d in range(landscape.key.size):
        if chance.uniform(key, np.uint64(d)) < probability:
            landscape.epoch[d] += 1
            landscape.key[d] = _contribution_key(seed, d, landscape.epoch[d])
