"""Damage to any file of results: every command gives the right numbers or one line, and running again repairs all."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from sim.lab.design.scale import Scale
from sim.lab.files import UnusableFileError
from sim.lab.pipeline import prepare, run_experiment
from sim.lab.reference import plain
from sim.lab.report.claims import claim_table
from sim.lab.report.page import write_report
from tests.support.experiments import TINY_TOML, invented
from tests.support.hostile import damaged

HEAD, TAIL = TINY_TOML.split("[sweep]")[0], TINY_TOML[TINY_TOML.index("[replications]") :]
CLAIM = HEAD + TAIL.replace("groups =", "at_least = 0.0\ngroups =") + '[claim]\nnumber = 7\nstatement = "Allying pays"\n'
CHANGING = ("manifest.json", "finished.sqlite", "finished.sqlite-wal", "finished.sqlite-shm", ".lock")  # differ from run to run
EXAMPLES = max(4, settings().max_examples // 10)


def run(folder: Path) -> None:
    (task,) = prepare([folder / "tiny.toml"], folder / "results", Scale.STANDARD)
    run_experiment(task, invented(0.5, 0.1, 1), lambda *_: None)


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of all results that are the same in every run."""
    return {path.name: path.read_bytes() for path in (folder / "results" / "tiny").iterdir() if path.name not in CHANGING}


def claims(folder: Path) -> str:
    return plain(claim_table(folder / "results"))


def page(folder: Path) -> str:
    return write_report(folder / "results").read_text()


@pytest.fixture(scope="module")
def undamaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a tiny experiment, with a write-ahead log that was not yet worked into the store."""
    folder = tmp_path_factory.mktemp("undamaged")
    (folder / "tiny.toml").write_text(CLAIM)
    run(folder)
    return folder


def said(command: Callable[[Path], str], folder: Path) -> str | None:
    """What a command says, or None if it refuses in its one line."""
    try:
        return command(folder)
    except UnusableFileError:
        return None


@settings(max_examples=EXAMPLES)
@given(st.data())
def test_a_damaged_file_gives_the_right_numbers_or_one_line_and_is_repaired(undamaged: Path, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "copy"
        shutil.copytree(undamaged, folder)
        files = sorted(path for path in (folder / "results" / "tiny").iterdir() if path.is_file())
        for path in data.draw(st.lists(st.sampled_from(files), unique=True, min_size=1, max_size=3)):
            event(path.name)
            path.write_bytes(data.draw(damaged(path.read_bytes())))
        for command in (claims, page):
            assert said(command, folder) in (None, command(undamaged))
        run(folder)
        assert claims(folder) == claims(undamaged)
        assert page(folder) == page(undamaged)
        repaired = contents(folder)
        assert {name: repaired[name] for name in contents(undamaged)} == contents(undamaged)
        assert all(".aside-" in name for name in repaired.keys() - contents(undamaged).keys())
