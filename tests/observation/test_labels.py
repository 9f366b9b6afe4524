"""Names and numbers are written as a reader expects them."""

import math

import pytest

from sim.economy.validation import fields
from sim.observation.labels import interval, number, outcome_label, parameter_axis, parameter_label, value_label
from sim.observation.outcomes import OUTCOMES, definition


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.12345, 2, "0.12"),
        (-0.12345, 2, "−0.12"),
        (-0.001, 2, "0.00"),
        (1234.5678, 2, "1234.57"),
        (0.0, None, "0"),
        (0.12345, None, "0.123"),
        (-0.5, None, "−0.5"),
        (1.2345, None, "1.23"),
        (-1.2345, None, "−1.23"),
        (0.0001, None, "0.0001"),
        (1e-6, None, "1e−06"),
        (math.nan, None, "–"),
        (math.nan, 2, "–"),
        (math.inf, None, "∞"),
        (-math.inf, 2, "−∞"),
    ],
)
def test_numbers_have_a_true_minus_sign_and_as_many_digits_as_asked_for(value: float, decimals: int | None, text: str) -> None:
    assert number(value, decimals) == text


def test_significant_digits_can_be_chosen() -> None:
    assert [number(12.345, digits=digits) for digits in (2, 3, 4)] == ["12", "12.3", "12.35"]


def test_an_interval_shows_half_its_width_with_two_digits() -> None:
    assert interval(0.1, 0.14) == "[0.100, 0.140]"
    assert interval(-20.0, 1000.0) == "[−20, 1000]"
    assert interval(math.nan, math.nan) == "[–, –]"


def test_shocks_are_written_one_by_one() -> None:
    shocks = [{"month": 120}, {"month": 130, "magnitude": 0.25}]
    assert value_label(shocks) == "magnitude 1 in month 120; magnitude 0.25 in month 130"
    assert value_label([]) == "none"


@pytest.mark.parametrize(
    ("value", "text"), [(0.123456, "0.1235"), (1e-5, "1e-05"), (2.0, "2"), (7, "7"), (True, "True"), ("same size", "same size")]
)
def test_values_of_parameters_are_written_short(value: object, text: str) -> None:
    assert value_label(value) == text


@pytest.mark.parametrize("name", list(fields()))
def test_a_parameter_has_a_short_name_and_a_unit_on_axes(name: str) -> None:
    group, own = name.split(".")
    assert parameter_label(name) == (f"trial {own}" if group == "trial" else own).replace("_", " ")
    unit = fields()[name].doc.unit
    assert parameter_axis(name) == parameter_label(name) + (f" ({unit})" if unit else "")


@pytest.mark.parametrize("name", OUTCOMES)
def test_an_outcome_has_its_unit(name: str) -> None:
    unit = definition(name).unit
    assert outcome_label(name) == name.replace("_", " ") + (f" ({unit})" if unit else "")
