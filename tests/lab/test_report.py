"""The report needs no other file, shows every experiment, warns of quick looks, and lists failed runs."""

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.lab import conformance
from sim.lab.analysis.findings import Figure, PointResult, UniverseResult, load
from sim.lab.design.scale import Scale
from sim.lab.execution import job as jobs
from sim.lab.execution.threads import on_threads
from sim.lab.files import UnusableFileError
from sim.lab.pipeline import prepare, run_experiment
from sim.lab.report.page import write_report
from sim.lab.report.universes import sentences
from sim.lab.report.wording import because, bounds, estimate
from sim.lab.statistics.verdicts import Verdict
from sim.observation.labels import number
from tests.lab.test_conformance import ROWS
from tests.support.experiments import TINY_TOML

CONTRAST = TINY_TOML[TINY_TOML.index("[[contrasts]]") :]
CLAIM = TINY_TOML.replace("groups =", "at_least = -9.0\ngroups =") + '[claim]\nnumber = 1\nstatement = "Allying pays"\n'
HEAD = 'title = "T <b>"\nquestion = "?"\n[overrides]\n"dynamics.months" = 12\n"population.small" = 20\n'
FILES = {
    "claim_01": CLAIM,
    "curve": HEAD + '[sweep]\n"environment.speed" = [0, 0.1, 0.3]\n' + CONTRAST,
    "claim_02": HEAD
    + '[sweep]\n"environment.speed" = [0, 0.1, 0.3]\n'
    + CONTRAST
    + 'along = "environment.speed"\nshape = "peak"\nat_least = 0.01\n[claim]\nnumber = 2\nstatement = "Some speed is best"\n',
    "single": HEAD + CONTRAST,
    "shares": HEAD + '[mechanisms.exchange]\n"collaboration.exchange" = 0\n[mechanisms.wage]\n"organisation.wage" = 0\n' + CONTRAST,
    "sobol": HEAD + '[sample]\nmethod = "sobol"\nsize = 8\nranges = {"environment.speed" = {from = 0, to = 0.3}}\n' + CONTRAST,
    "best": HEAD
    + '[sweep]\n"environment.speed" = [0, 0.1, 0.3]\n[arms.a]\n[arms.b]\noverrides = {"environment.complexity" = 1}\n'
    + CONTRAST
    + 'along = "environment.speed"\nshape = "peak"\nat_least = 0.01\n',
    "plane": HEAD.replace(
        "[overrides]", 'private_and_social = ["each", "all"]\n[arms.a]\n[arms.b]\nworld = "turbulent"\n[overrides]'
    )
    + '[sweep]\n"population.small_interdependent" = [0, 0.5, 1]\n'
    + CONTRAST.replace("advantage", "each")
    + 'where = {"population.small_interdependent" = 0.5}\n'
    + CONTRAST.replace("advantage", "all").replace('["small interdependent", "small independent"]', '["small"]')
    + 'change = ["population.small_interdependent"]\n',
    "months": HEAD.replace("[overrides]", 'limitations = "No <loans>."\nby_month = {from = 6, to = 12, every = 2}\n[overrides]')
    + CONTRAST
    + 'published = [{from = 0, to = 4, value = 0.5, source = "A & B"}, {from = 2, to = 6, above = 0, source = "C"}]\n',
    "robust": 'title = "R"\nquestion = "?"\nclaims = ["claim_*.toml"]\n[universes.u]\n"organisation.noise" = 0.1\n',
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    for name, text in FILES.items():
        (folder / f"{name}.toml").write_text(text)
    for task in prepare([folder / f"{name}.toml" for name in FILES], folder / "results", Scale.QUICK):
        run_experiment(task, on_threads(2), lambda *_: None)
    write_report(folder / "results")
    return folder / "results"


def test_the_page_needs_nothing_from_outside(results: Path) -> None:
    page = (results / "index.html").read_text()
    assert not re.findall(r'(?:src|href)="(?!#|data:)', page)
    assert page.count("<section") == len(FILES)


def test_every_figure_is_on_the_page_and_is_saved_as_png_and_svg(results: Path) -> None:
    page = (results / "index.html").read_text()
    figures = [(name, figure) for name in FILES for figure in load(results / name).figures]
    assert page.count('<img src="data:image/svg+xml') == len(figures)
    for name, figure in figures:
        assert (results / name / f"{figure.stem}.png").stat().st_size > 1000
        assert (results / name / f"{figure.stem}.svg").stat().st_size > 1000
    drawn = {name: [figure.stem for figure in load(results / name).figures] for name in FILES}
    assert drawn["curve"] == ["contrasts", "curves", "means"]
    assert drawn["claim_02"] == ["shapes", "means"]
    assert drawn["shares"] == ["shapley", "contrasts"]
    assert drawn["sobol"][0] == "sensitivity"
    assert drawn["best"] == ["shapes", "best", "means"]
    assert drawn["plane"][0] == "private_and_social"
    assert drawn["months"] == ["curves", "means"]
    assert drawn["robust"] == ["robustness"]
    assert drawn["claim_01"][:2] == ["leaders", "contrasts"]


def test_the_results_of_the_conformance_suite_are_a_section_of_the_report(results: Path, tmp_path: Path) -> None:
    copy = tmp_path / "results"
    shutil.copytree(results, copy)
    shutil.copytree(results / "curve", copy / conformance.FOLDER, ignore=lambda *_: ["findings.json"])
    check = conformance.Check(conformance.Part.THEORY, "n", "A title", 0.1, ROWS, [Figure("curves", "what to see")])
    conformance.save(
        conformance.Conformance(scope="the fast part", checks=[check], versions={"commit": "c0ffee"}), copy / conformance.FOLDER
    )
    page = write_report(copy).read_text()
    assert page.count("<section") == len(FILES) + 1
    counted = "2 met, 1 missed, 1 missed (shown), 1 not settled (shown)"
    for text in (counted, "source &lt;1&gt;", "[0.490, 0.530]", "A title", "what to see", "c0ffee"):
        assert text in page
    assert not re.findall(r'(?:src|href)="(?!#|data:)', page)


def test_an_interval_with_an_end_near_zero_shows_its_sign() -> None:
    assert estimate(0.12, 0.1, 0.14) == "0.120 [0.100, 0.140]"
    assert estimate(0.17, 0.0031, 0.35) == "0.170 [0.003, 0.350]"
    assert bounds(-0.0031, 0.35) == "[−0.003, 0.350]"
    assert bounds(0.0, 0.0) == "[0, 0]"


def test_captions_say_what_the_figures_show(results: Path) -> None:
    captions = {(name, figure.stem): figure.caption for name in FILES for figure in load(results / name).figures}
    points = load(results / "claim_01").contrasts[0].points
    above, below = (sum(sign * end > 0 for end in ends) for sign, ends in _ends(points))
    assert f"Above zero at {above} of 4 points, below at {below}" in captions["claim_01", "map_1"]
    assert "of 4 points" in captions["claim_01", "leaders"].split("Leaders:")[1]
    assert "supported at 4 of 4 points with a rule" in captions["claim_01", "contrasts"]
    first = load(results / "curve").contrasts[0].points[0].estimate.mean
    assert f"“advantage”: {number(first)} at speed = 0" in captions["curve", "curves"]
    most = max(load(results / "shares").contributions, key=lambda row: row.mean)
    assert f"Most: {most.mechanism}" in captions["shares", "shapley"]
    assert "Largest total: environment.speed" in captions["sobol", "sensitivity"]
    assert re.search(r"Elsewhere \d of \d such signs.* are kept", captions["robust", "robustness"])


def _ends(points: list[PointResult]) -> list[tuple[int, list[float]]]:
    return [(1, [point.estimate.low for point in points]), (-1, [point.estimate.high for point in points])]


def test_every_quick_look_has_a_warning_and_texts_are_escaped(results: Path) -> None:
    page = (results / "index.html").read_text()
    assert page.count("<b>Quick look:</b>") == len(FILES) + 1
    assert "T &lt;b&gt;" in page


def test_the_report_shows_what_was_published_beside_the_model_and_the_limitations(results: Path) -> None:
    page = (results / "index.html").read_text()
    counterpart, other = load(results / "months").counterparts
    assert f"advantage, months 0 to 4: published 0.5, in the model {estimate(*counterpart[4:])}. Source: A &amp; B" in page
    assert "months 2 to 6: published above 0, in the model" in page
    assert "<b>Limitations:</b> No &lt;loans&gt;." in page
    assert (other.published.level, other.point) == (0.0, {})
    table = pd.read_csv(results / "months" / "published.csv")
    assert table["mean"].tolist() == pytest.approx([counterpart.mean, other.mean])


def test_a_claim_has_a_verdict_and_a_result_in_every_universe(results: Path) -> None:
    assert load(results / "claim_01").verdict == "supported"
    universes = load(results / "robust").universes
    assert [(row.claim, row.universe) for row in universes] == [(1, "as it is"), (2, "as it is"), (1, "u"), (2, "u")]
    assert universes[0].reversed == 0
    kept, unsettled = universes[0].kept, universes[0].unsettled
    sentence, _ = sentences(load(results / "robust"))
    assert sentence.startswith(f"Claim 1: {kept} of {kept + unsettled} signs are settled “as it is”")


def test_a_contrast_that_does_not_count_for_its_claim_is_said_to_be_so(results: Path) -> None:
    findings = load(results / "claim_01")
    alone = findings.contrasts[0]._replace(verdict=Verdict.CONTRADICTED, holds=False)
    unsettled = findings.model_copy(update={"contrasts": [alone, alone], "verdict": Verdict.UNSETTLED})
    assert because(unsettled)[0].endswith("→ contradicted by itself, but not together with the other contrasts")
    held = findings.model_copy(update={"contrasts": [alone._replace(holds=True)], "verdict": Verdict.CONTRADICTED})
    assert because(held)[0].endswith("→ contradicted")


def test_a_claim_says_in_which_universes_its_signs_turn_or_are_lost(results: Path) -> None:
    verdict = Verdict.SUPPORTED
    counts = {"as it is": (4, 1, 0), "a": (4, 0, 0), "b": (2, 1, 1), "c": (1, 3, 0)}
    rows = [UniverseResult(7, universe, verdict, *numbers) for universe, numbers in counts.items()]
    findings = load(results / "robust")
    (sentence,) = sentences(findings.model_copy(update={"universes": rows}))
    assert sentence == "Claim 7: 4 of 5 signs are settled “as it is”; one turns in “b”; one or more are no longer settled in “c”."
    (sentence,) = sentences(findings.model_copy(update={"universes": rows[:2]}))
    assert sentence.endswith("every universe keeps them.")
    (sentence,) = sentences(findings.model_copy(update={"universes": [rows[0]._replace(kept=0)]}))
    assert sentence == "Claim 7: 0 of 1 signs are settled “as it is”, so there is none to keep."


def test_contributions_of_mechanisms_add_up_to_the_whole(results: Path) -> None:
    findings = load(results / "shares")
    whole = {point.arm: point.estimate.mean for point in findings.contrasts[0].points}
    assert sum(part.mean for part in findings.contributions) == pytest.approx(whole["all"] - whole["none"])


def test_findings_come_back_as_they_were_written(results: Path) -> None:
    for name in FILES:
        findings = load(results / name)
        assert findings.design.title == load(results / name).design.title
        assert findings.origin["versions"]["numba"]


def test_failed_runs_are_listed_with_their_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(jobs, "simulate", fail)
    (tmp_path / "tiny.toml").write_text(CLAIM)
    (task,) = prepare([tmp_path / "tiny.toml"], tmp_path / "results", Scale.STANDARD)
    findings = run_experiment(task, on_threads(1), lambda *_: None)
    assert findings.verdict == "not settled"
    page = write_report(tmp_path / "results").read_text()
    assert "12 of 12 runs have no result" in page
    assert "MemoryError: no room" in page


@pytest.mark.parametrize("succeeding", [set(), {1}, {1, 3}], ids=["all", "all but one", "one"])
def test_every_kind_of_experiment_ends_in_a_report_when_runs_fail(
    succeeding: set[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(parameters: sim.Parameters, seed: int) -> sim.Run:
        if seed in succeeding:
            return sim.simulate(parameters, seed)
        raise MemoryError("no room")

    monkeypatch.setattr(jobs, "simulate", fail)
    for name, text in FILES.items():
        (tmp_path / f"{name}.toml").write_text(text)
    for task in prepare([tmp_path / f"{name}.toml" for name in FILES], tmp_path / "results", Scale.QUICK):
        findings = run_experiment(task, on_threads(2), lambda *_: None)
        assert len(findings.failures) == findings.runs * (3 - len(succeeding)) // 3
    assert write_report(tmp_path / "results").read_text().count("no room") >= len(FILES)


def test_damaged_findings_are_refused_with_their_file(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "findings.json").write_text("{")
    with pytest.raises(UnusableFileError, match=r"findings.json: is damaged, it is not JSON; run the experiment again"):
        write_report(tmp_path)


def test_a_figure_that_was_deleted_edited_or_swapped_is_not_shown(results: Path, tmp_path: Path) -> None:
    copy = tmp_path / "results"
    shutil.copytree(results, copy)
    figure, other = copy / "curve" / "curves.svg", copy / "curve" / "means.svg"
    as_written = figure.read_bytes()
    for damage in (figure.unlink, lambda: figure.write_bytes(as_written + b" "), lambda: shutil.copy(other, figure)):
        damage()
        with pytest.raises(UnusableFileError, match=r"curves.svg: .*; run the experiment again"):
            write_report(copy)
    figure.write_bytes(as_written)
    write_report(copy)


def test_findings_in_the_folder_of_another_experiment_are_refused(results: Path, tmp_path: Path) -> None:
    shutil.copytree(results / "curve", tmp_path / "curve_old")
    with pytest.raises(UnusableFileError, match=r"curve_old/findings.json: it belongs to the experiment 'curve'"):
        write_report(tmp_path)


def test_points_where_a_group_never_exists_do_not_count_for_the_verdict(tmp_path: Path) -> None:
    shares = CLAIM.replace(
        '"environment.complexity" = [0, 4]\n"environment.speed" = [0, 0.1]', '"population.small_interdependent" = [0, 0.5, 1]'
    )
    (tmp_path / "shares.toml").write_text(shares.replace("number = 3", "number = 6"))
    (task,) = prepare([tmp_path / "shares.toml"], tmp_path / "results", Scale.STANDARD)
    findings = run_experiment(task, on_threads(2), lambda *_: None)
    assert [point.decision for point in findings.contrasts[0].points] == [None, "supported", None]
    assert findings.verdict == "supported"
    assert len(findings.contrasts[0].estimated) == 1
    assert "whole experiment" not in write_report(tmp_path / "results").read_text()


def test_findings_of_another_version_are_refused(tmp_path: Path) -> None:
    (tmp_path / "findings.json").write_text('{"name": "old", "judged": []}')
    with pytest.raises(UnusableFileError, match="another version wrote it or it is damaged; run the experiment again"):
        load(tmp_path)
