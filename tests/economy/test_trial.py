"""Field trials: who is treated, what a treatment is, and what the others do meanwhile."""

import numpy as np
import pytest

import sim
from sim.economy.initialisation import create
from sim.economy.measures import ALL_GROUPS, GROUP_NAMES, MONTH_NAMES
from sim.economy.simulation import History, play
from sim.economy.state import CONTROL, NOT_IN_TRIAL, TREATED, State
from sim.economy.trial import FEWEST
from tests.support.balances import check_balances

FIRST, MONTHS = 4, 8
TRIAL = {
    "population.small": 60,
    "population.large": 3,
    "trial.first_month": FIRST,
    "trial.months": MONTHS,
    "trial.group": 4,
    "dynamics.months": 24,
}
MORTAL = {"finance.overhead": 1.1, "finance.reserve": 3.0}
SHARED = {"trial.joint_hiring": True, "trial.pooled_competence": True, "organisation.wage": 0.05, "organisation.contract": 0.1}


def begun(seed: int = 1, months: int = FIRST + 1, **changes: object) -> tuple[sim.Parameters, State]:
    """Return parameters and the state after so many months: by default, the trial has just begun."""
    parameters = sim.parameters("today", {**TRIAL, **{name.replace("__", "."): value for name, value in changes.items()}})
    state = create(parameters, seed)
    play(state, parameters, seed, months)
    return parameters, state


def grouped(state: State) -> np.ndarray:
    return (state.firms.alliance >= 0) & state.alliances.trial[state.firms.alliance]


def measured(history: History, group: str, name: str) -> np.ndarray:
    return history.by_group[:, ALL_GROUPS.index(group), GROUP_NAMES.index(name)]


@pytest.mark.parametrize("share", [0.0, 0.31, 0.5, 1.0])
def test_exactly_the_share_of_the_eligible_is_treated_and_the_rest_is_control(share: float) -> None:
    parameters = sim.parameters("today", {**TRIAL, **MORTAL, "trial.share": share, "population.large_interdependent": 0.0})
    state = create(parameters, 2)
    play(state, parameters, 2, FIRST)
    firms = state.firms
    eligible = ~firms.large & ~firms.interdependent & ~firms.failed
    assert not firms.assignment.any()
    play(state, parameters, 2)
    assert np.array_equal(firms.assignment != NOT_IN_TRIAL, eligible)
    assert np.sum(firms.assignment == TREATED) == int(share * eligible.sum() + 0.5)


def test_the_lot_decides_who_is_treated_and_not_what_firms_earned() -> None:
    gaps, often = [], np.zeros(63)
    for seed in range(200):
        _, state = begun(seed, FIRST + 1, population__small_interdependent=0.0)
        treated, control = (state.firms.assignment == kind for kind in (TREATED, CONTROL))
        gaps.append(state.firms.baseline[treated].mean() - state.firms.baseline[control].mean())
        often += treated
    assert abs(np.mean(gaps)) < 4 * np.std(gaps, ddof=1) / np.sqrt(len(gaps))
    assert np.all(np.abs(often[:60] - 100) < 4.5 * np.sqrt(200 / 4))
    assert not often[60:].any()


def test_a_larger_share_only_adds_treated_firms() -> None:
    fewer, more = (set(np.flatnonzero(begun(trial__share=share)[1].firms.assignment == TREATED)) for share in (0.3, 0.7))
    assert fewer < more


def test_the_treated_form_groups_and_a_last_one_alone_forms_none() -> None:
    _, state = begun(population__small_interdependent=0.0, trial__share=1.0, trial__group=7, population__small=57)
    firms = state.firms
    assert np.sum(firms.assignment == TREATED) == 57
    assert sorted(np.unique(firms.alliance[grouped(state)], return_counts=True)[1]) == [7] * 8
    alone = (firms.assignment == TREATED) & ~grouped(state)
    assert alone.sum() == 1
    assert np.isnan(firms.peers[alone]).all()


def test_peers_are_the_mean_of_the_others_revenue_before_the_trial() -> None:
    _, before = begun(months=FIRST)
    _, state = begun()
    firms = state.firms
    for i in np.flatnonzero(grouped(state)):
        others = (firms.alliance == firms.alliance[i]) & (np.arange(firms.alliance.size) != i)
        assert firms.peers[i] == pytest.approx(np.log(before.firms.revenue[others]).mean(), rel=1e-9)


