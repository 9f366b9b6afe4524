"""The search finds what it looks for, can be interrupted at any moment, and says what it does not know."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from sim.economy.arrays import Floats
from sim.lab.calibration import evaluation, fit, objective, profile, search
from sim.lab.calibration.evaluation import SHAPE, Evaluator, Work, address
from sim.lab.calibration.facts import FACTS
from sim.lab.calibration.local_model import Box, LocalModel
from sim.lab.calibration.points import BEFORE, BOUNDS, DIGITS, Values, penalty, place_of, prior_distances, values_at
from sim.lab.calibration.profile import ProfilePoint, interval
from sim.lab.execution.store import Store

LINEAR = np.random.default_rng(1).normal(size=(len(BOUNDS), len(FACTS)))
TRUTH = np.linspace(0.3, 0.7, len(BOUNDS))
STEEP = 10.0  # uncertainties by which a fact changes between the bounds of a parameter
NOISE = 0.01


def middles() -> Floats:
    """A number within the range of every fact."""
    return np.where(objective.IS_SIGN, np.clip(0.0, objective.LEAST, objective.MOST), objective.MIDDLE)


def stand_in(values: Values, seed: int) -> Floats:
    """A model whose facts are linear in the parameters, plus noise: at TRUTH every fact is met."""
    noise = NOISE * np.random.default_rng(seed).normal(size=len(FACTS))
    return np.asarray(middles() + objective.UNCERTAINTY * ((place_of(values) - TRUTH) @ LINEAR * STEEP + noise))


class OneProcess:
    """In place of a pool: runs here, and stops after a number of runs if told so."""

    def __init__(self, most: float = np.inf) -> None:
        self.runs, self.most = 0, most

    def imap_unordered(self, do: Callable[[Work], Any], works: Iterable[Work]) -> Iterator[Any]:
        for work in works:
            if self.runs >= self.most:
                raise KeyboardInterrupt
            self.runs += 1
            yield do(work)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search of seconds in the stand-in."""
    monkeypatch.setattr(evaluation, "observe", stand_in)
    monkeypatch.setattr(search, "GENERATIONS", 5)
    monkeypatch.setattr(search, "MEMBERS", 2)
    monkeypatch.setattr(search, "SEARCH_SEEDS", range(1, 3))
    monkeypatch.setattr(search, "LOCAL_SEEDS", range(3, 5))
    monkeypatch.setattr(search, "LOCAL_POINTS", 64)
    monkeypatch.setattr(profile, "STEPS", (-0.1, 0.1))
    for module in (profile, fit):
        monkeypatch.setattr(module, "PROFILE_SEEDS", range(5, 9))
    monkeypatch.setattr(fit, "HELD_OUT_SEEDS", range(9, 13))


def calibrated(folder: Path, pool: OneProcess, on_progress: Callable[[int, int], None] = lambda _, __: None) -> fit.Calibration:
    with Store(folder, shape=SHAPE) as store:
        return fit.calibrate(Evaluator(store, cast(Any, pool), on_progress), lambda _: None)


@pytest.mark.usefixtures("small")
def test_the_search_finds_the_parameters_that_made_the_facts(tmp_path: Path) -> None:
    assert calibrated(tmp_path, OneProcess()).misfit.mean < 1.0
    at_random = [objective.misfit(stand_in(values_at(place), 1)) for place in np.random.default_rng(3).random((200, len(BOUNDS)))]
    assert min(at_random) > 1.0


@pytest.mark.usefixtures("small")
def test_an_interrupted_calibration_goes_on_where_it_was(tmp_path: Path) -> None:
    without, stopped = tmp_path / "without", tmp_path / "stopped"
    for folder in (without, stopped):
        folder.mkdir()
    whole, first, second = OneProcess(), OneProcess(most=500), OneProcess()
    with pytest.raises(KeyboardInterrupt):
        calibrated(stopped, first)
    assert calibrated(stopped, second) == calibrated(without, whole)
    assert first.runs + second.runs == whole.runs


@pytest.mark.usefixtures("small")
def test_a_finished_calibration_is_not_run_again(tmp_path: Path) -> None:
    expected, again = calibrated(tmp_path, OneProcess()), OneProcess()
    assert calibrated(tmp_path, again) == expected
    assert again.runs == 0


@pytest.mark.usefixtures("small")
def test_progress_counts_every_run_whether_stored_or_new(tmp_path: Path) -> None:
    first: list[tuple[int, int]] = []
    again: list[tuple[int, int]] = []
    for counts in (first, again):
        calibrated(tmp_path, OneProcess(), lambda finished, stored, counts=counts: counts.append((finished, stored)))
    assert np.sum(first) == np.sum(again)
    assert np.sum(again, axis=0)[0] == 0


def test_a_run_that_fails_becomes_a_result_without_numbers() -> None:
    result = evaluation.do(Work("a", {"no.such": 1.0}, 1))
    assert result.error.startswith("ParameterError")
    assert np.isnan(result.outcomes).all()


