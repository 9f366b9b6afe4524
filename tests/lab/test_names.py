"""Whatever a modeller calls things, figures, tables and the report show it: a name breaks nothing after all runs are done."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from sim.lab.design.scale import Scale
from sim.lab.pipeline import prepare, run_experiment
from sim.lab.reference import plain
from sim.lab.report.claims import claim_table
from sim.lab.report.figures import fits_on_a_map
from sim.lab.report.page import write_report
from sim.lab.report.style import add_legend, canvas, save
from sim.lab.statistics.contrasts import Comparison
from tests.support.experiments import experiment, invented

ODD = "a $x_{$ \\frac <b> {0} %s \U0001f680 市場 " + "wide " * 9
OTHER = "$"
HEAD = 'title = {name}\nquestion = {name}\n[overrides]\n"dynamics.months" = 12\n[replications]\nnumber = 8\n'
CONTRAST = (
    '[[contrasts]]\nname = {name}\noutcome = "profit_per_line"\ngroups = ["small interdependent", "small independent"]\n'
    "at_least = 0\n[claim]\nnumber = 1\nstatement = {name}\n"
)
GRID = '[sweep]\n"environment.complexity" = [0, 4]\n"environment.speed" = [0, 0.1]\n'
DESIGNS = {
    "map": HEAD + GRID + "[arms.{name}]\n[arms.{other}]\n" + CONTRAST,
    "curve": HEAD + '[sweep]\n"environment.complexity" = [0, 4, 5]\n[arms.{name}]\n[arms.{other}]\n' + CONTRAST,
    "shares": HEAD + '[mechanisms.{name}]\n"population.maturity" = 1\n[mechanisms.{other}]\n"organisation.wage" = 0\n' + CONTRAST,
    "robust": HEAD.replace("[overrides]\n", 'claims = ["map.toml"]\n').replace('"dynamics.months" = 12\n', "")
    + '[universes.{name}]\n"organisation.noise" = 0.1\n',
}


def test_no_name_breaks_a_figure_a_table_or_the_report(tmp_path: Path) -> None:
    names = {"name": json.dumps(ODD.strip(), ensure_ascii=False), "other": json.dumps(OTHER)}
    for stem, text in DESIGNS.items():
        (tmp_path / f"{stem}.toml").write_text(text.format(**names))
    for task in prepare([tmp_path / f"{stem}.toml" for stem in DESIGNS], tmp_path / "results", Scale.STANDARD):
        assert run_experiment(task, invented(0.5, 0.1, 1), lambda *_: None).figures
    page = write_report(tmp_path / "results").read_text()
    assert "$x_{$" in page
    assert "<b> {0}" not in page
    assert "$x_{$" in plain(claim_table(tmp_path / "results"))


def test_a_figure_shows_a_name_as_it_is_written(tmp_path: Path) -> None:
    with canvas(3, 2) as figure:
        text = figure.text(0, 0, "$x_{$")
        save(figure, tmp_path / "x")
        assert not text.get_parse_math()


@pytest.mark.parametrize("arms", [2, 9, 40])
def test_a_legend_of_many_arms_makes_the_figure_higher(arms: int, tmp_path: Path) -> None:
    with canvas(7, 3) as figure:
        panel = figure.subplots()
        lines = [panel.plot([0, 1], [0, arm])[0] for arm in range(arms)]
        add_legend(figure, lines, [f"{arm} " + "x" * 70 for arm in range(arms)])
        save(figure, tmp_path / "x")
        assert figure.get_figheight() >= 3 + 0.1 * (arms - 2)
        assert panel.get_position().height > 0.02


@pytest.mark.parametrize(("side", "drawn"), [(1, False), (2, True), (50, True), (51, False)])
def test_maps_of_one_value_or_of_more_than_can_be_told_apart_are_left_out(side: int, drawn: bool) -> None:
    names = ["environment.speed", "organisation.wage"]
    contrast, nothing = experiment().contrasts[0], np.empty(0)
    points = [dict(zip(names, values, strict=True)) for values in itertools.product(range(side), repeat=2)]
    assert fits_on_a_map([Comparison(contrast, "base", point, nothing, None) for point in points], names) == drawn
