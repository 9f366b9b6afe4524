"""The command line: bad input gives one clear line and exit code 2, and nothing is written."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.observation.outcomes import GROUPS
from tests.support.experiments import TINY_TOML as TINY


def interfirm(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "sim", *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def test_a_run_prints_its_groups_and_writes_the_monthly_table_with_its_origin(tmp_path: Path) -> None:
    file = tmp_path / "run.parquet"
    process = interfirm("run", "turbulent", "--set", "market.markets=2", "--months", "12", "--seed", "5", "--out", str(file))
    assert process.returncode == 0, process.stderr
    assert "small interdependent" in process.stdout
    assert len(pd.read_parquet(file)) == 48
    origin = json.loads(pq.read_schema(file).metadata[b"interfirm"])
    assert origin["seed"] == 5
    assert origin["parameters"]["market.markets"] == 2
    assert {"commit", "numba", "python"} <= origin["versions"].keys()


@pytest.mark.parametrize(
    "arguments", [["--help"], ["run", "--help"], ["experiment", "--help"], ["worlds"], ["parameters"], ["measures"]]
)
def test_help_and_tables_print(arguments: list[str]) -> None:
    process = interfirm(*arguments)
    assert process.returncode == 0
    assert len(process.stdout) > 200


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
        (["experiment", "."], "is a folder; name its files, as in ./*.toml"),
        (["nonsense"], "nonsense"),
    ],
)
def test_bad_input_gives_one_line_and_exit_code_2_and_writes_nothing(arguments: list[str], message: str, tmp_path: Path) -> None:
    process = interfirm(*arguments, cwd=tmp_path)
    assert process.returncode == 2
    assert message in process.stderr.lower() or message in process.stderr
    assert "Traceback" not in process.stderr
    assert list(tmp_path.iterdir()) == []


def test_with_one_bad_experiment_file_no_experiment_is_run(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(TINY)
    (tmp_path / "bad.toml").write_text(TINY.replace("environment.speed", "environment.spede"))
    process = interfirm("experiment", "good.toml", "bad.toml", cwd=tmp_path)
    assert process.returncode == 2
    assert process.stderr.strip().splitlines() == [
        "interfirm: bad.toml: unknown parameter 'environment.spede' (did you mean 'environment.speed'?)"
    ]
    assert {path.name for path in tmp_path.iterdir()} == {"good.toml", "bad.toml"}


def test_an_unwritable_results_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(TINY)
    (tmp_path / "results").write_text("a file is in the way")
    process = interfirm("experiment", "tiny.toml", cwd=tmp_path)
    assert process.returncode == 2
    assert "results" in process.stderr
    assert "Traceback" not in process.stderr


def test_an_experiment_its_report_and_the_list_of_claims(tmp_path: Path) -> None:
    claim = TINY.replace("groups =", "at_least = 0.0\ngroups =") + '[claim]\nnumber = 7\nstatement = "Allying pays"\n'
    (tmp_path / "tiny.toml").write_text(claim)
    process = interfirm("experiment", "tiny.toml", cwd=tmp_path)
    assert process.returncode == 0, process.stderr
    folder = tmp_path / "results" / "tiny"
    names = {path.name for path in folder.iterdir()}
    tables = {"runs.parquet", "contrasts.csv", "means.csv", "leaders.csv", "findings.json", "manifest.json"}
    assert tables | {"leaders.png", "leaders.svg", "map_1.png", "finished.sqlite"} <= names
    assert {name for name in names if name.startswith(".")} == {".lock"}
    assert len(pd.read_parquet(folder / "runs.parquet")) == 3 * 4 * len(GROUPS)
    process = interfirm("claims", cwd=tmp_path)
    assert "Allying pays" in process.stdout
    assert interfirm("report", cwd=tmp_path).stdout.strip() == "Wrote results/index.html"
    assert (tmp_path / "results" / "index.html").stat().st_size > 10_000


def test_a_pilot_lists_how_many_seeds_each_rule_needs(tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(TINY.replace("groups =", "at_least = 0.02\ngroups ="))
    process = interfirm("pilot", "tiny.toml", "--seeds", "8", cwd=tmp_path)
    head, row = process.stdout.splitlines()
    assert head.split()[:3] == ["experiment", "contrast", "SD"]
    assert row.split()[0] == "tiny"
    assert int(row.split()[-2]) > 3


@pytest.mark.parametrize("name", ["...toml", "..toml"])
def test_an_experiment_whose_folder_would_be_another_deletes_nothing(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(TINY)
    for folder in (tmp_path, tmp_path / "results"):
        folder.mkdir(exist_ok=True)
        for suffix in ("csv", "png", "svg"):
            (folder / f"mine.{suffix}").write_text("mine")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    process = interfirm("experiment", name, cwd=tmp_path)
    assert process.returncode == 2
    assert "its name must not begin with a dot" in process.stderr
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_without_results_there_is_no_report(tmp_path: Path) -> None:
    for command in ("report", "claims"):
        process = interfirm(command, cwd=tmp_path)
        assert process.returncode == 2
        assert "run `interfirm experiment` first" in process.stderr


@pytest.mark.parametrize("command", [["report", "--results"], ["claims", "--results"], ["experiment"], ["run", "--out"]])
def test_a_path_of_5000_characters_is_refused_in_one_line(command: list[str]) -> None:
    process = interfirm(*command, "x" * 5000 + (".toml" if command == ["experiment"] else ".csv"))
    assert process.returncode == 2
    assert process.stderr.strip().count("\n") == 0
    assert process.stderr.strip().endswith("file name too long")


WRONG = {
    "run --seed x": "--seed = 'x': must be a valid integer, unable to parse string as an integer; see `interfirm run --help`",
    "experiment x.toml --threads 0": "--threads = '0': must be greater than or equal to 1; see `interfirm experiment --help`",
    "run --sed 3": "No such option: --sed (Possible options: --seed, --set); see `interfirm run --help`",
    "claim": "No such command 'claim'. Did you mean 'claims'?; see `interfirm --help`",
}


@pytest.mark.parametrize("words", WRONG)
def test_a_wrong_option_is_one_line_with_the_value_the_rule_and_the_right_help(words: str) -> None:
    process = interfirm(*words.split())
    assert process.returncode == 2
    assert process.stderr == f"interfirm: {WRONG[words]}\n"


CLEAR = "from sim.lab.terminal import show_messages; show_messages(); import sim; sim.clear([1.0], [1.0])"


def test_the_first_use_of_a_new_version_says_that_it_compiles(tmp_path: Path) -> None:
    for lines in (["interfirm: compiling the model, once; this takes about half a minute"], []):
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
        process = subprocess.run([sys.executable, "-c", CLEAR], env=environment, capture_output=True, text=True, check=True)
        assert process.stderr.splitlines() == lines


def test_the_schema_has_the_names_of_parameters_and_outcomes() -> None:
    schema = json.loads(interfirm("schema").stdout)
    assert "environment.speed" in schema["properties"]["sweep"]["propertyNames"]["enum"]
    assert "profit_per_line" in schema["$defs"]["Contrast"]["properties"]["outcome"]["enum"]
