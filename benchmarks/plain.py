"""The engine and its plain twin: how many times as long the twin takes for the same months."""

from __future__ import annotations

import time
from statistics import median

import sim
from sim.economy.initialisation import create
from sim.economy.simulation import play
from sim.plain import PlainEconomy, by_group, by_month

SIZES = (105, 1_050)
ROUNDS = 5
MONTHS = 6  # of the twin in a round
ENGINE_MONTHS = 600


def times_as_long(firms: int) -> float:
    """Return the median time of a month of the twin over that of the engine, with measures, from the seventh month on."""
    parameters = sim.parameters("today", {"population.small": firms * 100 // 105, "population.large": firms * 5 // 105})
    state, twin = create(parameters, 1), PlainEconomy(parameters, 1)
    play(state, parameters, 1, MONTHS)
    _play(twin)
    ratios = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        play(state, parameters, 1, ENGINE_MONTHS)
        between = time.perf_counter()
        _play(twin)
        end = time.perf_counter()
        ratios.append((end - between) / MONTHS / ((between - start) / ENGINE_MONTHS))
    return median(ratios)


def _play(twin: PlainEconomy) -> None:
    for _ in range(MONTHS):
        twin.step()
        by_group(twin)
        by_month(twin)
