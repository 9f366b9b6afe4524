"""Numbers follow one rule, and parameters and outcomes have readable names."""

from math import inf, nan

from sim.observation.labels import interval, number, outcome_label, parameter_axis, parameter_label, value_label


def test_a_number_without_an_interval_has_three_significant_digits() -> None:
    texts = {0.12345: "0.123", -0.5: "−0.5", 12.345: "12.3", 0.00004321: "4.32e−05", -inf: "−∞"}
    assert {value: number(value) for value in texts} == texts
    assert number(nan) == "–"
    assert number(-0.0004, 2) == "0.00"
    assert number(0.12345, digits=4) == "0.1235"


def test_an_interval_shows_half_its_width_with_two_digits() -> None:
    assert interval(0.1, 0.14) == "[0.100, 0.140]"
    assert interval(-20.0, 1000.0) == "[−20, 1000]"
    assert interval(nan, nan) == "[–, –]"


def test_parameters_and_outcomes_have_readable_names() -> None:
    assert parameter_label("environment.speed") == "speed"
    assert parameter_axis("environment.speed") == "speed (1/month)"
    assert outcome_label("profit_per_line") == "profit per line (money/line)"
    assert (
        value_label([{"month": 120}, {"month": 130, "magnitude": 0.25}]) == "magnitude 1 in month 120; magnitude 0.25 in month 130"
    )
    assert [value_label(x) for x in ([], 0.05, 4, "random")] == ["none", "0.05", "4", "random"]
