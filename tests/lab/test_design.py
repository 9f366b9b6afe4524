"""From an experiment file to cells: points, arms, subsets of mechanisms, scales; and files that are refused."""

import tomllib
from pathlib import Path

import pytest

from sim.economy.validation import flat
from sim.lab.design.cells import cells, world_and_overrides_by_arm
from sim.lab.design.checking import faults
from sim.lab.design.points import axes, points
from sim.lab.design.reading import read
from sim.lab.design.scale import Scale, scaled
from sim.lab.design.schema import Experiment, Robustness
from sim.lab.design.universes import AS_IT_IS, variants
from sim.lab.files import UnusableFileError
from tests.support.experiments import ADVANTAGE, TINY_TOML, experiment

EXPERIMENTS = sorted((Path(__file__).parents[2] / "experiments").glob("*.toml"))


def test_a_grid_has_every_combination_and_the_last_parameter_varies_fastest() -> None:
    assert [tuple(point.values()) for point in points(experiment())] == [(0, 0), (0, 0.1), (4, 0), (4, 0.1)]


def test_ranges_are_linear_or_logarithmic_and_whole_numbers_stay_whole() -> None:
    design = experiment(
        sweep={
            "environment.speed": {"from": 0.001, "to": 0.1, "steps": 3, "spacing": "log"},
            "environment.complexity": {"from": 0, "to": 11, "steps": 5},
        }
    )
    assert axes(design)["environment.speed"] == [0.001, 0.01, 0.1]
    assert axes(design)["environment.complexity"] == [0, 3, 6, 8, 11]


@pytest.mark.parametrize(("method", "count"), [("latin hypercube", 16), ("sobol", 16 * 4), ("morris", 16 * 3)])
def test_samples_fill_their_ranges_and_are_reproducible(method: str, count: int) -> None:
    ranges = {"environment.speed": {"from": 0.001, "to": 0.2, "spacing": "log"}, "environment.complexity": {"from": 0, "to": 11}}
    design = experiment(sweep={}, sample={"method": method, "size": 16, "ranges": ranges})
    sampled = points(design)
    assert sampled == points(design)
    assert len(sampled) == count
    assert all(0.001 <= point["environment.speed"] <= 0.2 for point in sampled)
    assert {type(point["environment.complexity"]) for point in sampled} == {int}
    assert min(point["environment.speed"] for point in sampled) < 0.005


def test_overrides_apply_in_the_order_experiment_parent_arm_point() -> None:
    arms = {
        "plain": {},
        "expensive": {"overrides": {"collaboration.coordination": 0.1, "organisation.wage": 0.5}},
        "more expensive": {"based_on": "expensive", "overrides": {"collaboration.coordination": 0.2}},
        "elsewhere": {"world": "yesterday", "based_on": "more expensive"},
    }
    values = {cell.arm: flat(cell.parameters) for cell in cells(experiment(arms=arms, sweep={"organisation.wage": [0.3]}))}
    assert [values[arm]["collaboration.coordination"] for arm in arms] == [0.03, 0.1, 0.2, 0.2]
    assert {p["organisation.wage"] for p in values.values()} == {0.3}
    assert [values[arm]["environment.complexity"] for arm in arms] == [4, 4, 4, 1]
    assert {p["dynamics.months"] for p in values.values()} == {12}


def test_mechanisms_make_an_arm_for_every_subset() -> None:
    off = {"exchange": {"collaboration.exchange": 0}, "free riding": {"population.maturity": 1}}
    arms = world_and_overrides_by_arm(experiment(mechanisms=off))
    assert list(arms) == ["none", "exchange", "free riding", "all"]
    assert arms["exchange"][1]["population.maturity"] == 1
    assert "collaboration.exchange" not in arms["exchange"][1]


def test_cells_have_the_same_address_only_if_their_runs_are_the_same() -> None:
    addresses = [cell.address for cell in cells(experiment())]
    assert len(set(addresses)) == 4
    assert addresses == [cell.address for cell in cells(experiment(title="Another title", replications={"number": 9}))]
    assert not set(addresses) & {cell.address for cell in cells(experiment(first_month=5))}