def test_groups_share_joint_wages_and_pay_for_no_coordination() -> None:
    _, state = begun(**{name.replace(".", "__"): value for name, value in SHARED.items()}, population__small_interdependent=0.0)
    firms, clubs = state.firms, state.alliances
    hires = np.array([int(mask).bit_count() // 2 for mask in clubs.hired]) * clubs.trial
    assert hires.sum() > 0
    wages = 0.05 * np.maximum(0.1, clubs.members / 20) * hires
    for a in np.flatnonzero(clubs.trial):
        np.testing.assert_allclose(firms.dues[firms.alliance == a], wages[a] / clubs.members[a], rtol=1e-12)
    assert not firms.dues[firms.alliance < 0].any()


def test_without_joint_hiring_groups_pay_nothing_and_members_hire_alone() -> None:
    _, state = begun(population__small_interdependent=0.0, organisation__wage=0.02)
    assert not state.firms.dues.any()
    assert state.firms.specialist_cost[grouped(state)].sum() > 0


def test_groups_judge_what_any_member_can_judge_only_if_they_pool_competence() -> None:
    for pooled in (False, True):
        _, state = begun(trial__pooled_competence=pooled, organisation__staffing="none")
        firms = state.firms
        for a in np.flatnonzero(state.alliances.trial):
            members = firms.alliance == a
            everything = np.bitwise_or.reduce(firms.competence[members])
            assert np.all(firms.coverage[members] == (everything if pooled else firms.competence[members]))


def test_nobody_in_a_trial_breaks_its_word_or_is_expelled() -> None:
    parameters, state = begun(population__maturity=0.0, collaboration__monitoring=1.0)
    for _ in range(MONTHS - 1):
        inside = grouped(state)
        assert inside.sum() > 10
        assert state.firms.keeps_word[inside].all()
        assert not state.firms.broken_words[inside].any()
        assert not (state.firms.expelled | (state.firms.exclusion > 0))[inside].any()
        play(state, parameters, 1)


def test_groups_live_from_the_first_to_the_last_month_of_a_trial() -> None:
    parameters = sim.parameters("today", TRIAL)
    state = create(parameters, 1)
    assigned = np.zeros(63)
    for month in range(20):
        play(state, parameters, 1)
        assert grouped(state).any() == state.alliances.trial.any() == (FIRST <= month < FIRST + MONTHS)
        assigned = state.firms.assignment.copy() if month == FIRST else assigned
        stayed = state.firms.age > month - FIRST + 1
        assert month < FIRST or np.array_equal(state.firms.assignment[stayed], assigned[stayed])


@pytest.mark.parametrize("successors", [True, False])
def test_start_ups_keep_assignment_and_group_of_their_place_only_if_successors_do(successors: bool) -> None:
    parameters, state = begun(trial__successors=successors, **{k.replace(".", "__"): v for k, v in MORTAL.items()})
    firms = state.firms
    assigned, groups = firms.assignment.copy(), np.where(grouped(state), firms.alliance, -1)
    entered = np.zeros(63, bool)
    for _ in range(MONTHS - 1):
        play(state, parameters, 1)
        entered |= firms.entered
        kept = np.where(entered & ~successors, NOT_IN_TRIAL, assigned)
        assert np.array_equal(firms.assignment, kept)
        stays = (kept == TREATED) & (groups >= 0)
        alone = ~np.isin(groups, firms.alliance[grouped(state)])  # a group whose other members have all closed ends
        assert np.array_equal(firms.alliance[stays & ~alone], groups[stays & ~alone])
    assert entered[assigned == TREATED].sum() > 3


def test_individual_treatment_covers_all_domains_while_it_lasts_and_hires_nobody() -> None:
    parameters, state = begun(trial__individual=True, organisation__wage=0.02)
    firms = state.firms
    treated = firms.assignment == TREATED
    for month in range(FIRST, FIRST + MONTHS + 2):
        on = month < FIRST + MONTHS
        still = treated & (firms.age > month - FIRST + 1)
        assert still.any()
        assert not grouped(state).any()
        assert np.all(firms.coverage[still] == state.landscape.all_decisions[0]) == on
        assert np.any(firms.specialist_cost[still] > 0) != on
        assert np.any(firms.specialist_cost[firms.assignment == CONTROL] > 0)
        play(state, parameters, 1)


def test_a_run_is_the_same_to_the_bit_until_its_trial_begins_and_without_one() -> None:
    plain, trial, none = (
        sim.simulate(sim.parameters("today", {**TRIAL, **changes}), 3).history.by_month
        for changes in ({"trial.months": 0, "trial.first_month": 0}, {}, {**SHARED, "trial.months": 0})
    )
    assert np.array_equal(trial[:FIRST], plain[:FIRST], equal_nan=True)
    assert not np.array_equal(trial, plain, equal_nan=True)
    wages = {name: SHARED[name] for name in SHARED if not name.startswith("trial.")}
    paid = sim.simulate(sim.parameters("today", {**TRIAL, **wages, "trial.months": 0}), 3).history.by_month
    assert np.array_equal(none, paid, equal_nan=True)


def test_only_treated_firms_look_at_others_and_only_while_treated() -> None:
    changes = {**TRIAL, "trial.exchange": 1.0, "population.small_interdependent": 0.0}
    history = sim.simulate(sim.parameters("today", changes), 5).history
    on = slice(FIRST, FIRST + MONTHS)
    assert np.array_equal(measured(history, "treated", "looks")[on], measured(history, "treated", "firms")[on])
    assert not measured(history, "treated", "looks")[FIRST + MONTHS :].any()
    assert not np.nan_to_num(measured(history, "control", "looks")).any()
    assert not np.nan_to_num(measured(history, "treated", "ideas_adopted")[on]).any()  # a look is the attempt of the month
    assert measured(history, "treated", "practices_adopted")[on].sum() > 0


def test_alliances_neither_count_nor_admit_firms_in_a_trial() -> None:
    changes = {"population.small_interdependent": 0.2, "collaboration.meeting": 1.0, "collaboration.coordination": 0.0}
    parameters, state = begun(**{name.replace(".", "__"): value for name, value in changes.items()})
    for _ in range(MONTHS - 1):
        history = play(state, parameters, 1)
        real = (state.alliances.members > 0) & ~state.alliances.trial
        assert history.by_month[0, MONTH_NAMES.index("alliances")] == real.sum()
        assert measured(history, "treated", "allied")[0] == 0
        assert state.firms.interdependent[np.isin(state.firms.alliance, np.flatnonzero(real))].all()
        assert not state.firms.interdependent[grouped(state)].any()


def test_accounts_balance_in_a_trial() -> None:
    check_balances(sim.parameters("today", {**TRIAL, **SHARED, **MORTAL, "trial.successors": True}), 1, 20)


def test_the_slope_on_peers_is_that_of_least_squares() -> None:
    parameters = sim.parameters("today", {**TRIAL, **MORTAL, "population.small": 200, "trial.exchange": 0.5})
    state = create(parameters, 1)
    for month in range(20):
        slope = play(state, parameters, 1).by_month[0, MONTH_NAMES.index("peer_slope")]
        if month < FIRST:
            assert np.isnan(slope)
            continue
        firms = state.firms
        rows = (firms.assignment == TREATED) & ~np.isnan(firms.peers)
        assert rows.sum() > FEWEST
        gain = np.log(firms.revenue[rows]) - firms.baseline[rows]
        regressors = np.column_stack([np.ones(rows.sum()), firms.peers[rows], firms.baseline[rows]])
        assert slope == pytest.approx(np.linalg.lstsq(regressors, gain)[0][1], rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("changes", [{"population.small": 16}, {"trial.share": 1.0, "trial.group": 1000}])
def test_few_firms_or_peers_that_follow_from_the_own_revenue_give_no_slope(changes: dict) -> None:
    """In a single group, everybody's peers are a linear function of its own revenue."""
    run = sim.simulate(sim.parameters("today", {**TRIAL, **changes}), 1)
    assert run.markets()["peer_slope"].isna().all()
