"""Shapes: a curve rises or peaks if the runs say so, its highest point is found, and errors are as rare as stated."""

import numpy as np
import pytest

from sim.lab.analysis.estimation import compare_all, estimate_all
from sim.lab.design.cells import cells
from sim.lab.design.contrast import Contrast
from sim.lab.ensemble import Ensemble, Place
from sim.lab.statistics.contrasts import Comparison
from sim.lab.statistics.shapes import decide_shape, peak
from sim.lab.statistics.verdicts import Verdict
from tests.support.experiments import ADVANTAGE, experiment

S, C, U = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.UNSETTLED
SPEED = "environment.speed"
SPEEDS = (0.0, 0.1, 0.2, 0.5, 1.0)


def curve(shape: str, means: tuple[float, ...], rng: np.random.Generator, noise: float = 0.2, seeds: int = 60) -> list[Comparison]:
    """A curve whose points share random draws, which pairing removes; what counts is a difference of 0.5."""
    contrast = Contrast.model_validate({**ADVANTAGE, "along": SPEED, "shape": shape, "at_least": 0.5})
    shared = rng.normal(0, 5, seeds)
    return [
        Comparison(contrast, "base", {SPEED: speed}, mean + shared + rng.normal(0, noise, seeds), None)
        for speed, mean in zip(SPEEDS, means, strict=False)
    ]


@pytest.mark.parametrize(
    ("means", "rises", "peaks"),
    [
        ((0, 1, 2, 3, 4), S, C),
        ((0, 0, 0, 0, 4), S, C),  # a step
        ((0, 2, 1.8, 2.2, 4), S, C),  # a fall of less than counts
        ((0, 2, 4, 2, 0), C, S),
        ((0, 4, 3, 2, 2), C, S),
        ((0, 0, 0, 0, 0), C, C),
        ((4, 3, 2, 1, 0), C, C),
        ((2, 0, 0, 0, 2), C, C),  # a trough
        ((0, 0.5, 0.5, 0.5, 0.5), U, C),
        ((0, 0.5, 0.5, 0.5, 0), C, U),
    ],
)
def test_curves_rise_or_peak_by_what_counts_or_not(means: tuple[float, ...], rises: Verdict, peaks: Verdict) -> None:
    rng = np.random.default_rng(1)
    assert decide_shape(curve("rise", means, rng)) is rises
    assert decide_shape(curve("peak", means, rng)) is peaks


def test_a_shape_takes_enough_seeds_and_enough_points() -> None:
    rng = np.random.default_rng(2)
    assert decide_shape(curve("peak", (0, 2, 0), rng)) is S
    assert decide_shape(curve("peak", (0, 2, 0), rng, seeds=2)) is U
    assert decide_shape(curve("rise", (0, 2), rng)) is U
    assert peak(curve("peak", (0, 2, 0), rng, seeds=2)) is None


def test_the_highest_point_is_found_with_an_interval_that_widens_with_the_noise() -> None:
    rng = np.random.default_rng(3)
    clear = peak(curve("peak", (0, 1, 2, 1, 0), rng))
    vague = peak(curve("peak", (0, 1, 2, 1, 0), rng, noise=10))
    assert clear is not None
    assert vague is not None
    assert (clear.at, clear.low, clear.high) == (0.2, 0.2, 0.2)
    assert vague.low < vague.high


@pytest.mark.thorough
def test_the_interval_of_the_highest_point_covers_it_at_least_at_the_stated_rate() -> None:
    rng = np.random.default_rng(4)
    found = [peak(curve("peak", (0, 0.8, 1, 0.8, 0), rng, noise=1)) for _ in range(1000)]
    assert np.mean([place is not None and place.low <= 0.2 <= place.high for place in found]) >= 0.95


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("shape", "means"),
    [("rise", (0, 0.5, 0.5, 0.5, 0.5)), ("rise", (0, 1, 2, 1.5, 3)), ("peak", (0, 0.5, 0.5, 0.5, 0)), ("peak", (0, 1, 2, 3, 2.5))],
)
def test_curves_at_the_limit_of_a_rule_are_settled_at_most_at_the_stated_rate(shape: str, means: tuple[float, ...]) -> None:
    rng = np.random.default_rng(5)
    settled = [decide_shape(curve(shape, means, rng)) in (S, C) for _ in range(1000)]
    assert np.mean(settled) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 1000)


def test_a_curve_is_averaged_over_the_other_parameters_for_each_arm() -> None:
    rule = {"along": SPEED, "shape": "peak", "at_least": 0.5}
    design = experiment(
        sweep={SPEED: [0.2, 0, 0.1], "environment.complexity": [0, 4]},
        arms={"x": {}, "y": {"overrides": {"organisation.wage": 0.1}}},
        contrasts=[{**ADVANTAGE, **rule}],
        replications={"number": 8},
    )
    made = cells(design)
    truth = {cell.address: np.random.default_rng(k).normal(cell.point[SPEED] == 0.1, 0.01, 8) for k, cell in enumerate(made)}

    class Known:
        def values(self, address: str, _seeds: range, place: Place) -> np.ndarray:
            return truth[address] if place.group == "small interdependent" else np.zeros(8)

    ensemble = Ensemble(made, {cell.number: range(1, 9) for cell in made}, Known())
    (comparisons,) = compare_all(design, ensemble)
    assert [(c.arm, c.point) for c in comparisons] == [(arm, {SPEED: speed}) for arm in "xy" for speed in (0, 0.1, 0.2)]
    of_first = [truth[cell.address] for cell in made if cell.arm == "x" and cell.point[SPEED] == 0]
    np.testing.assert_allclose(comparisons[0].difference, np.mean(of_first, axis=0))
    (result,) = estimate_all([comparisons], complete=True)
    assert result.verdict is S
    assert [(found.arm, found.at) for found in result.peaks] == [("x", 0.1), ("y", 0.1)]
