"""How often one mutant takes over when strategies spread by the Fermi rule (Traulsen, Nowak & Pacheco 2006)."""

from collections.abc import Iterator
from typing import Any

import numba
import numpy as np

import sim
from conformance.figures import Panel, Picture, Series
from conformance.rows import LINES_AND_DOTS, conformance, counted
from sim.economy import chance, learning
from sim.economy.initialisation import create, for_kernels
from sim.economy.state import State
from sim.lab.conformance import Part, Row

FERMI = (
    "Traulsen, Nowak & Pacheco (2006), abstract seen, formula not; exact for one revision at a time: "
    "T−/T+ = e^(−bΔ) in every state, so (1−e^(−ibΔ))/(1−e^(−nbΔ))"
)
FIRMS, INTENSITY = 20, 5.0
REPEATED = {1: 4_000, 5: 10_000}
ADVANTAGES = (-0.1, 0.0, 0.1, 0.5)


def fixation(mutants: int, advantage: float) -> float:
    """Return the probability that so many mutants among FIRMS take over; `advantage` is b·Δ."""
    return mutants / FIRMS if advantage == 0 else np.expm1(-mutants * advantage) / np.expm1(-FIRMS * advantage)


@numba.njit
def revising(identity: np.ndarray, probability: float, seed: np.uint64, month: int) -> int:
    """Return how many firms reconsider their strategy this month."""
    wants, n = chance.key(seed, month, chance.REVISION), 0
    for name in identity:
        n += chance.uniform(wants, name) < probability
    return n


@numba.njit
def takeovers(state: State, parameters: Any, mutants: int, advantage: float, repeated: int, alone: bool) -> int:
    """Return how often the interdependent firms take over; `alone` skips months in which several firms revise."""
    firms, identity, probability, won = state.firms, state.firms.identity, parameters.dynamics.revision, 0
    firms.age[:] = 1
    for repetition in range(repeated):
        seed, month, left = np.uint64(repetition), 0, mutants
        for i in range(identity.size):
            firms.interdependent[i] = i < mutants
        while 0 < left < identity.size:
            if not alone or revising(identity, probability, seed, month) == 1:
                for i in range(identity.size):
                    firms.trailing_profit[i] = advantage if firms.interdependent[i] else 0.0
                learning.revise_strategies(state, parameters, seed, month)
                left = firms.interdependent.sum()
            month += 1
        won += left > 0
    return won


def simulated(mutants: int, advantage: float, revision: float = 1 / FIRMS, alone: bool = True) -> int:
    """Return in how many of REPEATED repetitions the mutants take over."""
    overrides = {
        "population.small": FIRMS,
        "population.large": 0,
        "dynamics.revision": revision,
        "dynamics.intensity": INTENSITY,
    }
    parameters = sim.parameters("today", overrides)
    state = create(parameters, 1)
    return int(takeovers(state, for_kernels(parameters), mutants, advantage / INTENSITY, REPEATED[mutants], alone))


def takes_over(mutants: int, advantage: float, revision: float = 1 / FIRMS, alone: bool = True) -> Row:
    """Return the row that compares simulated takeovers with the formula."""
    reference = f"{mutants} of {FIRMS}, bΔ = {advantage:g}".replace("-", "−")
    won = simulated(mutants, advantage, revision, alone)
    return counted(reference, FERMI, won, REPEATED[mutants], fixation(mutants, advantage), "repetitions")


def picture(mutants: int, rows: list[Row]) -> Picture:
    """Return the figure: the formula as a line, the rows as dots."""
    fine = np.linspace(-0.3, 0.7, 200)
    dots = (ADVANTAGES, *np.array([[row.ours, row.low, row.high] for row in rows]).T)
    series = Series(f"{mutants} of {FIRMS}", (fine, [fixation(mutants, advantage) for advantage in fine]), dots)
    caption = f"How often {mutants} of {FIRMS} firms with another strategy take over, by the advantage of theirs. " + LINES_AND_DOTS
    panel = Panel("", "intensity times advantage, bΔ", "probability of taking over", [series])
    return Picture(f"fixation_{mutants}", caption, [panel])


@conformance(Part.THEORY, seconds=8)
def one_mutant_takes_over_as_often_as_the_formula_says() -> Iterator[Row | Picture]:
    """Imitation: probability that one of n = 20 firms with an advantage Δ takes over at intensity b, one revising at a time"""
    rows = [takes_over(1, advantage) for advantage in ADVANTAGES]
    yield from rows
    yield picture(1, rows)


@conformance(Part.THEORY, fast=False, seconds=17)
def five_mutants_take_over_as_often_as_the_formula_says() -> Iterator[Row | Picture]:
    """Imitation: probability that five of 20 take over, and what several revisions at a time change"""
    rows = [takes_over(5, advantage) for advantage in ADVANTAGES]
    yield from rows
    yield picture(5, rows)
    several = takes_over(1, 0.1, 0.2, False)
    reference = several.reference + ", each revising with probability 0.2 a month, so that several do at once"
    yield several._replace(reference=reference, source=FERMI + "; not meant for this", asserted=False)
