"""The setting of the app, its address, and what is drawn and said, without a browser."""

import contextlib
import io
from enum import IntEnum

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.app import address, charts, flows, network, words
from sim.app.address import query, read
from sim.app.export import as_csv
from sim.app.playing import Pair, history
from sim.app.setting import BESIDE, INDEPENDENT, Setting
from sim.app.sliders import groups, span
from sim.economy.measures import GROUPS
from sim.economy.state import TREATED
from sim.economy.validation import checked, fields, flat
from sim.mesa_model.model import MarketModel
from sim.observation.decoding import alliance_numbers
from sim.observation.recovery import recovery
from tests.support.strategies import overrides

SHOWN = {field.name for _, members in groups().values() for field in members}


@given(overrides, st.sampled_from(list(sim.worlds())), st.integers(0, 2**64 - 1), st.integers(0, 500), st.sampled_from(BESIDE))
def test_an_address_restores_its_setting(changes: dict, world: str, seed: int, month: int, beside: str) -> None:
    setting = Setting(world, {}, seed, month, beside)
    for name, value in changes.items():
        setting = setting.change(name, value)
    try:
        address.checked(setting)
    except sim.ParameterError:
        return
    found, lesson = read(query(setting))
    assert found == setting
    assert lesson == ""


def test_a_change_back_leaves_no_trace() -> None:
    setting = Setting("turbulent").change("environment.speed", 0.2)
    assert dict(setting.changes) == {"environment.speed": 0.2}
    assert setting.change("environment.speed", 0.1) == Setting("turbulent")


@given(st.text(max_size=60))
def test_any_address_is_read_or_refused_with_a_message(text: str) -> None:
    with contextlib.suppress(sim.ParameterError):
        setting, _ = read(text)
        assert setting == address.checked(setting)


def test_every_parameter_has_a_control() -> None:
    assert set(fields()) - {"environment.shocks", "dynamics.months"} == SHOWN


@pytest.mark.parametrize("name", [name for name in sorted(SHOWN) if not isinstance(fields()[name].default, bool | IntEnum)])
def test_both_ends_of_a_slider_are_valid_and_enclose_the_default(name: str) -> None:
    field = fields()[name]
    reach = span(field)
    assert reach.least <= field.default <= reach.most
    for value in (reach.least, reach.most):
        checked(field, int(value) if isinstance(field.default, int) else value)


def test_playing_in_several_calls_equals_playing_at_once() -> None:
    setting = Setting("today", {"environment.shocks": [{"month": 20, "magnitude": 1.0}]}, 4, 10, INDEPENDENT)
    pair = Pair(setting)
    for month in (11, 15, 60):
        pair = pair.go(setting._replace(month=month))
    whole = Pair(setting._replace(month=60))
    assert np.array_equal(pair.history.by_group, whole.history.by_group, equal_nan=True)
    assert np.array_equal(pair.twin.by_month, whole.twin.by_month, equal_nan=True)


def test_comparison_runs_have_the_same_random_draws_and_disruptions() -> None:
    setting = Setting("today", {"environment.shocks": [{"month": 30, "magnitude": 1.0}]}, 9, 40, INDEPENDENT)
    pair = Pair(setting)
    alone = {"population.small_interdependent": 0.0, "population.large_interdependent": 0.0}
    shocks = {"environment.shocks": [{"month": 30, "magnitude": 1.0}], "dynamics.months": 40}
    run = sim.simulate(sim.parameters("today", {**alone, **shocks}), 9)
    assert np.array_equal(pair.twin.by_group, run.history.by_group, equal_nan=True)


def test_the_history_equals_that_of_simulate() -> None:
    model = MarketModel(world="labyrinth", rng=3)
    model.run(30)
    run = sim.simulate(sim.parameters("labyrinth", {"dynamics.months": 30}), 3)
    for shown, simulated in zip(history(model), run.history, strict=True):
        assert np.array_equal(shown, simulated, equal_nan=True)


