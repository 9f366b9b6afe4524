"""What a user of Mesa tries works as in Mesa, or is refused in one line; docs/how-to/differences_from_mesa.md says which."""

import copy
import re
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest

import sim
from sim.economy.validation import ParameterError
from sim.mesa_model import MarketModel, MonthCollector, SmallFirm

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "differences_from_mesa.md"
ROW = re.compile(r"^\| `([^`]+)` \| `([^`]+)` \|$", flags=re.MULTILINE)
REFUSED = ROW.findall(PAGE.read_text(encoding="utf-8"))
HAS_EVENTS = hasattr(mesa.Model, "run_for")
SIZE = {"small": 10, "large": 1}
needs_events = pytest.mark.skipif(not HAS_EVENTS, reason="Mesa 3.3 has no events")


def batch(**kwargs: Any) -> list[dict[str, Any]]:
    return mesa.batch_run(display_progress=False, max_steps=5, **kwargs)


def names_on_the_page() -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)[0], names)
    return names


def prices(model: MarketModel) -> list[float]:
    return model.datacollector.get_model_vars_dataframe()["mean_price"].tolist()


def test_the_page_has_rows_to_check() -> None:
    assert len(REFUSED) >= 10


@pytest.mark.parametrize(("refused", "instead"), REFUSED, ids=[refused for refused, _ in REFUSED])
def test_what_the_page_refuses_is_refused_in_one_line_and_what_it_advises_works(refused: str, instead: str) -> None:
    with pytest.raises((TypeError, ValueError, AttributeError)) as raised:
        exec(refused, names_on_the_page())
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 200
    exec(instead, names_on_the_page())


def test_steps_of_ordinary_agents_are_refused_with_what_to_write_instead() -> None:
    model = MarketModel(rng=1, **SIZE)
    for attempt in ("do", "shuffle_do", "map"):
        with pytest.raises(TypeError, match=r"write model\.step\(\)"):
            getattr(model.agents, attempt)("step")
    assert model.month == 0


def test_a_custom_step_may_call_that_of_its_base_class() -> None:
    class Polite(SmallFirm):
        calls = 0

        def step(self) -> None:
            super().step()
            self.calls += 1

    polite = Polite(model := MarketModel(rng=1, **SIZE), 2)
    model.run(3)
    assert polite.calls == 3


def test_all_agents_or_an_ordinary_one_cannot_be_removed() -> None:
    model = MarketModel(rng=1, **SIZE)
    before = list(model.agents)
    with pytest.raises(TypeError, match="create a new model instead"):
        model.remove_all_agents()
    with pytest.raises(TypeError, match=r"small 0: .* write firm\.cash = -1e9"):
        before[0].remove()
    assert list(model.agents) == before


def test_a_firm_without_cash_leaves_as_its_refusal_says() -> None:
    model = MarketModel(rng=1, entry="none", **SIZE)
    firm = list(model.agents)[3]
    firm.cash = -1e9
    model.run(2)
    assert firm not in model.agents
    firm.remove()
    firm.remove()
    assert len(model.agents) == model.state.firms.active.sum() < 11


def test_removing_a_custom_agent_twice_is_removing_it_once() -> None:
    model = MarketModel(rng=1, **SIZE)
    ordinary = list(model.agents)[3]
    first, second = type("Mine", (SmallFirm,), {})(model, 3), type("Yours", (SmallFirm,), {})(model, 3)
    for gone in (ordinary, first, first):
        gone.remove()
    assert second in model.agents
    second.remove()
    second.remove()
    assert len(model.agents) == 11
    assert type(list(model.agents)[-1]) is SmallFirm
    with pytest.raises(KeyError):
        model.deregister_agent(second)


def test_a_second_ordinary_agent_and_values_without_names_are_refused() -> None:
    model = MarketModel(rng=1, **SIZE)
    with pytest.raises(ParameterError, match="every firm has a SmallFirm already; derive a class from it"):
        SmallFirm(model)
    with pytest.raises(ParameterError, match=r"10: write the name before each value, as in MarketModel\(small=10, large=1\)"):
        MarketModel(10, 1)


def test_an_agent_of_another_model_cannot_be_registered() -> None:
    model, other = MarketModel(rng=1, **SIZE), MarketModel(rng=2, **SIZE)
    with pytest.raises(TypeError, match=r"small 0: is an agent of another model; create one for this model: SmallFirm\(model\)"):
        model.register_agent(other.agents[0])


def test_an_agent_can_be_registered_again_and_keeps_its_number() -> None:
    class Mine(SmallFirm):
        pass

    model = MarketModel(rng=1, **SIZE)
    mine = Mine(model, 3)
    for _ in range(2):
        model.register_agent(mine)
        assert (mine.unique_id, len(model.agents), len(model.agents_by_type[Mine])) == (3, 11, 1)
    mine.remove()
    model.register_agent(mine)
    assert (mine.unique_id, mine in model.agents, len(model.agents)) == (3, True, 11)


