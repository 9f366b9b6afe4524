"""Copies of a model are models of their own, and a model that comes back from a pickle goes on to the same bits."""

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cloudpickle
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import typeof

import sim
from sim.economy.simulation import play
from sim.mesa_model import Firm, LargeFirm, MarketModel, MonthCollector, SmallFirm
from tests.support import strategies


def through_dill(original: Any) -> Any:
    dill = pytest.importorskip("dill")
    return dill.loads(dill.dumps(original))


COPIERS: dict[str, Callable[[Any], Any]] = {
    "deepcopy": copy.deepcopy,
    "pickle": lambda original: pickle.loads(pickle.dumps(original)),
    "cloudpickle": lambda original: pickle.loads(cloudpickle.dumps(original)),
    "dill": through_dill,
}
copiers = pytest.mark.parametrize("copied", COPIERS.values(), ids=COPIERS)


class Picky(SmallFirm):
    """Draws from Mesa's generator, remembers, and wants young firms for allies."""

    def __init__(self, model: MarketModel, number: int) -> None:
        super().__init__(model, number)
        self.seen: list[float] = []

    def accepts(self, other: Firm) -> bool:
        return other.age < 12 or self.random.random() < 0.5

    def step(self) -> None:
        self.seen.append(self.cash)
        self.idea = 1 << self.random.randrange(12)


class Stepping(LargeFirm):
    def step(self) -> None:
        self.maturity = 0.5 + 0.1 * self.rng.random()


class Classroom(MarketModel):
    """A model with everything that a user may add."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for number in range(0, 20, 3):
            Picky(self, number)
        Stepping(self, 0)
        self.datacollector = MonthCollector(
            model_reporters={"richest": richest, "months": "month"},
            agent_reporters={"cash": "cash"},
            agenttype_reporters={Picky: {"age": "age"}},
            tables={"notes": ["month"]},
        )

    def step(self) -> None:
        super().step()
        self.datacollector.add_table_row("notes", {"month": self.month})


def richest(model: MarketModel) -> float:
    return max(model.agents.get("cash"))


def ordinary() -> MarketModel:
    return MarketModel(world="turbulent", rng=4, small=20, large=3)


def classroom() -> MarketModel:
    return Classroom(world="turbulent", rng=4, small=20, large=3)


def everything(model: MarketModel) -> list[Any]:
    """All that a model knows: its arrays, tables and agents."""
    collector = model.datacollector
    frames = [collector.get_model_vars_dataframe()]
    if collector.agent_reporters:
        frames += [collector.get_agent_vars_dataframe(), collector.get_table_dataframe("notes")]
    arrays = [array.tobytes() for part in (*model.state[:4], [model.state.clock]) for array in part]
    agents = [(type(firm), firm.unique_id, firm.pos, getattr(firm, "seen", None)) for firm in model.agents]
    edges = sorted(map(sorted, model.network().edges))
    return [*(frame.to_csv() for frame in frames), arrays, agents, edges, model.month, model.steps, model.running]


@copiers
@pytest.mark.parametrize("make", [ordinary, classroom])
@pytest.mark.parametrize("months", [0, 1, 7])
def test_a_copy_goes_on_to_the_same_bits_and_leaves_the_original_alone(
    copied: Callable[[Any], Any], make: Callable[[], MarketModel], months: int
) -> None:
    model, undisturbed = make(), make()
    for each in (model, undisturbed):
        assert each.grid is not None
        for _ in range(months):
            each.step()
    before = everything(model)
    other = copied(model)
    assert everything(other) == before
    other.step()
    other.run(4)
    assert other.month == other.steps == months + 5
    assert everything(model) == before
    for each in (model, undisturbed):
        each.step()
        each.run(4)
    assert everything(model) == everything(undisturbed) == everything(other)


@copiers
def test_the_agents_of_a_copy_are_views_of_its_own_arrays(copied: Callable[[Any], Any]) -> None:
    model = classroom()
    model.step()
    other = copied(model)
    assert {id(firm) for firm in model.agents}.isdisjoint(map(id, other.agents))
    for firm in other.agents:
        assert firm.model is other
        assert firm.arrays is other.state.firms
        assert other.registry.agent_at(firm.row) is firm
    assert sorted(firm.row for firm in other.grid.agents) == sorted(firm.row for firm in other.agents)
    before = list(model.agents)[5].cash
    list(other.agents)[5].cash = 77.0
    assert (list(model.agents)[5].cash, list(other.agents)[5].cash) == (before, 77.0)


class Photographer(MarketModel):
    """Copies itself at the end of each of its own steps, and while it records."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pictures: list[Any] = []
        self.datacollector = MonthCollector({"picture": self.picture})

    def picture(self) -> int:
        if self.month == 2:
            self.pictures.append(pickle.dumps(self))
        return self.month

    def step(self) -> None:
        super().step()
        if self.month == 3:
            self.pictures.append(pickle.dumps(self))


