"""What firms and alliances learn from what others earn: how many specialists to want, and whether to stay in an alliance.

Which strategy pays: conformance/theory/imitation.py.
"""

import numpy as np
import pytest
from scipy import stats

import sim
from sim.economy.simulation import play
from sim.economy.state import NEVER_LEAVES
from tests.support.records import SEED, earn, form_alliances, with_records

REVIEW = {"organisation__review": 1.0, "population__small_interdependent": 0.0}
SMALLEST_P = 1e-4


@pytest.mark.parametrize(("intensity", "difference"), [(2.0, 0.5), (20.0, 0.1), (5.0, 100.0), (0.0, 100.0)])
def test_a_difference_persuades_with_the_fermi_probability(intensity: float, difference: float) -> None:
    """One half of the firms earns more and wants one specialist; with intensity 0, a coin decides."""
    parameters, state = with_records(**REVIEW, population__small=600, dynamics__intensity=intensity)
    richer = np.arange(600) % 2 == 1
    earn(state, np.where(richer, difference, 0.0))
    state.firms.wanted[:] = richer
    play(state, parameters, SEED)
    persuasion = 1 / (1 + np.exp(-intensity * difference))
    other_half = 300 / 599  # the chance to compare oneself with the other half
    for half, probability in ((~richer, persuasion), (richer, 1 - persuasion)):
        changed = int((state.firms.wanted[half] != richer[half]).sum())
        assert stats.binomtest(changed, 300, other_half * probability).pvalue > SMALLEST_P


def test_whom_a_firm_learns_from_does_not_depend_on_what_others_learn_that_month() -> None:
    """Every firm wants another number of specialists, so that its role model is known; the better one is always followed."""
    n = 65

    def learnt(earnings: np.ndarray) -> np.ndarray:
        shape = {"environment__decisions": 64, "environment__domains": 64}
        parameters, state = with_records(**REVIEW, **shape, population__small=n, dynamics__intensity=1e6)
        earn(state, earnings)
        state.firms.wanted[:] = np.arange(n)
        play(state, parameters, SEED)
        return state.firms.wanted.astype(int)

    own, rising = np.arange(n), np.arange(n, dtype=float)
    up, down = learnt(rising), learnt(-rising)
    role_model = np.where(up == own, down, up)
    assert np.all(role_model != own)
    mixed = np.random.default_rng(1).permutation(n).astype(float)
    np.testing.assert_array_equal(learnt(mixed), np.where(mixed[role_model] > mixed, role_model, own))


@pytest.mark.parametrize("hiring", ["joint", "alone", "none"])
@pytest.mark.parametrize("joint_trial", [True, False])
def test_units_that_hire_learn_from_their_own_kind_only(hiring: str, joint_trial: bool) -> None:
    """Firms of each size, allied or not, alliances and groups of a field trial: after a year, each kind wants what it wanted."""
    parameters, state = with_records(
        population__small=80,
        population__large=20,
        population__small_interdependent=0.5,
        population__large_interdependent=0.5,
        organisation__review=1.0,
        dynamics__intensity=0.0,
        collaboration__hiring=hiring,
        trial__first_month=1,
        trial__months=20,
        trial__group=5,
        trial__joint_hiring=joint_trial,
    )
    firms, alliances = state.firms, state.alliances
    rows = np.arange(firms.identity.size)
    form_alliances(state, rows[~firms.large], 4)
    firms.alliance[firms.large & firms.interdependent] = 20 + np.arange(10) // 5
    allied = firms.alliance >= 0
    firms.wanted[:] = np.where(firms.large, 3, 1) + allied
    alliances.wanted[:] = 5
    play(state, parameters, SEED)
    alliances.wanted[alliances.trial] = 6
    assert np.count_nonzero(alliances.trial) == 4
    play(state, parameters, SEED, 12)
    np.testing.assert_array_equal(firms.wanted, np.where(firms.large, 3, 1) + allied)
    np.testing.assert_array_equal(alliances.wanted[alliances.members > 0], np.where(alliances.trial, 6, 5)[alliances.members > 0])


