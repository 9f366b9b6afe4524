"""`make bench`: measure speed as ratios within one run (interleaved, medians); absolute numbers are for orientation only.

The economy is played with 1e3, 1e5 and 1e6 firms at the defaults, and measured every month.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from statistics import median

import sim
from benchmarks import app, plain
from benchmarks.lab import gain_of_a_second_core, milliseconds_per_run_beyond_the_run
from benchmarks.mesa_model import times_as_long_as_simulate
from sim.economy.initialisation import create
from sim.economy.simulation import play
from sim.economy.state import State

SIZES = (1_000, 100_000, 1_000_000)
FIRM_MONTHS = 2_000_000
ROUNDS = 5


def economy_of(firms: int) -> tuple[sim.Parameters, State]:
    """Return parameters and state of so many firms in the default mix of small and large, after six months."""
    parameters = sim.parameters("today", {"population.small": firms * 100 // 105, "population.large": firms * 5 // 105})
    state = create(parameters, 1)
    play(state, parameters, 1, 6)
    return parameters, state


def nanoseconds_per_firm_month() -> dict[int, float]:
    """Return the time of a firm-month by number of firms: the median over interleaved rounds."""
    economies = {firms: economy_of(firms) for firms in SIZES}
    times: dict[int, list[float]] = {firms: [] for firms in SIZES}
    for _ in range(ROUNDS):
        for firms, (parameters, state) in economies.items():
            months = max(2, FIRM_MONTHS // firms)
            start = time.perf_counter()
            play(state, parameters, 1, months)
            times[firms].append((time.perf_counter() - start) * 1e9 / (months * firms))
    return {firms: median(found) for firms, found in times.items()}


def bytes_per_firm(firms: int) -> float:
    """Return the size of all arrays of the state, divided by the number of firms."""
    _, state = economy_of(firms)
    groups = [group if isinstance(group, tuple) else (group,) for group in state]
    return sum(array.nbytes for group in groups for array in group) / firms


def seconds_of_first_result(cold: bool) -> float:
    """Return the time from the start of a process to its first summary, with an empty (cold) or a filled kernel cache."""
    with tempfile.TemporaryDirectory() as empty:
        environment = {**os.environ, "XDG_CACHE_HOME": empty} if cold else dict(os.environ)
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "sim", "run"], env=environment, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start


def main() -> None:
    """Print one line for each measurement."""
    found = nanoseconds_per_firm_month()
    for firms, nanoseconds in found.items():
        print(
            f"{firms:>9,} firms: {nanoseconds:6.0f} ns a firm-month, {1e3 / nanoseconds:5.2f} million firm-months per core-second"
        )
    print(f"time per firm-month, 1e6 firms / 1e3 firms: {found[1_000_000] / found[1_000]:.2f}")
    for firms in plain.SIZES:
        print(f"the plain Mesa twin, {firms:,} firms: {plain.times_as_long(firms):,.0f} times as long as the engine")
    print(f"state: {bytes_per_firm(100_000):.0f} bytes a firm")
    seconds_of_first_result(cold=False)
    print(f"first result, warm: {median(seconds_of_first_result(cold=False) for _ in range(3)):.2f} s")
    print(f"first result, cold: {seconds_of_first_result(cold=True):.1f} s")
    print(f"the lab beyond the run itself: {milliseconds_per_run_beyond_the_run():.2f} ms a run")
    print(f"two threads against one: {gain_of_a_second_core():.2f} times")
    for way, times in times_as_long_as_simulate().items():
        print(f"Mesa, 1,000 firms, {way}: {times:.3f} times as long as sim.simulate")
    app.main()


if __name__ == "__main__":
    main()
