"""A message is one line of readable length, whatever the value is that it repeats, and a terminal obeys nothing in it."""

import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.economy.messages import LONGEST_LINE, one_line, printable, shown
from sim.observation.outcomes import first_kept


class Faulty:
    """An object that neither compares nor prints."""

    __hash__ = None

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no comparison")

    def __repr__(self) -> str:
        raise RuntimeError("no text")


ODD = [
    3.5,
    None,
    [],
    {},
    b"today",
    "x" * 200_000,
    "\x1b[31mred",
    10**5000,
    [[[[[[[[[1]]]]]]]]],
    np.arange(1000),
    Faulty(),
    "\ud800",
]
CALLS: dict[str, Callable[[Any], object]] = {
    "world": lambda odd: sim.parameters(odd),
    "number": lambda odd: sim.parameters("today", {"environment.speed": odd}),
    "word": lambda odd: sim.parameters("today", {"environment.interaction": odd}),
    "shocks": lambda odd: sim.parameters("today", {"environment.shocks": [odd]}),
    "run": lambda odd: sim.simulate(odd),
    "seed": lambda odd: sim.simulate(sim.parameters(), odd),
    "month": lambda odd: first_kept(12, -1 if odd is None else odd),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
def test_whatever_is_given_instead_of_a_parameter_is_refused_in_one_line(call: str, odd: object) -> None:
    with pytest.raises(sim.ParameterError) as refused:
        CALLS[call](odd)
    assert len(str(refused.value)) < 500
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    "overrides", [3, "abc", [("environment.speed", 0.1)], {3: 1}, {"x" * 100_000: 1}, {"environment.speed\n": 1}]
)
def test_overrides_that_are_no_mapping_of_parameters_are_refused(overrides: object) -> None:
    with pytest.raises(sim.ParameterError) as refused:
        sim.parameters("today", overrides)
    assert len(str(refused.value)) < 500


def test_parameters_with_a_group_of_another_kind_are_refused() -> None:
    with pytest.raises(sim.ParameterError, match=r"must be what sim.parameters\(...\) returns"):
        sim.simulate(sim.parameters()._replace(market=None))


@given(st.text())
def test_printable_text_has_no_control_characters_and_ordinary_text_stays(text: str) -> None:
    assert {unicodedata.category(c)[0] for c in printable(text)} <= set("LMNPSZ")
    assert printable(text).splitlines() in ([], [printable(text)])
    assert printable("Größe – 95 % ✓") == "Größe – 95 % ✓"
    assert one_line(one_line(text)) == one_line(text)


def test_a_long_line_keeps_the_place_at_its_beginning_and_the_rule_at_its_end() -> None:
    line = one_line("file.toml: key = " + "\n" * 10_000 + ": must be short")
    assert len(line) == LONGEST_LINE
    assert line.startswith("file.toml: key = ")
    assert line.endswith(": must be short")


def test_a_shown_value_is_as_python_writes_it_unless_that_is_long_or_impossible() -> None:
    assert (shown(0.1), shown("fast"), shown([1, 2]), shown(True)) == ("0.1", "'fast'", "[1, 2]", "True")
    assert len(shown("x" * 10**6)) < 100
    assert shown(10**5000) == "a whole number of 16610 bits"
    assert shown(Faulty()).startswith("<Faulty instance")
