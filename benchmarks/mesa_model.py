"""What it costs to play the economy through Mesa: ratios to `sim.simulate`, measured in turns, medians."""

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


class Accepting(SmallFirm):
    """A custom agent that does what firms do anyway."""

    def accepts(self, other: object) -> bool:  # noqa: ARG002
        """Accept every firm."""
        return True


def _simulate() -> None:
    names = {f"population.{name}": number for name, number in MIX.items()}
    sim.simulate(sim.parameters("today", {**names, "dynamics.months": MONTHS}), 1)


def _run() -> None:
    MarketModel(rng=1, months=MONTHS, **MIX).run()


def _steps() -> None:
    MarketModel(rng=1, months=MONTHS, **MIX).run_model()


def _in_python() -> None:
    model = MarketModel(rng=1, months=MONTHS, **MIX)
    for number in range(MIX["small"]):
        Accepting(model, number)
    model.run_model()


def times_as_long_as_simulate() -> dict[str, float]:
    """Return the time of each way to play 1,000 firms, with creation and DataCollector, over that of `sim.simulate`."""
    ways: dict[str, Callable[[], None]] = {
        "run(months)": _run,
        "step()": _steps,
        "step(), all small firms are custom agents": _in_python,
    }
    ratios: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS + 1):
        simulated = _seconds(_simulate)
        for name, play in ways.items():
            ratios[name].append(_seconds(play) / simulated)
    return {name: median(measured[1:]) for name, measured in ratios.items()}  # the first round may compile


def _seconds(play: Callable[[], None]) -> float:
    gc.collect()
    start = time.perf_counter()
    play()
    return time.perf_counter() - start
