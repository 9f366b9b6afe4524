"""Signs in other universes are counted against those that are settled as it is, in an invented economy with known effects."""

from collections.abc import Iterable, Iterator

import pytest

from sim.lab.analysis.findings import UniverseResult
from sim.lab.analysis.robustness import compare_universes
from sim.lab.design.schema import Robustness
from sim.lab.ensemble import RunResult
from sim.lab.execution.job import Job
from tests.support.experiments import ADVANTAGE, Memory, experiment, invented

NOISE = "organisation.noise"
EFFECTS = {0.3: 1.0, 0.1: -1.0, 0.5: 0.0, 0.4: 1.0}  # of allying, by the noise that makes the universe
UNIVERSES = {"turned": {NOISE: 0.1}, "lost": {NOISE: 0.5}, "kept": {NOISE: 0.4}}
RULED = {**ADVANTAGE, "at_least": 0.1}
SHAPED = {**RULED, "name": "shape", "along": "environment.speed", "shape": "peak"}


def by_universe(jobs: Iterable[Job]) -> Iterator[RunResult]:
    """Runs in which allying has the effect that belongs to the noise, the same at every speed."""
    for job in jobs:
        yield from invented(EFFECTS[job.parameters.organisation.noise], 0.5, 1)([job])


def signs(contrasts: list[dict]) -> dict[str, tuple[int, int, int]]:
    """The numbers of signs that are kept, not settled and reversed, by universe."""
    claim = experiment(
        claim={"number": 1, "statement": "?"}, sweep={"environment.speed": [0, 0.1, 0.2]}, contrasts=contrasts, overrides={}
    )
    design = Robustness.model_validate({"title": "R", "question": "?", "claims": ["x"], "universes": UNIVERSES})
    found: list[UniverseResult] = compare_universes(design, [claim], Memory(), by_universe, lambda *_: None).universes
    return {row.universe: (row.kept, row.unsettled, row.reversed) for row in found}


def test_signs_are_kept_lost_and_reversed_where_the_effect_is() -> None:
    found = signs([RULED])
    assert found == {"as it is": (2, 0, 0), "turned": (0, 0, 2), "lost": (0, 2, 0), "kept": (2, 0, 0)}


@pytest.mark.parametrize("contrasts", [[SHAPED], [RULED, SHAPED]])
def test_the_sign_of_a_shape_is_whether_the_curve_has_it(contrasts: list[dict]) -> None:
    points = 3 * (len(contrasts) - 1)  # all points of the sweep, since one contrast has a shape along it
    found = signs(contrasts)
    assert found["as it is"] == found["kept"] == (points + 1, 0, 0)  # a flat curve certainly has no peak, here as there
    assert found["turned"] == (1, 0, points)


def test_signs_that_are_not_settled_as_it_is_are_not_counted_elsewhere() -> None:
    level = {**RULED, "name": "level", "groups": ["small independent"]}  # its seeds differ by far more than its mean
    found = signs([RULED, level])
    assert found["as it is"] == (2, 2, 0)
    assert found["turned"] == (0, 0, 2)