def test_copies_that_are_made_during_a_step_go_on_too() -> None:
    model, undisturbed = (kind(rng=1, small=10, large=1) for kind in (Photographer, MarketModel))
    for each in (model, undisturbed):
        each.run(6)
    for month, picture in zip((2, 3), model.pictures, strict=True):
        other = pickle.loads(picture)
        assert (other.month, other.steps) == (month, month)
        other.step()
        assert (other.month, other.steps) == (month + 1, month + 1)
        other.run(5 - month)
        prices = [each.datacollector.model_vars["mean_price"] for each in (other, undisturbed)]
        assert list(prices[0]) == list(prices[1])


class Clairvoyant(SmallFirm):
    """Looks into the future while it is asked, in the middle of a month."""

    def accepts(self, other: Firm) -> bool:  # noqa: ARG002
        return copy.deepcopy(self.model).month > 0


class Impatient(SmallFirm):
    def accepts(self, other: Firm) -> bool:  # noqa: ARG002
        self.model.step()
        return True


@pytest.mark.parametrize("kind", [Clairvoyant, Impatient])
def test_half_a_month_can_neither_be_copied_nor_played_on(kind: type[SmallFirm]) -> None:
    model = MarketModel(rng=1, small=10, large=0, small_interdependent=1.0)
    kind.create_agents(model, 10)
    for attempt in (model.run_model, model.step, lambda: model.run(2), lambda: copy.deepcopy(model)):
        with pytest.raises(RuntimeError, match=r"month 0 has not been played to its end"):
            attempt()
    assert not model.running


@settings(max_examples=20)
@given(strategies.overrides, st.integers(0, 1000), st.integers(0, 3))
def test_any_market_can_be_copied_between_two_months(overrides: dict, seed: int, months: int) -> None:
    model = MarketModel(rng=seed, **overrides)
    for _ in range(months):
        model.step()
    deep, pickled = copy.deepcopy(model), pickle.loads(pickle.dumps(model))
    for each in (model, deep, pickled):
        each.run(3)
    assert everything(model) == everything(deep) == everything(pickled)


def test_a_shallow_copy_is_refused_and_says_what_to_write_instead() -> None:
    model = ordinary()
    model.step()
    with pytest.raises(TypeError, match=r"copy\.deepcopy\(model\)"):
        copy.copy(model)


def test_a_lambda_as_reporter_is_copied_by_all_but_pickle() -> None:
    model = MarketModel(rng=1, small=4, large=0)
    model.datacollector = MonthCollector(model_reporters={"firms": lambda model: len(model.agents)})
    model.step()
    for name in ("deepcopy", "cloudpickle"):
        other = COPIERS[name](model)
        other.run(2)
        assert other.datacollector.get_model_vars_dataframe()["firms"].tolist() == [4, 4, 4]
    with pytest.raises((AttributeError, pickle.PicklingError), match="lambda"):
        pickle.dumps(model)


@pytest.mark.thorough
def test_another_process_goes_on_to_the_same_bits(tmp_path: Path) -> None:
    model = ordinary()
    model.step()
    file = tmp_path / "model.pickle"
    file.write_bytes(pickle.dumps(model))
    code = f"import pickle; model = pickle.load(open({str(file)!r}, 'rb')); model.run(3); print(model.measured.by_month.sum())"
    there = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    model.run(3)
    assert float(there) == model.measured.by_month.sum()


@copiers
def test_what_simulate_takes_and_returns_can_be_copied(copied: Callable[[Any], Any]) -> None:
    shocks = [{"month": 3, "magnitude": 0.5}]
    run = sim.simulate(sim.parameters("web 2.0", {"dynamics.months": 6, "environment.shocks": shocks}), 3)
    other = copied(run)
    assert type(other) is type(run)
    assert (other.parameters, other.seed) == (run.parameters, 3)
    assert type(other.parameters.collaboration.scope) is type(run.parameters.collaboration.scope)
    for table in ("monthly", "markets", "summary", "firms"):
        assert getattr(other, table)().equals(getattr(run, table)()), table
    assert typeof(other.state) == typeof(run.state)
    before = run.state.clock.copy()
    again = [play(state, run.parameters, 3, 2).by_group for state in (copied(run.state), other.state)]
    np.testing.assert_array_equal(*again)
    np.testing.assert_array_equal(run.state.clock, before)
