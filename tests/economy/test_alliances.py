"""Specialists, dues, exclusion, meetings, and random draws that do not depend on other firms.

Sizes of clubs: conformance/theory/clubs.py.
"""

from itertools import pairwise
from typing import Any

import numba
import numpy as np
import pytest
from scipy import stats

import sim
from conformance.support.complementary_firms import complementary_firms
from conformance.support.kernels import from_python
from sim.economy import chance, landscape, partners, staffing
from sim.economy.initialisation import create, for_kernels
from sim.economy.measures import GROUP_NAMES, MONTH_NAMES
from sim.economy.simulation import play
from sim.economy.state import NEVER_ALLIES, State
from tests.support.options import LIVELY
from tests.support.records import SEED, earn, form_alliances, with_records

hire = from_python(staffing.hire)
find_partner, count_candidates = from_python(partners.find_partner), from_python(partners.count_candidates)
key, redraw = from_python(chance.key), from_python(landscape.redraw)


def test_specialists_are_hired_from_the_next_domain_on_for_uncovered_domains_only() -> None:
    _, state = complementary_firms(0.0, 0.4)
    hired = int(hire(np.uint64(0b100000000001), 11, 1.0, 3.5, 12, state.landscape))
    assert hired == 0b1110  # domains 11 and 0 are covered: 1, 2 and 3 follow


@pytest.mark.parametrize("most", [0, 1, 2, 7])
def test_no_more_specialists_are_hired_than_are_wanted(most: int) -> None:
    _, state = complementary_firms(0.0, 0.4)
    hired = int(hire(np.uint64(0b10), 0, 0.4, 1e6, most, state.landscape))
    assert hired == [0, 0b1, 0b101, 0b11111101][[0, 1, 2, 7].index(most)]  # domain 1 is covered


def test_nobody_is_hired_out_of_losses_unless_specialists_are_free() -> None:
    _, state = complementary_firms(0.0, 0.4)
    assert hire(np.uint64(1), 0, 0.4, -5.0, 12, state.landscape) == 0
    assert int(hire(np.uint64(1), 0, 0.0, -5.0, 12, state.landscape)) == 0b111111111110