def test_other_agents_are_refused_and_leave_no_trace() -> None:
    model = MarketModel(rng=1, **SIZE)
    with pytest.raises(TypeError, match=r"Agent: .*derive from SmallFirm or LargeFirm"):
        mesa.Agent(model)
    with pytest.raises(TypeError, match="derive from SmallFirm or LargeFirm"):
        mesa.Agent.create_agents(model, 3)
    assert model.agents.get("unique_id") == list(range(11))
    assert len(model.agents.get("cash")) == len(model.grid.agents) == 11


def test_agents_are_created_as_in_mesa_and_take_the_first_positions() -> None:
    class Saver(SmallFirm):
        def __init__(self, model: MarketModel, target: float) -> None:
            super().__init__(model)
            self.target = target

    model = MarketModel(rng=1, markets=2, **SIZE)
    savers = Saver.create_agents(model, 3, target=[1.0, 2.0, 3.0])
    assert savers.get(["name", "target"]) == [["small 0", 1.0], ["small 1", 2.0], ["small 2", 3.0]]
    Saver.create_agents(model, 7, 0.0)
    assert len(model.agents_by_type[Saver]) == 10
    with pytest.raises(sim.ParameterError, match="every small firm that trades has a custom agent already"):
        Saver(model, 0.0)


def test_the_only_survivor_is_an_agent_although_a_custom_one_died() -> None:
    model = MarketModel(rng=1, small=2, large=0, entry="none")
    doomed = SmallFirm(model, 0)
    doomed.cash = -1e9
    model.run(2)
    assert model.agents.get("name") == ["small 1"]


def test_every_month_is_recorded_once_or_loudly_refused() -> None:
    class Stock(MarketModel):
        def step(self) -> None:
            super().step()
            self.datacollector.collect(self)

    model = Stock(rng=1, **SIZE)
    with pytest.raises(TypeError, match=r"month 1: .* leave out datacollector\.collect\(\)"):
        model.step()
    model = MarketModel(rng=1, **SIZE)
    with pytest.raises(TypeError, match=r"month 0: .* nothing before the first"):
        model.datacollector.collect(model)
    model.run(2)
    assert len(prices(model)) == 2


def test_mesas_own_collector_is_refused_in_favour_of_one_that_takes_the_same() -> None:
    model = MarketModel(rng=1, **SIZE)
    with pytest.raises(TypeError, match=r"write MonthCollector\(\.\.\.\) instead of DataCollector\(\.\.\.\)"):
        model.datacollector = mesa.DataCollector(model_reporters={"firms": len})
    model.datacollector = MonthCollector({"months": "month"}, {"name": "name"}, {SmallFirm: {"cash": "cash"}}, {"notes": ["text"]})
    model.run(3)
    model.datacollector.add_table_row("notes", {"text": "three"})
    assert model.datacollector.get_model_vars_dataframe()["months"].tolist() == [1, 2, 3]
    assert len(model.datacollector.get_agent_vars_dataframe()) == 33
    assert len(model.datacollector.get_agenttype_vars_dataframe(SmallFirm)) == 30
    assert model.datacollector.get_table_dataframe("notes")["text"].tolist() == ["three"]


def test_a_model_that_is_told_to_stop_does_not_run_on() -> None:
    class Stopping(SmallFirm):
        def step(self) -> None:
            if self.model.month == 4:
                self.model.running = False

    model = MarketModel(rng=1, **SIZE)
    Stopping(model)
    model.run_model()
    assert (model.month, model.running) == (5, False)


def test_positional_arguments_of_a_subclass_reach_its_twin() -> None:
    class Mine(MarketModel):
        def __init__(self, n: int, seed: int | None = None, **kwargs: Any) -> None:
            super().__init__(small=n, seed=seed, **kwargs)

    model = Mine(7, seed=3, large=1)
    model.run(2)
    twin = model.twin()
    assert (twin.seed, len(twin.agents)) == (3, 8)
    assert prices(twin) == prices(model)


@pytest.mark.filterwarnings("ignore:The `iterations` keyword:DeprecationWarning")
def test_iterations_of_a_batch_run_draw_different_seeds() -> None:
    rows = batch(model_cls=MarketModel, parameters={**SIZE, "months": 5}, iterations=3)
    assert len({row["mean_price"] for row in rows}) == 3


@pytest.mark.filterwarnings("ignore:The `iterations` keyword:DeprecationWarning")
def test_a_batch_run_can_record_the_seeds_it_drew() -> None:
    rows = batch(model_cls=names_on_the_page()["Seeded"], parameters={**SIZE, "months": 5}, iterations=2)
    again = MarketModel(rng=rows[1]["seed"], **SIZE)
    again.run(5)
    assert rows[1]["mean_price"] == prices(again)[-1]


