"""What it costs to drive the economy through Mesa, as ratios to the headless run, interleaved, medians."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from statistics import median

import sim
from sim.mesa_model import MarketModel, SmallFirm

MONTHS = 240
ROUNDS = 25
MIX = {"small": 952, "large": 48}  # 1,000 firms in the default mix


class Willing(SmallFirm):
    """Decides in Python what firms do anyway."""

    def accepts(self, other: object) -> bool:  # noqa: ARG002
        """Always."""
        return True


def _headless() -> None:
    names = {f"population.{name}": number for name, number in MIX.items()}
    sim.simulate(sim.parameters("today", {**names, "dynamics.months": MONTHS}), 1)


def _run() -> None:
    MarketModel(rng=1, months=MONTHS, **MIX).run()


def _steps() -> None:
    MarketModel(rng=1, months=MONTHS, **MIX).run_model()


def _in_python() -> None:
    model = MarketModel(rng=1, months=MONTHS, **MIX)
    for number in range(MIX["small"]):
        Willing(model, number)
    model.run_model()


def times_the_headless_run() -> dict[str, float]:
    """Time of each way to play 1,000 firms, creation and DataCollector included, over that of `sim.simulate` in the same round."""
    ways: dict[str, Callable[[], None]] = {"run(months)": _run, "step()": _steps, "step(), all small firms ask": _in_python}
    ratios: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS + 1):
        headless = _seconds(_headless)
        for name, play in ways.items():
            ratios[name].append(_seconds(play) / headless)
    return {name: median(found[1:]) for name, found in ratios.items()}  # the first round may compile


def _seconds(play: Callable[[], None]) -> float:
    gc.collect()
    start = time.perf_counter()
    play()
    return time.perf_counter() - start
