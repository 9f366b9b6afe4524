"""The model is created, refused, recorded and created again as Mesa expects it."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.economy.validation import fields
from sim.mesa_model import MarketModel, MonthCollector
from sim.mesa_model.keywords import full_name


def eleven_firms_after_five_months() -> pd.DataFrame:
    model = MarketModel(rng=1, small=10, large=1)
    model.run(5)
    return model.datacollector.get_model_vars_dataframe()


def test_bare_names_of_parameters_are_unique_and_not_taken() -> None:
    named = [name for name in fields() if not name.startswith("trial.")]
    bare = [name.split(".")[1] for name in named]
    assert len(set(bare)) == len(bare)
    assert not {"world", "rng", "seed", "scenario"} & set(bare)
    assert [full_name(name) for name in bare] == named
    assert [full_name(name) for name in fields()] == list(fields())


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"complexty": 3}, "unknown parameter 'complexty' .did you mean 'complexity'"),
        ({"environment.spede": 3}, "did you mean 'environment.speed'"),
        ({"first_month": 3}, "did you mean 'trial.first_month'"),
        ({"speed": 2}, "environment.speed = 2: must be a number >= 0 and <= 1"),
        ({"complexity": 12}, "must be below environment.decisions"),
        ({"world": "turbulant"}, "did you mean 'turbulent'"),
        ({"rng": "lucky"}, "rng = 'lucky': must be a whole number from 0 to 2.64 - 1"),
        ({"rng": ""}, "rng = ''"),
        ({"rng": -1}, "rng = -1"),
        ({"rng": 1.5}, "rng = 1.5"),
        ({"rng": True}, "rng = True"),
        ({"rng": 2**64}, "rng = 18446744073709551616"),
        ({"rng": [1, 2]}, r"rng = \[1, 2\]: must be a whole number"),
        ({"seed": -1}, "seed = -1: must be a whole number"),
        ({"seed": 1, "rng": 2}, "seed = 1: rng = 2 is the seed already; give only one of them"),
    ],
)
def test_nonsense_is_refused_with_name_value_and_rule(kwargs: dict, message: str) -> None:
    with pytest.raises(sim.ParameterError, match=message):
        MarketModel(**kwargs)


@pytest.mark.parametrize(("rng", "seed"), [(7, 7), ("7", 7), (" 7 ", 7), (np.int64(7), 7), (0, 0), (2**64 - 1, 2**64 - 1)])
@pytest.mark.parametrize("keyword", ["rng", "seed"])
def test_seeds_come_as_numbers_or_text(keyword: str, rng: object, seed: int) -> None:
    assert MarketModel(**{keyword: rng}, small=3, large=0).seed == seed


@pytest.mark.parametrize("kwargs", [{}, {"rng": None}, {"seed": None}, {"rng": None, "seed": None}])
def test_without_a_seed_one_is_drawn_which_repeats_the_run(kwargs: dict) -> None:
    models = [MarketModel(**kwargs, small=10, large=1) for _ in range(3)]
    assert len({model.seed for model in models}) == 3
    again = MarketModel(rng=int(float(models[0].seed)), small=10, large=1)
    for model in (models[0], again):
        model.run(3)
    for other in (again, models[0].twin()):
        np.testing.assert_array_equal(other.measured.by_group, models[0].measured.by_group)


@pytest.mark.parametrize("make", [np.random.default_rng, np.random.PCG64, np.random.SeedSequence])
def test_numpys_generators_give_the_seed(make: Callable[[int], Any]) -> None:
    assert MarketModel(rng=make(5)).seed == MarketModel(rng=make(5)).seed != MarketModel(rng=make(6)).seed


def test_a_generator_gives_every_model_another_seed() -> None:
    generator = np.random.default_rng(5)
    assert len({MarketModel(rng=generator, small=3, large=0).seed for _ in range(5)}) == 5


def test_solara_can_create_it_again() -> None:
    kwargs = {"world": "web 2.0", "rng": "3", "small": 12, "meeting": 1, "scope": "same size"}
    model = MarketModel(**kwargs)
    model.run(3)
    again = type(model)(**kwargs)
    again.run(3)
    np.testing.assert_array_equal(again.measured.by_group, model.measured.by_group)


def test_mesa_counts_months_as_steps() -> None:
    model = MarketModel(rng=1, months=10)
    model.run(4)
    model.step()
    assert (model.month, model.steps, model.running) == (5, 5, True)
    assert getattr(model, "time", 5) == 5
    model.run_model()
    assert (model.month, model.steps, model.running) == (10, 10, False)
    model.run()
    assert model.month == 10
    model.run(2)
    assert (model.month, model.steps, model.running) == (12, 12, False)
    assert len(model.datacollector.get_model_vars_dataframe()) == 12


def test_reporters_are_called_every_month() -> None:
    class Reported(MarketModel):
        def __init__(self, **kwargs: object) -> None:
            super().__init__(**kwargs)
            self.datacollector = MonthCollector(
                model_reporters={"richest": lambda model: max(model.agents.get("cash"))}, agent_reporters={"cash": "cash"}
            )

    model = Reported(rng=1, small=10, large=1)
    model.run(5)
    frame = model.datacollector.get_model_vars_dataframe()
    by_agent = model.datacollector.get_agent_vars_dataframe()
    assert frame["richest"].tolist() == by_agent.groupby("Step")["cash"].max().tolist()
    assert frame["richest"].nunique() > 1
    assert frame["mean_price"].tolist() == eleven_firms_after_five_months()["mean_price"].tolist()


def test_an_overridden_step_is_called_every_month() -> None:
    class Shaken(MarketModel):
        def step(self) -> None:
            if self.month == 3:
                self.disrupt(0.5)
            super().step()

    model = Shaken(rng=3, small=10, large=1)
    model.run(6)
    scheduled = MarketModel(rng=3, small=10, large=1, shocks=[{"month": 3, "magnitude": 0.5}])
    scheduled.run(6)
    frames = [m.datacollector.get_model_vars_dataframe() for m in (model, scheduled)]
    np.testing.assert_array_equal(*frames)


def test_a_disruption_needs_a_probability() -> None:
    model = MarketModel(rng=1)
    with pytest.raises(sim.ParameterError, match=r"environment.shocks = .*1.5"):
        model.disrupt(1.5)
    assert model.parameters.environment.shocks == ()


def test_a_twin_of_a_subclass_is_one() -> None:
    class Mine(MarketModel):
        def __init__(self, favourite: int, **kwargs: object) -> None:
            super().__init__(**kwargs)
            self.favourite = favourite

    twin = Mine(favourite=7, small=10).twin(small=12)
    assert (type(twin), twin.favourite, twin.parameters.population.small) == (Mine, 7, 12)


def test_the_public_api_does_not_import_mesa() -> None:
    code = "import sim, sys; assert 'mesa' not in sys.modules and 'networkx' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_run_that_was_broken_off_is_not_continued_without_its_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    model = MarketModel(rng=1, small=10, large=1)

    def pressed_stop(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("sim.mesa_model.model.play", pressed_stop)
        with pytest.raises(KeyboardInterrupt):
            model.run(5)
    with pytest.raises(RuntimeError, match="create the model again"):
        model.run(5)


def test_after_stop_was_pressed_while_mesa_counted_the_next_step_plays_a_month() -> None:
    model = MarketModel(rng=1, small=10, large=1)
    counted = model.step

    def pressed_stop() -> None:
        if model.steps == 2:
            model.step = counted
            raise KeyboardInterrupt
        counted()

    model.step = pressed_stop
    with pytest.raises(KeyboardInterrupt):
        model.run(5)
    assert model.month == 5
    model.step()
    assert model.month == len(model.datacollector.get_model_vars_dataframe()) == 6


def test_a_market_that_does_not_clear_stops_the_model_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    model = MarketModel(rng=1, small=10, large=1)

    def fails(*_: Any) -> None:
        raise sim.NotClearedError("market 0 did not clear")

    with monkeypatch.context() as patched:
        patched.setattr("sim.mesa_model.model.play", fails)
        with pytest.raises(sim.NotClearedError):
            model.run(5)
    with pytest.raises(sim.NotClearedError, match="market 0 did not clear"):
        model.step()


@pytest.mark.parametrize("months", [-1, 2.5, "3"])
def test_the_number_of_months_is_checked(months: object) -> None:
    model = MarketModel(rng=1, small=3, large=0)
    with pytest.raises(sim.ParameterError, match=f"months = {months!r}: must be a whole number >= 0"):
        model.run(months)
    assert model.month == 0


def test_the_old_name_of_the_registry_says_the_new_one() -> None:
    with pytest.raises(AttributeError, match=r"use MarketModel\.registry"):
        _ = MarketModel(rng=1, small=2, large=0).places
