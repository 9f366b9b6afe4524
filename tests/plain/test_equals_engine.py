"""The engine and its plain twin in sim/plain, which share draws and definitions but no rule, are the same economy."""

import ast
from pathlib import Path

import mesa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim import plain
from sim.economy.initialisation import create
from sim.economy.measures import ALL_GROUPS, GROUP_NAMES, MONTH_NAMES
from sim.economy.simulation import play
from sim.economy.state import NEVER_ALLIES, NEVER_LEAVES, NEVER_LOOKS, State
from sim.plain import firm, learning, market, measures, meeting, model, search, staffing, trial
from sim.plain.firm import LargeFirm, SmallFirm
from sim.plain.market import odds
from sim.plain.model import PlainEconomy
from tests.support import strategies
from tests.support.digest import RUNS
from tests.support.options import LIVELY, OPTIONS, WITH_DEVIATIONS

SAME = 1e-9
NOTHING = 1e-290  # less than that is none: the engine's exp ends at 1e-308
SHARED = [name for name in MONTH_NAMES if name != "iterations"]  # each has its own solver
NAMES = [(group, name) for group in ALL_GROUPS for name in GROUP_NAMES] + [("everybody", name) for name in SHARED]
DIFFERENCE_OF = {
    "profit": "revenue",
    "operating_profit": "revenue",
    "cash": "revenue",
    "profit_per_line": "revenue_per_line",
    "operating_profit_per_line": "revenue_per_line",
    "markup": "price",
}
SOURCES = sorted(Path(plain.__file__).parent.glob("*.py"))


def differences(parameters: sim.Parameters, seed: int, months: int, deviate: bool = False) -> list[tuple]:
    """(month, group, measure, engine's value, twin's value) in the first month in which they differ; empty if they never do.

    With `deviate`, every firm has a habit or an offset of its own.
    """
    state, twin = create(parameters, seed), PlainEconomy(parameters, seed)
    if deviate:
        let_deviate(state, twin)
    for month in range(months):
        history = play(state, parameters, seed)
        engine = {name: dict(zip(GROUP_NAMES, row, strict=True)) for name, row in zip(ALL_GROUPS, history.by_group[0], strict=True)}
        engine["everybody"] = dict(zip(MONTH_NAMES, history.by_month[0], strict=True))
        twin.step()
        reported = {**measures.by_group(twin), "everybody": measures.by_month(twin)}
        ours, theirs = (np.array([rows[group][name] for group, name in NAMES], np.float64) for rows in (engine, reported))
        slack = SAME * yardsticks(engine, parameters, state.markets.lines.sum())
        wrong = ~np.isclose(theirs, ours, rtol=SAME, atol=slack + NOTHING, equal_nan=True)
        if wrong.any():
            return [(month, *NAMES[k], float(ours[k]), float(theirs[k])) for k in np.flatnonzero(wrong)]
    return []


def let_deviate(state: State, twin: PlainEconomy) -> None:
    """Give firm number k the habits with the bits of k mod 8, and an offset of (k mod 5) - 2 specialists, in both."""
    number = state.firms.identity.astype(np.int64) % 2**40
    state.firms.habits[:] = number % 8
    state.firms.staffing_offset[:] = number % 5 - 2
    for member in twin.agents:
        bits = member.number % 8
        member.never_looks, member.never_allies, member.never_leaves = (
            bool(bits & bit) for bit in (NEVER_LOOKS, NEVER_ALLIES, NEVER_LEAVES)
        )
        member.staffing_offset = member.number % 5 - 2


def yardsticks(engine: dict[str, dict[str, float]], parameters: sim.Parameters, lines: float) -> np.ndarray:
    """What a difference has to be small against: the largest group's number, or that of which it is the rest.

    (A profit may be a millionth of the revenue, and a consumer surplus is the difference of two logarithms.)
    """
    largest = {name: np.nanmax([np.abs(engine[group][name]) for group in ALL_GROUPS] + [0.0]) for name in GROUP_NAMES}
    spent = np.nansum([engine[group]["revenue"] for group in ALL_GROUPS])
    surplus = spent + parameters.market.customers * lines / parameters.market.price_sensitivity
    whole = {"consumer_surplus": surplus, "total_surplus": surplus, "outside_share": 1.0}
    of_group = {name: max(largest[name], largest[DIFFERENCE_OF.get(name, name)]) for name in GROUP_NAMES}
    of_group["log_revenue"] = max(of_group["log_revenue"], 1.0)  # a thousandth of revenue is a thousandth of its logarithm
    return np.array([whole.get(name, 0.0) if group == "everybody" else of_group[name] for group, name in NAMES])


