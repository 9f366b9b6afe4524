"""The relations of the metamorphic rows, for any parameters that Hypothesis draws."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.metamorphic.comparing import LIVELY
from conformance.metamorphic.names import strategies_swapped
from conformance.metamorphic.neutral import NEUTRAL, Neutral, moved
from conformance.metamorphic.units import CUSTOMERS, MONEY_UNIT, Unit, deviation
from tests.support import strategies

SHORT = {"dynamics.months": 15}
few = settings.get_profile(settings.get_current_profile_name()).max_examples // 4


@pytest.mark.parametrize("neutral", NEUTRAL, ids=lambda neutral: neutral.reference)
def test_what_is_switched_off_would_matter_if_it_were_on(neutral: Neutral) -> None:
    """Otherwise the row would prove nothing."""
    change = {name: value for name, value in neutral.change.items() if LIVELY.get(name) != value}
    assert any(moved(neutral._replace(off={}, change=change), LIVELY, seed) > 1e-6 for seed in range(1, 6))


@pytest.mark.parametrize("neutral", NEUTRAL, ids=lambda neutral: neutral.reference)
@settings(max_examples=few)
@given(strategies.unitless, strategies.seeds)
def test_what_is_switched_off_does_not_matter_for_any_parameters(neutral: Neutral, overrides: dict, seed: int) -> None:
    assert moved(neutral, {**overrides, **SHORT}, seed) == 0.0


@pytest.mark.parametrize("unit", [MONEY_UNIT, CUSTOMERS], ids=lambda unit: unit.reference)
@given(strategies.unitless, st.integers(-3, 3), strategies.seeds)
def test_the_unit_does_not_matter_for_any_parameters(unit: Unit, overrides: dict, power: int, seed: int) -> None:
    assert deviation({**overrides, **SHORT}, unit, 2.0**power, seed) == 0.0


@given(strategies.unitless, strategies.seeds)
def test_groups_swap_with_the_names_of_strategies_for_any_parameters(overrides: dict, seed: int) -> None:
    assert strategies_swapped({**overrides, **SHORT}, seed) == 0.0
