"""The world `today` is the calibrated one, and is as close to the published facts as its page says."""

from pathlib import Path

import numpy as np
import pytest

from sim.economy.validation import fields
from sim.lab.calibration import evaluation, fit
from sim.lab.calibration.facts import FACTS
from sim.lab.calibration.points import BOUNDS
from sim.lab.report.calibration import page

DOCS = Path(__file__).parents[2] / "docs" / "reference"
CALIBRATION = fit.load(DOCS / "calibration.json")
FEW_SEEDS = 24
ERRORS = 4.5  # standard errors: over twenty facts a correct program fails here once in ten thousand edits


def test_the_defaults_are_the_calibrated_values() -> None:
    assert set(CALIBRATION.values) == set(BOUNDS)
    for name, value in CALIBRATION.values.items():
        assert fields()[name].default == value
        assert BOUNDS[name][0] <= value <= BOUNDS[name][1]


def test_the_trial_exchanges_as_much_as_alliances_do() -> None:
    assert fields()["trial.exchange"].default == CALIBRATION.values["collaboration.exchange"]


def test_the_page_says_what_the_calibration_found() -> None:
    assert (DOCS / "calibration.md").read_text(encoding="utf-8") == page(CALIBRATION) + "\n"


def test_the_world_today_still_gives_the_numbers_of_the_page() -> None:
    seeds = range(fit.HELD_OUT_SEEDS.start, fit.HELD_OUT_SEEDS.start + FEW_SEEDS)
    runs = np.array([evaluation.observe({}, seed) for seed in seeds])
    for fact, ours in zip(FACTS, np.nanmean(runs, axis=0), strict=True):
        said = CALIBRATION.facts[fact.name]
        of_few = said.error * np.sqrt(len(fit.HELD_OUT_SEEDS) / FEW_SEEDS)
        assert ours == pytest.approx(said.mean, abs=ERRORS * of_few), fact.name


@pytest.mark.thorough
def test_the_numbers_of_the_page_are_those_of_its_seeds() -> None:
    runs = np.array([evaluation.observe({}, seed) for seed in fit.HELD_OUT_SEEDS])
    said = [CALIBRATION.facts[fact.name].mean for fact in FACTS]
    np.testing.assert_allclose(np.nanmean(runs, axis=0), said, rtol=1e-12)


def test_no_seed_serves_two_purposes() -> None:
    purposes = [set(seeds) for seeds in fit.SEEDS.values()]
    assert len(set.union(*purposes)) == sum(map(len, purposes))