def test_a_batch_run_varies_parameters_and_seeds() -> None:
    rows = batch(model_cls=MarketModel, parameters={"complexity": [1, 4], "seed": [1, 2], "months": 5, **SIZE})
    assert [(row["complexity"], row["seed"]) for row in rows] == [(1, 1), (1, 2), (4, 1), (4, 2)]
    model = MarketModel(rng=2, **SIZE)
    model.run(5)
    assert rows[3]["mean_price"] == prices(model)[-1]


@needs_events
def test_a_batch_run_takes_seeds_as_rng() -> None:
    rows = batch(model_cls=MarketModel, parameters={**SIZE, "months": 5}, rng=[1, 2, 3])
    for row, seed in zip(rows, (1, 2, 3), strict=True):
        model = MarketModel(rng=seed, **SIZE)
        model.run(5)
        assert (row["rng"], row["mean_price"]) == (seed, prices(model)[-1])


@needs_events
def test_time_is_counted_in_months() -> None:
    model, plain = MarketModel(rng=1, **SIZE), MarketModel(rng=1, **SIZE)
    model.run_for(3)
    model.run_until(5)
    model.run(2)
    model.run_for(1)
    plain.run(8)
    assert model.time == model.steps == model.month == 8
    assert prices(model) == prices(plain)


@needs_events
def test_scheduled_events_happen_in_their_month_also_in_a_run_of_many() -> None:
    model, seen = MarketModel(rng=1, **SIZE), []

    def look() -> None:
        seen.append(model.month)

    model.schedule_event(look, at=3)
    model.run(5)
    assert seen == [3]


@needs_events
def test_observers_see_every_month_also_in_a_run_of_many() -> None:
    def look(message: Any) -> None:
        seen.append(message.owner.month)

    seen: list[int] = []
    model, stepped = MarketModel(rng=1, **SIZE), MarketModel(rng=1, **SIZE)
    for each in (model, stepped):
        each.observe("time", "changed", look)
    model.run(3)
    by_run = seen.copy()
    for _ in range(3):
        stepped.step()
    assert by_run == seen[len(by_run) :]
    assert set(by_run) == {0, 1, 2}


def test_mesas_generators_and_their_resets_leave_the_economy_alone() -> None:
    model, plain = MarketModel(rng=1, **SIZE), MarketModel(rng=1, **SIZE)
    model.random.random()
    model.rng.random()
    model.reset_rng(5)
    model.random.seed(5)
    for each in (model, plain):
        each.run(4)
    assert prices(model) == prices(plain)
    assert MarketModel(rng=1).random.random() == plain.agents[0].random.random()


def test_the_agents_cannot_be_replaced_and_mesa_says_so() -> None:
    with pytest.raises(AttributeError, match=r"You are trying to set model\.agents"):
        MarketModel(rng=1, **SIZE).agents = []


def test_agents_are_numbered_from_zero_in_the_order_of_rows() -> None:
    model = MarketModel(rng=1, **SIZE)
    assert model.agents.get("unique_id") == [firm.row for firm in model.agents] == list(range(11))


def test_the_graph_of_the_grid_has_no_edge_before_the_first_alliance() -> None:
    graph = MarketModel(rng=1, **SIZE).grid.G
    assert graph.number_of_edges() == len(graph.edges) == len(list(graph.edges())) == len(list(graph.edges.data())) == 0
    assert list(graph.edges(data=True)) == []
    assert (0, 0) not in graph.edges
    assert list(graph.edges) == [(0, 0)]  # what networkx draws; the page says so


def test_the_grid_holds_every_firm_at_its_row_again_after_a_month() -> None:
    model = MarketModel(rng=1, **SIZE)
    first, second, *_ = model.grid.agents
    model.grid.move_agent(first, second.pos)
    model.step()
    assert [first.pos, second.pos] == [first.row, second.row]


def test_sets_of_agents_do_what_they_do_in_mesa() -> None:
    model = MarketModel(rng=1, **SIZE)
    model.run(6)
    firms = model.agents
    assert firms.select(lambda firm: firm.large).get("name") == ["large 0"]
    assert len(firms.select(at_most=0.5)) == 5
    assert firms.sort("cash", ascending=True).get("cash") == sorted(firms.get("cash"))
    assert sum(firms.groupby("strategy").count().values()) == 11
    assert firms.groupby("large").agg("lines", sum) == {False: 10, True: firms[10].lines}
    assert firms.agg("cash", [min, max]) == [min(firms.get("cash")), max(firms.get("cash"))]
    assert firms.map(lambda firm: firm.row) == list(range(11))
    assert sorted(firms.shuffle().get("row")) == list(range(11))
    firms.set("maturity", 0.25).do("leave")
    assert set(firms.get("maturity")) == {0.25}
    assert firms.get("alliance") == [None] * 11
    assert firms.get("wealth", handle_missing="default", default_value=0) == [0] * 11
    assert firms[3] in copy.copy(firms)
    np.testing.assert_array_equal(firms.get("cash"), model.state.firms.cash)
