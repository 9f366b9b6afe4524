"""Contrasts seed by seed: the runs of a store -> the two series that are compared, matched by their luck."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from sim.economy.arrays import Floats
from sim.lab.design.cells import Cell
from sim.lab.design.points import Point
from sim.lab.design.schema import Contrast


class Runs(Protocol):
    """Where outcomes come from: one value a seed, NaN where there is none."""

    def values(self, address: str, seeds: range, group: str, outcome: str) -> Floats:
        """One value for each seed."""
        ...


class Comparison(NamedTuple):
    """One place at which a contrast is estimated: the first series less the second, entry by entry of the same seed."""

    contrast: Contrast
    arm: str
    point: Point  # the swept values that hold here; empty where the contrast runs over all points
    first: Floats
    second: Floats | None  # None: the first is looked at by itself

    @property
    def is_level(self) -> bool:
        """Whether nothing is subtracted: one group in one arm."""
        return self.second is None

    @property
    def difference(self) -> Floats:
        """First less second, for the seeds that have both."""
        found = self.first if self.second is None else self.first - self.second
        return np.asarray(found[~np.isnan(found)])


def comparisons(contrast: Contrast, cells: Sequence[Cell], seeds: Mapping[int, range], runs: Runs) -> list[Comparison]:
    """All places at which the contrast is estimated, in the order of the points."""
    here = [cell for cell in cells if contrast.holds_at(cell.point)]
    if contrast.pointwise:
        by_point: dict[int, list[Cell]] = {}
        for cell in here:
            by_point.setdefault(cell.number, []).append(cell)
        return [c for number, at in by_point.items() for c in _at_point(contrast, at, seeds[number], runs)]
    common = range(min(r.start for r in seeds.values()), min(r.stop for r in seeds.values()))
    return [_along(contrast, here, arms, common, runs) for arms in _arms(contrast, here)]


def pointwise_values(cells: Sequence[Cell], contrast: Contrast, seeds: range, runs: Runs) -> Iterator[Floats]:
    """The differences at one point, one series for each arm."""
    if contrast.holds_at(cells[0].point):
        for comparison in _at_point(contrast, cells, seeds, runs):
            yield comparison.difference


def _arms(contrast: Contrast, cells: Sequence[Cell]) -> list[tuple[str, ...]]:
    """One entry for each place: the arm that is looked at, or the two that are compared."""
    return [tuple(contrast.arms)] if contrast.arms else [(arm,) for arm in dict.fromkeys(cell.arm for cell in cells)]


def _at_point(contrast: Contrast, cells: Sequence[Cell], seeds: range, runs: Runs) -> Iterator[Comparison]:
    for arms in _arms(contrast, cells):
        by_arm = [_groups(contrast, cell, seeds, runs) for arm in arms for cell in cells if cell.arm == arm]
        if len(by_arm) == 2:
            parts: tuple[Floats, Floats | None] = (_less(by_arm[0]), _less(by_arm[1]))
        else:
            parts = by_arm[0]
        yield Comparison(contrast, " − ".join(arms), cells[0].point, *parts)


def _groups(contrast: Contrast, cell: Cell, seeds: range, runs: Runs) -> tuple[Floats, Floats | None]:
    series = [runs.values(cell.address, seeds, group, contrast.outcome) for group in contrast.groups]
    return (series[0], series[1]) if len(series) == 2 else (series[0], None)


def _less(parts: tuple[Floats, Floats | None]) -> Floats:
    return parts[0] if parts[1] is None else parts[0] - parts[1]


def _along(contrast: Contrast, cells: Sequence[Cell], arms: tuple[str, ...], seeds: range, runs: Runs) -> Comparison:
    """The change from the first to the last value of swept parameters, or what a joint change adds to the single ones."""
    signs = [1.0, -1.0]

    def mean_at(**ends: int) -> Floats:
        """Mean over all points at which these parameters have their first (0) or last (-1) value."""
        values = {name: _ends(cells, name)[end] for name, end in ends.items()}
        total = np.zeros(len(seeds))
        for sign, arm in zip(signs, arms, strict=False):
            chosen = [cell for cell in cells if cell.arm == arm and values.items() <= cell.point.items()]
            total += sign * np.mean([_less(_groups(contrast, cell, seeds, runs)) for cell in chosen], axis=0)
        return total

    if contrast.interaction:
        one, other = contrast.interaction
        first = mean_at(**{one: -1, other: -1}) - mean_at(**{one: 0, other: -1})
        second = mean_at(**{one: -1, other: 0}) - mean_at(**{one: 0, other: 0})
    else:
        first, second = (mean_at(**dict.fromkeys(contrast.change, end)) for end in (-1, 0))
    return Comparison(contrast, " − ".join(arms), {}, first, second)


def _ends(cells: Sequence[Cell], name: str) -> list[object]:
    """The values of a swept parameter, in the order of the sweep."""
    return list(dict.fromkeys(cell.point[name] for cell in cells))