@pytest.mark.parametrize("hiring", ["joint", "none"])
def test_alliances_that_hire_follow_the_one_whose_members_earn_most_on_average(hiring: str) -> None:
    parameters, state = with_records(
        population__small=14,
        population__small_interdependent=1.0,
        organisation__review=1.0,
        dynamics__intensity=1e6,
        collaboration__hiring=hiring,
    )
    state.firms.alliance[:] = [0, 0, *[1] * 12]
    earn(state, np.array([2.0, 2.0, *[1.0] * 12]))
    state.alliances.wanted[:2] = [4, 1]
    play(state, parameters, SEED)
    assert state.alliances.wanted[:2].tolist() == ([4, 4] if hiring == "joint" else [4, 1])


def test_start_ups_neither_learn_nor_are_learnt_from_and_nor_are_the_failed() -> None:
    """Survivors all want three and earn a fortune, so that a start-up that learnt would want three as well."""
    parameters, state = with_records(**REVIEW, population__small=300, dynamics__inheritance=0.0)
    firms = state.firms
    fails = np.arange(300) % 2 == 0
    firms.failed[:] = fails
    firms.wanted[:] = np.where(fails, 5, 3)
    earn(state, np.where(fails, 1e6, 1e3))
    play(state, parameters, SEED)
    assert np.array_equal(firms.entered, fails)
    assert set(firms.wanted[~fails].tolist()) == {3}
    counts = np.bincount(firms.wanted[fails], minlength=7)
    assert stats.chisquare(counts).pvalue > SMALLEST_P


@pytest.mark.parametrize(("staffing", "wanted"), [("affordable", 6), ("none", 0)])
def test_those_who_do_not_learn_want_all_that_they_can_afford_or_nobody(staffing: str, wanted: int) -> None:
    changes = {"organisation.staffing": staffing, "organisation.review": 1.0, "organisation.variation": 1.0}
    run = sim.simulate(sim.parameters("today", {**changes, "organisation.wage": 0.05, "dynamics.months": 60}), SEED)
    assert set(run.firms()["wanted"]) == {wanted}
    assert (run.monthly()["specialists"].max() > 0) == (staffing == "affordable")
    assert run.markets()["alliances"].max() > 0


def test_a_variation_is_one_more_or_less_but_neither_negative_nor_above_the_domains() -> None:
    parameters, state = with_records(
        population__small=700, population__small_interdependent=0.0, organisation__variation=1.0, environment__domains=3
    )
    state.firms.wanted[:] = before = np.arange(700) % 4
    play(state, parameters, SEED)
    step = state.firms.wanted.astype(int) - before
    assert set(step[before == 0]) == {0, 1}
    assert set(step[before == 3]) == {0, -1}
    inside = (before > 0) & (before < 3)
    assert set(step[inside]) == {-1, 1}
    assert stats.binomtest(int((step[inside] > 0).sum()), int(inside.sum())).pvalue > SMALLEST_P


def test_reviews_and_variations_happen_as_often_as_their_chances_say() -> None:
    for name, chance, share in (("review", 0.3, 0.3 * 0.5), ("variation", 0.2, 0.2)):
        changes = {f"organisation__{name}": chance, "population__small_interdependent": 0.0, "dynamics__intensity": 1e6}
        parameters, state = with_records(population__small=600, **changes)
        state.firms.wanted[:] = before = 2 + np.arange(600) % 2
        earn(state, before.astype(float))
        play(state, parameters, SEED)
        changed = state.firms.wanted != before
        candidates = before == 2 if name == "review" else np.ones(600, bool)
        assert stats.binomtest(int(changed[candidates].sum()), int(candidates.sum()), share).pvalue > SMALLEST_P


