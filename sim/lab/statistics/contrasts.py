"""Contrasts seed by seed: the two series that are compared, matched by their seeds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.economy.arrays import Floats
from sim.lab.design.cells import Cell
from sim.lab.design.contrast import Contrast
from sim.lab.design.points import Point
from sim.lab.design.ranges import Value
from sim.lab.ensemble import Ensemble


class Comparison(NamedTuple):
    """A contrast at one design point: the first series less the second, entry by entry with the same seed."""

    contrast: Contrast
    arm: str
    point: Point  # empty where the contrast covers all points
    first: Floats
    second: Floats | None  # None: a level, from which nothing is subtracted

    @property
    def is_level(self) -> bool:
        """True if nothing is subtracted: one group in one arm."""
        return self.second is None

    @property
    def by_seed(self) -> Floats:
        """First less second for each seed, NaN where one of them is missing."""
        return self.first if self.second is None else self.first - self.second

    @property
    def difference(self) -> Floats:
        """First less second, for the seeds that have both."""
        return np.asarray(self.by_seed[~np.isnan(self.by_seed)])


def compare(contrast: Contrast, ensemble: Ensemble) -> list[Comparison]:
    """The comparisons of a contrast, in the order of the design points; one for each arm if the contrast names none."""
    selected = ensemble._replace(cells=[cell for cell in ensemble.cells if contrast.holds_at(cell.point)])
    if contrast.along:
        return [point for arms in _arms(contrast, selected) for point in _curve(contrast, selected.with_common_seeds(), arms)]
    if not contrast.pointwise:
        matched = selected.with_common_seeds()
        return [_change(contrast, matched, arms) for arms in _arms(contrast, selected)]
    points = (selected._replace(cells=cells) for cells in selected.by_point().values())
    return [_at_point(contrast, point, arms) for point in points for arms in _arms(contrast, point)]


def _arms(contrast: Contrast, ensemble: Ensemble) -> list[tuple[str, ...]]:
    """For each comparison the arm that it uses, or the two that it compares."""
    return [tuple(contrast.arms)] if contrast.arms else [(arm,) for arm in dict.fromkeys(cell.arm for cell in ensemble.cells)]


def _at_point(contrast: Contrast, ensemble: Ensemble, arms: tuple[str, ...]) -> Comparison:
    """The comparison at a design point, to which all cells of the ensemble belong."""
    first, *others = (_groups(contrast, ensemble, cell) for arm in arms for cell in ensemble.cells if cell.arm == arm)
    parts: tuple[Floats, Floats | None] = (_less(first), _less(others[0])) if others else first
    return Comparison(contrast, _arms_label(arms), ensemble.cells[0].point, *parts)


def _groups(contrast: Contrast, ensemble: Ensemble, cell: Cell) -> tuple[Floats, Floats | None]:
    series = [ensemble.values(cell, group, contrast.outcome) for group in contrast.groups]
    return (series[0], series[1]) if len(series) == 2 else (series[0], None)


def _less(parts: tuple[Floats, Floats | None]) -> Floats:
    return parts[0] if parts[1] is None else parts[0] - parts[1]


def _curve(contrast: Contrast, ensemble: Ensemble, arms: tuple[str, ...]) -> list[Comparison]:
    """One comparison for each value of the parameter along which the contrast has a shape, averaged over the other parameters."""
    by_value: dict[float, list[Comparison]] = {}
    for cells in ensemble.by_point().values():
        comparison = _at_point(contrast, ensemble._replace(cells=cells), arms)
        by_value.setdefault(float(comparison.point[str(contrast.along)]), []).append(comparison)
    return [_mean(by_value[value]) for value in sorted(by_value)]


def _mean(comparisons: list[Comparison]) -> Comparison:
    """The mean over points that have the same value of the parameter along which the contrast has a shape."""
    contrast, arm, point, *_ = comparisons[0]
    first = np.mean([comparison.first for comparison in comparisons], axis=0)
    others = [comparison.second for comparison in comparisons if comparison.second is not None]
    along = str(contrast.along)
    return Comparison(contrast, arm, {along: point[along]}, first, np.mean(others, axis=0) if others else None)


def _change(contrast: Contrast, ensemble: Ensemble, arms: tuple[str, ...]) -> Comparison:
    """The change from the first to the last value of swept parameters, or what a joint change adds to the single ones."""

    def mean_at(**ends: int) -> Floats:
        """Mean over all points at which these parameters have their first (0) or last (-1) value."""
        values = {name: _swept_values(ensemble, name)[end] for name, end in ends.items()}
        total = np.zeros(len(ensemble.seeds[ensemble.cells[0].number]))
        for sign, arm in zip((1.0, -1.0), arms, strict=False):
            cells = [cell for cell in ensemble.cells if cell.arm == arm and values.items() <= cell.point.items()]
            total += sign * np.mean([_less(_groups(contrast, ensemble, cell)) for cell in cells], axis=0)
        return total

    if contrast.interaction:
        one, other = contrast.interaction
        first = mean_at(**{one: -1, other: -1}) - mean_at(**{one: 0, other: -1})
        second = mean_at(**{one: -1, other: 0}) - mean_at(**{one: 0, other: 0})
    else:
        first, second = (mean_at(**dict.fromkeys(contrast.change, end)) for end in (-1, 0))
    return Comparison(contrast, _arms_label(arms), {}, first, second)


def _arms_label(arms: tuple[str, ...]) -> str:
    return " − ".join(arms)


def _swept_values(ensemble: Ensemble, name: str) -> list[Value]:
    """The values of a swept parameter, in the order of the sweep."""
    return list(dict.fromkeys(cell.point[name] for cell in ensemble.cells))
