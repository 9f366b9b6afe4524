"""What the documents tell readers to do works, generated pages are up to date, and links lead somewhere."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.lab.analysis.findings import load

ROOT = Path(__file__).parents[1]
TUTORIAL = (ROOT / "docs" / "tutorials" / "ask_your_own_question.md").read_text()
READING = (ROOT / "docs" / "how-to" / "read_results.md").read_text()


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page, flags=re.DOTALL)


def do(commands: str, folder: Path) -> None:
    for line in commands.strip().splitlines():
        program, *arguments = shlex.split(line)
        assert program == "interfirm"
        done = subprocess.run([sys.executable, "-m", "sim", *arguments], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_the_tutorial_can_be_followed(tmp_path: Path) -> None:
    question, arms = blocks(TUTORIAL, "toml")
    first, report, again = blocks(TUTORIAL, "sh")
    (tmp_path / "experiments").mkdir()
    file = tmp_path / "experiments" / "expensive_specialists.toml"
    file.write_text(question)
    do(first, tmp_path)
    do(report, tmp_path)
    found = load(tmp_path / "results" / "expensive_specialists")
    assert len(found.contrasts[0].points) == 3
    file.write_text(question + arms)
    do(again, tmp_path)
    found = load(tmp_path / "results" / "expensive_specialists")
    assert [len(result.points) for result in found.contrasts] == [6, 3]
    assert (tmp_path / "results" / "index.html").exists()


def test_the_example_of_how_to_read_results_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    rows = [
        {"seed": seed, "environment.complexity": k, "group": group, "profit_per_line": value + seed}
        for seed in (1, 2)
        for k in (0, 4)
        for group, value in (("small independent", 1.0), ("small interdependent", 1.5), ("all", 9.0))
    ]
    folder = tmp_path / "results" / "claim_07_complexity"
    folder.mkdir(parents=True)
    pd.DataFrame(rows).to_parquet(folder / "runs.parquet")
    monkeypatch.chdir(tmp_path)
    exec(blocks(READING, "python")[0], {})
    assert capsys.readouterr().out.split().count("0.5") == 2


def run_page(page: str) -> dict:
    names: dict = {}
    for code in blocks((ROOT / page).read_text(), "python"):
        exec(code, names)
    return names


def test_the_first_look_at_the_plain_twin_works() -> None:
    assert run_page("docs/explanation/plain_twin.md")["economy"].month == 24


def test_the_examples_in_the_readme_work() -> None:
    names = run_page("README.md")
    assert names["model"].month == 120


def test_the_page_on_mesa_can_be_followed(capsys: pytest.CaptureFixture) -> None:
    names = run_page("docs/how-to/use_from_mesa.md")
    assert names["alone"].month == 61
    assert capsys.readouterr().out


def test_the_tutorial_on_own_firms_can_be_followed_and_what_it_says_is_true() -> None:
    names = run_page("docs/tutorials/my_own_firm.md")
    caution, one, everybody = (float(np.mean(names[gains])) for gains in ("caution", "one", "everybody"))
    assert caution < 0 < everybody < one / 2


@pytest.mark.parametrize(
    ("page", "command"),
    [
        ("parameters.md", ["parameters", "--format", "markdown"]),
        ("measures.md", ["measures", "--format", "markdown"]),
        ("experiment_files.md", ["schema", "--format", "markdown"]),
        ("experiment.schema.json", ["schema"]),
    ],
)
def test_generated_pages_are_up_to_date(page: str, command: list[str]) -> None:
    made = subprocess.run([sys.executable, "-m", "sim", *command], capture_output=True, text=True, check=True, env={**os.environ})
    assert made.stdout == (ROOT / "docs" / "reference" / page).read_text(), "run `make docs`"


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), ROOT / "results" / "README.md", *(ROOT / "docs").rglob("*.md")]
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "glossary.md"} <= {page.name for page in pages}
    for page in pages:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
