"""Scale must not matter: more firms with their customers, and a market split into two."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

import sim
from conformance.metamorphic.comparing import EXPECTED, FOLLOWS, LIVELY, SEEDS, gap
from conformance.metamorphic.names import LASTING, MONTHS, NOBODY_IS_LOOKED_UP
from conformance.rows import conformance, exactly, sampled
from sim.economy.arrays import Floats
from sim.economy.initialisation import create
from sim.economy.simulation import play
from sim.economy.state import State
from sim.lab.conformance import Part, Row

ONE = {**LIVELY, "market.markets": 1}
TWO = {**LIVELY, "population.small": 80, "population.large": 12}
NAMES = ["fitness", "coverage", "alliance_members", "profit_per_line", "exit_rate"]


def twins(state: State, parameters: sim.Parameters, seed: int) -> State:
    """Return two markets, each with the firms, names, alliances and past of the one market of `state`."""
    pair = create(parameters, seed)
    n, slots = state.firms.identity.size, state.alliances.members.size
    for market in range(2):
        half = slice(market * n, (market + 1) * n)
        for name, ours, theirs in zip(state.firms._fields, pair.firms, state.firms, strict=True):
            if name != "market":
                ours[half] = theirs
        allied = pair.firms.alliance[half] >= 0
        pair.firms.alliance[half][allied] += market * (slots - 1)
        for name in LASTING:
            getattr(pair.alliances, name)[market * (slots - 1) :][:slots] = getattr(state.alliances, name)
        pair.markets.log_aggregate[market] = state.markets.log_aggregate[0]
    for ours, theirs in zip(pair.landscape, state.landscape, strict=True):
        ours[:] = theirs
    pair.clock[:] = state.clock
    return pair


def twins_apart(seed: int) -> float:
    """Return the largest relative difference between two markets of twins and the one market, two years after the split."""
    before = sim.parameters("today", ONE)
    state = create(before, seed)
    play(state, before, seed, MONTHS)
    pair = twins(state, sim.parameters("today", TWO), seed)
    for each, changes in ((state, ONE), (pair, TWO)):
        play(each, sim.parameters("today", {**changes, **NOBODY_IS_LOOKED_UP}), seed, MONTHS)
    names = [name for name in state.firms._fields if name not in ("market", "alliance")]
    both = [np.tile(getattr(state.firms, name), 2).astype(float) for name in names]
    return max(gap(getattr(pair.firms, name).astype(float), one) for name, one in zip(names, both, strict=True))


def models_apart(seed: int) -> float:
    """Return the share of business models that differ between one market and two of half its size.

    Nobody fails, hires or allies.
    """
    still = {"finance.reserve": 1e6, "organisation.affordability": 0.0, **NOBODY_IS_LOOKED_UP}
    one, two = (sim.simulate(sim.parameters("today", {**LIVELY, **still, "market.markets": m}), seed).state.firms for m in (1, 2))
    mine, other = (dict(zip(f.identity.tolist(), f.model.tolist(), strict=True)) for f in (one, two))
    return float(np.mean([mine[name] != other[name] for name in mine]))


@conformance(Part.METAMORPHIC)
def a_market_is_an_island() -> Iterator[Row]:
    """Two markets instead of one"""
    yield exactly(
        "two markets of twins (same names, alliances and past), nobody looked up: each firm as in one market",
        FOLLOWS,
        0.0,
        max(map(twins_apart, SEEDS)),
        0.0,
        "the same bits",
    )
    yield exactly(
        "one market split into two, nobody fails, hires or allies: business models that differ",
        FOLLOWS,
        0.0,
        max(map(models_apart, SEEDS)),
        0.0,
        "the same bits",
    )


@cache
def means(small: int, markets: int, seeds: int) -> Floats:
    """Return outcomes of small firms, shape (seeds, groups, NAMES); the market power of large ones would change with scale."""
    changes: dict[str, Any] = {"population.small": small, "population.large": 0, "market.markets": markets, "dynamics.months": 120}
    p = sim.parameters("today", changes)
    groups = ["small independent", "small interdependent"]
    return np.array([sim.simulate(p, seed).summary().loc[groups, NAMES].to_numpy() for seed in range(1, seeds + 1)])


@conformance(Part.METAMORPHIC, fast=False, seconds=15)
def scale_does_not_matter() -> Iterator[Row]:
    """Scale, many small firms: difference of means, same landscapes and shocks"""
    for title, one, other in (
        ("1,600 firms and their customers less 400", (1600, 1), (400, 1)),
        ("1,600 firms in two markets less in one", (1600, 2), (1600, 1)),
    ):
        moved = means(*one, 24) - means(*other, 24)
        for g, group in enumerate(("independent", "interdependent")):
            for k, name in enumerate(NAMES):
                if (name, group) != ("alliance_members", "independent"):
                    yield sampled(f"{title}: {name.replace('_', ' ')}, {group}", EXPECTED, moved[:, g, k], 0.0, "seeds")