def test_the_saved_table_equals_that_of_simulate() -> None:
    pair = Pair(Setting(seed=6, month=12))
    table = pd.read_csv(io.StringIO(as_csv(pair)))
    run = sim.simulate(sim.parameters("today", {"dynamics.months": 12}), 6)
    assert np.array_equal(table[list(run.monthly().columns)].to_numpy(), run.monthly().to_numpy(), equal_nan=True)


def test_inflows_of_a_firm_equal_its_outflows() -> None:
    changes = {"population.sales_focused": 0.5, "market.promotion": 0.3}
    model = Pair(Setting(changes=changes, month=80)).model
    for i in range(model.state.firms.identity.size):
        coming, going = flows.flows(model.state, model.parameters, i)
        assert sum(f.amount for f in coming) == pytest.approx(sum(f.amount for f in going), abs=1e-9)
        assert all(f.amount > 0 for f in (*coming, *going))


def test_survival_multiplies_the_survival_rates_of_twelve_months() -> None:
    history = sim.simulate(sim.parameters("today", {"dynamics.months": 40}), 2).history
    firms, exits = (history.by_group[20:32, 0, k] for k in (words.FIRMS, words.EXITS))
    assert words.survival(history.by_group)[31, 0] == pytest.approx(np.prod(1 - exits / firms))


def test_the_leader_is_the_group_that_earned_most_in_the_last_year() -> None:
    run = sim.simulate(sim.parameters("today", {"dynamics.months": 100}), 1)
    last = run.monthly().loc[88:]["profit_per_line"].groupby("group").mean().dropna().sort_values()
    said = words.leader(run.history)
    assert said.startswith(f"In the lead: {last.index[-1]} firms, with {last.iloc[-1]:.2f}")
    assert f"{last.iloc[-1] - last.iloc[-2]:.2f} more than {last.index[-2]} firms" in said


def test_a_group_that_has_not_recovered_is_said_to_be_so() -> None:
    setting = Setting(changes={"environment.shocks": [{"month": 60, "magnitude": 1.0}]}, month=61)
    pair = Pair(setting)
    assert words.recoveries(pair.history, 60).count("not yet") == np.sum(recovery(pair.history.by_group, 60)[: len(GROUPS)] == 1)
    assert words.recoveries(pair.history, 99) == "A disruption strikes in month 100."


def test_firms_have_different_positions_within_the_picture() -> None:
    for small, large in ((100, 5), (2900, 100), (1, 0), (0, 2)):
        model = Pair(Setting(changes={"population.small": small, "population.large": large}, month=24)).model
        at = network.places(model.state)
        assert np.all(np.hypot(at[:, 0], at[:, 1]) < 1.1)
        assert len(np.unique(np.round(at, 9), axis=0)) == small + large


def test_the_network_shows_alliances_and_no_groups_of_a_field_trial() -> None:
    trial = {"trial.first_month": 3, "trial.months": 20, "trial.group": 5}
    state = Pair(Setting(changes=trial, month=12)).model.state
    assert state.alliances.trial.sum() == 5
    alliances = np.sum((state.alliances.members > 0) & ~state.alliances.trial)
    assert f" {alliances} alliances;" in network.described(state)
    grouped = (state.firms.assignment == TREATED) & (state.firms.alliance >= 0)
    away = np.hypot(*network.places(state).T)
    assert away[grouped].min() > network.INNER
    assert away[alliance_numbers(state) >= 0].max() < network.INNER


def test_long_histories_are_thinned_out_but_end_with_the_last_month() -> None:
    pair = Pair(Setting(month=1000))
    data = charts.profit(pair.history, None, [])["series"][0]["data"]
    assert len(data) <= charts.MOST_POINTS
    assert data[-1][0] == 1000


def test_the_model_of_the_app_has_the_parameters_of_the_setting() -> None:
    setting = Setting("web 2.0", {"environment.interaction": "modular"}, 2, 5)
    assert flat(Pair(setting).model.parameters) == flat(setting.parameters())
