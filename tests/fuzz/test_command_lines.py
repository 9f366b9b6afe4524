"""Whatever is typed: the command line ends with exit code 0, 1 or 2, and says in one line why it does not do what it was told."""

import contextlib
import functools
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import sim
from sim import __main__ as program
from sim.economy.messages import printable
from sim.economy.validation import fields
from sim.economy.worlds import WORLDS
from sim.observation.run import Run
from tests.support.experiments import TINY_TOML, invented
from tests.support.hostile import TOKENS, known_words, odd_texts

COMMANDS = ["run", "experiment", "report", "claims", "schema", "parameters", "measures", "worlds"]
OPTIONS = [
    "--set",
    "--seed",
    "--months",
    "--out",
    "--results",
    "--scale",
    "--threads",
    "--fresh",
    "--format",
    "--help",
    "-h",
    "--",
    "--nope",
]
FILES = [
    "tiny.toml",
    "robust.toml",
    "bad.toml",
    "missing.toml",
    "folder.toml",
    "x.csv",
    "x.parquet",
    "folder",
    "results",
    "/dev/null",
    ".",
    "~",
    "",
]
VALUES = ["quick", "standard", "text", "markdown", "0", "1", "-1", "2", "1e9", "9" * 30, *WORLDS, *TOKENS]

words = (st.sampled_from(FILES) | st.sampled_from(VALUES) | known_words | odd_texts).filter(lambda word: "\0" not in word)
settings_of_parameters = st.tuples(st.sampled_from([*fields(), "speed", ""]), st.sampled_from(["=", "==", "", " = "]), words).map(
    "".join
)
arguments = st.tuples(
    st.sampled_from([*COMMANDS, "nonsense"]),
    st.lists(st.sampled_from(OPTIONS) | words | settings_of_parameters.map(lambda text: f"--set={text}"), max_size=6),
).map(lambda drawn: [drawn[0], *drawn[1]])


@functools.cache
def short_run() -> Run:
    """A run that stands in for all others."""
    return sim.simulate(sim.parameters("today", {"dynamics.months": 2, "population.small": 5}))


@contextlib.contextmanager
def workplace() -> Iterator[None]:
    """A folder with some files; runs are those of a short run, and experiments play no economy."""
    before, played = Path.cwd(), short_run()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("tiny.toml").write_text(TINY_TOML.split("[sweep]")[0] + "[replications]\nnumber = 2\n")
        Path("bad.toml").write_text("title = [")
        Path("robust.toml").write_text('title = "R"\nquestion = "?"\nclaims = ["*.toml"]\n[universes.u]\n')
        Path("folder.toml").mkdir()
        Path("folder").mkdir()
        try:
            with (
                patch("sim.observation.run.simulate", lambda *_: played),
                patch("sim.lab.execution.threads.on_threads", lambda _: invented(0.5, 0.1, 1)),
            ):
                yield
        finally:
            os.chdir(before)


def outcome(arguments: list[str]) -> tuple[object, str, str]:
    """Exit code, output and errors of a command line."""
    output, errors = io.StringIO(), io.StringIO()
    with (
        patch.object(sys, "argv", ["interfirm", *arguments]),
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(errors),
        pytest.raises(SystemExit) as ended,
    ):
        program.main()
    return ended.value.code or 0, output.getvalue(), errors.getvalue()


@given(arguments)
@example(["run", "--set", "environment.speed=" + "[" * 5000])
@example([])
@example(["experiment", "\xa0"])
def test_a_command_line_is_obeyed_or_refused_in_one_line(arguments: list[str]) -> None:
    with workplace():
        code, output, errors = outcome(arguments)
    assert code in (0, 2)
    assert "Traceback" not in errors
    assert all(printable(line) == line for line in output.split("\n"))
    if code == 2:
        assert errors.startswith("interfirm: ")
        assert errors.endswith("\n")
        assert printable(errors[:-1]) == errors[:-1]
        assert len(errors) < 500
