"""Agents are views of rows: they say what the arrays say, and what is set on them happens."""

import gc
import weakref

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.economy.measures import GROUPS
from sim.mesa_model import Firm, LargeFirm, MarketModel, SmallFirm
from tests.support import strategies

PLAYED = {"rng": 1, "small": 30, "large": 4, "maturity": 0.7, "months": 24}


def played(**kwargs: object) -> MarketModel:
    model = MarketModel(**{**PLAYED, **kwargs})
    model.run()
    return model


def test_agents_say_what_the_table_of_firms_says() -> None:
    model = played(rng=4)
    overrides = {"population.small": 30, "population.large": 4, "population.maturity": 0.7, "dynamics.months": 24}
    table = sim.simulate(sim.parameters("today", overrides), 4).firms()
    names = [name for name in table.columns if name != "model"]
    frame = pd.DataFrame(model.agents.get(names), columns=names)
    frame[["alliance", "trial_group"]] = frame[["alliance", "trial_group"]].astype(float).fillna(-1)
    for name in names:
        assert frame[name].tolist() == pytest.approx(table[name].tolist(), nan_ok=True), name
    assert model.agents.get("business_model") == table["model"].tolist()


def test_idioms_of_mesa_work() -> None:
    model = played()
    allied = model.agents.select(lambda firm: firm.alliance is not None)
    assert 0 < len(allied) < len(model.agents) == 34
    assert allied.agg("profit", np.mean) == pytest.approx(np.mean(allied.get("profit")))
    assert {kind: len(agents) for kind, agents in model.agents_by_type.items()} == {SmallFirm: 30, LargeFirm: 4}
    assert set(model.agent_types) == {SmallFirm, LargeFirm}
    assert len(model.agents.select(agent_type=LargeFirm).sort("cash", ascending=False)) == 4
    groups = {group: len(firms) for group, firms in model.agents.groupby("group")}
    assert set(groups) <= set(GROUPS)
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame.index.name == "month"
    assert frame["small independent: firms"].iloc[-1] == groups["small independent"]


def test_different_seeds_give_different_runs() -> None:
    means = {played(rng=seed).datacollector.get_model_vars_dataframe()["mean_price"].mean() for seed in range(5)}
    assert len(means) == 5


def test_allies_share_an_alliance_and_the_network_joins_them() -> None:
    model = played(rng=2)
    graph = model.network()
    assert set(graph.nodes) == {firm.unique_id for firm in model.agents}
    for firm in model.agents:
        assert {ally.unique_id for ally in firm.allies} == set(graph.neighbors(firm.unique_id))
        assert all(ally.alliance == firm.alliance and firm in ally.allies for ally in firm.allies)
        node = graph.nodes[firm.unique_id]
        assert (node["group"], node["lines"], node["broke_word"]) == (firm.group, firm.lines, firm.broke_word)
    assert graph.number_of_edges() > 0
    assert any(firm.broken_words for firm in model.agents)
    assert all(firm.broken_words >= firm.broke_word for firm in model.agents)


def test_the_grid_numbers_positions_from_zero_and_holds_every_firm_once() -> None:
    model = MarketModel(rng=1, small=30, large=4, entry="none", overhead=1.2)
    grid = model.grid
    assert grid.G.number_of_edges() == 0
    for _ in range(3):
        model.run(20)
        assert all(firm.pos == firm.row for firm in model.agents)
        assert list(grid.G.nodes) == list(range(34))
        assert sorted(firm.pos for firm in grid.agents) == sorted(firm.row for firm in model.agents)
        assert {frozenset(edge) for edge in grid.G.edges} == {frozenset(edge) for edge in model.network().edges}
    assert model.grid is grid
    assert grid.G.number_of_edges() > 0


@pytest.mark.filterwarnings("ignore")  # Mesa and Solara warn about themselves
@pytest.mark.parametrize("months", [0, 24])
def test_mesa_draws_the_grid_with_and_without_alliances(months: int) -> None:
    pytest.importorskip("solara", reason="Mesa's drawing functions need the packages of the app: make install-page")
    import solara
    from matplotlib import pyplot as plt
    from mesa.visualization import draw_space, make_space_component
    from mesa.visualization.components import AgentPortrayalStyle

    def portrayal(firm: Firm) -> AgentPortrayalStyle:
        return AgentPortrayalStyle(color="tab:grey" if firm.large else "tab:blue")

    model = MarketModel(rng=1, small=30, large=4, small_interdependent=1.0)
    model.run(months)
    assert (model.grid.G.number_of_edges() > 0) == (months > 0)
    axes = draw_space(model.grid, portrayal)
    assert sum(len(points.get_offsets()) for points in axes.collections if hasattr(points, "get_sizes")) == 34
    plt.close(axes.figure)
    solara.render(make_space_component(portrayal)(model), handle_error=False)


def test_firms_that_close_are_no_agents_any_more() -> None:
    model = MarketModel(rng=1, small=30, large=4, entry="none", overhead=1.2)
    everybody = list(model.agents)
    assert len(everybody) == 34
    model.run(60)
    survivors = list(model.agents)
    assert 0 < len(survivors) < 34
    assert survivors == [firm for firm in everybody if firm.active]
    with pytest.raises(sim.ParameterError, match="no small firm of this number trades"):
        SmallFirm(model, next(firm.number for firm in everybody if not firm.active and firm.size == "small"))


def test_a_start_up_takes_over_position_and_agent() -> None:
    model = MarketModel(rng=1, small=30, large=0, overhead=1.2)
    before = list(model.agents)
    model.run(60)
    assert list(model.agents) == before
    newcomers = model.agents.select(lambda firm: firm.age < 60)
    assert len(newcomers) > 0
    assert all(firm.broken_words <= firm.age for firm in newcomers)