@pytest.mark.parametrize("world", list(sim.worlds()))
def test_the_plain_twin_and_the_engine_agree_month_by_month(world: str) -> None:
    assert differences(sim.parameters(world), seed=1, months=62) == []


@pytest.mark.parametrize(("world", "changes"), RUNS)
def test_they_agree_where_every_rule_is_at_work(world: str, changes: dict) -> None:
    assert differences(sim.parameters(world, changes), seed=2**63 + 5, months=36) == []


@pytest.mark.parametrize("option", OPTIONS, ids=str)
def test_they_agree_with_every_option(option: str) -> None:
    assert differences(sim.parameters("today", {**LIVELY, **OPTIONS[option]}), seed=7, months=30) == []


@pytest.mark.parametrize("world", WITH_DEVIATIONS)
def test_they_agree_where_firms_deviate_from_the_rules(world: str) -> None:
    assert differences(sim.parameters("today", {**LIVELY, **OPTIONS[world]}), seed=5, months=30, deviate=True) == []


@given(strategies.overrides, strategies.seeds, st.booleans())
def test_they_agree_for_any_parameters(overrides: dict, seed: int, deviate: bool) -> None:
    assert differences(sim.parameters("today", overrides), seed, months=15, deviate=deviate) == []


@given(strategies.anything, strategies.seeds)
def test_they_agree_to_the_ends_of_all_ranges(overrides: dict, seed: int) -> None:
    assert differences(sim.parameters("today", overrides), seed, months=15) == []


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("world", list(sim.worlds()))
def test_they_agree_for_twenty_years(world: str, seed: int) -> None:
    assert differences(sim.parameters(world), seed, months=240) == []


@pytest.mark.thorough
@pytest.mark.parametrize(("world", "changes"), RUNS)
def test_they_agree_with_a_thousand_firms(world: str, changes: dict) -> None:
    many = {"population.small": 950, "population.large": 50}
    assert differences(sim.parameters(world, {**changes, **many}), seed=3, months=60) == []


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("option", OPTIONS, ids=str)
def test_they_agree_with_every_option_for_six_years(option: str, seed: int) -> None:
    assert differences(sim.parameters("today", {**LIVELY, **OPTIONS[option]}), seed, months=72, deviate=seed % 2 == 1) == []


@pytest.mark.parametrize(
    ("module", "name", "wrong"),
    [
        (firm, "TRAILING_WEIGHT", 0.21),
        (meeting, "club_cost", lambda members, _: len({member.competence for member in members})),
        (staffing, "hire", lambda _, covered, first, *__: {first} - covered),
        (firm, "first_wanted", lambda _: 1),
        (staffing, "covers_all_domains", lambda _: False),
        (learning, "persuasion", lambda better, _: float(better > 0)),
        (model, "reconsider_membership", lambda _: None),
        (search, "YEAR", 11),
        (market, "odds", lambda x: odds(x) * (1 + 1e-8)),
        (trial.TrialGroup, "maturity", 0.9),
    ],
)
def test_a_wrong_rule_is_noticed(monkeypatch: pytest.MonkeyPatch, module: object, name: str, wrong: object) -> None:
    monkeypatch.setattr(module, name, wrong)
    options = [OPTIONS["strategies change"], OPTIONS["individual trial"]]
    assert [differences(sim.parameters("today", {**LIVELY, **changes}), seed=1, months=30) for changes in options] != [[], []]


def test_the_twin_is_an_ordinary_mesa_model() -> None:
    economy = PlainEconomy(sim.parameters("today", {"population.large": 3}), seed=1)
    for _ in range(12):
        economy.step()
    assert isinstance(economy, mesa.Model)
    assert {kind: len(firms) for kind, firms in economy.agents_by_type.items()} == {SmallFirm: 100, LargeFirm: 3}
    allied = economy.agents.select(lambda firm: firm.alliance is not None)
    assert allied.agg("interdependent", all)
    assert sum(len(alliance.members) for alliance in economy.alliances) == len(allied)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_the_twin_is_plain(source: Path) -> None:
    """It takes numbers, names and definitions from the engine, but no functions; it has no arrays; its modules are short."""
    imports = [node for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {
        alias.name if isinstance(node, ast.Import) else f"{node.module}.{alias.name}" for node in imports for alias in node.names
    }
    assert not [module for module in modules if module.split(".")[0] in ("numpy", "numba", "pandas")]
    from_engine = {module.removeprefix("sim.economy.").split(".")[0] for module in modules if module.startswith("sim.economy")}
    assert from_engine <= {"chance", "choices", "parameters", "measures"}
    assert len(source.read_text().splitlines()) <= 200


def test_of_the_engines_chance_the_twin_takes_only_the_purposes() -> None:
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "purposes":
                assert node.attr.isupper()
