"""What layers of management let pass (Sah & Stiglitz 1986; Knudsen & Levinthal 2007)."""

from collections.abc import Iterator
from math import sqrt

import numba
import numpy as np
from scipy.stats import norm

import sim
from conformance.rows import conformance, counted
from sim.economy import chance, search
from sim.economy import landscape as nk
from sim.economy.initialisation import create
from sim.economy.state import State
from sim.lab.conformance import Part, Row

SAH_STIGLITZ = "Sah & Stiglitz (1986), abstract seen, formula not; exact: L independent judgements of probability p pass with p^L"
NORMAL = "exact: p = Φ(N·(g − least gain)/(σ·√m)) for a gain g that touches m contributions nobody can judge"


@conformance(Part.THEORY, seconds=4)
def layers_pass_what_each_of_them_would_pass() -> Iterator[Row]:
    """Screening: proposals that L layers pass when each judges blindly, (1/2)^L"""
    for layers, span in enumerate((20.0, 4.5, 2.72), start=1):
        overrides = {
            "population.small": 0,
            "population.large": 3000,
            "finance.overhead": 0.0,
            "organisation.affordability": 0.0,
            "organisation.span": span,
            "organisation.noise": 1000.0,
            "environment.complexity": 11,
            "dynamics.months": 60,
        }
        run = sim.simulate(sim.parameters("today", overrides), 1)
        done = run.monthly().loc[(slice(10, None), "large independent"), ["ideas_adopted", "proposals_rejected"]].sum()
        passed, of = int(done["ideas_adopted"]), int(done.sum())
        yield counted(f"share of proposals that {layers} layers pass", SAH_STIGLITZ, passed, of, 0.5**layers, "proposals")


@numba.njit
def count_accepted(state: State, i: int, change: np.uint64, noise: float, least: float, months: int) -> int:
    """Return in how many of so many months firm i perceives more than the least gain."""
    passed = 0
    for month in range(months):
        key = chance.key(np.uint64(7), month, chance.JUDGE_PROPOSAL)
        passed += search.perceived_gain(state.firms, i, change, state.landscape, noise, key) > least
    return passed


@conformance(Part.THEORY, seconds=4)
def one_judgement_is_right_as_often_as_the_normal_law_says() -> Iterator[Row]:
    """Accuracy: how often a change is seen as a gain of more than the least gain asked for"""
    n, noise, months = 12, 0.3, 100_000
    state = create(sim.parameters("today", {"environment.complexity": 4}), 3)
    state.firms.coverage[:] = state.firms.competence
    for i, least in ((0, 0.0), (1, 0.02), (2, 0.05)):
        change = np.uint64(1 << (2 * i))
        model = state.firms.model[i]
        here, there = (sum(values(state.landscape, mask)) / n for mask in (model, model ^ change))
        state.firms.fitness[i] = here
        unseen = [
            d for d in range(n) if int(state.landscape.depends_on[d]) & int(change) and not int(state.firms.coverage[i]) >> d & 1
        ]
        expected = norm.cdf(n * (there - here - least) / (noise * sqrt(len(unseen))))
        passed = count_accepted(state, i, change, noise, least, months)
        what = f"gain {there - here:+.3f}, {len(unseen)} contributions unjudged, least gain {least:g}".replace("-", "−")
        yield counted(f"share of judgements that accept: {what}", NORMAL, passed, months, expected, "judgements")


@numba.njit
def values(land: nk.Landscape, model: np.uint64) -> list:
    """Return the contributions of all decisions."""
    return [nk.contribution(land, d, model) for d in range(land.key.size)]
