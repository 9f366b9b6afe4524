"""What firms learn from what others earn: how many specialists pay, and whether to stay in an alliance."""

from math import exp, tanh

import numpy as np
import pytest

import sim
from conformance.support.kernels import from_python
from sim.economy import alliances, learning
from sim.economy.initialisation import create, for_kernels
from sim.economy.simulation import play
from sim.economy.state import State

persuasion = from_python(learning.persuasion)
review_staffing, reconsider = from_python(learning.review_staffing), from_python(learning.reconsider_membership)
dissolve = from_python(alliances.dissolve)
SEED = np.uint64(3)
DOMAINS = 6


def experienced(**changes: object) -> tuple[sim.Parameters, State]:
    """Return parameters for kernels, and firms that have all traded and earn nothing."""
    still = {"population.small": 2000, "population.large": 0, "organisation.review": 1.0, "organisation.variation": 0.0}
    parameters = sim.parameters("today", {**still, **{name.replace("__", "."): value for name, value in changes.items()}})
    state = create(parameters, int(SEED))
    state.firms.age[:] = 1
    state.firms.interdependent[:] = False
    return for_kernels(parameters), state


def let_ally(parameters: sim.Parameters, state: State, rows: np.ndarray, members: int, trial: bool = False, month: int = 0) -> None:
    """Put the firms of these rows into alliances, or groups of a field trial, of so many members."""
    first = state.firms.alliance.max() + 1
    state.firms.alliance[rows] = first + np.arange(rows.size) // members
    state.firms.interdependent[rows] = not trial
    numbers = np.unique(state.firms.alliance[rows])
    state.alliances.trial[numbers] = trial
    dissolve(state, parameters, month)


def is_share(found: int, of: int, expected: float) -> bool:
    return abs(found - of * expected) <= 4 * np.sqrt(of * expected * (1 - expected))


@pytest.mark.parametrize("difference", [-2.0, -0.1, 0.0, 0.1, 2.0])
def test_a_difference_persuades_with_the_fermi_probability(difference: float) -> None:
    assert persuasion(difference, 5.0) == pytest.approx(1 / (1 + exp(-5.0 * difference)), rel=1e-12)


def test_a_firm_takes_over_the_staffing_of_a_better_one_with_the_fermi_probability() -> None:
    parameters, state = experienced(dynamics__intensity=2.0)
    rich = np.arange(2000) % 2 == 0
    state.firms.trailing_profit[rich] = 1.0
    state.firms.wanted[:] = np.where(rich, 5, 1)
    review_staffing(state, parameters, SEED, 0)
    meets = 1000 / 1999  # a firm of the other kind
    assert is_share(np.sum(state.firms.wanted[~rich] == 5), 1000, meets / (1 + exp(-2.0)))
    assert is_share(np.sum(state.firms.wanted[rich] == 1), 1000, meets / (1 + exp(2.0)))


def test_firms_that_do_not_review_keep_their_staffing() -> None:
    parameters, state = experienced(organisation__review=0.25)
    rich = np.arange(2000) < 1000
    state.firms.trailing_profit[rich] = 1e6
    state.firms.wanted[:] = np.where(rich, 5, 1)
    review_staffing(state, parameters, SEED, 0)
    assert is_share(np.sum(state.firms.wanted[~rich] == 5), 1000, 0.25 * 1000 / 1999)


def test_firms_that_hire_alone_learn_only_from_their_size_and_from_allied_or_unallied_ones() -> None:
    parameters, state = experienced(
        population__small=40, population__large=40, collaboration__hiring="alone", dynamics__intensity=1e6
    )
    firms = state.firms
    let_ally(parameters, state, np.flatnonzero(np.arange(80) % 4 < 2), 4)
    kind = 2 * firms.large + (firms.alliance >= 0)
    firms.wanted[:] = kind
    firms.trailing_profit[:] = np.random.default_rng(1).normal(size=80)
    for month in range(20):
        review_staffing(state, parameters, SEED, month)
    assert np.array_equal(firms.wanted, kind)


def test_alliances_learn_from_alliances_groups_of_a_trial_from_groups_and_firms_from_firms() -> None:
    trial = {"trial__first_month": 0, "trial__months": 50, "trial__joint_hiring": True}
    parameters, state = experienced(population__small=60, dynamics__intensity=1e6, **trial)
    firms, clubs = state.firms, state.alliances
    let_ally(parameters, state, np.arange(0, 20), 4)
    let_ally(parameters, state, np.arange(20, 40), 4, trial=True)
    clubs.wanted[:10] = np.where(clubs.trial[:10], 2, 1)
    firms.wanted[:] = np.where(firms.alliance >= 0, 5, 3)
    clubs.profit[:] = np.random.default_rng(1).normal(size=clubs.profit.size)
    firms.trailing_profit[:] = np.random.default_rng(2).normal(size=60)
    for month in range(20):
        review_staffing(state, parameters, SEED, month)
    assert clubs.wanted[:10].tolist() == [1] * 5 + [2] * 5
    assert firms.wanted.tolist() == [5] * 40 + [3] * 20  # members do not hire, and learn nothing


def test_an_alliance_takes_over_the_staffing_of_one_whose_members_earn_more_on_the_mean() -> None:
    parameters, state = experienced(population__small=12, dynamics__intensity=1e6)
    state.firms.trailing_profit[:2] = 1.0  # a pair and a ten: the sum of the ten is larger, its mean smaller
    state.firms.trailing_profit[2:] = 0.5
    let_ally(parameters, state, np.arange(2), 2)
    let_ally(parameters, state, np.arange(2, 12), 10)
    state.alliances.wanted[:2] = 4, 1
    review_staffing(state, parameters, SEED, 0)
    assert state.alliances.wanted[:2].tolist() == [4, 4]