def test_scales_change_how_much_is_sampled_and_nothing_else() -> None:
    wanted = experiment(replications={"half_width": 0.01, "minimum": 24, "cap": 400})
    quick, full = scaled(wanted, Scale.QUICK), scaled(wanted, Scale.FULL)
    assert quick.replications.cap < 400 < full.replications.cap
    assert full.replications.half_width == pytest.approx(0.005)
    assert quick.model_copy(update={"replications": wanted.replications}) == wanted
    assert scaled(wanted, Scale.STANDARD) == wanted


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_every_experiment_of_the_project_is_valid_at_every_scale(path: Path) -> None:
    design = read(path)
    for scale in Scale:
        assert scaled(design, scale)


def test_each_of_the_thirteen_claims_has_one_experiment_with_a_rule() -> None:
    numbers = [design.claim.number for design in map(read, EXPERIMENTS) if isinstance(design, Experiment) and design.claim]
    assert numbers == list(range(1, 14))


def test_universes_keep_the_ends_of_a_sweep_and_the_values_in_where() -> None:
    claim = experiment(
        claim={"number": 1, "statement": "?"},
        sweep={"environment.complexity": [0, 1, 2, 4]},
        contrasts=[{**ADVANTAGE, "at_least": 0.1, "where": {"environment.complexity": [2]}}],
    )
    robustness = Robustness.model_validate(
        {"title": "R", "question": "?", "claims": ["x"], "universes": {"u": {"organisation.noise": 0.1}}}
    )
    made = list(variants(robustness, [claim]))
    assert [variant.universe for variant in made] == [AS_IT_IS, "u"]
    assert made[1].experiment.sweep == {"environment.complexity": [0, 2, 4]}
    assert made[1].experiment.overrides["organisation.noise"] == 0.1


def test_universes_keep_all_values_of_a_shape_and_no_complexity_that_is_impossible() -> None:
    shape = {**ADVANTAGE, "name": "s", "along": "environment.complexity", "shape": "peak", "at_least": 0.1}
    claim = experiment(
        claim={"number": 1, "statement": "?"},
        sweep={"environment.complexity": [0, 4, 7, 11], "environment.speed": [0, 0.1, 0.2]},
        contrasts=[shape, {**ADVANTAGE, "at_least": 0.1, "where": {"environment.complexity": 11}}],
    )
    small = {"environment.decisions": 6, "environment.domains": 3}
    robustness = Robustness.model_validate({"title": "R", "question": "?", "claims": ["x"], "universes": {"small": small}})
    base, variant = (made.experiment for made in variants(robustness, [claim]))
    assert base.sweep == {"environment.complexity": [0, 4, 7, 11], "environment.speed": [0, 0.2]}
    assert variant.sweep["environment.complexity"] == [0, 4, 5, 5]
    assert variant.contrasts[1].where == {"environment.complexity": [5]}
    assert not list(faults(variant))


