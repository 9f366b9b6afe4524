"""Published numbers are compared with the model over exactly the months that they are about."""

from math import log
from pathlib import Path

import numpy as np
import pytest

from sim.lab.analysis.counterparts import counterparts
from sim.lab.calibration.facts import FACTS
from sim.lab.design.cells import cells
from sim.lab.design.reading import read
from sim.lab.design.scale import Scale
from sim.lab.design.schema import Experiment
from sim.lab.ensemble import Ensemble
from sim.lab.statistics.contrasts import compare
from tests.support.experiments import ADVANTAGE, experiment

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
PUBLISHED = [
    {"from": 3, "to": 9, "value": 0.1, "source": "x"},
    {"from": 0, "to": 3, "above": 0.0, "source": "y"},
]
DESIGN = {"by_month": {"from": 6, "to": 18, "every": 3}, "overrides": {"dynamics.months": 18}}


def found(values: np.ndarray, **changes: object) -> list[tuple[str, dict[str, object], float]]:
    """Arm, point and mean of the counterparts, where the first group has these values (seeds x stretches), and the second none."""
    design = experiment(contrasts=[{**ADVANTAGE, "published": PUBLISHED}], **{"sweep": {}, **DESIGN, **changes})
    made = cells(design)

    class Known:
        def values(self, _address, seeds, place):
            return values[:, place.window] if place.group == "small interdependent" else np.zeros(len(seeds))

    ensemble = Ensemble(made, {cell.number: range(1, len(values) + 1) for cell in made}, Known())
    return [(c.arm, c.point, c.mean) for c in counterparts([compare(design.contrasts[0], ensemble)])]


def test_the_counterpart_of_a_published_number_is_the_mean_over_its_months() -> None:
    values = np.random.default_rng(1).normal(size=(5, 4))
    (_, _, later), (_, _, first) = found(values)
    assert later == pytest.approx(values[:, 1:3].mean())
    assert first == pytest.approx(values[:, 0].mean())


def test_a_seed_without_a_value_in_one_of_the_months_does_not_count() -> None:
    values = np.random.default_rng(1).normal(size=(5, 4))
    values[2, 1] = np.nan
    (_, _, later), (_, _, first) = found(values)
    assert later == pytest.approx(values[[0, 1, 3, 4], 1:3].mean())
    assert first == pytest.approx(values[:, 0].mean())
    values[1:, 1] = np.nan
    assert len(found(values)) == 1


def test_every_arm_and_swept_value_has_a_counterpart_of_its_own() -> None:
    arms = {"a": {}, "b": {"overrides": {"environment.complexity": 1}}}
    several = found(np.ones((3, 4)), sweep={"environment.speed": [0, 0.1]}, arms=arms)
    expected = {(arm, speed) for arm in arms for speed in (0, 0.1)}
    assert {(arm, point["environment.speed"]) for arm, point, _ in several} == expected
    assert len(several) == 2 * len(expected)


def test_the_field_experiment_quotes_the_facts_that_the_calibration_uses() -> None:
    design = read(EXPERIMENTS / "field_meetings.toml", Scale.STANDARD)
    assert isinstance(design, Experiment)
    quoted = {number.start: number for number in design.contrasts[0].published}
    facts = {fact.name: fact for fact in FACTS}
    assert quoted[0].level == pytest.approx(log(1.081), abs=5e-4) == pytest.approx(facts["trial_revenue"].range[0], abs=5e-4)
    assert quoted[12].level == facts["trial_revenue_later"].range[0]
    for number, name in ((quoted[0], "trial_revenue"), (quoted[12], "trial_revenue_later")):
        assert number.source.split("'")[1] in facts[name].sources[0].passage
