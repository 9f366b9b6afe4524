"""Universes: the claims' experiments again with other assumptions, at the ends of each sweep only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sim.lab.design.cells import count_arms
from sim.lab.design.points import axes, count
from sim.lab.design.ranges import Value
from sim.lab.design.schema import Experiment, Robustness

AS_IT_IS = "as it is"


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
            changes = {
                "sweep": _ends(experiment),
                "overrides": {**experiment.overrides, **overrides},
                "replications": design.replications,
                "contrasts": [contrast for contrast in experiment.contrasts if contrast.limit is not None],
                "outcomes": [],
            }
            yield Variant(experiment.claim.number, universe, experiment.model_copy(update=changes))


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
    """First and last value of each swept parameter, and the values that a contrast names in `where`."""
    kept = {}
    for name, values in axes(experiment).items():
        wheres = [c.where[name] for c in experiment.contrasts if name in c.where]
        named = [value for where in wheres for value in (where if isinstance(where, list) else [where])]
        kept[name] = [value for value in values if value in (values[0], values[-1], *named)]
    return kept
