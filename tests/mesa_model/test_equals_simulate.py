"""Mesa's steps, many months at once, and `sim.simulate` are bit-identical."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.mesa_model import MarketModel
from sim.mesa_model.datacollector import COLUMNS
from tests.support import strategies


def simulated(overrides: dict, seed: int) -> np.ndarray:
    history = sim.simulate(sim.parameters("today", overrides), seed).history
    return np.hstack([history.by_group.reshape(len(history.by_group), -1), history.by_month])


def recorded(model: MarketModel) -> np.ndarray:
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(COLUMNS)
    return frame.to_numpy()


def play_in_several_calls(model: MarketModel, calls: list[int]) -> None:
    for months in calls:
        if months == 1:
            model.step()
        else:
            model.run(months)


@given(strategies.overrides, st.integers(0, 2**64 - 1), st.lists(st.integers(0, 3), max_size=8))
def test_step_and_run_in_any_mixture_equal_simulate(overrides: dict, seed: int, calls: list[int]) -> None:
    months = sum(calls) + 1
    changes = {**overrides, "dynamics.months": months, "trial.first_month": 0}
    model = MarketModel(rng=seed, **changes)
    play_in_several_calls(model, calls)
    model.step()
    assert model.month == model.steps == months
    assert not model.running
    np.testing.assert_array_equal(recorded(model), simulated(changes, seed))


@pytest.mark.parametrize("world", sim.worlds())
def test_every_world_equals_simulate(world: str) -> None:
    model = MarketModel(world=world, rng=3, months=12)
    model.run_model()
    table = sim.simulate(sim.parameters(world, {"dynamics.months": 12}), 3)
    frame = model.datacollector.get_model_vars_dataframe()
    np.testing.assert_array_equal(frame["mean_price"], table.markets()["mean_price"])
    for group, monthly in table.monthly().groupby("group"):
        np.testing.assert_array_equal(frame[f"{group}: profit_per_line"], monthly["profit_per_line"])


@given(strategies.overrides, st.integers(0, 5), st.floats(0, 1))
def test_a_disruption_is_a_scheduled_shock(overrides: dict, month: int, magnitude: float) -> None:
    changes = {**overrides, "dynamics.months": 8}
    model = MarketModel(rng=2, **changes)
    play_in_several_calls(model, [1] * (month % 2) + [month - month % 2])
    model.disrupt(magnitude)
    model.run()
    shocks = [*changes.get("environment.shocks", []), {"month": month, "magnitude": magnitude}]
    np.testing.assert_array_equal(recorded(model), simulated({**changes, "environment.shocks": shocks}, 2))


def test_a_twin_has_the_same_random_draws_shocks_and_month() -> None:
    model = MarketModel(world="turbulent", rng=5, small=20)
    model.run(6)
    model.disrupt(0.7)
    model.run(4)
    np.testing.assert_array_equal(recorded(model.twin()), recorded(model))
    other = model.twin(small_interdependent=0.0)
    assert other.month == 10
    assert other.agents.select(lambda firm: firm.strategy == "interdependent").get("name") == []
    np.testing.assert_array_equal(other.state.landscape.epoch, model.state.landscape.epoch)
