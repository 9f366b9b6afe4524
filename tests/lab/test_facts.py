"""The numbers that are compared with published facts are those that the facts mean."""

import numpy as np
import pytest
from scipy.stats import gennorm

from sim.economy.initialisation import create
from sim.economy.simulation import stepper
from sim.economy.state import CONTROL, TREATED
from sim.economy.validation import parameters
from sim.lab.calibration import evaluation, trial
from sim.lab.calibration.facts import FACTS
from sim.lab.calibration.panel import Panel, _alliance_life, _exits, _survival, subbotin


@pytest.mark.parametrize("b", [0.7, 1.0, 2.0, 4.0])
def test_the_known_shape_of_a_distribution_is_estimated(b: float) -> None:
    assert subbotin(gennorm.rvs(b, scale=0.3, size=40_000, random_state=1)) == pytest.approx(b, rel=0.05)


def test_survival_and_exits_of_a_market_counted_by_hand() -> None:
    """One row: start-ups enter in months 60 and 100; the first fails after 40 months, the second stays."""
    months = 300
    entered, failed = np.zeros((months, 1), bool), np.zeros((months, 1), bool)
    entered[[60, 100]], failed[[59, 99]] = True, True
    age = np.concatenate([np.arange(1, 61), np.arange(1, 41), np.arange(1, 201)])[:, None].astype(float)
    lasts = np.array([59] * 60 + [99] * 40 + [300] * 200)[:, None]
    nothing = np.zeros((months, 1), bool)
    panel = Panel(
        np.array([False]), entered, failed, age, np.ones((months, 1)), nothing, nothing, lasts, np.zeros(months), np.zeros(months)
    )
    survival = _survival(panel)
    assert [survival[f"survival_{years}"] for years in (1, 2, 3, 4, 5, 10)] == [1.0, 1.0, 1.0, 0.5, 0.5, 0.5]
    with np.errstate(invalid="ignore"):
        assert _exits(panel)["exit_rate"] == pytest.approx(12 / 240)


def test_alliances_that_live_for_five_years_are_counted_among_those_that_could() -> None:
    """Founded in months 50 (too early), 100, 240 and 241 (too late); that of month 100 completes five years, as does the first."""
    months, nothing = 300, np.zeros((300, 1), bool)
    founded, aged_5 = np.zeros(months), np.zeros(months)
    founded[[50, 100, 240, 241]], aged_5[[109, 159]] = 1, 1
    panel = Panel(
        np.array([False]), nothing, nothing, np.ones((months, 1)), np.ones((months, 1)), nothing, nothing, nothing, founded, aged_5
    )
    assert _alliance_life(panel) == {"alliances_alive_5": 0.5}


def test_the_effect_of_the_trial_is_the_gap_between_its_groups() -> None:
    world, seed = parameters("today", trial.WORLD), 3
    state, numbers = create(world, seed), trial.observe_trial(world, seed)
    play, firms = stepper(state, world, seed), state.firms
    play(trial.BEGINS)
    for name in ("trial_revenue", "trial_revenue_later"):
        gaps = []
        for _ in range(12):
            play(1)
            revenue = np.log(firms.revenue / firms.lines)
            gaps.append(revenue[firms.assignment == TREATED].mean() - revenue[firms.assignment == CONTROL].mean())
        assert numbers[name] == pytest.approx(np.mean(gaps))


def test_half_of_the_small_firms_of_the_trial_are_treated() -> None:
    world, seed = parameters("today", trial.WORLD), 3
    state = create(world, seed)
    stepper(state, world, seed)(trial.BEGINS + 1)
    assert 80 <= np.sum(state.firms.assignment == TREATED) <= 100
    assert 80 <= np.sum(state.firms.assignment == CONTROL) <= 100


def test_the_exchange_that_is_calibrated_is_that_of_the_trial_too() -> None:
    number = [fact.name for fact in FACTS].index("trial_revenue")
    low, high = (evaluation.observe({"collaboration.exchange": rate}, seed=3)[number] for rate in (0.0, 0.2))
    assert low != high


def test_facts_are_reproducible() -> None:
    np.testing.assert_array_equal(evaluation.observe({}, 5), evaluation.observe({}, 5))
