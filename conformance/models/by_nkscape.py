"""The same landscapes, walks and forms by nkscape, a package that others wrote; needs Python 3.12 or newer.

`python -m conformance.models.by_nkscape` writes its numbers to nkscape.csv. They are stored, because the suite also runs on Python
3.11, for which nkscape cannot be installed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

FILE = Path(__file__).with_name("nkscape.csv")
N, LANDSCAPES, WALKERS, LONGEST_WALK, ORGANISATIONS = 10, 1000, 20, 40, 100
LEVELS = (1, 3, 5)
PATTERNS = ("adjacent", "random")
SURVEYED = ("variance of height", "peaks", "height of peaks", "highest peak")
PICKS = ("first", "random", "best")  # of the fitter neighbours
COUNTED = (3, 5, 10, 20)  # periods of local search after which forms are counted


class Setting(NamedTuple):
    """A kind of landscape and what is measured on it."""

    what: str
    pattern: str
    complexity: int

    def __str__(self) -> str:
        return f"{self.what}, K = {self.complexity}, {self.pattern}"


class Found(NamedTuple):
    """The mean over landscapes by nkscape, and its standard error."""

    mean: float
    error: float
    source: str


def walk(pick: str) -> tuple[str, str]:
    """Return the names of the two numbers of a walk to the first, a random, or the best fitter neighbour."""
    return f"steps of a walk to the {pick} fitter neighbour", f"height reached by a walk to the {pick} fitter neighbour"


def forms(period: int) -> str:
    """Return the name of the number of forms."""
    return f"forms among {ORGANISATIONS} after {period} periods of the first fitter neighbour"


def stored() -> dict[Setting, Found]:
    """Read what nkscape found."""
    with FILE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {Setting(r["what"], r["pattern"], int(r["complexity"])): _found(r) for r in rows}


def _found(row: dict[str, str]) -> Found:
    source = f"nkscape {row['nkscape']}, {int(row['landscapes']):,} landscapes, stored (models/by_nkscape.py)"
    return Found(float(row["mean"]), float(row["error"]), source)


def samples(landscapes: int) -> Iterator[tuple[Setting, np.ndarray]]:
    """Yield every number by landscape, from nkscape itself."""
    for pattern, complexity in product(PATTERNS, LEVELS):
        yield from _each(SURVEYED, _survey, pattern, complexity, landscapes)
    for pick, complexity in product(PICKS, LEVELS):
        yield from _each(walk(pick), lambda land, seed, pick=pick: _walk(land, seed, pick), "adjacent", complexity, landscapes)
    for complexity in LEVELS:
        yield from _each([forms(t) for t in COUNTED], _forms, "adjacent", complexity, landscapes)


def _each(
    names: Any, measure: Callable[[Any, int], list[float]], pattern: str, complexity: int, landscapes: int
) -> Iterator[tuple[Setting, np.ndarray]]:
    import nkscape

    make = nkscape.Landscape.next_k if pattern == "adjacent" else nkscape.Landscape.random_k
    found = np.array([measure(make(N, complexity, rng=seed), seed) for seed in range(landscapes)])
    for name, sample in zip(names, found.T, strict=True):
        yield Setting(name, pattern, complexity), sample


def _survey(land: Any, _: int) -> list[float]:
    cube, peaks = land.fitness_cube(), land.peaks()
    return [cube.var(), land.count_peaks(), cube[tuple(peaks.T)].mean(), land.global_max()]


def _walk(land: Any, seed: int, pick: str) -> list[float]:
    import nkscape

    run = nkscape.run(land, [nkscape.agents.HillClimber(pick) for _ in range(WALKERS)], LONGEST_WALK, _rng(seed), build_cube=True)
    moved = (np.diff(run.configs, axis=1) != 0).any(axis=2)
    if moved[:, -1].any():
        raise ValueError(f"a walk is longer than {LONGEST_WALK} steps")
    return [moved.sum(axis=1).mean(), run.fitness[:, -1].mean()]


def _forms(land: Any, seed: int) -> list[float]:
    import nkscape

    agents = [nkscape.agents.HillClimber("first") for _ in range(ORGANISATIONS)]
    run = nkscape.run(land, agents, COUNTED[-1], _rng(seed), build_cube=True)
    return [len(np.unique(run.configs[:, t], axis=0)) for t in COUNTED]


def _rng(seed: int) -> np.random.Generator:
    """Return another stream than that of the landscape, whose generator begins with `seed` alone."""
    return np.random.default_rng([seed, 1])


def main() -> None:
    """Write the file."""
    import nkscape

    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow([*Setting._fields, "mean", "error", "landscapes", "nkscape"])
    for setting, sample in samples(LANDSCAPES):
        mean, error = sample.mean(), sample.std(ddof=1) / np.sqrt(LANDSCAPES)
        table.writerow([*setting, f"{mean:.6g}", f"{error:.3g}", LANDSCAPES, nkscape.__version__])
    FILE.write_text(text.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    main()
