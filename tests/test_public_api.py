"""The public API is exactly what is documented."""

import doctest
import math

import pytest

import sim
from sim.economy.measures import FOCUS_GROUPS, GROUP_NAMES, GROUPS, MONTH_NAMES
from sim.economy.validation import fields, flat


def test_the_public_api_has_these_names_and_no_others() -> None:
    assert sorted(sim.__all__) == [
        "Equilibrium",
        "NotClearedError",
        "ParameterError",
        "Parameters",
        "Run",
        "clear",
        "parameters",
        "simulate",
        "worlds",
    ]
    assert all(getattr(sim, name).__doc__ for name in sim.__all__)


def test_the_examples_in_the_docstring_of_sim_work() -> None:
    assert doctest.testmod(sim).failed == 0


def test_tables_have_the_documented_index_and_columns() -> None:
    run = sim.simulate(sim.parameters("today", {"dynamics.months": 8}))
    assert run.monthly().index.names == ["month", "group"]
    assert list(run.monthly().columns) == list(GROUP_NAMES)
    assert run.monthly().shape == (32, 27)
    assert list(run.markets().columns) == list(MONTH_NAMES)
    assert run.markets().index.name == "month"
    assert list(run.summary().index) == [*GROUPS, *FOCUS_GROUPS, "small", "large", "all"]
    assert list(run.summary().columns) == [*GROUP_NAMES, "exit_rate", "profit_sd", "adoptions", "recovery"]
    assert len(run.firms()) == 105


def test_a_summary_is_the_mean_of_the_months_after_the_first_quarter() -> None:
    run = sim.simulate(sim.parameters("today"), 2)
    late = run.monthly().loc[60:].groupby("group")
    for name in ("profit", "profit_per_line", "price", "exits"):
        assert run.summary().loc[list(GROUPS), name].to_dict() == pytest.approx(late[name].mean().to_dict(), nan_ok=True)
    exits = late["exits"].sum() / late["firms"].sum() * 12
    assert run.summary().loc["large independent", "exit_rate"] == pytest.approx(exits["large independent"])
    assert run.summary().loc[list(GROUPS), "profit_sd"].to_dict() == pytest.approx(
        late["profit_per_line"].std(ddof=0).to_dict(), nan_ok=True
    )
    assert run.summary(first_month=239).loc["small independent", "price"] == run.monthly().loc[(239, "small independent"), "price"]


def test_defaults_are_written_once_and_every_parameter_has_meaning_and_rule() -> None:
    assert flat(sim.parameters())["market.price_sensitivity"] == 1.0
    assert len(fields()) == 46
    assert all(field.doc.meaning and field.rule for field in fields().values())


@pytest.mark.parametrize("name", list(fields()))
def test_every_parameter_is_checked(name: str) -> None:
    yes_or_no = isinstance(fields()[name].default, bool)
    for nonsense in (None, "nonsense", -1.5, math.nan, math.inf, [1], {}, 1 if yes_or_no else True):
        with pytest.raises(sim.ParameterError, match=name):
            sim.parameters("today", {name: nonsense})


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"environment.spede": 1}, "did you mean 'environment.speed'"),
        ({"speed": 1}, "did you mean 'environment.speed'"),
        ({"environment.speed": 1.01}, "environment.speed = 1.01: must be a number >= 0 and <= 1"),
        ({"population.small": 1.0}, "must be a whole number"),
        ({"collaboration.scope": "same"}, "did you mean 'same size'"),
        ({"environment.domains": 5}, "must divide environment.decisions = 12"),
        ({"environment.complexity": 12}, "must be below environment.decisions = 12"),
        ({"population.small": 0, "population.large": 0}, "at least one firm"),
        ({"dynamics.months": 0}, "dynamics.months = 0"),
        ({"market.markets": 101}, "market.markets = 101"),
        ({"market.outside": 0.0, "dynamics.entry": "none"}, "no finite price"),
        ({"market.outside": 0.0, "population.small": 1, "population.large": 0}, "no finite price"),
        ({"environment.shocks": [{"month": 1, "size": 2}]}, "environment.shocks"),
    ],
)
def test_bad_parameters_are_refused_with_name_value_and_rule(overrides: dict, message: str) -> None:
    with pytest.raises(sim.ParameterError, match=message):
        sim.parameters("today", overrides)


def test_unknown_worlds_and_bad_seeds_are_refused() -> None:
    with pytest.raises(sim.ParameterError, match="did you mean 'turbulent'"):
        sim.parameters("turbulant")
    with pytest.raises(ValueError, match="seed = -1"):
        sim.simulate(sim.parameters(), -1)
