"""Files get their names when they are complete, and a JSON file that was damaged or edited is not read."""

import contextlib
import errno
import json
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.lab.files import UnusableFileError, check_writable, make_folder, set_aside, write_or_rescue_table, write_whole
from sim.lab.json_files import read_json, write_json

LONG = "x" * 5000


def fill_the_disk(file: BinaryIO) -> None:
    """Write half a file, and then fail as the operating system does."""
    file.write(b"half")
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_the_file_that_was_there_and_no_other(tmp_path: Path) -> None:
    file = tmp_path / "file.txt"
    file.write_text("before")
    with pytest.raises(UnusableFileError, match=r"file.txt: cannot be written: no space left on device"):
        write_whole(file, fill_the_disk)
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_two_writers_of_one_file_do_not_meet(tmp_path: Path) -> None:
    file = tmp_path / "file.txt"

    def write_and_be_overtaken(first: BinaryIO) -> None:
        write_whole(file, lambda second: second.write(b"second"))
        assert file.read_text() == "second"
        first.write(b"first")

    write_whole(file, write_and_be_overtaken)
    assert file.read_text() == "first"


@pytest.mark.parametrize("name", [f"{LONG}.csv", f"missing/{LONG}.csv", "missing/x.csv", "folder.csv", "x.txt", "a\0b.csv"])
def test_a_path_that_cannot_be_written_is_refused_before_anything_is_computed(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(UnusableFileError, match=r"cannot be written|must end in"):
        check_writable(tmp_path / name)


@pytest.mark.parametrize("name", [LONG, "file", "file/folder", "a\0b"])
def test_a_folder_that_cannot_be_made_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnusableFileError, match="cannot be made"):
        make_folder(tmp_path / name)


def test_a_table_that_cannot_be_written_is_kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame, elsewhere = pd.DataFrame({"x": [0.1, 0.2]}), tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    for name in ("x.csv", "x.parquet"):
        with pytest.raises(UnusableFileError, match=r"the table is in .* instead") as refused:
            write_or_rescue_table(tmp_path / "gone" / name, frame, "{}")
        rescued = Path(str(refused.value).split("the table is in ")[1].removesuffix(" instead"))
        read = pd.read_csv(rescued) if name.endswith("csv") else pd.read_parquet(rescued)
        pd.testing.assert_frame_equal(read, frame)


def test_a_file_that_is_set_aside_replaces_no_other(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        (tmp_path / "x.csv").write_text(str(number))
        assert set_aside(tmp_path / "x.csv").name == f"x.csv.aside-{number}"
    assert [(tmp_path / f"x.csv.aside-{number}").read_text() for number in (1, 2, 3)] == ["1", "2", "3"]


numbers = st.recursive(
    st.floats() | st.integers() | st.text() | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(contents=st.dictionaries(st.text().filter("digest".__ne__), numbers, min_size=1, max_size=4), data=st.data())
def test_json_is_read_as_written_or_refused(contents: dict, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("json") / "file.json"
    write_json(file, contents)
    assert json.dumps(read_json(file, "again")) == json.dumps(contents)
    damaged = bytearray(file.read_bytes())
    damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= data.draw(st.integers(1, 255))
    file.write_bytes(damaged)
    with contextlib.suppress(UnusableFileError):  # it may be read where only the white space between the values was damaged
        assert json.dumps(read_json(file, "again"), sort_keys=True) == json.dumps(contents, sort_keys=True)


def test_a_single_wrong_digit_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    write_json(file, {"profit": 1.25})
    file.write_text(file.read_text().replace("1.25", "1.26"))
    with pytest.raises(UnusableFileError, match=r"file.json: is damaged or was edited, its digest is another; run it again"):
        read_json(file, "run it again")
