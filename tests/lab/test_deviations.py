"""Which rule could a firm break alone, and gain? Dominated rules are noticed, and those who deviate are measured."""

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.economy.initialisation import create
from sim.economy.simulation import play
from sim.lab.deviations import findings, gains
from sim.lab.deviations.findings import Answer, Gain
from sim.lab.deviations.kinds import ALLIANCES, FOLLOWS, KINDS, LARGE, MEMBERS, ROWS, STAFFING, UNALLIED, Deviation
from sim.lab.files import UnusableFileError

NOBODY = STAFFING[0]


def profit(changes: dict[str, object], seeds: range, deviation: Deviation = FOLLOWS) -> np.ndarray:
    values = sim.parameters("today", {"dynamics.months": gains.MONTHS, **changes})
    return np.array([gains.profits(values, seed, [UNALLIED], deviation)[0] for seed in seeds])


def test_where_firms_must_hire_all_that_they_can_afford_it_pays_to_hire_nobody() -> None:
    changes, seeds = {"organisation.staffing": "affordable"}, range(1, 13)
    difference = profit(changes, seeds, deviation=NOBODY) - profit(changes, seeds)
    assert difference.mean() > 3 * difference.std() / np.sqrt(difference.size) > 0


def test_a_deviation_that_changes_nothing_gains_exactly_nothing() -> None:
    changes = {"organisation.staffing": "none"}
    np.testing.assert_array_equal(profit(changes, range(1, 4), deviation=NOBODY), profit(changes, range(1, 4)))


def test_few_firms_deviate_and_all_members_of_the_alliances_they_head_count() -> None:
    values = sim.parameters("today", {"population.large": 5, "population.small": 100, "population.small_interdependent": 0.17})
    state = create(values, 1)
    firms = state.firms
    assert [kind.places(firms).size for kind in KINDS] == [5, 1, 2, 4]
    assert not firms.interdependent[UNALLIED.places(firms)].any()
    assert firms.interdependent[MEMBERS.places(firms)].all()
    assert firms.large[LARGE.places(firms)].all()
    play(state, values, 1, 60)
    places = ALLIANCES.places(firms)
    rows = ALLIANCES.measured(state, places)
    heads = {int(state.alliances.name[number]) for number in firms.alliance[rows]}
    assert heads
    assert heads <= {int(identity) for identity in firms.identity[places]}
    assert all((firms.alliance[rows] == number).sum() == state.alliances.members[number] for number in set(firms.alliance[rows]))


def test_whole_alliances_that_hire_nobody_have_no_joint_specialists() -> None:
    values = sim.parameters("today", {"organisation.wage": 0.2})
    state = create(values, 1)
    places = ALLIANCES.places(state.firms)
    NOBODY.begin(state.firms, places)
    play(state, values, 1, 80)
    rows = ALLIANCES.measured(state, places)
    assert rows.size
    assert not state.alliances.hired[state.firms.alliance[rows]].any()
    assert state.alliances.hired.any()


def test_a_gain_is_the_difference_to_the_same_places_where_nobody_deviates() -> None:
    followed, deviating = np.arange(12.0).reshape(3, 4), np.full((3, len(ROWS)), 20.0)
    deviating[0, 0] = np.nan
    found = gains.gains(np.hstack([followed, deviating]))
    assert [gain.n for gain in found] == [3] * (len(ROWS) - 1)  # a row with two seeds is left out
    for gain in found:
        kind = [kind.name for kind in KINDS].index(gain.kind)
        assert gain.mean == 20.0 - followed[:, kind].mean()
        assert gain.low < gain.mean < gain.high


@pytest.mark.parametrize(
    ("low", "high", "answer"), [(0.03, 0.05, Answer.YES), (-0.1, 0.01, Answer.NO), (0.01, 0.03, Answer.UNSETTLED)]
)
def test_a_gain_is_above_the_limit_only_if_its_whole_interval_is(low: float, high: float, answer: Answer) -> None:
    assert Gain("small", "hires nobody", 0.3, 50, (low + high) / 2, low, high).answer(0.02) is answer


def test_what_is_known_is_read_again_and_a_damaged_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gains, "MONTHS", 12)
    monkeypatch.setattr(gains, "FIRST_MONTH", 6)
    progress = []
    found = gains.find_deviations("today", range(1, 4), lambda *counts: progress.append(counts))
    assert progress[0] == (0, 3)
    assert progress[-1] == (3, 3)
    (tmp_path / findings.FOLDER).mkdir()
    path = findings.save(found, tmp_path)
    assert findings.known("today", gains.origin_of("today", range(1, 4)), tmp_path) == found
    assert findings.known("today", gains.origin_of("today", range(1, 5)), tmp_path) is None
    assert findings.known("turbulent", gains.origin_of("turbulent", range(1, 4)), tmp_path) is None
    assert len(findings.table(found)[1]) == len(ROWS)
    path.write_text(path.read_text().replace("hires nobody", "hires a lot"))
    with pytest.raises(UnusableFileError, match="is damaged or was edited"):
        findings.load_all(tmp_path)