@pytest.mark.parametrize("difference", [-1.0, 0.0, 0.05, 10.0])
def test_members_leave_with_the_hyperbolic_tangent_of_what_the_unallied_earn_more(difference: float) -> None:
    """tanh(intensity·d/2): never without a difference, with certainty where it is large."""
    parameters, state = with_records(
        population__small=600, population__small_interdependent=0.5, collaboration__reconsider=1.0, dynamics__intensity=20.0
    )
    firms = state.firms
    form_alliances(state, np.arange(600), 10)
    members = firms.alliance >= 0
    earn(state, np.where(members, 0.0, difference))
    play(state, parameters, SEED)
    probability = np.tanh(20.0 * max(difference, 0.0) / 2)
    assert stats.binomtest(int(firms.left.sum()), 300, probability).pvalue > SMALLEST_P
    assert np.all(members[firms.left])
    assert np.all(firms.alliance[firms.left] == -1)
    assert not firms.exclusion.any()


def test_members_compare_themselves_with_unallied_firms_of_their_own_size() -> None:
    """The unallied small firms earn less than members, the unallied large ones more: only large members leave."""
    parameters, state = with_records(
        population__small=60,
        population__large=60,
        population__small_interdependent=0.5,
        population__large_interdependent=0.5,
        collaboration__reconsider=1.0,
        dynamics__intensity=1e6,
    )
    firms = state.firms
    form_alliances(state, np.arange(120), 6)
    members = firms.alliance >= 0
    earn(state, np.where(members, 1.0, np.where(firms.large, 2.0, 0.0)))
    play(state, parameters, SEED)
    np.testing.assert_array_equal(firms.left, members & firms.large)


def test_who_never_leaves_stays() -> None:
    parameters, state = with_records(
        population__small=60, population__small_interdependent=0.5, collaboration__reconsider=1.0, dynamics__intensity=1e6
    )
    form_alliances(state, np.arange(60), 6)
    allied = np.flatnonzero(state.firms.alliance >= 0)
    state.firms.habits[allied[:12]] = NEVER_LEAVES
    earn(state, np.where(state.firms.alliance >= 0, 0.0, 1.0))
    play(state, parameters, SEED)
    np.testing.assert_array_equal(np.flatnonzero(state.firms.left), allied[12:])


def test_who_left_may_look_for_new_allies_at_once() -> None:
    parameters, state = with_records(
        population__small=60,
        population__small_interdependent=0.5,
        collaboration__reconsider=1.0,
        collaboration__meeting=1.0,
        collaboration__coordination=0.0,
        dynamics__intensity=1e6,
    )
    firms = state.firms
    form_alliances(state, np.arange(60), 6)
    earn(state, np.where(firms.alliance >= 0, 0.0, 1.0))
    play(state, parameters, SEED)
    assert firms.left.sum() == 30
    assert (firms.alliance[firms.left] >= 0).sum() > 20


@pytest.mark.parametrize(("interdependent", "reconsider"), [(1.0, 1.0), (0.5, 0.0)])
def test_nobody_leaves_where_nobody_is_unallied_or_members_never_reconsider(interdependent: float, reconsider: float) -> None:
    parameters, state = with_records(
        population__small=60,
        population__small_interdependent=interdependent,
        collaboration__reconsider=reconsider,
        dynamics__intensity=1e6,
    )
    form_alliances(state, np.arange(60), 6)
    earn(state, np.where(state.firms.alliance >= 0, 0.0, 1.0))
    play(state, parameters, SEED)
    assert not state.firms.left.any()


def test_members_compare_themselves_with_firms_in_a_field_trial_too() -> None:
    """A group of a trial is no alliance: its firms count as unallied."""
    parameters, state = with_records(
        population__small=60,
        population__small_interdependent=0.5,
        collaboration__reconsider=1.0,
        dynamics__intensity=1e6,
        trial__first_month=1,
        trial__months=5,
        trial__share=1.0,
    )
    firms = state.firms
    form_alliances(state, np.arange(60), 6)
    earn(state, 0.0)
    play(state, parameters, SEED)
    assert not firms.left.any()
    earn(state, np.where(firms.interdependent, 0.0, 1.0))
    play(state, parameters, SEED)
    assert np.array_equal(firms.left, firms.interdependent)
    assert np.all((firms.alliance >= 0) == ~firms.interdependent)
