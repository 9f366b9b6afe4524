"""The worlds of an experiment: one cell for every point and arm, each with its parameters and its address in the store."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import sim.economy
import sim.observation
from sim.economy.parameters import Parameters
from sim.economy.validation import flat, parameters
from sim.lab.design.points import Point, points
from sim.lab.design.schema import BASE_ARM, Arm, Experiment

ALL, NONE = "all", "none"
OBSERVED_BY = ("groups", "outcomes", "recovery")  # the modules of observation that turn a history into outcomes


class Cell(NamedTuple):
    """One world that is run with many seeds."""

    number: int  # of its point
    arm: str
    point: Point
    parameters: Parameters
    first_month: int | None
    address: str


def cells(experiment: Experiment) -> list[Cell]:
    """Point by point, in each point arm by arm.

    Raises:
        ParameterError: the values of a point and an arm are refused.
    """
    treatments = treated(experiment)
    found = []
    for number, point in enumerate(points(experiment)):
        for arm, (world, overrides) in treatments.items():
            chosen = parameters(world, {**overrides, **point})
            found.append(Cell(number, arm, point, chosen, experiment.first_month, address(chosen, experiment.first_month)))
    return found


def treated(experiment: Experiment) -> dict[str, tuple[str, dict[str, Any]]]:
    """World and overrides of each arm."""
    base = (experiment.world, experiment.overrides)
    if experiment.mechanisms:
        return {
            subset_name(on, experiment): (base[0], {**base[1], **_switched_off(experiment, on)})
            for on in subsets(list(experiment.mechanisms))
        }
    arms = {}
    for name, arm in (experiment.arms or {BASE_ARM: Arm()}).items():
        lineage = list(_lineage(experiment, arm))
        worlds = [a.world for a in lineage if a.world]
        changes = dict(itertools.chain.from_iterable(a.overrides.items() for a in reversed(lineage)))
        arms[name] = (worlds[0] if worlds else base[0], {**base[1], **changes})
    return arms


def subsets(names: list[str]) -> Iterator[tuple[str, ...]]:
    """Every subset, the empty one first."""
    return itertools.chain.from_iterable(itertools.combinations(names, size) for size in range(len(names) + 1))


def subset_name(on: tuple[str, ...], experiment: Experiment) -> str:
    """The arm in which these mechanisms work and the others are switched off."""
    return NONE if not on else ALL if len(on) == len(experiment.mechanisms) else " + ".join(on)


def address(chosen: Parameters, first_month: int | None) -> str:
    """Digest of all that determines a run but its seed: parameters, months averaged over, and the sources of the model."""
    contents = json.dumps([flat(chosen), first_month, sources()], sort_keys=True)
    return hashlib.blake2b(contents.encode(), digest_size=16).hexdigest()


def _lineage(experiment: Experiment, arm: Arm) -> Iterator[Arm]:
    """The arm, the one it is based on, and so on; the checks have seen that this ends."""
    yield arm
    if arm.based_on:
        yield from _lineage(experiment, experiment.arms[arm.based_on])


def _switched_off(experiment: Experiment, on: tuple[str, ...]) -> dict[str, Any]:
    off = (changes for name, changes in experiment.mechanisms.items() if name not in on)
    return dict(itertools.chain.from_iterable(changes.items() for changes in off))


@cache
def sources() -> str:
    """Digest of what turns parameters and a seed into outcomes; an edit there makes stored runs stale."""
    digest = hashlib.blake2b(digest_size=16)
    for folder, modules in ((Path(sim.economy.__path__[0]), "*"), (Path(sim.observation.__path__[0]), OBSERVED_BY)):
        for source in sorted(path for module in modules for path in folder.glob(f"{module}.py")):
            digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()
