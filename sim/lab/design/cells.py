"""The cells of an experiment: one for every design point and arm, each with its parameters and its address in the store."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator
from typing import NamedTuple

from sim.economy.parameters import Parameters
from sim.economy.validation import flat, parameters
from sim.lab.design.points import Point, axes, count, points
from sim.lab.design.schema import BASE_ARM, Arm, Experiment, Overrides
from sim.lab.provenance import model_digest
from sim.observation.labels import MONTH
from sim.observation.outcomes import Window

ALL, NONE = "all", "none"


class Setting(NamedTuple):
    """A design point in one arm, and all parameters that follow from them."""

    number: int  # of the point
    arm: str
    point: Point
    parameters: Parameters


Windows = tuple[Window, ...]


class Cell(NamedTuple):
    """A design point in one arm; it is run with many seeds.

    A run yields outcomes for each of the windows of months; cells that differ only in `window` share their runs.
    """

    number: int  # of its point
    arm: str
    point: Point
    parameters: Parameters
    windows: Windows
    window: int  # which of them
    address: str


def cells(experiment: Experiment) -> list[Cell]:
    """All cells, point by point, and within each point arm by arm.

    Raises:
        ParameterError: the values of a point and an arm are refused.
    """
    windows = _windows(experiment)
    months = axes(experiment).get(MONTH, [])
    made = []
    for setting in settings(experiment):
        window = months.index(setting.point[MONTH]) if months else 0
        made.append(Cell(*setting, windows, window, address(setting.parameters, windows)))
    return made


def _windows(experiment: Experiment) -> Windows:
    """The months over which means are taken: one window, or one after the other."""
    by_month = experiment.by_month
    if by_month is None:
        return (Window(experiment.first_month),)
    return tuple(Window(start, start + by_month.every) for start in range(by_month.start, by_month.stop, by_month.every))


def settings(experiment: Experiment) -> Iterator[Setting]:
    """The cells without their addresses, one after the other.

    Raises:
        ParameterError: the values of a point and an arm are refused.
    """
    treatments = world_and_overrides_by_arm(experiment)
    for number, point in enumerate(points(experiment)):
        for arm, (world, overrides) in treatments.items():
            values = {name: value for name, value in point.items() if name != MONTH}
            yield Setting(number, arm, point, parameters(world, {**overrides, **values}))


def count_cells(experiment: Experiment) -> int:
    """The number of cells, known before any of them is made."""
    return count(experiment) * count_arms(experiment)


def count_arms(experiment: Experiment) -> int:
    """The number of arms, known before any of them is made."""
    return 2 ** len(experiment.mechanisms) if experiment.mechanisms else max(1, len(experiment.arms))


def world_and_overrides_by_arm(experiment: Experiment) -> dict[str, tuple[str, Overrides]]:
    """The named world of each arm, and what the arm changes in it."""
    world, overrides = experiment.world, experiment.overrides
    if experiment.mechanisms:
        return {
            subset_name(on, experiment): (world, {**overrides, **_switched_off(experiment, on)})
            for on in subsets(list(experiment.mechanisms))
        }
    arms = {}
    for name, arm in (experiment.arms or {BASE_ARM: Arm()}).items():
        lineage = list(_lineage(experiment, arm))
        changes = dict(itertools.chain.from_iterable(ancestor.overrides.items() for ancestor in reversed(lineage)))
        arms[name] = (next((ancestor.world for ancestor in lineage if ancestor.world), world), {**overrides, **changes})
    return arms


def subsets(names: list[str]) -> Iterator[tuple[str, ...]]:
    """Every subset, the empty one first."""
    return itertools.chain.from_iterable(itertools.combinations(names, size) for size in range(len(names) + 1))


def subset_name(on: tuple[str, ...], experiment: Experiment) -> str:
    """The arm in which these mechanisms work and the others are switched off."""
    return NONE if not on else ALL if len(on) == len(experiment.mechanisms) else " + ".join(on)


def count_runs(experiment: Experiment) -> int:
    """The number of runs for each seed, known before any cell is made: means by month come from the same runs."""
    return count_cells(experiment) // len(_windows(experiment))


def address(values: Parameters, windows: Windows) -> str:
    """Digest of all that determines a run but its seed: parameters, months averaged over, and the sources of the model."""
    contents = json.dumps([flat(values), windows, model_digest()], sort_keys=True)
    return hashlib.blake2b(contents.encode(), digest_size=16).hexdigest()


def _lineage(experiment: Experiment, arm: Arm) -> Iterator[Arm]:
    """The arm, the one it is based on, and so on; `checking` has made sure that this ends."""
    yield arm
    if arm.based_on:
        yield from _lineage(experiment, experiment.arms[arm.based_on])


def _switched_off(experiment: Experiment, on: tuple[str, ...]) -> Overrides:
    off = (changes for name, changes in experiment.mechanisms.items() if name not in on)
    return dict(itertools.chain.from_iterable(changes.items() for changes in off))
