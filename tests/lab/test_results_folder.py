"""A folder of results: only files that an earlier run wrote there are ever deleted, and one process works there at a time."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sim.lab import results_folder
from sim.lab.files import TEMPORARY, UnusableFileError
from sim.lab.json_files import write_json
from sim.lab.manifest import MANIFEST, listed, warn_of_changes
from sim.lab.results_folder import held, names, publish, staging


def published(folder: Path, **files: str) -> None:
    """Put files with these names and contents into the folder."""
    with held(folder), staging(folder) as staged:
        for stem, text in files.items():
            (staged / f"{stem}.csv").write_text(text)
        publish(staged, folder, {"runs": 1})


def contents(folder: Path) -> dict[str, str]:
    return {path.stem: path.read_text() for path in folder.glob("*.csv")}


@pytest.mark.parametrize("file", ["...toml", "..toml", ".hidden.toml", "conformance.toml", "calibration.toml", "bad\udcff.toml"])
def test_a_name_that_leads_out_of_the_results_or_into_others_is_refused(file: str) -> None:
    with pytest.raises(UnusableFileError, match="its name must"):
        names([Path(file)])


def test_names_that_some_file_systems_cannot_tell_apart_are_refused() -> None:
    for other in ("A.toml", "folder/a.toml"):
        with pytest.raises(UnusableFileError, match="two files have this name"):
            names([Path("a.toml"), Path(other)])


def test_publishing_replaces_earlier_results_and_leaves_all_other_files(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("mine")
    (tmp_path / "mine.png").write_text("mine")
    published(tmp_path, contrasts="1", means="2")
    published(tmp_path, contrasts="3")
    assert contents(tmp_path) == {"mine": "mine", "contrasts": "3"}
    assert (tmp_path / "mine.png").exists()
    assert listed(tmp_path).keys() == {"contrasts.csv"}


def test_a_file_of_somebody_else_that_is_in_the_way_is_renamed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "means.csv").write_text("mine")
    published(tmp_path, means="1")
    assert (tmp_path / "means.csv.aside-1").read_text() == "mine"
    assert contents(tmp_path) == {"means": "1"}
    assert caplog.messages[0].endswith(
        "files that were in the way and are not as its manifest lists them are renamed: means.csv.aside-1"
    )


def test_a_table_that_its_reader_edited_is_renamed_and_not_overwritten(tmp_path: Path) -> None:
    published(tmp_path, means="1", leaders="1")
    (tmp_path / "means.csv").write_text("1, with my notes")
    (tmp_path / "leaders.csv").write_text("1, with my notes")
    published(tmp_path, means="2")
    assert contents(tmp_path) == {"means": "2"}
    assert {path.read_text() for path in tmp_path.glob("*.aside-1")} == {"1, with my notes"}
    assert len(list(tmp_path.glob("*.aside-1"))) == 2


def test_a_kill_while_files_are_put_into_place_leaves_nothing_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published(tmp_path, a="1", b="1", old="1")
    replace, left = os.replace, [3]  # the manifest, the first table, and then the kill

    def killed(source: Path, target: Path) -> None:
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            published(tmp_path, a="2", b="2")
    assert contents(tmp_path) == {"a": "2", "b": "1"}
    published(tmp_path, a="3", b="3")
    assert contents(tmp_path) == {"a": "3", "b": "3"}
    assert not list(tmp_path.glob("*.aside-1"))


def test_an_edited_manifest_deletes_nothing(tmp_path: Path) -> None:
    for name in ("x.csv", "y.csv"):
        (tmp_path / name).write_text("mine")
    inner = tmp_path / "inner"
    inner.mkdir()
    published(inner, means="1")
    edited = json.loads((inner / MANIFEST).read_text())
    edited["files"] |= {"../x.csv": "", str(tmp_path / "y.csv"): ""}
    (inner / MANIFEST).write_text(json.dumps(edited))
    published(inner, means="2")
    write_json(inner / MANIFEST, {"files": edited["files"]})
    published(inner, means="3")
    assert (tmp_path / "x.csv").exists()
    assert (tmp_path / "y.csv").exists()


def test_a_manifest_that_cannot_be_read_now_moves_nothing(tmp_path: Path) -> None:
    published(tmp_path, means="1")
    manifest = tmp_path / MANIFEST
    manifest.rename(tmp_path / "manifest")
    manifest.mkdir()
    with pytest.raises(UnusableFileError, match=r"manifest.json: is a folder, a device or a pipe, not a file; move it away"):
        published(tmp_path, means="2")
    assert contents(tmp_path) == {"means": "1"}


def test_a_listed_file_that_was_edited_or_deleted_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "experiment"
    folder.mkdir()
    published(folder, means="1", contrasts="2", leaders="3")
    warn_of_changes(tmp_path)
    assert caplog.messages == []
    (folder / "means.csv").write_text("2")
    (folder / "leaders.csv").unlink()
    warn_of_changes(tmp_path)
    assert [message.split(": ")[0] for message in caplog.messages] == [str(folder / f"{name}.csv") for name in ("leaders", "means")]
    assert all("is missing, edited or damaged; to have it back, run the experiment again" in line for line in caplog.messages)


def test_results_that_were_not_completed_leave_the_earlier_ones(tmp_path: Path) -> None:
    published(tmp_path, means="1")
    with contextlib.suppress(ZeroDivisionError), held(tmp_path), staging(tmp_path) as staged:
        (staged / "means.csv").write_text("2")
        raise ZeroDivisionError
    assert contents(tmp_path) == {"means": "1"}
    assert not list(tmp_path.glob(f"{TEMPORARY}*"))


def test_what_a_killed_process_left_behind_is_removed_by_the_next(tmp_path: Path) -> None:
    (tmp_path / f"{TEMPORARY}1").mkdir()
    (tmp_path / f"{TEMPORARY}1" / "means.csv").write_text("")
    (tmp_path / f"{TEMPORARY}2.csv").write_text("")
    published(tmp_path, means="1")
    assert {path.name for path in tmp_path.iterdir()} == {"means.csv", MANIFEST, results_folder.LOCK}


HOLDER = """
import sys
from pathlib import Path
from sim.lab.results_folder import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_waits_and_says_who_works_there(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        release = threading.Timer(0.5, process.stdin.close)
        release.start()
        with held(tmp_path):
            assert f"process {process.pid} on " in caplog.text
            assert "is working there; waiting until it ends" in caplog.text
        release.join()


def test_a_killed_process_holds_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
    with held(tmp_path):
        assert caplog.text == ""
