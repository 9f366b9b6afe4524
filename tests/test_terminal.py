"""What a terminal gets: no control characters of other people, no traceback, whatever becomes of the program's output."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim import __main__ as program
from sim.lab.reference import plain
from tests.support.experiments import TINY_TOML

PROGRAM = [sys.executable, "-m", "sim"]
RED = "\x1b[31m"
Program = Callable[..., tuple[object, str, str]]


@pytest.fixture
def interfirm(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """Run the command line in this process; returns exit code, output and errors."""

    def run(*arguments: str) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["interfirm", *arguments])
        with pytest.raises(SystemExit) as ended:
            program.main()
        return ended.value.code, *capsys.readouterr()

    return run


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", f"{RED}today"], "unknown world '\\x1b[31mtoday'"),
        (["run", "--set", f"{RED}=1"], "unknown parameter '\\x1b[31m'"),
        (["run", "--set", "environment.speed=1\nb=2"], "more than one value"),
        (["run", "--set", f"environment.complexity={'9' * 5000}"], "too many digits"),
        (["run", "--set", f"environment.complexity={'[' * 5000}"], "deep"),
        (["run", "--seed", "9" * 30], "seed = 9999"),
        (["run", "--seed", "9" * 5000], "--seed"),
        (["run", "--out", "~/x.csv"], "~/x.csv: cannot be written"),
        (["run", "w" * 200_000], "unknown world"),
        (["experiment", f"{RED}.toml"], "\\x1b[31m.toml: no such file"),
        (["experiment", "x" * 5000 + ".toml"], "file name too long"),
        (["experiment", "x.toml", "--scale", "huge"], "'huge' is not one of 'quick', 'standard', 'full'"),
        (["experiment", "x.toml", "--threads", "1000000"], "--threads"),
        (["claims", "--results", f"{RED}nowhere"], "\\x1b[31mnowhere: there are no findings"),
        ([f"{RED}nonsense"], "'\\x1b[31mnonsense'; see `interfirm --help`"),
        (["experiment"], "Missing argument"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_every_refusal_is_one_printable_line(
    interfirm: Program, arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, output, errors = interfirm(*arguments)
    assert (code, output) == (2, "")
    assert message in errors
    assert errors.endswith("\n")
    assert errors[:-1].isprintable()
    assert len(errors) < 500
    assert list(tmp_path.iterdir()) == []


def test_without_arguments_the_program_explains_itself(interfirm: Program) -> None:
    code, output, errors = interfirm()
    assert code in (None, 0)
    assert errors == ""
    assert "experiment" in output


@pytest.mark.parametrize(
    ("fault", "code", "message"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (MemoryError(), 2, "memory"),
        (OSError(5, "", "a\nfile"), 2, "a\\nfile: input/output error"),
    ],
)
def test_no_fault_of_the_machine_ends_in_a_traceback(
    interfirm: Program, monkeypatch: pytest.MonkeyPatch, fault: BaseException, code: int, message: str
) -> None:
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(program.reference, "parameter_table", fail)
    said = interfirm("parameters")
    assert said[0] == code
    assert message in said[2]
    assert said[2].count("\n") == 1


def test_cells_of_tables_are_printed_without_control_characters() -> None:
    assert plain((["claim"], [[f"{RED}pays\r\n"]])) == "claim\n\\x1b[31mpays\\r\\n"


def test_a_closed_or_full_output_gives_no_traceback() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "wb") as closed, Path("/dev/full").open("wb") as full:
        for output, said in ((closed, b""), (full, b"interfirm: standard output: no space left on device\n")):
            process = subprocess.run([*PROGRAM, "parameters"], stdout=output, stderr=subprocess.PIPE, check=False)
            assert process.stderr == said
            assert process.returncode in (1, 2)


def test_a_terminal_without_greek_letters_gets_the_table() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    process = subprocess.run([*PROGRAM, "parameters"], env=environment, capture_output=True, check=False)
    assert (process.returncode, process.stderr) == (0, b"")
    assert b"\\u03b2" in process.stdout


def test_names_of_files_are_no_markup(interfirm: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "[red]a\x1b[2J.toml").write_text(TINY_TOML.split("[sweep]")[0] + "[replications]\nnumber = 2\n")
    code, _, errors = interfirm("experiment", "[red]a\x1b[2J.toml")
    assert code in (None, 0)
    assert "results/[red]a\\x1b[2J (2 runs)" in errors
