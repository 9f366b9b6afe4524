"""Field trials: who is treated, what the treatment is, when it ends, and that it is nothing else."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

import sim
from sim.economy.initialisation import create
from sim.economy.measures import ALL_GROUPS, FIRMS, GROUP_NAMES, GROUPS, MONTH_NAMES, TRIAL_GROUPS
from sim.economy.simulation import History, play
from sim.economy.state import CONTROL, NOT_IN_TRIAL, TREATED, State
from tests.support.digest import digest
from tests.support.options import LIVELY

FIRST, MONTHS = 6, 12
BEGINS = {"trial.first_month": FIRST, "trial.months": MONTHS}
CALM = {"population.small_interdependent": 0.22, "finance.reserve": 1e6, "collaboration.reconsider": 0.0}  # nobody fails
CHEAP = {"organisation__wage": 0.1}
FAILING = {"finance__overhead": 1.1, "finance__reserve": 3.0, "trial__months": 40}


def under_trial(seed: int = 3, after: int = 1, **changes: object) -> tuple[sim.Parameters, State, History]:
    """Return parameters, state and history `after` so many months of a trial; `trial__group` stands for `trial.group`."""
    named = {name.replace("__", "."): value for name, value in changes.items()}
    parameters = sim.parameters("today", {**CALM, **BEGINS, **named})
    state = create(parameters, seed)
    return parameters, state, play(state, parameters, seed, FIRST + after)


def in_groups(state: State) -> np.ndarray:
    """Which firms are in a group of the trial."""
    alliance = state.firms.alliance
    return (alliance >= 0) & state.alliances.trial[alliance]


def measured(history: History, group: str, measure: str) -> np.ndarray:
    """One measure of one group, month by month."""
    return history.by_group[:, ALL_GROUPS.index(group), GROUP_NAMES.index(measure)]


@pytest.mark.parametrize(("share", "treated"), [(0.0, 0), (0.31, 24), (0.5, 39), (1.0, 78)])
def test_exactly_the_share_of_the_small_independent_firms_is_treated(share: float, treated: int) -> None:
    """78 of the 100 small firms are independent; halves are rounded up."""
    _, state, history = under_trial(trial__share=share)
    firms = state.firms
    takes_part = ~firms.large & ~firms.interdependent
    assert np.array_equal(firms.assignment != NOT_IN_TRIAL, takes_part)
    assert np.count_nonzero(firms.assignment == TREATED) == treated
    assert [measured(history, group, "firms")[-1] for group in TRIAL_GROUPS] == [treated, 78 - treated]
    assert not history.by_group[:FIRST, -2:, FIRMS].any()


def test_firms_without_a_record_take_no_part() -> None:
    parameters, state, _ = under_trial(after=0, dynamics__inheritance=0.0)
    state.firms.failed[:10] = True
    play(state, parameters, 3)
    assert np.all(state.firms.entered[:10])
    assert np.all(state.firms.assignment[:10] == NOT_IN_TRIAL)
    assert np.all(state.firms.assignment[10:][~(state.firms.large | state.firms.interdependent)[10:]] != NOT_IN_TRIAL)


def test_the_lot_decides_who_is_treated() -> None:
    """Over 300 seeds, every firm is treated equally often, and the treated earned as much as the others before."""
    times, earned = np.zeros(20), []
    for seed in range(300):
        _, state, _ = under_trial(seed, population__small=20, population__large=0, population__small_interdependent=0.0)
        treated = state.firms.assignment == TREATED
        assert treated.sum() == 10
        times += treated
        earned.append(state.firms.baseline[treated].mean() - state.firms.baseline[~treated].mean())
    assert stats.chisquare(times).pvalue > 1e-4
    assert stats.ttest_1samp(earned, 0.0).pvalue > 1e-4


def test_a_larger_share_only_adds_treated_firms() -> None:
    def treated(share: float) -> set[int]:
        firms = under_trial(trial__share=share)[1].firms
        return set(firms.identity[firms.assignment == TREATED].tolist())

    assert all(fewer < more for fewer, more in pairwise(treated(share) for share in (0.0, 0.2, 0.5, 1.0)))


@pytest.mark.parametrize(
    ("size", "sizes"), [(10, [10, 10, 10, 9]), (19, [19, 19]), (13, [13, 13, 13]), (1000, [39]), (2, [2] * 19)]
)
def test_the_treated_fill_one_group_after_the_other_and_nobody_else_is_in_one(size: int, sizes: list[int]) -> None:
    """39 are treated; a last group of one would be none."""
    _, state, history = under_trial(trial__group=size)
    assert sorted(state.alliances.members[state.alliances.trial], reverse=True) == sizes
    assert np.all(state.firms.assignment[in_groups(state)] == TREATED)
    assert in_groups(state).sum() == sum(sizes)
    assert history.by_month[-1, MONTH_NAMES.index("alliances")] > 0
    assert measured(history, "treated", "allied")[-1] == 0


def test_groups_of_a_trial_are_no_alliances() -> None:
    """Where nobody is interdependent there are no alliances, whatever groups meet."""
    _, _, history = under_trial(after=15, population__small_interdependent=0.0)
    of_month = dict(zip(MONTH_NAMES, history.by_month.T, strict=True))
    for name in ("alliances", "alliances_founded", "alliances_dissolved", "alliances_aged_1"):
        assert not of_month[name].any()
    assert np.isnan(of_month["alliance_age"]).all()
    assert measured(history, "treated", "alliance_members")[FIRST] == 1


def test_nobody_joins_leaves_or_is_expelled_from_a_group() -> None:
    """Whatever strategies firms turn to, whoever earns more, and however little words count."""
    parameters, state, _ = under_trial(
        dynamics__revision=0.5,
        dynamics__intensity=0.0,
        population__maturity=0.0,
        collaboration__meeting=1.0,
        collaboration__monitoring=1.0,
        collaboration__reconsider=1.0,
        collaboration__coordination=1e-6,
    )
    before = np.where(in_groups(state), state.firms.alliance, -1)
    for _ in range(MONTHS - 2):
        play(state, parameters, 3)
        np.testing.assert_array_equal(np.where(in_groups(state), state.firms.alliance, -1), before)
        assert not (state.firms.left | state.firms.expelled | ~state.firms.keeps_word)[before >= 0].any()
    assert state.firms.interdependent[before >= 0].any()


def test_a_trial_ends_after_its_months_and_assignments_stay() -> None:
    parameters, state, _ = under_trial(after=MONTHS)
    treated = state.firms.assignment == TREATED
    assert in_groups(state).sum() == treated.sum()
    history = play(state, parameters, 3, 6)
    assert not state.alliances.trial.any()
    assert not in_groups(state).any()
    assert np.array_equal(state.firms.assignment == TREATED, treated)
    assert not measured(history, "treated", "looks").any()
    assert measured(history, "treated", "firms").tolist() == [treated.sum()] * 6


def test_treated_firms_look_at_each_other_and_control_firms_never_look() -> None:
    _, _, history = under_trial(after=MONTHS, trial__exchange=0.5, collaboration__exchange=0.0)
    looks = measured(history, "treated", "looks")
    assert np.nansum(looks[:FIRST]) == 0
    assert stats.binomtest(int(looks[FIRST:].sum()), 39 * MONTHS, 0.5).pvalue > 1e-4
    assert measured(history, "treated", "practices_adopted")[FIRST:].sum() > 0
    for group in ("control", "small interdependent"):
        assert np.nansum(measured(history, group, "looks")) == 0


@pytest.mark.parametrize("joint", [False, True])
def test_groups_pay_joint_wages_and_no_coordination(joint: bool) -> None:
    parameters, state, _ = under_trial(
        after=0, trial__joint_hiring=joint, collaboration__coordination=1e3, organisation__staffing="affordable", **CHEAP
    )
    for _ in range(MONTHS):
        play(state, parameters, 3)
        firms, groups = state.firms, state.alliances
        for a in np.flatnonzero(groups.trial):
            members = firms.alliance == a
            hired = int(groups.hired[a]).bit_count() // 2
            wages = 0.1 * max(1.0, members.sum() / 20) * hired
            np.testing.assert_allclose(firms.dues[members], wages / members.sum(), atol=1e-12)
            assert (hired > 0) == joint
            assert joint == (not firms.specialists[members].any())
    assert firms.specialists[firms.assignment == CONTROL].any()


@pytest.mark.parametrize("pooled", [False, True])
def test_groups_pool_competences_only_if_the_trial_says_so(pooled: bool) -> None:
    """Otherwise each member judges what it is competent in."""
    _, state, _ = under_trial(trial__pooled_competence=pooled, organisation__staffing="none")
    firms = state.firms
    for i in np.flatnonzero(in_groups(state)):
        members = firms.alliance == firms.alliance[i]
        assert firms.coverage[i] == (np.bitwise_or.reduce(firms.competence[members]) if pooled else firms.competence[i])


def test_advised_one_by_one_firms_judge_all_domains_and_hire_nobody_while_it_lasts() -> None:
    parameters, state, _ = under_trial(trial__individual=True, organisation__staffing="affordable", **CHEAP)
    firms, everything = state.firms, state.landscape.all_decisions[0]
    treated = firms.assignment == TREATED
    assert treated.sum() == 39
    for _ in range(MONTHS):
        assert not in_groups(state).any()
        assert np.all(firms.coverage[treated] == everything)
        assert not firms.specialists[treated].any()
        play(state, parameters, 3)
    assert not np.all(firms.coverage[treated] == everything)
    assert firms.specialists[treated].any()
    assert np.isnan(firms.peers).all()


@pytest.mark.parametrize("individual", [False, True])
def test_successors_take_over_the_part_of_the_firm_that_they_replace(individual: bool) -> None:
    parameters, state, _ = under_trial(**FAILING, trial__successors=True, trial__individual=individual)
    assignment, alliance = state.firms.assignment.copy(), np.where(in_groups(state), state.firms.alliance, -1)
    exits = 0
    for _ in range(30):
        play(state, parameters, 3)
        exits += (state.firms.entered & (assignment == TREATED)).sum()
        np.testing.assert_array_equal(state.firms.assignment, assignment)
        np.testing.assert_array_equal(np.where(in_groups(state), state.firms.alliance, -1), alliance)
    assert exits > 5
    assert (alliance.max() < 0) == individual


def test_without_successors_firms_that_fail_are_lost_to_the_trial() -> None:
    parameters, state, history = under_trial(**FAILING)
    later = play(state, parameters, 3, 30)
    sizes = [measured(later, group, "firms") for group in TRIAL_GROUPS]
    for size, group in zip(sizes, TRIAL_GROUPS, strict=True):
        assert np.all(np.diff(size) <= 0)
        exits = measured(history, group, "exits")[-1] + measured(later, group, "exits")[:-1].sum()
        assert size[-1] == measured(history, group, "firms")[-1] - exits < size[0]
    assert np.all(state.alliances.members[state.alliances.trial] >= 2)


def test_without_a_trial_its_parameters_change_no_bit() -> None:
    off = {"trial.months": 0, "dynamics.months": 24}
    others = {
        "trial.first_month": 3,
        "trial.share": 1.0,
        "trial.exchange": 1.0,
        "trial.joint_hiring": True,
        "trial.individual": True,
    }
    runs = [sim.simulate(sim.parameters("today", {**LIVELY, **off, **changes}), 2) for changes in ({}, others)]
    assert len({digest(run) for run in runs}) == 1


@pytest.mark.parametrize("nothing", [{"trial.share": 0.0}, {"trial.exchange": 0.0}], ids=str)
def test_a_treatment_of_nobody_or_with_nothing_changes_no_firm(nothing: dict) -> None:
    """Only the groups of the trial are measured in addition."""
    lively = {**LIVELY, "dynamics.months": 30}
    without = sim.simulate(sim.parameters("today", lively), 2)
    trial = sim.simulate(sim.parameters("today", {**lively, **BEGINS, **nothing}), 2)
    shared = len(ALL_GROUPS) - len(TRIAL_GROUPS)
    np.testing.assert_array_equal(trial.history.by_group[:, :shared], without.history.by_group[:, :shared])
    months = [k for k, name in enumerate(MONTH_NAMES) if name != "peer_slope"]
    np.testing.assert_array_equal(trial.history.by_month[:, months], without.history.by_month[:, months])


def test_all_that_firms_earn_is_also_measured_by_assignment() -> None:
    """All small independent firms take part, and nobody fails or changes strategy: both partitions have the same sums."""
    _, _, history = under_trial(after=10)
    both, independent = history.by_group[FIRST:, -2:], history.by_group[FIRST:, GROUPS.index("small independent")]
    for name in ("firms", "profit", "revenue", "looks", "ideas_adopted"):
        k = GROUP_NAMES.index(name)
        np.testing.assert_allclose(both[:, :, k].sum(axis=1), independent[:, k], rtol=1e-9)


def test_the_peer_slope_is_that_of_least_squares_given_the_own_baseline() -> None:
    _, state, history = under_trial(after=8, **FAILING, trial__group=4)
    firms = state.firms
    for a in np.flatnonzero(state.alliances.trial):
        members = np.flatnonzero(firms.alliance == a)
        if members.size == 4:  # none was lost
            others = [firms.baseline[members[members != i]].mean() for i in members]
            np.testing.assert_allclose(firms.peers[members], others, rtol=1e-12)
    rows = (firms.assignment == TREATED) & ~np.isnan(firms.peers)
    gain = np.log(firms.revenue[rows] / firms.lines[rows]) - firms.baseline[rows]
    columns = np.column_stack([np.ones(rows.sum()), firms.peers[rows], firms.baseline[rows]])
    slope = np.linalg.lstsq(columns, gain, rcond=None)[0][1]
    assert history.by_month[-1, MONTH_NAMES.index("peer_slope")] == pytest.approx(slope, rel=1e-9)


@pytest.mark.parametrize("changes", [{"trial__group": 1000}, {"trial__share": 0.1}, {"trial__individual": True}], ids=str)
def test_there_is_no_peer_slope_in_one_group_with_few_firms_or_without_peers(changes: dict) -> None:
    _, _, history = under_trial(**changes)
    assert np.isnan(history.by_month[:, MONTH_NAMES.index("peer_slope")]).all()


def test_the_baseline_is_the_revenue_of_the_month_before() -> None:
    parameters, state, _ = under_trial(after=0)
    before = np.log(state.firms.revenue / state.firms.lines)
    play(state, parameters, 3, 5)
    in_trial = state.firms.assignment != NOT_IN_TRIAL
    np.testing.assert_allclose(state.firms.baseline[in_trial], before[in_trial], rtol=1e-12)
