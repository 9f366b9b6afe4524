"""The SQLite file below the store: opened, checked, and set aside when it is damaged."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sim.lab.files import UnusableFileError, reason, set_aside

FORMAT = 2  # of the table; 1 had no digests
TABLE = """
CREATE TABLE runs (
    address TEXT, seed INTEGER, outcomes BLOB, error TEXT, digest BLOB, PRIMARY KEY (address, seed));
"""
SECONDS_TO_WAIT = 60  # for another program that reads or writes the file
DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class Aside(NamedTuple):
    """A database that was renamed because it cannot be used, and why."""

    path: Path
    why: str


class _DamagedError(Exception):
    """The file is not a database, no longer one, or of an earlier format."""


def open_or_set_aside(path: Path) -> tuple[sqlite3.Connection, Aside | None]:
    """Open the database, and make it if there is none; one that cannot be used is renamed, and returned too.

    Raises:
        sqlite3.Error: it is not damaged, but cannot be opened now.
        UnusableFileError: it is damaged and cannot be renamed.
    """
    try:
        return _opened(path), None
    except _DamagedError as error:
        aside = Aside(_set_aside_with_log(path), str(error))
        return _opened(path), aside


def readable_rows(path: Path, columns: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a damaged database from its beginning up to the damage, and from its end back to the damage."""
    for order in ("ASC", "DESC"):
        with contextlib.closing(sqlite3.connect(path)) as connection, contextlib.suppress(sqlite3.Error):
            connection.text_factory = _text
            yield from connection.execute(f"SELECT {columns} FROM runs ORDER BY rowid {order}")


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
        connection.executescript(f"BEGIN IMMEDIATE; {TABLE} PRAGMA user_version = {FORMAT}; COMMIT;")


def _set_aside_with_log(path: Path) -> Path:
    """Rename the file together with its write-ahead log, so that SQLite still finds both."""
    try:
        aside = set_aside(path)
        for suffix in ("-wal", "-shm"):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise UnusableFileError(f"{path}: is damaged and cannot be renamed: {reason(error)}") from None
    return aside


def _text(stored: bytes) -> str:
    """Text as stored; damaged letters are replaced, and then the run's digest differs."""
    return stored.decode(errors="replace")