BASE = TINY_TOML
ARMS = '[arms.a]\n[arms.b]\noverrides = {"organisation.wage" = 0.5}\n'
BAD = [
    ("misspelt key", ("title", "titel"), "unknown key 'titel' (did you mean 'title'?)"),
    ("missing question", ('question = "Does it run?"', ""), "question: must be given"),
    ("empty title", ('"Tiny"', '""'), "title"),
    ("wrong type", ("number = 3", 'number = "three"'), "replications.number = 'three'"),
    ("too few seeds", ("number = 3", "number = 1"), "replications.number = 1"),
    ("negative seed", ("[overrides]", "seed = -1\n[overrides]"), "seed = -1"),
    ("not TOML", ('"Tiny"', "Tiny"), "is not TOML"),
    ("misspelt table", ("[sweep]", "[swoop]"), "did you mean 'sweep'"),
    ("empty sweep", ("[0, 4]", "[]"), "environment.complexity"),
    ("value twice", ("[0, 4]", "[4, 4]"), "twice"),
    ("nested value", ("[0, 4]", "[[0], [4]]"), "sweep.environment.complexity"),
    ("unknown parameter", ("environment.speed", "environment.spede"), "did you mean 'environment.speed'"),
    ("value out of range", ("[0, 4]", "[0, 12]"), "environment.complexity = 12"),
    ("word for a number", ("[0, 4]", '["none"]'), "environment.complexity = 'none'"),
    ("unknown world", ("[overrides]", 'world = "turbulant"\n[overrides]'), "did you mean 'turbulent'"),
    ("unknown override", ('"population.small" = 20', '"population.smal" = 20'), "did you mean 'population.small'"),
    ("override at odds with another", ('"population.small" = 20', '"environment.decisions" = 13'), "must divide"),
    ("both number and half-width", ("number = 3", "number = 3\nhalf_width = 0.1"), "either number or half_width"),
    ("neither number nor half-width", ("number = 3", ""), "either number or half_width"),
    ("cap below minimum", ("number = 3", "half_width = 0.1\nminimum = 50\ncap = 20"), "cap = 20"),
    ("minimum without half-width", ("number = 3", "number = 3\nminimum = 30"), "minimum"),
    ("half-width zero", ("number = 3", "half_width = 0"), "half_width"),
    ("unknown outcome", ('"profit_per_line"', '"profit_per_lin"'), "did you mean 'profit_per_line'"),
    ("unknown group", ('"small independent"]', '"small independant"]'), "did you mean 'small independent'"),
    ("the same group twice", ('"small interdependent", ', '"small independent", '), "twice"),
    ("three groups", ("groups = [", 'groups = ["large independent", '), "contrasts.0.groups"),
    ("market outcome of a group", ('"profit_per_line"', '"mean_price"'), "market"),
    ("group without groups", ('groups = ["small interdependent", "small independent"]', ""), "contrasts.0.groups: must be given"),
    ("unknown arm", ("groups =", 'arms = ["c"]\ngroups ='), "contrasts.0.arms = 'c'"),
    ("two rules", ("groups =", "at_least = 0\nat_most = 1\ngroups ="), "at most one of at_least and at_most"),
    ("change of what is not swept", ("groups =", 'change = ["organisation.wage"]\ngroups ='), "is not swept"),
    ("interaction of one", ("groups =", 'interaction = ["environment.speed"]\ngroups ='), "two parameters"),
    ("margin without a rule", ("groups =", "margin = 0.1\ngroups ="), "margin needs a rule"),
    ("shape without a parameter", ("groups =", 'shape = "rise"\nat_least = 1\ngroups ='), "shape and along must be given together"),
    ("unknown shape", ("groups =", 'shape = "hill"\nat_least = 1\nalong = "environment.speed"\ngroups ='), "shape"),
    ("shape without a limit", ("groups =", 'shape = "rise"\nalong = "environment.speed"\ngroups ='), "needs at_least above 0"),
    (
        "shape of a change",
        ("groups =", 'shape = "rise"\nat_least = 1\nalong = "environment.speed"\nchange = ["environment.speed"]\ngroups ='),
        "shape excludes change",
    ),
    (
        "shape along what is not swept",
        ("groups =", 'shape = "rise"\nat_least = 1\nalong = "organisation.wage"\ngroups ='),
        "contrasts.0.along: 'organisation.wage' is not swept",
    ),
    (
        "shape along two values",
        ("groups =", 'shape = "rise"\nat_least = 1\nalong = "environment.speed"\ngroups ='),
        "needs 3 to 50 values that are numbers; there are 2",
    ),
    ("where nothing is", ("groups =", 'where = {"environment.speed" = 0.5}\ngroups ='), "no point has these values"),
    ("recovery without a shock", ('"profit_per_line"', '"recovery_common"'), "environment.shocks"),
    ("first month after the last", ("[overrides]", "first_month = 12\n[overrides]"), "first_month = 12"),
    ("months after the last", ("[overrides]", "by_month = {from = 0, to = 13}\n[overrides]"), "by_month.to = 13"),
    (
        "months in broken stretches",
        ("[overrides]", "by_month = {from = 0, to = 10, every = 3}\n[overrides]"),
        "every = 3 must divide",
    ),
    ("no month", ("[overrides]", "by_month = {from = 5, to = 5}\n[overrides]"), "to must be above from"),
    (
        "both first month and months",
        ("[overrides]", "first_month = 2\nby_month = {from = 0, to = 9}\n[overrides]"),
        "by_month: excludes",
    ),
    (
        "published number without months",
        ("groups =", 'published = [{from = 0, to = 12, value = 1.0, source = "x"}]\ngroups ='),
        "contrasts.0.published",
    ),
    (
        "published number about a part of a stretch",
        (
            "[overrides]",
            'by_month = {from = 0, to = 9, every = 3}\n[[contrasts]]\nname = "a"\noutcome = "profit"\ngroups = ["small"]\n'
            'published = [{from = 0, to = 5, value = 1.0, source = "x"}]\n[overrides]',
        ),
        "contrasts.0.published.0: from = 0, to = 5: must begin and end with a stretch of by_month, at one of [0, 3, 6, 9]",
    ),
    (
        "published number and limit",
        ("groups =", 'published = [{from = 0, to = 12, value = 1.0, above = 0.0, source = "x"}]\ngroups ='),
        "needs either value or above",
    ),
    ("one contrast on a plane", ("[overrides]", 'private_and_social = ["advantage"]\n[overrides]'), "must name two contrasts"),
    (
        "unknown contrast on a plane",
        ("[overrides]", 'private_and_social = ["advantage", "advantages"]\n[overrides]'),
        "private_and_social = 'advantages': is not known",
    ),
    (
        "claim without a rule",
        ("[overrides]", '[claim]\nnumber = 1\nstatement = "x"\n[overrides]'),
        "at least one contrast with a rule",
    ),
    ("sweep and points", ("[overrides]", 'points = [{"environment.speed" = 0.1}]\n[overrides]'), "only one of"),
    ("arms in a circle", ("[overrides]", '[arms.a]\nbased_on = "b"\n[arms.b]\nbased_on = "a"\n[overrides]'), "circle"),
    ("arm based on nothing", ("[overrides]", '[arms.a]\nbased_on = "z"\n[overrides]'), "arms.a.based_on = 'z'"),
    (
        "arm with a wrong value",
        ("[overrides]", '[arms.a]\noverrides = {"organisation.wage" = -1}\n[overrides]'),
        "organisation.wage = -1",
    ),
    ("the same arm twice", ("[overrides]", "[arms.a]\n[arms.a]\n[overrides]"), "is not TOML"),
    ("arms beside mechanisms", ("[overrides]", '[arms.a]\n[mechanisms.x]\n"population.maturity" = 1\n[overrides]'), "mechanisms"),
    (
        "sobol of no power of two",
        ("[sweep]", '[sample]\nmethod = "sobol"\nsize = 20\nranges = {"environment.speed" = {from = 0, to = 1}}\n[sweep]'),
        "power of 2",
    ),
    ("log range from zero", ("[0, 0.1]", '{from = 0, to = 1, steps = 3, spacing = "log"}'), "from > 0"),
    ("range upside down", ("[0, 0.1]", "{from = 1, to = 0, steps = 3}"), "to must be above from"),
    ("unknown spacing", ("[0, 0.1]", '{from = 0, to = 1, steps = 3, spacing = "cubic"}'), "spacing"),
    ("infinite rule", ("groups =", "at_least = inf\ngroups ="), "at_least"),
]


