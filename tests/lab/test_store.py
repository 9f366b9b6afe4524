"""The store of finished runs notices damage, loses nothing else, and never deletes what it cannot read."""

import contextlib
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.lab.ensemble import Place, RunResult
from sim.lab.execution import database
from sim.lab.execution.store import FILE, SHAPE, Store
from sim.lab.files import UnusableFileError

SEEDS = range(1, 41)


def result(seed: int, address: str = "a") -> RunResult:
    return RunResult(address, seed, np.random.default_rng(seed).normal(size=(1, *SHAPE[1:])))


def filled(folder: Path) -> Path:
    """The file of a store with one cell and SEEDS."""
    with Store(folder) as store:
        for seed in SEEDS:
            store.add(result(seed))
    return folder / FILE


def change(file: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(statement)


def test_a_stored_run_is_read_again_to_the_same_bits(tmp_path: Path) -> None:
    filled(tmp_path)
    with Store(tmp_path) as store:
        assert store.seeds("a") == set(SEEDS)
        for read in store.runs("a", SEEDS):
            np.testing.assert_array_equal(read.outcomes, result(read.seed).outcomes)


@pytest.mark.parametrize(
    "damage",
    [
        "outcomes = zeroblob(length(outcomes))",
        "outcomes = substr(outcomes, 1, 8)",
        "outcomes = NULL",
        "outcomes = 'text'",
        "error = 'x'",
        "error = CAST(x'ff00' AS TEXT)",
        "digest = NULL",
        "seed = 1000",
    ],
)
def test_a_damaged_run_is_dropped_and_said(damage: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    change(filled(tmp_path), f"UPDATE runs SET {damage} WHERE seed = 7")
    with Store(tmp_path) as store:
        assert store.seeds("a") == set(SEEDS) - {7}
        assert "damaged runs, which will be run again: 1" in caplog.text
        with pytest.raises(UnusableFileError, match="a run is missing or damaged"):
            list(store.runs("a", SEEDS))
        store.add(result(7))
        assert [read.seed for read in store.runs("a", SEEDS)] == list(SEEDS)


def test_a_run_damaged_while_the_store_is_open_is_refused_when_it_is_read(tmp_path: Path) -> None:
    file = filled(tmp_path)
    with Store(tmp_path) as store:
        assert len(store.seeds("a")) == len(SEEDS)
        change(file, "UPDATE runs SET outcomes = zeroblob(length(outcomes)) WHERE seed = 7")
        with pytest.raises(UnusableFileError, match=r"a run is missing or damaged; the same command runs it again"):
            store.values("a", SEEDS, Place(0, "all", "profit"))


@given(position=st.integers(0), width=st.sampled_from([1, 100, 4096]), how=st.sampled_from(["flip", "zero", "cut"]))
def test_whatever_bytes_are_damaged_only_runs_as_they_were_stored_are_read(
    position: int, width: int, how: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("store")
    file = filled(folder)
    contents = bytearray(file.read_bytes())
    start = position % len(contents)
    part = contents[start : start + width]
    contents[start : start + width] = bytes(len(part)) if how == "zero" else bytes(255 - byte for byte in part)
    file.write_bytes(contents[:start] if how == "cut" else contents)
    logging.disable(logging.WARNING)
    try:
        with Store(folder) as store:
            for seed in set(SEEDS) - store.seeds("a"):
                store.add(result(seed))
            for seed, read in zip(SEEDS, store.runs("a", SEEDS), strict=True):
                assert read.seed == seed
                np.testing.assert_array_equal(read.outcomes, result(seed).outcomes)
    finally:
        logging.disable(logging.NOTSET)


@pytest.mark.parametrize("letter", [b"A", b"b"])
def test_a_damaged_index_neither_hides_nor_doubles_a_run(letter: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = filled(tmp_path)
    contents = file.read_bytes()
    key = b"a\x07\x07"  # address, seed and row, as the index has them
    assert contents.count(key) == 1
    file.write_bytes(contents.replace(key, letter + key[1:]))
    with Store(tmp_path) as store:
        assert store.seeds("a") == set(SEEDS)
        assert [read.seed for read in store.runs("a", SEEDS)] == list(SEEDS)
    assert f"{len(SEEDS)} of its runs are kept" in caplog.text


def without_a_page_of_rows(contents: bytes) -> bytes:
    """The database with zeros in place of the middle one of its pages of rows, which begin with the byte 13."""
    pages = [start for start in range(4096, len(contents), 4096) if contents[start] == 13]
    middle = pages[len(pages) // 2]
    return contents[:middle] + bytes(4096) + contents[middle + 4096 :]


def test_the_runs_before_and_after_a_zeroed_page_are_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = filled(tmp_path)
    contents = without_a_page_of_rows(file.read_bytes())
    file.write_bytes(contents)
    with Store(tmp_path) as store:
        assert len(SEEDS) - 6 <= len(store.seeds("a")) < len(SEEDS)
    assert (tmp_path / f"{FILE}.aside-1").read_bytes() == contents
    assert "is damaged" in caplog.text


def test_a_file_that_is_no_database_is_renamed_and_not_deleted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    text = "this is no database, but it is long enough to look like one " * 20
    for number in (1, 2):
        (tmp_path / FILE).write_text(text)
        with Store(tmp_path) as store:
            assert store.seeds("a") == set()
        assert (tmp_path / f"{FILE}.aside-{number}").read_text() == text
        assert f"renamed to {FILE}.aside-{number}, 0 of its runs are kept" in caplog.text


def test_a_store_of_another_version_is_renamed_and_not_deleted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    change(tmp_path / FILE, "CREATE TABLE runs (address TEXT, seed INTEGER, outcomes BLOB, error TEXT)")
    with Store(tmp_path):
        assert (tmp_path / f"{FILE}.aside-1").exists()
    assert "was written by another version" in caplog.text


@pytest.mark.parametrize("message", ["database is locked", "database or disk is full", "disk I/O error"])
def test_a_fault_of_the_disk_advises_nobody_to_delete_anything(message: str, tmp_path: Path) -> None:
    filled(tmp_path)

    class Broken:
        def execute(self, *_: object) -> None:
            raise sqlite3.OperationalError(message)

        def close(self) -> None:
            pass

    with Store(tmp_path) as store:
        working, store._connection = store._connection, Broken()  # type: ignore[assignment]
        with pytest.raises(UnusableFileError, match=f"{message}; finished runs are kept, and the same command continues"):
            store.add(result(99))
        working.close()
    with Store(tmp_path) as store:
        assert store.seeds("a") == set(SEEDS)


def test_runs_of_another_model_stay_and_fresh_empties_the_store(tmp_path: Path) -> None:
    filled(tmp_path)
    with Store(tmp_path) as store:
        store.add(result(1, address="cell of another model"))
    with Store(tmp_path) as store:
        assert store.seeds("a") == set(SEEDS)
        assert store.seeds("cell of another model") == {1}
    with Store(tmp_path, fresh=True) as store:
        assert store.seeds("a") == store.seeds("cell of another model") == set()


@pytest.mark.parametrize("k", range(1, 9))
def test_a_rescue_that_is_broken_off_anywhere_loses_no_run(k: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = filled(tmp_path)
    contents = without_a_page_of_rows(file.read_bytes())
    file.write_bytes(contents)
    done = [0]

    def break_off_at_k(operation: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            done[0] += 1
            if done[0] == k:
                raise KeyboardInterrupt
            return operation(*arguments, **options)

        return counted

    with monkeypatch.context() as patched:
        for name in ("rename", "unlink"):
            patched.setattr(Path, name, break_off_at_k(getattr(Path, name)))
        patched.setattr(database, "_make_table", break_off_at_k(database._make_table))
        patched.setattr(database, "_readable_rows", break_off_at_k(database._readable_rows))
        with contextlib.suppress(KeyboardInterrupt):
            Store(tmp_path).__exit__(None, None, None)
    with Store(tmp_path) as store:
        assert len(SEEDS) - 6 <= len(store.seeds("a")) < len(SEEDS)
    assert done[0] >= min(k, 5)
    assert (tmp_path / f"{FILE}.aside-1").exists()
