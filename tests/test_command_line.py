"""The command line: one clear line and exit code 2 for bad input, and nothing written."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

TINY = """
title = "Tiny"
question = "Does it run?"
replications = 3
[overrides]
"dynamics.months" = 12
"population.small" = 20
[sweep]
"environment.complexity" = [0, 4]
"environment.speed" = [0, 0.1]
"""


def interfirm(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "sim", *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def test_a_run_prints_its_groups_and_writes_the_monthly_table_with_its_origin(tmp_path: Path) -> None:
    file = tmp_path / "run.parquet"
    done = interfirm("run", "turbulent", "--set", "market.markets=2", "--months", "12", "--seed", "5", "--out", str(file))
    assert done.returncode == 0, done.stderr
    assert "small interdependent" in done.stdout
    assert len(pd.read_parquet(file)) == 48
    origin = json.loads(pq.read_schema(file).metadata[b"interfirm"])
    assert origin["seed"] == 5
    assert origin["parameters"]["market.markets"] == 2
    assert {"commit", "numba", "python"} <= origin["versions"].keys()


@pytest.mark.parametrize(
    "arguments", [["--help"], ["run", "--help"], ["experiment", "--help"], ["worlds"], ["parameters"], ["measures"]]
)
def test_help_and_tables_print(arguments: list[str]) -> None:
    done = interfirm(*arguments)
    assert done.returncode == 0
    assert len(done.stdout) > 200


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "nowhere"], "unknown world 'nowhere'"),
        (["run", "--set", "environment.spede=1"], "did you mean 'environment.speed'"),
        (["run", "--set", "environment.speed"], "must be NAME=VALUE"),
        (["run", "--set", "environment.speed=fast"], "must be a number"),
        (["run", "--months", "0"], "dynamics.months = 0"),
        (["run", "--seed", "-1"], "seed = -1"),
        (["run", "--out", "nowhere/x.csv"], "cannot be written"),
        (["run", "--out", "x.xls"], "must end in .parquet or .csv"),
        (["experiment", "missing.toml"], "missing.toml: no such file"),
        (["experiment", "."], "is a directory"),
        (["nonsense"], "nonsense"),
    ],
)
def test_bad_input_gives_one_line_and_exit_code_two_and_writes_nothing(arguments: list[str], message: str, tmp_path: Path) -> None:
    done = interfirm(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr.lower() or message in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("title", "titel"), "titel"),
        (("replications = 3", "replications = 1"), "replications"),
        (("[0, 4]", "[]"), "environment.complexity"),
        (("[0, 4]", "[0, 12]"), "environment.complexity = 12"),
        (("environment.speed", "environment.spede"), "did you mean 'environment.speed'"),
        (('question = "Does it run?"', ""), "question"),
        (('"Tiny"', "Tiny"), "is not TOML"),
        (("[sweep]", "[swoop]"), "did you mean 'sweep'"),
        (("[0, 4]", "[4, 4]"), "twice"),
        (("[0, 4]", "[[0], [4]]"), "environment.complexity"),
    ],
)
def test_bad_experiment_files_name_file_key_and_rule(change: tuple[str, str], message: str, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(TINY.replace(*change))
    done = interfirm("experiment", "bad.toml", cwd=tmp_path)
    assert done.returncode == 2
    assert "bad.toml" in done.stderr
    assert message in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["bad.toml"]


def test_an_unwritable_results_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(TINY)
    (tmp_path / "results").write_text("a file is in the way")
    done = interfirm("experiment", "tiny.toml", cwd=tmp_path)
    assert done.returncode == 2
    assert "results" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "sweep",
    [
        '"environment.interaction" = ["random", "modular"]\n"environment.speed" = [0]',
        '"environment.speed" = [0, 0.1]',
        '"population.small_interdependent" = [0, 1]\n"population.large" = [0, 2]',
    ],
)
def test_other_sweeps_run_too(sweep: str, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(TINY.split("[sweep]")[0] + "[sweep]\n" + sweep)
    done = interfirm("experiment", "other.toml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "results" / "other" / "leaders.csv").exists()


def test_an_experiment_leaves_tables_and_figures(tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(TINY)
    done = interfirm("experiment", "tiny.toml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "results" / "tiny"
    names = {path.name for path in folder.iterdir()}
    assert {"runs.parquet", "means.csv", "leaders.csv", "figure.png", "figure.svg"} <= names
    assert not any(name.startswith(".") for name in names)
    rows = pd.read_parquet(folder / "runs.parquet")
    assert len(rows) == 3 * 4 * 4
    assert (rows["error"] == "").all()
