"""What a start-up begins with: at random, or what a survivor of its size does and wants."""

import numpy as np
import pytest
from scipy import stats

from sim.economy.landscape import NOTHING
from sim.economy.simulation import play
from sim.economy.state import State
from tests.support.records import SEED, with_records

SMALLEST_P = 1e-4
SURVIVORS, FAILED = np.uint64(0b101010101010), np.uint64(0b010101010101)
LAYERS = {"population__small_lines": 5, "population__large_lines": 6}  # so that nobody changes a business model within a month


def half_of_them_fail(inheritance: float, survivors: bool = True) -> tuple[State, np.ndarray]:
    """Return a state after a month in which half of the small firms and some large ones failed, and which those are.

    Survivors do one thing and the failed another; small survivors want two specialists, large ones four, and the failed six.
    """
    parameters, state = with_records(
        **LAYERS,
        population__small=600,
        population__large=8,
        population__small_interdependent=0.0,
        dynamics__inheritance=inheritance,
        environment__speed=0.0,
    )
    firms = state.firms
    fails = ~firms.large if not survivors else np.arange(608) % 2 == 0
    firms.failed[:] = fails
    firms.model[:] = np.where(fails, FAILED, SURVIVORS)
    firms.wanted[:] = np.where(fails, 6, np.where(firms.large, 4, 2))
    firms.proposal[:] = NOTHING
    play(state, parameters, SEED)
    assert np.array_equal(firms.entered, fails)
    return state, fails


@pytest.mark.parametrize("inheritance", [0.0, 0.3, 1.0])
def test_a_start_up_does_what_a_survivor_of_its_size_does_with_the_chance_to_inherit(inheritance: float) -> None:
    state, fails = half_of_them_fail(inheritance)
    firms = state.firms
    small = fails & ~firms.large
    inherits = firms.model[small] == SURVIVORS
    by_chance = (1 - inheritance) / 2**12
    assert stats.binomtest(int(inherits.sum()), int(small.sum()), inheritance + by_chance).pvalue > SMALLEST_P
    assert np.all(firms.wanted[small][inherits] == 2)
    assert np.all(firms.wanted[fails & firms.large & (firms.model == SURVIVORS)] == 4)


def test_nobody_inherits_from_a_firm_that_failed() -> None:
    state, fails = half_of_them_fail(1.0)
    assert np.all(state.firms.model[fails] == SURVIVORS)
    assert not np.any(state.firms.wanted[fails] == 6)


def test_where_no_firm_of_its_size_survives_a_start_up_begins_at_random() -> None:
    state, fails = half_of_them_fail(1.0, survivors=False)
    small = fails & ~state.firms.large
    assert np.unique(state.firms.model[small]).size > 500
    assert stats.chisquare(np.bincount(state.firms.wanted[small], minlength=7)).pvalue > SMALLEST_P


def test_start_ups_begin_with_half_of_the_reserve_and_a_competence_of_their_own() -> None:
    state, fails = half_of_them_fail(1.0)
    firms = state.firms
    np.testing.assert_allclose((firms.cash + firms.payout - firms.profit)[fails], 0.5 * firms.reserve[fails], rtol=1e-12)
    domains = np.searchsorted(state.landscape.domain, firms.competence[fails & ~firms.large])
    assert stats.chisquare(np.bincount(domains, minlength=6)).pvalue > SMALLEST_P


def test_start_ups_follow_no_practice_and_are_in_no_alliance() -> None:
    parameters, state = with_records(population__small=60, population__small_interdependent=1.0, collaboration__exchange=1.0)
    firms = state.firms
    firms.alliance[:] = np.arange(60) // 6
    play(state, parameters, SEED, 5)
    assert firms.copied_decisions.any()
    firms.failed[:30] = True
    play(state, parameters, SEED)
    assert not firms.copied_decisions[:30].any()
    assert np.all(firms.alliance[:30] == -1)
    assert np.all(firms.alliance[30:] >= 0)
