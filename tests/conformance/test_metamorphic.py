"""The relations of the metamorphic rows, in any world."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from conformance.metamorphic.comparing import LIVELY
from conformance.metamorphic.names import strategies_swapped
from conformance.metamorphic.neutral import NEUTRAL, Neutral, moved
from conformance.metamorphic.units import CUSTOMERS, MONEY_UNIT, Unit, deviation
from sim.economy.initialisation import create
from sim.economy.search import PRACTICE_ADOPTED
from sim.economy.simulation import play
from tests.support import strategies

seeds = st.integers(0, 2**64 - 1)
SHORT = {"dynamics.months": 15}
few = settings.get_profile(settings.get_current_profile_name()).max_examples // 4


@pytest.mark.parametrize("neutral", NEUTRAL, ids=lambda neutral: neutral.reference)
def test_it_would_matter_if_it_were_not_switched_off(neutral: Neutral) -> None:
    """Otherwise the row would say nothing."""
    change = {name: value for name, value in neutral.change.items() if LIVELY.get(name) != value}
    assert any(moved(neutral._replace(off={}, change=change), LIVELY, seed) > 1e-6 for seed in range(1, 6))


@pytest.mark.parametrize("neutral", NEUTRAL, ids=lambda neutral: neutral.reference)
@settings(max_examples=few)
@given(strategies.unitless, seeds)
def test_what_is_switched_off_does_not_matter_in_any_world(neutral: Neutral, overrides: dict, seed: int) -> None:
    assert moved(neutral, {**overrides, **SHORT}, seed) == 0.0


@pytest.mark.parametrize("unit", [MONEY_UNIT, CUSTOMERS], ids=lambda unit: unit.reference)
@given(strategies.unitless, st.integers(-3, 3), seeds)
def test_the_unit_does_not_matter_in_any_world(unit: Unit, overrides: dict, power: int, seed: int) -> None:
    assert deviation({**overrides, **SHORT}, unit, 2.0**power, seed) == 0.0


@given(strategies.unitless, seeds)
def test_names_of_strategies_swap_in_any_world(overrides: dict, seed: int) -> None:
    assert strategies_swapped({**overrides, **SHORT}, seed) == 0.0


def test_a_practice_is_that_of_one_domain_as_an_ally_had_it_last_month() -> None:
    """Exact judgement: a member that took one over differs in one domain only, and is there as an ally was last month."""
    changes = {
        "collaboration.exchange": 1.0,
        "organisation.noise": 0.0,
        "environment.speed": 0.1,
        "population.maturity": 1.0,
        "finance.reserve": 1e6,  # nobody fails
    }
    parameters = sim.parameters("today", changes)
    state = create(parameters, 5)
    play(state, parameters, 5, 12)
    practices = 0
    for _ in range(24):
        before, firms = state.firms.model.copy(), state.firms
        play(state, parameters, 5)
        for i in np.flatnonzero(firms.outcome == PRACTICE_ADOPTED):
            change = before[i] ^ firms.model[i]
            domain = next(mask for mask in state.landscape.domain if mask & change)
            assert change & ~domain == 0
            allies = np.flatnonzero((firms.alliance == firms.alliance[i]) & (np.arange(firms.alliance.size) != i))
            assert any((before[ally] ^ firms.model[i]) & domain == 0 for ally in allies)
            practices += 1
    assert practices > 100