def test_members_that_keep_their_word_pay_dues_for_joint_wages_and_coordination() -> None:
    changes = {"population.maturity": 0.7, "population.small": 300, "population.small_interdependent": 0.5}
    parameters = sim.parameters("today", changes)
    organisation, coordination = parameters.organisation, parameters.collaboration.coordination
    state = create(parameters, 3)
    play(state, parameters, 3, 30)
    firms, clubs = state.firms, state.alliances
    allied = firms.alliance >= 0
    assert allied.sum() > 50
    assert np.all(firms.dues[~firms.keeps_word] == 0)
    hires = np.array([int(mask).bit_count() // 2 for mask in clubs.hired])
    wages = organisation.wage * np.maximum(organisation.contract, clubs.members / organisation.capacity) * hires
    expected = np.where(clubs.keepers > 0, wages + clubs.keepers * coordination * (clubs.members - 1), 0.0)[clubs.members > 0]
    paid = np.bincount(firms.alliance[allied], firms.dues[allied], clubs.members.size)[clubs.members > 0]
    np.testing.assert_allclose(paid, expected, atol=1e-12)


def test_a_shirker_enjoys_coverage_but_contributes_nothing() -> None:
    parameters = sim.parameters("today", {"population.maturity": 0.5})
    state = create(parameters, 4)
    play(state, parameters, 4, 20)
    firms, clubs = state.firms, state.alliances
    for i in np.flatnonzero(firms.alliance >= 0):
        a = firms.alliance[i]
        keepers = np.flatnonzero((firms.alliance == a) & firms.keeps_word)
        contributed = np.bitwise_or.reduce(firms.competence[keepers]) if keepers.size else np.uint64(0)
        assert firms.coverage[i] == firms.competence[i] | contributed | clubs.hired[a]


def test_expelled_firms_stay_out_for_as_long_as_the_rule_says() -> None:
    parameters = sim.parameters(
        "today",
        {
            "population.maturity": 0.6,
            "collaboration.monitoring": 1.0,
            "collaboration.exclusion": 5,
            "collaboration.meeting": 1.0,
        },
    )
    state = create(parameters, 5)
    expelled_at: dict[int, int] = {}
    for month in range(40):
        play(state, parameters, 5)
        expelled_at = {i: since for i, since in expelled_at.items() if not state.firms.entered[i]}
        for i, since in expelled_at.items():
            assert state.firms.alliance[i] == -1 or month > since + 5, (i, month, since)
        expelled_at = {i: s for i, s in expelled_at.items() if month <= s + 5}
        expelled_at |= dict.fromkeys(np.flatnonzero(state.firms.expelled), month)
    assert state.firms.alliance.max() >= 0


def test_no_alliances_form_where_coordination_costs_more_than_specialists_save() -> None:
    run = sim.simulate(sim.parameters("today", {"collaboration.coordination": 10.0, "dynamics.months": 20}))
    assert run.markets()["alliances"].max() == 0


@pytest.mark.parametrize("most", [1, 2, 3, 5])
def test_no_alliance_has_more_members_than_the_most(most: int) -> None:
    changes = {"population.small_interdependent": 1.0, "collaboration.coordination": 0.0, "collaboration.most_members": most}
    run = sim.simulate(sim.parameters("today", {**changes, "dynamics.months": 12}))
    sizes = run.firms().query("alliance >= 0").groupby("alliance").size()
    assert sizes.max() == most if most > 1 else sizes.empty
    assert (run.markets()["alliances"].max() > 0) == (most > 1)


@pytest.mark.parametrize("why", ["failed", "expelled", "independent", "left", "nobody goes"])
def test_an_alliance_of_one_ends_and_the_month_counts_it(why: str) -> None:
    """Whether the other member closed, was expelled, turned independent or left."""
    parameters, state = with_records(
        population__small=10, population__small_interdependent=1.0, collaboration__reconsider=1.0, dynamics__intensity=1e6
    )
    firms = state.firms
    form_alliances(state, np.arange(2), 2)
    earn(state, np.where(np.arange(10) == 0, 0.0 if why == "left" else 1.0, 1.0))
    firms.failed[0], firms.expelled[0], firms.interdependent[0] = why == "failed", why == "expelled", why != "independent"
    month = dict(zip(MONTH_NAMES, play(state, parameters, SEED).by_month[0], strict=True))
    ends = why != "nobody goes"
    assert (month["alliances"], month["alliances_dissolved"]) == (not ends, ends)
    assert np.all(firms.alliance[:2] == (-1 if ends else 0))
    assert firms.left[:2].tolist() == [why == "left", False]
    assert (firms.exclusion[:2] > 0).tolist() == [why == "expelled", False]


def test_alliances_founded_less_those_dissolved_are_those_there_are_more() -> None:
    """And those that complete a year are those founded a year ago that still live."""
    parameters = sim.parameters("today", LIVELY)
    state = create(parameters, 5)
    months, founded = [], []
    for _ in range(72):
        months.append(dict(zip(MONTH_NAMES, play(state, parameters, 5).by_month[0], strict=True)))
        lives = state.alliances.members > 0
        founded.append(state.alliances.founded[lives])
        ages = state.clock[0] - founded[-1]
        assert months[-1]["alliances"] == lives.sum()
        assert months[-1]["alliances_founded"] == (ages == 1).sum()
        assert [months[-1][f"alliances_aged_{years}"] for years in (1, 3, 5)] == [(ages == 12 * years).sum() for years in (1, 3, 5)]
        if lives.any():
            assert months[-1]["alliance_age"] == pytest.approx(ages.mean())
    living, more, fewer = (
        np.array([month[name] for month in months]) for name in ("alliances", "alliances_founded", "alliances_dissolved")
    )
    np.testing.assert_array_equal(np.diff(living, prepend=0), more - fewer)
    assert fewer.sum() > 10
    assert sum(month["alliances_aged_1"] for month in months) > 0


def test_members_go_because_they_leave_are_found_out_close_or_are_left_alone() -> None:
    """Nobody turns independent: all others of an alliance stay together."""
    parameters = sim.parameters("today", {**LIVELY, "finance.overhead": 1.1})
    state = create(parameters, 6)
    firms, counted = state.firms, dict.fromkeys(("members_left", "members_expelled", "members_closed"), 0)
    for _ in range(84):
        before, goes = firms.alliance.copy(), firms.expelled | firms.failed
        history = play(state, parameters, 6)
        assert not firms.left[goes | (before < 0)].any()
        for a in np.unique(before[before >= 0]):
            stays = (before == a) & ~goes & ~firms.left
            assert stays.sum() == 1 or len(set(firms.alliance[stays])) <= 1
            assert stays.sum() < 2 or firms.alliance[stays].min() == a
        happened = (firms.left, firms.expelled, firms.failed & (firms.alliance >= 0))
        for (name, total), flags in zip(counted.items(), happened, strict=True):
            assert np.nansum(history.by_group[0, :4, GROUP_NAMES.index(name)]) == flags.sum()
            counted[name] = total + flags.sum()
    assert min(counted.values()) > 3


@pytest.mark.parametrize("hiring", ["joint", "alone", "none"])
def test_specialists_of_members_are_hired_by_whom_the_modeller_chose(hiring: str) -> None:
    changes = {"collaboration.hiring": hiring, "organisation.staffing": "affordable", "organisation.wage": 0.1}
    parameters = sim.parameters("today", {**changes, "population.small_interdependent": 0.5})
    state = create(parameters, 4)
    play(state, parameters, 4, 24)
    firms, clubs = state.firms, state.alliances
    allied = firms.alliance >= 0
    assert allied.any()
    assert clubs.hired[clubs.members > 0].any() == (hiring == "joint")
    assert firms.specialists[allied].any() == (hiring == "alone")
    assert firms.specialists[~allied].any()


def test_an_alliance_hires_as_many_as_it_wants_and_what_its_head_adds() -> None:
    """The head is the member of the lowest number; what others add, or what members want themselves, has no say."""
    hired = {}
    for head, other in ((0, 0), (2, 0), (0, 2), (-2, 0), (-9, 0), (9, 0)):
        parameters, state = with_records(
            population__small=4,
            population__small_interdependent=1.0,
            organisation__wage=1e-6,
            collaboration__pooled_competence=False,
        )
        form_alliances(state, np.arange(4), 4)
        state.alliances.wanted[0] = 3
        state.firms.staffing_offset[:] = [head, other, other, other]
        play(state, parameters, SEED)
        hired[head, other] = int(state.alliances.hired[0]).bit_count() // 2
    assert list(hired.values()) == [3, 5, 3, 1, 0, 6]


def test_who_never_allies_neither_meets_nor_is_met() -> None:
    changes = {"population.small_interdependent": 1.0, "collaboration.meeting": 1.0, "collaboration.coordination": 0.0}
    parameters = sim.parameters("today", changes)
    state = create(parameters, 5)
    state.firms.habits[:50] = NEVER_ALLIES
    play(state, parameters, 5, 12)
    assert np.all(state.firms.alliance[:50] == -1)
    assert np.mean(state.firms.alliance[50:100] >= 0) > 0.5


def test_a_new_alliance_wants_as_many_specialists_as_the_firm_that_was_met() -> None:
    """Two kinds of firms meet, and every alliance wants what one of them wanted; its head is the member of the lowest number."""
    changes = {"population.small": 60, "population.small_interdependent": 1.0, "population.large": 0, "collaboration.meeting": 1.0}
    parameters = sim.parameters("today", {**changes, "collaboration.coordination": 0.0})
    state = create(parameters, SEED)
    state.firms.wanted[:] = 1 + np.arange(60) % 2
    wanted = []
    play(state, parameters, SEED)
    for a in np.flatnonzero(state.alliances.members):
        members = state.firms.alliance == a
        assert state.alliances.name[a] == state.firms.identity[members].min()
        assert state.alliances.wanted[a] in state.firms.wanted[members]
        assert state.alliances.founded[a] == 0
        wanted.append(int(state.alliances.wanted[a]))
    assert set(wanted) == {1, 2}


@pytest.mark.parametrize("scope", ["any", "same size", "other market"])
def test_one_more_firm_changes_only_the_meetings_in_which_it_is_met(scope: str) -> None:
    def meetings(small: int) -> dict[tuple[int, int], int]:
        overrides = {"population.small": small, "population.large": 6, "population.large_interdependent": 0.5}
        parameters = sim.parameters("today", {**overrides, "market.markets": 3, "collaboration.scope": scope})
        state = create(parameters, 6)
        firms = state.firms
        firms.interdependent[:] = firms.identity % 2 == 0
        count_candidates(state)
        met = {}
        for month in range(5):
            partner_key = np.uint64(key(np.uint64(6), month, chance.PARTNER))
            for i in range(firms.identity.size):
                j = find_partner(state, for_kernels(parameters), i, partner_key)
                met[month, int(firms.identity[i])] = int(firms.identity[j])
                assert scope != "same size" or firms.large[i] == firms.large[j]
                assert scope != "other market" or firms.market[i] != firms.market[j]
        return met

    before, after = meetings(40), meetings(41)
    changed = {name for name in before if after[name] != before[name]}
    assert {after[name] for name in changed} == {40}


@numba.njit
def met_by_the_first(state: State, parameters: Any, months: int) -> np.ndarray:
    """Count how often firm 0 meets each firm."""
    met = np.zeros(state.firms.identity.size, np.int64)
    partners.count_candidates(state)
    for month in range(months):
        met[partners.find_partner(state, parameters, 0, chance.key(np.uint64(6), month, chance.PARTNER))] += 1
    return met


@pytest.mark.parametrize("scope", ["any", "same size", "other market"])
def test_all_eligible_firms_are_met_equally_often(scope: str) -> None:
    overrides = {"population.small": 13, "population.large": 5, "population.large_interdependent": 1.0}
    parameters = sim.parameters("today", {**overrides, "market.markets": 2, "collaboration.scope": scope})
    state = create(parameters, 6)
    firms, met = state.firms, met_by_the_first(state, for_kernels(parameters), 6000)
    eligible = firms.interdependent.copy()
    eligible[0] = False
    if scope != "any":
        eligible &= ~firms.large if scope == "same size" else firms.market == 1
    assert np.array_equal(met > 0, eligible)
    assert stats.chisquare(met[eligible]).pvalue > 1e-4


def test_one_more_firm_does_not_change_the_ideas_of_the_others() -> None:
    """Nobody hires, fails or allies, so business models depend on random draws alone."""
    alone = {"organisation.affordability": 0.0, "finance.overhead": 0.0, "collaboration.meeting": 0.0, "dynamics.months": 24}

    def models(small: int) -> dict[int, int]:
        firms = sim.simulate(sim.parameters("today", {**alone, "population.small": small}), 2).state.firms
        return dict(zip(firms.identity.tolist(), firms.model.tolist(), strict=True))

    before, after = models(100), models(101)
    assert {name: after[name] for name in before} == before


def test_every_treatment_faces_the_same_shocks() -> None:
    epochs = [
        sim.simulate(
            sim.parameters("today", {**treatment, "environment.shocks": [{"month": 50, "magnitude": 0.5}]}), 8
        ).state.landscape.epoch
        for treatment in (
            {},
            {"collaboration.meeting": 0.9},
            {"population.small": 17},
            {"environment.complexity": 9},
            {"market.markets": 4},
        )
    ]
    assert all(np.array_equal(epoch, epochs[0]) for epoch in epochs)
    assert epochs[0].sum() > 0


def test_a_larger_share_of_interdependent_firms_only_adds_firms() -> None:
    def adopters(share: float) -> set[int]:
        firms = create(sim.parameters("today", {"population.small_interdependent": share}), 9).firms
        return set(firms.identity[firms.interdependent].tolist())

    sets = [adopters(share) for share in (0.0, 0.1, 0.25, 0.5, 0.9, 1.0)]
    assert [len(found) for found in sets] == [0, 10, 25, 50, 90, 100]
    assert all(fewer <= more for fewer, more in pairwise(sets))


OFF = {
    "collaboration.pooled_competence": False,
    "collaboration.hiring": "alone",
    "collaboration.paid_coordination": False,
    "collaboration.exchange": 0.0,
    "organisation.review": 0.0,  # members learn how many specialists pay from members only
    "population.maturity": 1.0,
}


def test_with_every_mechanism_switched_off_allying_changes_nothing_at_all() -> None:
    allied, alone = (
        sim.simulate(sim.parameters("today", {**OFF, "population.small_interdependent": share}), seed=4) for share in (0.5, 0.0)
    )
    assert allied.markets()["alliances"].iloc[-1] > 5
    for name in ("model", "coverage", "profit", "cash", "price"):
        np.testing.assert_array_equal(allied.firms()[name], alone.firms()[name])


def test_each_mechanism_works_by_itself() -> None:
    def last_month(**on: object) -> sim.Run:
        changes = {**OFF, **{f"collaboration.{name}": value for name, value in on.items()}, "dynamics.months": 60}
        return sim.simulate(sim.parameters("today", {**changes, "organisation.affordability": 1.0}), seed=4)

    base, pooled, hiring, paid = (
        last_month(),
        *(last_month(**mechanism) for mechanism in ({"pooled_competence": True}, {"hiring": "joint"}, {"paid_coordination": True})),
    )
    late = [run.monthly().loc[30:].groupby("group").mean().loc["small interdependent"] for run in (base, pooled, hiring, paid)]
    assert late[1]["coverage"] > late[0]["coverage"] + 0.5
    assert late[0]["dues"] == late[1]["dues"] == 0
    assert late[2]["dues"] > 0
    assert late[2]["specialist_cost"] < late[0]["specialist_cost"]
    members = paid.firms().query("alliance >= 0").groupby("alliance")["alliance"].transform("size")
    np.testing.assert_allclose(paid.firms().loc[members.index, "dues"], 0.03 * (members - 1))
    assert late[3]["coverage"] == pytest.approx(late[0]["coverage"], rel=0.2)


def test_names_of_strategies_do_not_matter_where_nobody_can_ally() -> None:
    changes = {"collaboration.meeting": 0.0, "population.small_interdependent": 0.0, "dynamics.months": 40}
    independent = sim.simulate(sim.parameters("today", changes)).monthly().xs("small independent", level="group")
    changes["population.small_interdependent"] = 1.0
    interdependent = sim.simulate(sim.parameters("today", changes)).monthly().xs("small interdependent", level="group")
    np.testing.assert_array_equal(independent.to_numpy(), interdependent.to_numpy())
