"""The SQLite file below the store: opened, checked, and, when it is damaged, replaced by one with all that can still be read."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from sim.lab.files import UnusableFileError, reason, set_aside

FORMAT = 2  # of the table; 1 had no digests
TABLE = """
CREATE TABLE runs (
    address TEXT, seed INTEGER, outcomes BLOB, error TEXT, digest BLOB, PRIMARY KEY (address, seed));
"""
COLUMNS = "address, seed, outcomes, error, digest"
INSERT = "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?)"
SECONDS_TO_WAIT = 60  # for another program that reads or writes the file
DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
PARTS = ("-wal", "-shm", "-journal")  # SQLite's files beside a database

Row = tuple[Any, ...]
log = logging.getLogger(__name__)


class _DamagedError(Exception):
    """The file is not a database, no longer one, or of an earlier format."""


def open_or_rescue(path: Path, is_intact: Callable[[Row], bool]) -> sqlite3.Connection:
    """Open the database, and make it if there is none.

    One that is damaged is renamed when all its intact rows are in a new one, so that a kill at any moment loses none of them.

    Raises:
        sqlite3.Error: it is not damaged, but cannot be opened now.
        UnusableFileError: it is damaged and cannot be renamed.
    """
    rescued = _beside(path, ".rescued")
    try:
        if rescued.exists() and path.exists():  # a rescue that was not finished
            _remove(rescued)
        elif rescued.exists():  # a rescue after which only the names were not yet changed
            _take_its_name(rescued, path)
        try:
            return _opened(path)
        except _DamagedError as error:
            kept = _rescue(path, rescued, is_intact)
            aside = set_aside(path)
            _take_its_name(rescued, path, aside)
            log.warning("%s: %s; renamed to %s, %s of its runs are kept", path, error, aside.name, f"{kept:,}")
            return _opened(path)
    except OSError as error:
        raise UnusableFileError(f"{path}: cannot be opened or renamed: {reason(error)}") from None


def _rescue(path: Path, rescued: Path, is_intact: Callable[[Row], bool]) -> int:
    """Copy the intact rows of a damaged database to a new one, and return how many there are."""
    with (
        contextlib.closing(sqlite3.connect(rescued, isolation_level=None)) as connection,
        contextlib.closing(_readable_rows(path)) as rows,
    ):
        _make_table(connection)
        connection.execute("BEGIN")
        connection.executemany(INSERT, (row for row in rows if is_intact(row)))
        connection.execute("COMMIT")
        (kept,) = connection.execute("SELECT count(*) FROM runs").fetchone()
        return int(kept)


def _readable_rows(path: Path) -> Generator[Row, None, None]:
    """The rows of a damaged database from its beginning up to the damage, and from its end back to the damage."""
    for order in ("ASC", "DESC"):
        with contextlib.closing(sqlite3.connect(path)) as connection, contextlib.suppress(sqlite3.Error):
            connection.text_factory = _text
            yield from connection.execute(f"SELECT {COLUMNS} FROM runs ORDER BY rowid {order}")


def _take_its_name(rescued: Path, path: Path, aside: Path | None = None) -> None:
    """Give the new database its name, when no part of the damaged one is left under that name."""
    for part in PARTS:
        if aside and _beside(path, part).exists():
            _beside(path, part).rename(_beside(aside, part))
        _beside(path, part).unlink(missing_ok=True)
    rescued.rename(path)


def _remove(path: Path) -> None:
    for part in ("", *PARTS):
        _beside(path, part).unlink(missing_ok=True)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _opened(path: Path) -> sqlite3.Connection:
    with contextlib.ExitStack() as stack:
        connection = stack.enter_context(contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=SECONDS_TO_WAIT)))
        connection.text_factory = _text
        try:
            _prepare(connection)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in DAMAGE:
                raise _DamagedError(f"is damaged ({error})") from None
            raise
        stack.pop_all()  # no error: the connection stays open until the store is left
        return connection


def _prepare(connection: sqlite3.Connection) -> None:
    """Check every page, and make the table if there is none.

    The quick check would not compare the table with its index, by which runs are found.
    """
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if answer != "ok":
        raise _DamagedError(f"is damaged ({answer.splitlines()[-1]})")
    (format_,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and format_ != FORMAT:
        raise _DamagedError("was written by another version")
    if not tables:
        _make_table(connection)


def _make_table(connection: sqlite3.Connection) -> None:
    connection.executescript(f"BEGIN IMMEDIATE; {TABLE} PRAGMA user_version = {FORMAT}; COMMIT;")


def _text(stored: bytes) -> str:
    """Text as stored; damaged letters are replaced, and then the run's digest differs."""
    return stored.decode(errors="replace")
