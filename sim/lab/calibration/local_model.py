"""A quadratic model of every fact within a box of the parameter space, fitted to points that were run."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from scipy.optimize import least_squares

from sim.economy.arrays import Flags, Floats
from sim.lab.calibration.objective import FITTED, distances, misfit
from sim.lab.calibration.points import prior_distances

STARTS = 4  # points of the design from which the best place is looked for
MARGIN = 0.02  # around a box: the values of points are rounded


class Box(NamedTuple):
    """A box in the unit cube."""

    low: Floats
    high: Floats

    @classmethod
    def around(cls, centre: Floats, half_width: float) -> Self:
        """The box of this half width around a place, without what is outside the unit cube."""
        return cls(np.clip(centre - half_width, 0.0, 1.0), np.clip(centre + half_width, 0.0, 1.0))


class LocalModel(NamedTuple):
    """Facts as quadratic functions of the place: terms(place) @ coefficients."""

    coefficients: Floats  # shape (terms, facts)
    box: Box
    starts: Floats  # the places of the design with the lowest misfits

    @classmethod
    def fitted(cls, places: Floats, numbers: Floats, box: Box) -> Self:
        """Least squares over the places (shape (points, parameters)) within the box, with the facts that were observed there."""
        near = np.all((places >= box.low - MARGIN) & (places <= box.high + MARGIN), axis=1) & np.isfinite(misfit(numbers))
        coefficients = np.linalg.lstsq(_terms(places[near]), np.nan_to_num(numbers[near]), rcond=None)[0]
        order = np.argsort(misfit(numbers[near]), kind="stable")
        return cls(coefficients, box, places[near][order[:STARTS]])

    def numbers(self, place: Floats) -> Floats:
        """The facts at a place, or at many, shape (..., parameters)."""
        return np.asarray(_terms(place) @ self.coefficients)

    def best(self, dimension: int | None = None, fixed: float = 0.0) -> Floats:
        """The place in the box with the lowest objective; one coordinate may be fixed, within or outside the box."""
        free = np.arange(self.box.low.size) != dimension
        low, high = self.box.low[free], self.box.high[free]

        def distances_at(free_coordinates: Floats) -> Floats:
            place = _placed(free, free_coordinates, fixed)
            return np.concatenate([distances(self.numbers(place))[FITTED], prior_distances(place)])

        starts = np.clip(self.starts[:, free], low, high)
        optima = [least_squares(distances_at, start, bounds=(low, high)) for start in starts]
        return _placed(free, min(optima, key=lambda optimum: float(optimum.cost)).x, fixed)


def _placed(free: Flags, free_coordinates: Floats, fixed: float) -> Floats:
    """A place with these free coordinates; the others are fixed."""
    place = np.full(free.size, fixed)
    place[free] = free_coordinates
    return place


def _terms(place: Floats) -> Floats:
    """1, every coordinate and every product of two, shape (..., terms)."""
    first, second = np.triu_indices(place.shape[-1])
    return np.concatenate([np.ones((*place.shape[:-1], 1)), place, place[..., first] * place[..., second]], axis=-1)
