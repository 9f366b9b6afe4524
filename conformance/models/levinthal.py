"""Levinthal's (1997) organisations on the economy's landscapes: local search by his rule, long jumps, selection, founding.

Every organisation adopts the first superior form that it finds, in a fixed order, among all N neighbours; it then adopts a random
form if that is better still (a long jump). It survives a period with the chance V / max V. Each one that fails is replaced: with
a chance of the genetic load, 1 − mean V / max V, by a random form, otherwise by a copy of a survivor, drawn in proportion to V.
The article gives these rules in words; order and formulas are those of its program, as the notebook of nkscape 0.1.0 reports them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from conformance.models.adaptive_search import ORGANISATIONS, N, rugged
from conformance.support.landscapes import heights, surveyed
from sim.economy.initialisation import create
from sim.economy.simulation import stepper

PERIODS, CHANGE = 50, 25  # and the period in which contributions are redrawn
LOCAL = 20  # periods of local search in the economy, after which nobody moves
BITS = np.uint64(1) << np.arange(N, dtype=np.uint64)
OTHER = 1_000_000  # seeds of the landscapes from which redrawn contributions are taken

Forms = NDArray[np.uint64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Rules(NamedTuple):
    """Which of his processes are at work, whether all start alike, and how many attributes' contributions change."""

    search: bool = True
    jumps: bool = True
    selection: bool = True
    alike: bool = False
    changed: int = 0


class Lives(NamedTuple):
    """By seed and period 0..PERIODS: distinct forms, and what became of the incumbents; NaN where there is nobody to speak of.

    Incumbents are the organisations that entered before period CHANGE − 1 and are alive in it.
    """

    forms: Floats
    alive: Floats  # share of the incumbents
    jumped: Floats  # share of the incumbents alive that have ever made a long jump
    jumped_of_failed: Floats  # the same of those that have failed


class Population(NamedTuple):
    """One entry for each place; an organisation that fails leaves its place to its successor."""

    forms: Forms
    entered: NDArray[np.int64]  # period
    jumped: Flags

    @property
    def incumbent(self) -> Flags:
        """The places still held by an incumbent."""
        return self.entered < CHANGE - 1


def first_superior(height: Floats, forms: Forms) -> Forms:
    """Return the attribute, as a mask, that each organisation changes: the first whose change is superior; 0 on a peak."""
    superior = height[forms[:, None] ^ BITS] > height[forms][:, None]
    return np.where(superior.any(axis=1), BITS[superior.argmax(axis=1)], np.uint64(0))


@cache
def forms_in_the_economy(complexity: int, seeds: int) -> Floats:
    """Return distinct forms by seed and period 0..LOCAL of the economy's firms, whose ideas are chosen by his rule."""
    parameters = rugged(complexity, **{"finance.overhead": 0.0})
    counts = np.empty((seeds, LOCAL + 1))
    for seed in range(seeds):
        state = create(parameters, seed)
        firms, height, step = state.firms, heights(state.landscape), stepper(state, parameters, seed)
        for period in range(LOCAL + 1):
            counts[seed, period] = np.unique(firms.model).size
            firms.idea[:] = first_superior(height, firms.model)
            step(1)
    return counts


def forms_without_interaction_by_his_rule(period: int) -> float:
    """Return the expected number of distinct forms at K = 0.

    All climb one peak; each attribute is wrong at founding with probability 1/2, and a period puts the first wrong one right.
    So an organisation is on the peak after t periods if at most t attributes were wrong: p_0 = Σ_{w ≤ t} C(N, w) / 2^N.
    It has another form, whose first wrong attribute follows m others, if exactly t of these m were wrong: p_m = C(m, t) / 2^N.
    There are 2^(N−1−m) such forms, so the expected number is 1 − (1 − p_0)^100 + Σ_m 2^(N−1−m) (1 − (1 − p_m)^100).
    """

    def found(ways: int) -> float:
        return 1 - (1 - ways / 2**N) ** ORGANISATIONS

    elsewhere = sum(2 ** (N - 1 - m) * found(comb(m, period)) for m in range(N))
    return found(sum(comb(N, wrong) for wrong in range(min(period, N) + 1))) + elsewhere


@cache
def lives(complexity: int, rules: Rules, seeds: int) -> Lives:
    """Return the lives of his organisations on many landscapes."""
    found = np.array([list(_live(complexity, rules, seed)) for seed in range(seeds)])
    return Lives(*np.moveaxis(found, 2, 0))


def _live(complexity: int, rules: Rules, seed: int) -> Iterator[tuple[float, float, float, float]]:
    """Yield what `Lives` holds, period by period.

    In the period of the change, survival depends on the new fitness and founding on the genetic load before, as in his program.
    """
    environment = {"decisions": N, "domains": 1, "complexity": complexity, "interaction": "adjacent"}
    land, rng = surveyed(seed, **environment), np.random.default_rng([seed, complexity])
    height, now = heights(land), _founded(rules, rng)
    incumbents, failed = np.nan, np.zeros(0, bool)
    for period in range(PERIODS + 1):
        if period > 0:
            load = 1 - height[now.forms].mean() / height[now.forms].max()
            if period == CHANGE and rules.changed:
                land.key[: rules.changed] = surveyed(OTHER + seed, **environment).key[: rules.changed]
                height = heights(land)
            failed = np.concatenate([failed, _period(now, height, rules, load, period, rng)])
        if period == CHANGE - 1:
            incumbents, failed = now.incumbent.sum(), failed[:0]
        yield np.unique(now.forms).size, now.incumbent.sum() / incumbents, _share(now.jumped[now.incumbent]), _share(failed)


def _founded(rules: Rules, rng: np.random.Generator) -> Population:
    drawn = rng.integers(0, 1 << N, ORGANISATIONS, dtype=np.uint64)
    forms = np.full_like(drawn, drawn[0]) if rules.alike else drawn
    return Population(forms, np.zeros(ORGANISATIONS, np.int64), np.zeros(ORGANISATIONS, bool))


def _period(now: Population, height: Floats, rules: Rules, load: float, period: int, rng: np.random.Generator) -> Flags:
    """Play a period; return of each incumbent that fails whether it had jumped. Modified in place: now, rng."""
    fitness = height[now.forms]
    survives = rng.random(ORGANISATIONS) < fitness / fitness.max() if rules.selection else np.ones(ORGANISATIONS, bool)
    had_jumped = now.jumped[now.incumbent & ~survives]
    if rules.search:
        now.forms[:] ^= first_superior(height, now.forms)
    if rules.jumps:
        drawn = rng.integers(0, 1 << N, ORGANISATIONS, dtype=np.uint64)
        jumps = height[drawn] > height[now.forms]
        now.forms[jumps] = drawn[jumps]
        now.jumped[jumps] = True
    _replace(now, height, survives, load, rng)
    now.entered[~survives], now.jumped[~survives] = period, False
    return had_jumped


def _replace(now: Population, height: Floats, survives: Flags, load: float, rng: np.random.Generator) -> None:
    """Give each place of a failed organisation a random form or that of a survivor. Modified in place: now, rng."""
    places = np.flatnonzero(~survives)
    models = now.forms[survives]
    copies = rng.choice(models, places.size, p=height[models] / height[models].sum())
    drawn = rng.integers(0, 1 << N, places.size, dtype=np.uint64)
    now.forms[places] = np.where(rng.random(places.size) < load, drawn, copies)


def _share(flags: Flags) -> float:
    return float(flags.mean()) if flags.size else np.nan