def test_firms_without_a_record_neither_learn_nor_are_learnt_from() -> None:
    parameters, state = experienced(dynamics__intensity=1e6)
    firms = state.firms
    new = np.arange(2000) % 2 == 0
    firms.age[new] = 0
    firms.wanted[:] = np.where(new, 5, 1)
    firms.trailing_profit[:] = np.where(new, 10.0, np.arange(2000) / 2000)
    review_staffing(state, parameters, SEED, 0)
    assert np.array_equal(firms.wanted, np.where(new, 5, 1))


@pytest.mark.parametrize(("staffing", "wanted"), [("affordable", DOMAINS), ("none", 0)])
def test_where_staffing_is_not_learned_all_want_the_same_number_for_good(staffing: str, wanted: int) -> None:
    changes = {"organisation.staffing": staffing, "organisation.variation": 1.0, "finance.overhead": 1.0, "dynamics.months": 60}
    run = sim.simulate(sim.parameters("today", changes), 2)
    assert run.monthly()["entries"].sum() > 0
    assert (run.monthly()["wanted"].dropna() == wanted).all()
    assert run.monthly()["specialists"].max() > 0 or staffing == "none"
    assert run.monthly()["specialists"].max() <= wanted


def test_firms_that_learn_begin_with_any_number_of_specialists_equally_often() -> None:
    wanted = create(sim.parameters("today", {"population.small": 7000}), 1).firms.wanted
    counts = np.bincount(wanted, minlength=DOMAINS + 1)
    assert counts.size == DOMAINS + 1
    assert all(is_share(found, wanted.size, 1 / 7) for found in counts)


def test_variation_is_one_specialist_more_or_less_and_never_below_none_or_above_all() -> None:
    parameters, state = experienced(organisation__review=0.0, organisation__variation=1.0)
    before = state.firms.wanted.copy()
    review_staffing(state, parameters, SEED, 0)
    step = state.firms.wanted.astype(int) - before
    inside = (before > 0) & (before < DOMAINS)
    assert set(step[inside]) == {-1, 1}
    assert set(step[before == 0]) == {0, 1}
    assert set(step[before == DOMAINS]) == {-1, 0}
    assert is_share(np.sum(step[inside] > 0), inside.sum(), 0.5)


def test_variation_comes_as_often_as_it_says() -> None:
    parameters, state = experienced(organisation__review=0.0, organisation__variation=0.1)
    state.firms.wanted[:] = 3
    review_staffing(state, parameters, SEED, 0)
    assert is_share(np.sum(state.firms.wanted != 3), 2000, 0.1)


@pytest.mark.parametrize("difference", [-1.0, 0.0, 0.05, 0.1, 10.0])
def test_a_member_that_compares_itself_leaves_with_probability_tanh_of_half_the_difference(difference: float) -> None:
    parameters, state = experienced(collaboration__reconsider=1.0, dynamics__intensity=20.0)
    allied = np.arange(2000) < 1000
    let_ally(parameters, state, np.flatnonzero(allied), 2)
    state.firms.trailing_profit[~allied] = difference
    reconsider(state, parameters, SEED, 0)
    assert is_share(state.firms.left.sum(), 1000, max(tanh(20.0 * difference / 2), 0.0))
    assert not state.firms.left[~allied].any()


def test_a_member_compares_itself_as_often_as_it_says() -> None:
    parameters, state = experienced(collaboration__reconsider=0.2)
    allied = np.arange(2000) < 1000
    let_ally(parameters, state, np.flatnonzero(allied), 2)
    state.firms.trailing_profit[~allied] = 1e3
    reconsider(state, parameters, SEED, 0)
    assert is_share(state.firms.left.sum(), 1000, 0.2)


@pytest.mark.parametrize("others", ["of another size", "new", "allied"])
def test_a_member_compares_itself_only_with_experienced_unallied_firms_of_its_size(others: str) -> None:
    parameters, state = experienced(population__small=40, population__large=20, collaboration__reconsider=1.0)
    firms = state.firms
    members, rich = np.flatnonzero(~firms.large), np.flatnonzero(firms.large)
    if others != "of another size":
        members, rich = members[:20], members[20:]
    firms.trailing_profit[rich] = 1e6
    firms.age[rich] = 0 if others == "new" else 1
    let_ally(parameters, state, members, 2)
    if others == "allied":
        let_ally(parameters, state, rich, 2)
    reconsider(state, parameters, SEED, 0)
    assert not firms.left.any()


def test_members_of_a_field_trial_count_as_unallied_and_do_not_leave() -> None:
    trial = {"trial__first_month": 0, "trial__months": 5}
    parameters, state = experienced(population__small=40, collaboration__reconsider=1.0, **trial)
    let_ally(parameters, state, np.arange(20), 2)
    let_ally(parameters, state, np.arange(20, 40), 2, trial=True)
    state.firms.trailing_profit[20:] = 1e6
    reconsider(state, parameters, SEED, 0)
    assert state.firms.left.tolist() == [True] * 20 + [False] * 20
    state.firms.trailing_profit[:20] = 1e9
    reconsider(state, parameters, SEED, 1)
    assert not state.firms.left.any()


def test_who_leaves_is_not_excluded_and_may_ally_again_at_once() -> None:
    changes = {"collaboration.reconsider": 1.0, "collaboration.meeting": 1.0, "collaboration.coordination": 0.0}
    parameters = sim.parameters("today", {**changes, "population.maturity": 1.0})
    state = create(parameters, 4)
    left, again = 0, 0
    for _ in range(40):
        play(state, parameters, 4)
        assert not state.firms.exclusion.any()
        left += state.firms.left.sum()
        again += np.sum(state.firms.left & (state.firms.alliance >= 0))
    assert left > again > 0
