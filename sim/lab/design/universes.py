"""Universes: the claims' experiments again with other assumptions, at the ends of each sweep only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sim.lab.design.cells import count_arms
from sim.lab.design.points import count, grid
from sim.lab.design.ranges import Value
from sim.lab.design.schema import Experiment, Robustness

AS_IT_IS = "as it is"
DECISIONS, COMPLEXITY = "environment.decisions", "environment.complexity"


class Variant(NamedTuple):
    """One claim's experiment in one universe."""

    claim: int
    universe: str
    experiment: Experiment


def claim_files(design: Robustness, folder: Path) -> list[Path]:
    """The files that a robustness file names, in alphabetical order."""
    return sorted({path for pattern in design.claims for path in folder.glob(pattern)})


def variants(design: Robustness, claims: list[Experiment]) -> Iterator[Variant]:
    """Every claim in the universe AS_IT_IS, then in the others."""
    for universe, overrides in {AS_IT_IS: {}, **design.universes}.items():
        for experiment in claims:
            assert experiment.claim is not None
            contrasts = [contrast for contrast in experiment.contrasts if contrast.limit is not None]
            changes = {
                "sweep": _ends(experiment),
                "overrides": {**experiment.overrides, **overrides},
                "replications": design.replications,
                "contrasts": contrasts,
                "outcomes": [],
            }
            variant = experiment.model_copy(update=changes)
            if isinstance(overrides.get(DECISIONS), int):
                variant = _with_possible_complexity(variant, overrides[DECISIONS] - 1)
            yield Variant(experiment.claim.number, universe, variant)


def _with_possible_complexity(experiment: Experiment, most: int) -> Experiment:
    """The same sweep in a smaller landscape: more complexity than there are other decisions becomes the most that is possible.

    It keeps as many values as it had, so that they can be compared one by one.
    """

    def possible(values: list[Value]) -> list[Value]:
        return [min(value, most) if isinstance(value, int | float) else value for value in values]

    sweep = {name: possible(values) if name == COMPLEXITY else values for name, values in grid(experiment).items()}
    contrasts = [
        contrast.model_copy(update={"where": contrast.where | {COMPLEXITY: possible(_listed(contrast.where[COMPLEXITY]))}})
        if COMPLEXITY in contrast.where
        else contrast
        for contrast in experiment.contrasts
    ]
    return experiment.model_copy(update={"sweep": sweep, "contrasts": contrasts})


def count_needed_cells(design: Robustness, claims: list[Experiment]) -> int:
    """The number of cells of all claims in all universes, known before any of them is made."""
    experiments = [variant.experiment for variant in variants(design, claims)]
    return sum(count(e) * len(needed_arms(e) or range(count_arms(e))) for e in experiments)


def needed_arms(experiment: Experiment) -> set[str] | None:
    """The arms that the contrasts use; None = all."""
    if not all(contrast.arms for contrast in experiment.contrasts):
        return None
    return {arm for contrast in experiment.contrasts for arm in contrast.arms}


def _ends(experiment: Experiment) -> dict[str, list[Value]]:
    """First and last value of each swept parameter, those that a contrast names in `where`, and all along which one has a shape."""
    kept = {}
    for name, values in grid(experiment).items():
        named = [value for c in experiment.contrasts if name in c.where for value in _listed(c.where[name])]
        shaped = any(contrast.along == name for contrast in experiment.contrasts)
        kept[name] = [value for value in values if shaped or value in (values[0], values[-1], *named)]
    return kept


def _listed(values: Value | list[Value]) -> list[Value]:
    return values if isinstance(values, list) else [values]
