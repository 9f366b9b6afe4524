"""How rows are made, and the list of all functions that make them.

Every tolerance is fixed here or in the call, before anything is run: the sampling error, the rounding of what was printed, or the
tolerance of a solver. With ERRORS standard errors a correct program misses one row in 16,000 by chance if the sample is large, and
one in 1,300 if its size is 20.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import hypot, inf, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from conformance.figures import Picture
from sim.lab.conformance import Part, Row

ERRORS = 4.0  # standard errors
ERRORS_BETWEEN_SIMULATIONS = 3.0
LINES_AND_DOTS = f"Lines: theory; dots: simulated, with intervals of {ERRORS:g} standard errors (some smaller than the dot)."
ELEMENTARY = "exact: follows by elementary mathematics"
POSITIVE = (0.0, inf)

Rows = Callable[[], Iterator[Row | Picture]]


class Registered(NamedTuple):
    """A function that yields rows and pictures; `seconds` is about how long it takes, for the progress bar."""

    part: Part
    rows: Rows
    fast: bool
    seconds: float


CHECKS: list[Registered] = []


def conformance(part: Part, fast: bool = True, seconds: float = 1.0) -> Callable[[Rows], Rows]:
    """Add a function to the list. Its name is the sentence that its rows assert, and its docstring is their title."""

    def register(rows: Rows) -> Rows:
        CHECKS.append(Registered(part, rows, fast, seconds))
        return rows

    return register


def exactly(reference: str, source: str, expected: float, ours: float, error: float, why: str = "rounding of the solver") -> Row:
    """Return a row for a number that must be met to within a given error."""
    return Row(reference, source, (expected, expected), float(ours), ours - error, ours + error, f"{why}: {error:.2g}")


def at_most(reference: str, source: str, most: float, ours: float, why: str) -> Row:
    """Return a row for a number without sampling error, such as a largest difference, that may not exceed a limit."""
    return Row(reference, source, (-inf, most), float(ours), float(ours), float(ours), why)


def positive(reference: str, source: str, ours: float) -> Row:
    """Return a row for a number without sampling error that must be positive."""
    return Row(reference, source, POSITIVE, float(ours), float(ours), float(ours), "none: only the sign, of a solver's 1e-13")


def sampled(
    reference: str,
    source: str,
    sample: ArrayLike,
    expected: float | tuple[float, float],
    of: str,
    error: float = 0.0,
    rounding: float = 0.0,
) -> Row:
    """Return a row that compares the mean of independent numbers with a number or a range.

    Args:
        reference: what is compared.
        source: where the expected number comes from.
        sample: one number for each independent repetition.
        expected: a number, or the range within which the whole interval must lie; (0, inf) is a sign.
        of: what the repetitions are, in the plural.
        error: standard error of the expected number.
        rounding: half a unit of the last digit in which the expected number was printed.
    """
    x = np.asarray(sample, float)
    mean, spread = x.mean(), ERRORS * hypot(x.std(ddof=1) / sqrt(x.size), error) + rounding
    why = f"{ERRORS:g} standard errors, {x.size:,} {of}" + (", and the reference's own error" if error else "")
    why += ", and the rounding printed" if rounding else ""
    return Row(reference, source, _ends(expected), float(mean), mean - spread, mean + spread, why)


def counted(reference: str, source: str, successes: int, of: int, expected: float, what: str) -> Row:
    """Return a row that compares a share of independent trials with a probability; the error is that of the expected binomial."""
    ours, spread = successes / of, ERRORS * sqrt(expected * (1 - expected) / of)
    why = f"{ERRORS:g} binomial standard errors, {of:,} {what}"
    return Row(reference, source, (expected, expected), ours, ours - spread, ours + spread, why)


def published_mean(reference: str, source: str, sample: ArrayLike, published: float, runs: tuple[int, float | None, float]) -> Row:
    """Return a row that compares a published mean over few runs with our mean over many.

    Args:
        reference: what is compared.
        source: who published it, and where it was seen.
        sample: our numbers, one for each run.
        published: their mean.
        runs: their number of runs, the standard deviation between these (None if not printed: ours is taken), and the rounding of
            what was printed.
    """
    number, spread, rounding = runs
    x = np.asarray(sample, float)
    ours = x.std(ddof=1)
    sampling_error = hypot(ours / sqrt(x.size), (ours if spread is None else spread) / sqrt(number))
    error = ERRORS_BETWEEN_SIMULATIONS * sampling_error + rounding
    why = f"{ERRORS_BETWEEN_SIMULATIONS:g} standard errors of {x.size:,} seeds and of the published {number}, and rounding"
    why += "" if spread else "; spread of theirs not printed, ours taken"
    return Row(reference, source, _ends(published), float(x.mean()), x.mean() - error, x.mean() + error, why)


def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return numbers for each repetition (rows): their mean is the ratio of two means, and their spread its error (linearised)."""
    found = above.mean(axis=0) / below.mean()
    return found + (above - found * below) / below.mean()


def _ends(expected: float | tuple[float, float]) -> tuple[float, float]:
    return expected if isinstance(expected, tuple) else (expected, expected)