def test_a_point_has_an_address_of_its_own() -> None:
    low, high = values_at(np.zeros(len(BOUNDS))), values_at(np.ones(len(BOUNDS)))
    assert address(low) == address(dict(low))
    assert address(low) != address(high)


def test_values_are_rounded_before_they_are_run() -> None:
    values = values_at(np.full(len(BOUNDS), 1 / 3))
    assert all(float(f"{value:.{DIGITS}g}") == value for value in values.values())
    np.testing.assert_allclose(place_of(values), 1 / 3, atol=0.02)


def test_the_misfit_counts_the_distance_from_the_middle_of_a_range_or_from_a_sign() -> None:
    inside = middles()
    assert objective.misfit(inside) == 0.0
    for k, fact in enumerate(FACTS):
        beyond = inside.copy()
        beyond[k] += 3 * fact.uncertainty if np.isfinite(fact.range[1]) else -3 * fact.uncertainty
        assert objective.misfit(beyond) == pytest.approx(9.0 if fact.fitted else 0.0)


def test_the_misfit_is_infinite_where_a_fitted_fact_cannot_be_observed() -> None:
    numbers = middles()
    numbers[np.flatnonzero(objective.FITTED)[0]] = np.nan
    assert objective.misfit(numbers) == np.inf


def test_means_and_errors_leave_out_what_was_not_observed() -> None:
    mean, error = objective.mean_and_error(np.array([[1.0, 5.0], [3.0, np.nan], [5.0, 7.0]]))
    np.testing.assert_allclose(mean, [3.0, 6.0])
    np.testing.assert_allclose(error, [2.0 / np.sqrt(3), 1.0])


def test_the_error_of_the_misfit_is_that_of_its_facts() -> None:
    """One fact is k uncertainties away, with error e: the misfit k² has the error 2·k·e/uncertainty, to first order."""
    k = int(np.flatnonzero(objective.FITTED & np.isfinite(objective.MOST))[0])
    runs = np.tile(middles(), (400, 1))
    runs[:, k] = objective.MIDDLE[k] + objective.UNCERTAINTY[k] * (5 + np.random.default_rng(1).normal(size=400))
    height, error = objective.misfit_and_error(runs)
    of_fact = objective.mean_and_error(runs)[1][k] / objective.UNCERTAINTY[k]
    assert height == pytest.approx(25, rel=0.1)
    assert error == pytest.approx(10 * of_fact, rel=0.1)


def test_the_local_model_is_exact_for_quadratic_facts() -> None:
    places = np.random.default_rng(2).random((200, len(BOUNDS)))
    numbers = middles() + objective.UNCERTAINTY * ((places - TRUTH) @ LINEAR) ** 2
    model = LocalModel.fitted(places, numbers, Box.around(TRUTH, 1.0))
    np.testing.assert_allclose(model.numbers(places), numbers, atol=1e-8)


def test_the_best_place_of_the_local_model_keeps_what_is_fixed() -> None:
    places = np.random.default_rng(2).random((200, len(BOUNDS)))
    numbers = middles() + objective.UNCERTAINTY * ((places - TRUTH) @ LINEAR)
    model = LocalModel.fitted(places, numbers, Box.around(TRUTH, 0.2))
    best = model.best(2, 0.9)
    assert best[2] == 0.9
    others = np.delete(np.arange(len(BOUNDS)), 2)
    assert np.all(np.abs(best - TRUTH)[others] <= 0.2 + 1e-12)
    free, fixed = (objective.misfit(model.numbers(x)) + np.sum(prior_distances(x) ** 2) for x in (model.best(), best))
    assert free <= fixed


def test_the_prior_weighs_little_and_holds_what_no_fact_says() -> None:
    assert penalty(BEFORE) == 0.0
    for edge in (np.zeros(len(BOUNDS)), np.ones(len(BOUNDS))):
        assert np.all(np.abs(prior_distances(edge)) <= 2.0)
    places = np.random.default_rng(2).random((200, len(BOUNDS)))
    nothing_said = LocalModel.fitted(places, np.tile(middles(), (200, 1)), Box.around(TRUTH, 1.0))
    np.testing.assert_allclose(nothing_said.best(), place_of(BEFORE), atol=1e-6)


def points(*heights: float, error: float = 0.0) -> list[ProfilePoint]:
    return [ProfilePoint(value=float(k), objective=height, error=error) for k, height in enumerate(heights)]


def test_an_interval_ends_where_the_profile_has_risen_enough() -> None:
    found = interval(points(10.0, 2.0, 1.0, 3.0, 7.0))
    assert (found.low, found.high) == pytest.approx((1 - 3 / 8, 3.5))
    assert found.low_closed
    assert found.high_closed


def test_an_interval_is_open_where_the_profile_does_not_rise_enough() -> None:
    found = interval(points(2.0, 1.0, 1.5))
    assert (found.low, found.high, found.low_closed, found.high_closed) == (0.0, 2.0, False, False)


def test_a_rise_that_noise_explains_ends_no_interval() -> None:
    heights = (6.0, 1.0, 1.5)
    assert interval(points(*heights)).low_closed
    assert not interval(points(*heights, error=1.0)).low_closed
