"""The public API is exactly what is documented."""

import doctest
import importlib
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.economy.measures import ALL_GROUPS, GROUP_NAMES, GROUPS, MONTH_NAMES
from sim.economy.validation import fields, flat
from sim.observation.outcomes import ADDED


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


@pytest.mark.parametrize("name", ["sim.stage", "sim.stage.page"])
def test_the_old_name_of_the_mesa_model_says_the_new_one(name: str) -> None:
    with pytest.raises(ImportError, match=r"sim\.mesa_model .*the app in the browser is sim\.app"):
        importlib.import_module(name)


def test_the_old_name_of_the_state_says_the_new_one() -> None:
    run = sim.simulate(sim.parameters("today", {"dynamics.months": 1}))
    with pytest.raises(AttributeError, match=r"use Run\.state"):
        _ = run.world


def test_without_its_packages_the_command_line_names_one_and_make_install() -> None:
    root = Path(sim.__file__).parents[1]
    command = [sys.executable, "-S", "-m", "sim", "run"]  # -S: without installed packages
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "is not installed: run `make install`" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_tables_have_the_documented_index_and_columns() -> None:
    run = sim.simulate(sim.parameters("today", {"dynamics.months": 8}))
    assert run.monthly().index.names == ["month", "group"]
    assert list(run.monthly().columns) == list(GROUP_NAMES)
    assert run.monthly().shape == (8 * len(GROUPS), len(GROUP_NAMES))
    assert list(run.markets().columns) == list(MONTH_NAMES)
    assert run.markets().index.name == "month"
    assert list(run.summary().index) == [*ALL_GROUPS, "small", "large", "all"]
    assert list(run.summary().columns) == [*GROUP_NAMES, *(measure.name for measure in ADDED)]
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
    assert len(fields()) == sum(len(group) for group in sim.parameters())
    assert all(field.doc.meaning and field.rule for field in fields().values())


@pytest.mark.parametrize("name", list(fields()))
def test_every_parameter_is_checked(name: str) -> None:
    yes_or_no = isinstance(fields()[name].default, bool)
    for nonsense in (None, "nonsense", -1.5, math.nan, math.inf, [1], {}, 1 if yes_or_no else True):
        with pytest.raises(sim.ParameterError, match=name):
            sim.parameters("today", {name: nonsense})


@pytest.mark.parametrize(
    ("name", "value", "plain"),
    [
        ("population.small", np.int64(3), 3),
        ("population.small", np.uint8(3), 3),
        ("environment.speed", np.float32(0.25), 0.25),
        ("environment.speed", np.float64(0.3), 0.3),
        ("environment.speed", np.int64(1), 1.0),
        ("collaboration.pooled_competence", np.bool_(False), False),
        ("collaboration.scope", np.str_("same size"), "same size"),
    ],
)
def test_numpy_scalars_are_taken_as_plain_values(name: str, value: np.generic, plain: object) -> None:
    taken = flat(sim.parameters("today", {name: value}))[name]
    assert taken == plain
    assert type(taken) is type(plain)


@pytest.mark.parametrize(
    ("name", "value"), [("population.small", np.float64(3.0)), ("population.small", np.bool_(True)), ("environment.speed", np.nan)]
)
def test_numpy_scalars_are_checked_like_plain_values(name: str, value: np.generic) -> None:
    with pytest.raises(sim.ParameterError, match=name):
        sim.parameters("today", {name: value})


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
