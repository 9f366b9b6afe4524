"""nkscape (Schnabl 2026), a package that others wrote: landscapes, walks and forms, stored by models/by_nkscape.py."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from conformance.models.by_nkscape import COUNTED, LEVELS, PATTERNS, PICKS, SURVEYED, WALKERS, N, Setting, forms, stored, walk
from conformance.models.levinthal import first_superior, forms_in_the_economy
from conformance.rows import ERRORS, at_most, conformance, sampled
from conformance.support.landscapes import climbed, heights, many
from sim.lab.conformance import Part, Row

LANDSCAPES, SEEDS = 1000, 1000  # SEEDS of the economy


@conformance(Part.PUBLISHED, fast=False, seconds=35)
def landscapes_walks_and_forms_agree_with_nkscape() -> Iterator[Row]:
    """nkscape: landscapes, walks to each kind of fitter neighbour, and forms of organisations that take the first, N = 10"""
    theirs, largest = stored(), 0.0
    for setting, sample, of in _ours():
        found = theirs[setting]
        largest = max(largest, abs(sample.mean() - found.mean) / np.hypot(sample.std(ddof=1) / np.sqrt(sample.size), found.error))
        yield sampled(str(setting), found.source, sample, found.mean, of, found.error)
    what = f"largest |z| of the {len(theirs)} comparisons above"
    yield at_most(what, "as above", ERRORS, largest, f"none: {ERRORS:g} standard errors each")


def _ours() -> Iterator[tuple[Setting, np.ndarray, str]]:
    for pattern in PATTERNS:
        for complexity in LEVELS:
            measured = _survey_and_walks if pattern == "adjacent" else _survey
            names = [*SURVEYED, *(name for pick in PICKS for name in walk(pick))]
            environment = {"decisions": N, "domains": 1, "complexity": complexity, "interaction": pattern}
            found = [measured(heights(land), seed) for seed, land in enumerate(many(range(LANDSCAPES), **environment))]
            for name, sample in zip(names, np.transpose(found), strict=False):
                yield Setting(name, pattern, complexity), sample, "landscapes"
    for complexity in LEVELS:
        counts = forms_in_the_economy(complexity, SEEDS)
        for period in COUNTED:
            yield Setting(forms(period), "adjacent", complexity), counts[:, period], "seeds of the economy"


def _survey(height: np.ndarray, _: int) -> list[float]:
    found = climbed(height, 0, 0)
    return [height.var(), found.peaks, found.sum_of_peaks / found.peaks, height.max()]


def _survey_and_walks(height: np.ndarray, seed: int) -> list[float]:
    """Return the numbers of _survey and of all walks, in the order of PICKS."""
    found = climbed(height, WALKERS, seed)
    others = [found.steps, found.top, found.steepest_steps, found.steepest_top]
    return [*_survey(height, seed), *_walks_to_the_first(height, seed), *others]


def _walks_to_the_first(height: np.ndarray, seed: int) -> list[float]:
    at, steps = np.random.default_rng(seed).integers(0, height.size, WALKERS, dtype=np.uint64), 0
    while np.any(change := first_superior(height, at)):
        steps += np.count_nonzero(change)
        at ^= change
    return [steps / WALKERS, height[at].mean()]
