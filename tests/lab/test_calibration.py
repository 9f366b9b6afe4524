"""The world `calibrated` has the values of the calibration, and is as close to the published facts as its page says."""

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.lab.calibration.facts import FACTS
from sim.lab.calibration.fit import BOUNDS, FITTED, HELD_OUT, TARGETS, distance
from sim.lab.calibration.panel import Panel, _exits, _survival, observe, subbotin

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "calibration.md").read_text(encoding="utf-8")
CHANGES = sim.worlds()["calibrated"]


def test_the_world_calibrated_has_the_calibrated_values() -> None:
    assert set(CHANGES) == set(BOUNDS)
    for name, value in CHANGES.items():
        assert BOUNDS[name][0] <= value <= BOUNDS[name][1]
        assert f"{value:g} |" in next(line for line in PAGE.splitlines() if name in line)


@pytest.mark.thorough
def test_it_is_as_close_as_the_page_says_and_closer_than_the_defaults() -> None:
    here, before = distance(CHANGES, FITTED), distance({}, FITTED)
    assert f"| {before:.3f} | {here:.3f} |" in PAGE
    assert here < before


def test_it_is_closer_for_seeds_that_were_not_used_for_fitting() -> None:
    assert set(FITTED).isdisjoint(HELD_OUT)
    here, before = distance(CHANGES, HELD_OUT), distance({}, HELD_OUT)
    assert f"| {before:.3f} | {here:.3f} |" in PAGE
    assert here < 0.5 * before


def test_distance_counts_each_range_once_and_is_infinite_without_an_observation() -> None:
    assert len(TARGETS) == sum(-np.inf < fact.range[0] < fact.range[1] < np.inf for fact in FACTS)
    with np.errstate(all="ignore"):
        assert distance({"finance.reserve": 1e6}, [1]) == np.inf


@pytest.mark.parametrize("b", [0.7, 1.0, 2.0, 4.0])
def test_the_known_shape_of_a_distribution_is_estimated(b: float) -> None:
    from scipy.stats import gennorm

    assert subbotin(gennorm.rvs(b, scale=0.3, size=40_000, random_state=1)) == pytest.approx(b, rel=0.05)


def test_survival_and_exits_of_a_market_counted_by_hand() -> None:
    """One row: start-ups enter in months 60 and 100; the first fails after 40 months, the second stays."""
    months = 300
    entered, failed = np.zeros((months, 1), bool), np.zeros((months, 1), bool)
    entered[[60, 100]], failed[[59, 99]] = True, True
    age = np.concatenate([np.arange(1, 61), np.arange(1, 41), np.arange(1, 201)])[:, None].astype(float)
    lasts = np.array([59] * 60 + [99] * 40 + [300] * 200)[:, None]
    nothing = np.zeros((months, 1), bool)
    panel = Panel(np.array([False]), entered, failed, age, np.ones((months, 1)), nothing, nothing, lasts)
    survival = _survival(panel)
    assert [survival[f"survival_{years}"] for years in (1, 2, 3, 4, 5, 10)] == [1.0, 1.0, 1.0, 0.5, 0.5, 0.5]
    with np.errstate(invalid="ignore"):
        assert _exits(panel)["exit_rate"] == pytest.approx(12 / 240)


def test_facts_are_reproducible() -> None:
    parameters = sim.parameters("calibrated")
    np.testing.assert_array_equal(observe(parameters, 5), observe(parameters, 5))
