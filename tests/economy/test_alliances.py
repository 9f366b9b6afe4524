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
from sim.economy.measures import GROUP_NAMES, GROUPS, MONTH_NAMES
from sim.economy.simulation import play
from sim.economy.state import State

hire = from_python(staffing.hire)
find_partner, count_candidates = from_python(partners.find_partner), from_python(partners.count_candidates)
key, redraw = from_python(chance.key), from_python(landscape.redraw)


def test_specialists_are_hired_from_the_next_domain_on_for_uncovered_domains_only() -> None:
    _, state = complementary_firms(0.0, 0.4)
    hired = int(hire(np.uint64(0b100000000001), 11, 1.0, 3.5, 12, state.landscape))
    assert hired == 0b1110  # domains 11 and 0 are covered: 1, 2 and 3 follow


def test_nobody_is_hired_out_of_losses_unless_specialists_are_free() -> None:
    _, state = complementary_firms(0.0, 0.4)
    assert hire(np.uint64(1), 0, 0.4, -5.0, 12, state.landscape) == 0
    assert int(hire(np.uint64(1), 0, 0.0, -5.0, 12, state.landscape)) == 0b111111111110


def test_members_that_keep_their_word_pay_dues_for_joint_wages_and_coordination() -> None:
    parameters = sim.parameters("today", {"population.maturity": 0.7, "population.small": 300})
    state = create(parameters, 3)
    play(state, parameters, 3, 30)
    firms, clubs = state.firms, state.alliances
    allied = firms.alliance >= 0
    assert allied.sum() > 50
    assert np.all(firms.dues[~firms.keeps_word] == 0)
    hires = np.array([int(mask).bit_count() // 2 for mask in clubs.hired])
    wages = 0.4 * np.maximum(1.0, clubs.members / 20) * hires
    expected = np.where(clubs.keepers > 0, wages + clubs.keepers * 0.03 * (clubs.members - 1), 0.0)[clubs.members > 0]
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


# Alliances form, are left, lose members to closure and expulsion, and end all the time.
RESTLESS = {
    "population.maturity": 0.8,
    "collaboration.reconsider": 0.5,
    "collaboration.meeting": 0.6,
    "finance.overhead": 0.95,
    "finance.reserve": 3.0,
}


@pytest.mark.parametrize("most", [1, 2, 5])
def test_no_alliance_has_more_than_the_most_members(most: int) -> None:
    changes = {"collaboration.most_members": most, "collaboration.coordination": 0.0, "collaboration.meeting": 1.0}
    parameters = sim.parameters("today", changes)
    state = create(parameters, 2)
    largest = set()
    for _ in range(20):
        play(state, parameters, 2)
        members = np.bincount(state.firms.alliance[state.firms.alliance >= 0], minlength=state.alliances.members.size)
        assert np.array_equal(members, state.alliances.members)
        largest.add(int(members.max()))
    assert max(largest) == (most if most > 1 else 0)


def test_a_firm_that_is_left_alone_is_in_no_alliance() -> None:
    parameters = sim.parameters("today", RESTLESS)
    state = create(parameters, 2)
    for _ in range(60):
        play(state, parameters, 2)
        members = state.alliances.members[state.alliances.members > 0]
        assert members.min() >= 2
        assert members.sum() == np.sum(state.firms.alliance >= 0)


def test_alliances_are_those_of_last_month_plus_the_founded_less_the_dissolved() -> None:
    markets = sim.simulate(sim.parameters("today", {**RESTLESS, "dynamics.months": 120}), 2).markets()
    change = markets["alliances"].diff().fillna(markets["alliances"])
    assert np.array_equal(change, markets["alliances_founded"] - markets["alliances_dissolved"])
    assert markets["alliances_dissolved"].sum() > 20


def test_ages_of_alliances_count_from_the_month_in_which_they_were_founded() -> None:
    parameters = sim.parameters("today", {**RESTLESS, "collaboration.reconsider": 0.05})
    state = create(parameters, 2)
    ages: dict[int, int] = {}
    completed = dict.fromkeys((1, 3, 5), 0)
    for month in range(90):
        row = dict(zip(MONTH_NAMES, play(state, parameters, 2).by_month[0], strict=True))
        there = np.flatnonzero(state.alliances.members > 0).tolist()
        founded = [a for a in there if state.alliances.founded[a] == month]
        ages = {a: 1 if a in founded else ages[a] + 1 for a in there}
        assert row["alliances_founded"] == len(founded)
        assert row["alliance_age"] == pytest.approx(np.mean(list(ages.values())))
        for years in completed:
            assert row[f"alliances_aged_{years}"] == list(ages.values()).count(12 * years)
            completed[years] += row[f"alliances_aged_{years}"]
    assert completed[1] > completed[3] > completed[5] > 0


def test_members_are_lost_by_leaving_by_expulsion_and_by_closure_and_counted_as_such() -> None:
    parameters = sim.parameters("today", RESTLESS)
    state, totals = create(parameters, 2), np.zeros(3)
    columns = [GROUP_NAMES.index(name) for name in ("members_left", "members_expelled", "members_closed")]
    for _ in range(60):
        inside = state.firms.alliance >= 0
        by_group = play(state, parameters, 2).by_group[0, : len(GROUPS)]
        firms = state.firms
        assert not (firms.left & ~inside).any()
        counted = [firms.left.sum(), firms.expelled.sum(), np.sum(firms.failed & (firms.alliance >= 0))]
        assert np.nansum(by_group[:, columns], axis=0).tolist() == counted
        totals += counted
    assert np.all(totals > 5)


def test_an_alliance_begins_with_the_staffing_of_the_firm_that_was_met() -> None:
    changes = {"population.small_interdependent": 1.0, "organisation.review": 0.0, "organisation.variation": 0.0}
    parameters = sim.parameters("today", {**changes, "collaboration.most_members": 2})
    state = create(parameters, 2)
    play(state, parameters, 2)
    met = 0
    for a in np.flatnonzero(state.alliances.members):
        pair = state.firms.wanted[state.firms.alliance == a]
        assert state.alliances.wanted[a] in pair
        met += pair[0] != pair[1]
    assert met > 5


def test_an_alliance_hires_what_its_head_adds_to_what_it_wants() -> None:
    """Deviation tests set the offset; the head is the member with the lowest identity."""
    hired = []
    for offset in (-1, 0, 1, 20):
        parameters, state = complementary_firms(0.0, 0.1)
        firms, clubs = state.firms, state.alliances
        firms.alliance[:4], clubs.members[0], clubs.wanted[0] = 0, 4, 3
        clubs.name[0], firms.maturity[:] = firms.identity[0], 1.0
        firms.trailing_operating_profit[:] = 100.0
        firms.staffing_offset[0], firms.staffing_offset[1:] = offset, 5
        from_python(staffing.staff)(firms, clubs, state.landscape, for_kernels(parameters), np.uint64(1), 0)
        hired.append(int(clubs.hired[0]).bit_count())
    assert hired == [2, 3, 4, 8]


def test_names_of_strategies_do_not_matter_where_nobody_can_ally() -> None:
    changes = {"collaboration.meeting": 0.0, "population.small_interdependent": 0.0, "dynamics.months": 40}
    independent = sim.simulate(sim.parameters("today", changes)).monthly().xs("small independent", level="group")
    changes["population.small_interdependent"] = 1.0
    interdependent = sim.simulate(sim.parameters("today", changes)).monthly().xs("small interdependent", level="group")
    np.testing.assert_array_equal(independent.to_numpy(), interdependent.to_numpy())