@pytest.mark.parametrize(("change", "message"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_bad_file_gives_one_line_with_file_key_and_rule(change: tuple[str, str], message: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    assert change[0] in BASE
    path.write_text(BASE.replace(*change))
    with pytest.raises(UnusableFileError) as refused:
        read(path)
    assert str(refused.value).startswith(f"{path}: ")
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_folders_missing_files_other_encodings_and_endings_are_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes('title = "Größe"'.encode("latin-1"))
    (tmp_path / "x.json").write_text("{}")
    (tmp_path / "empty.toml").write_text("")
    cases = {
        "latin.toml": "UTF-8",
        "x.json": "must end in .toml",
        "empty.toml": "must be given",
        "none.toml": "no such file",
        ".": "is a folder",
    }
    for name, message in cases.items():
        with pytest.raises(UnusableFileError, match=message):
            read(tmp_path / name)


def test_robustness_files_need_claims_and_valid_universes(tmp_path: Path) -> None:
    path = tmp_path / "robust.toml"
    head = 'title = "R"\nquestion = "?"\nclaims = ["claim_*.toml"]\n'
    path.write_text(head + '[universes.u]\n"organisation.noise" = 0.1\n')
    with pytest.raises(UnusableFileError, match="no file in the same folder"):
        read(path)
    (tmp_path / "claim_1.toml").write_text(
        TINY_TOML.replace("groups =", "at_least = 0\ngroups =") + '[claim]\nnumber = 1\nstatement = "x"\n'
    )
    assert read(path)
    path.write_text(head + '[universes.u]\n"organisation.noise" = -1\n')
    with pytest.raises(UnusableFileError, match=r"universes.u: claim 1: organisation.noise = -1"):
        read(path)


def test_the_bad_files_are_changes_of_a_valid_file() -> None:
    assert Experiment.model_validate(tomllib.loads(BASE))
    assert len(BAD) >= 30