def test_what_is_set_on_an_agent_happens() -> None:
    model = played(rng=3, small_interdependent=0.8)
    firm = next(firm for firm in model.agents if firm.allies)
    firm.strategy = "independent"
    model.step()
    assert (firm.group, firm.alliance, firm.interdependent) == (f"{firm.size} independent", None, False)
    other = next(firm for firm in model.agents if firm.allies and firm.layers == 0)
    other.maturity, other.sales_focus, other.cash = 0.0, 1, np.float64(3.0)
    model.step()
    assert other.broke_word or other.alliance is None
    assert not other.keeps_word
    assert other.price - other.marginal_cost < min(f.price - f.marginal_cost for f in model.agents if f.sales_focus == 0)
    assert other.cash == pytest.approx(min(3.0 + other.profit, 12 * 0.85 * other.lines))


def test_a_firm_hires_as_many_specialists_as_are_set() -> None:
    model = MarketModel(rng=1, small=20, large=0, small_interdependent=0.0, wage=0.0, review=0.0, variation=0.0)
    for number, firm in enumerate(model.agents):
        firm.wanted = number % 6
    model.step()
    assert model.agents.get("specialists") == [number % 6 for number in range(20)]


def test_the_group_of_a_field_trial_is_no_alliance() -> None:
    trial = {"trial.first_month": 3, "trial.months": 6, "trial.group": 5}
    model = MarketModel(rng=1, small=30, large=0, small_interdependent=0.0, **trial)
    model.run(4)
    treated = model.agents.select(lambda firm: firm.trial_group is not None)
    assert len(treated) == 15
    assert len(set(treated.get("trial_group"))) == 3
    assert all(firm.alliance is None and not firm.allies for firm in model.agents)
    assert model.network().number_of_edges() == model.grid.G.number_of_edges() == 0


def test_ruined_firms_fail_and_leaving_firms_are_alone() -> None:
    model = played(rng=3, meeting=0.0)
    assert all(not firm.allies for firm in model.agents)
    model = played(rng=3)
    leaver, ruined = (firm for firm in model.agents.select(lambda firm: firm.allies, at_most=2))
    leaver.leave()
    ruined.cash = -1000.0
    model.step()
    assert ruined.failed
    model.step()
    assert ruined.entered
    assert ruined.age == 1


def test_a_competence_or_business_model_that_is_set_is_used() -> None:
    model = MarketModel(rng=1, small=2, large=0, small_interdependent=0.0, noise=0.0, speed=0.0, wage=1000.0)
    first, second = model.agents
    first.competence = 5
    second.business_model = first.business_model
    assert (first.competence, first.coverage) == (5, 0)
    model.step()
    assert first.coverage == 1
    assert first.arrays.coverage[first.row] == model.state.landscape.domain[5]
    best = max(first.fitness, second.fitness)
    model.run(300)
    assert min(first.fitness, second.fitness) >= best


@pytest.mark.parametrize(
    ("attribute", "value", "message"),
    [
        ("maturity", 1.01, "small 3: maturity = 1.01: must be a number >= 0 and <= 1"),
        ("sales_focus", "all", "small 3: sales_focus = 'all': must be a number"),
        ("cash", float("nan"), "small 3: cash = nan"),
        ("interdependent", 2, "small 3: interdependent = 2: must be true or false"),
        ("strategy", "interdependant", "must be one of independent, interdependent .did you mean 'interdependent'"),
        ("competence", 6, "small 3: competence = 6: must be a whole number >= 0 and <= 5"),
        ("business_model", 4096, "small 3: business_model = 4096: must be a whole number >= 0 and <= 4095"),
        ("idea", -1, "small 3: idea = -1"),
        ("exclusion", 0.5, "small 3: exclusion = 0.5"),
    ],
)
def test_what_is_set_is_checked(attribute: str, value: object, message: str) -> None:
    firm = list(MarketModel(rng=1).agents)[3]
    before = getattr(firm, attribute)
    with pytest.raises(sim.ParameterError, match=message):
        setattr(firm, attribute, value)
    assert getattr(firm, attribute) == before


def test_what_follows_from_the_market_cannot_be_set() -> None:
    firm = next(iter(MarketModel(rng=1).agents))
    for name in ("price", "share", "lines", "broken_words"):
        with pytest.raises(AttributeError, match=f"small 0: {name} follows"):
            setattr(firm, name, 1)


@given(strategies.overrides, st.integers(0, 5))
def test_reading_changes_nothing(overrides: dict, seed: int) -> None:
    read, unread = MarketModel(rng=seed, **overrides), MarketModel(rng=seed, **overrides)
    for _ in range(4):
        for firm in read.agents:
            assert all(hasattr(firm, name) for name in dir(firm))
        read.network()
        read.step()
        unread.step()
    np.testing.assert_array_equal(read.measured.by_group, unread.measured.by_group)


def test_models_are_freed() -> None:
    alive = []
    for seed in range(20):
        model = MarketModel(rng=seed, small=10, large=1)
        model.run(3)
        model.step()
        assert len(model.agents) == len(model.grid.agents) == 11
        alive.append(weakref.ref(model))
    del model
    gc.collect()
    assert [model() for model in alive] == [None] * 20


def test_agents_can_be_told_apart() -> None:
    firm = list(MarketModel(rng=1).agents)[104]
    assert repr(firm) == "<LargeFirm large 4>"
    assert isinstance(firm, Firm)
    assert (firm.unique_id, firm.row, firm.number, firm.large) == (104, 104, 4, True)
