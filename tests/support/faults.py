"""Operations on files that fail: the k-th one below a folder, like the anomaly tests of SQLite.

Python's audit events announce every open, rename, unlink, mkdir and listing, by whatever way they are called; what has no event
(write, fsync, statements of SQLite) is wrapped.
"""

import builtins
import contextlib
import errno
import io
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

KILL = "kill"
READING = frozenset({"open for reading", "list", "query"})
FREEING = frozenset({"unlink", "rmdir"})
# What each error can happen to. A full disk does not keep anybody from reading or deleting.
ERRORS: dict[str, Callable[[str], bool]] = {
    "ENOSPC": lambda operation: operation not in READING | FREEING,
    "EIO": lambda _: True,
    "EACCES": lambda operation: operation not in {"write", "fsync", "query"},
    "EBUSY": lambda operation: operation in {"statement", "query"},
    KILL: lambda _: True,
}
OF_SQLITE = {
    "ENOSPC": ("database or disk is full", sqlite3.SQLITE_FULL),
    "EIO": ("disk I/O error", sqlite3.SQLITE_IOERR),
    "EACCES": ("attempt to write a readonly database", sqlite3.SQLITE_READONLY),
    "EBUSY": ("database is locked", sqlite3.SQLITE_BUSY),
}
EVENTS = {"os.rename": "rename", "os.remove": "unlink", "os.rmdir": "rmdir", "os.mkdir": "mkdir", "os.listdir": "list"}
EVENTS |= {"os.scandir": "list", "os.link": "link", "os.symlink": "link", "os.truncate": "write", "sqlite3.connect": "connect"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Faults:
    """Counts the operations below a folder to which an error can happen, and lets the k-th fail (k = 0: none).

    If `lasting`, all later ones fail too, as on a disk that stays full.
    """

    def __init__(self, root: Path, error: str, k: int = 0, lasting: bool = False) -> None:
        self.root, self.error, self.k, self.lasting = os.path.realpath(root), error, k, lasting
        self.operations: list[str] = []

    def happen(self, operation: str, path: object, of_sqlite: bool = False) -> None:
        """Count an operation, and let it fail if it is its turn."""
        if not self._is_below(path) or not ERRORS[self.error](operation):
            return
        self.operations.append(f"{operation} {os.path.basename(os.fsdecode(path))}")  # type: ignore[call-overload]
        number = len(self.operations)
        if not self.k or number < self.k or (number > self.k and not self.lasting):
            return
        if self.error == KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        if of_sqlite:
            raise _error_of_sqlite(self.error)
        code = getattr(errno, self.error)
        raise OSError(code, os.strerror(code), os.fsdecode(path))  # type: ignore[call-overload]

    def _is_below(self, path: object) -> bool:
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        folder, name = os.path.split(os.path.abspath(os.fsdecode(path)))
        full = os.path.join(os.path.realpath(folder), name)  # a link that is deleted or replaced is meant itself
        return full == self.root or full.startswith(self.root + os.sep)


def _error_of_sqlite(name: str) -> sqlite3.OperationalError:
    text, code = OF_SQLITE[name]
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error


_active: Faults | None = None


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    """Hook for audit events, which can never be removed again; it does nothing unless faults are active."""
    if _active is None:
        return
    if event == "open":
        path, _, flags = arguments
        _active.happen("open for writing" if flags & WRITING else "open for reading", path)
    elif event in EVENTS:
        _active.happen(EVENTS[event], arguments[0], of_sqlite=event == "sqlite3.connect")


sys.addaudithook(_hear)


class _CountedFile(io.FileIO):
    """A file whose writes are counted."""

    def write(self, data: Any) -> int:
        if _active is not None:
            _active.happen("write", _path_of(self.fileno()))
        return super().write(data)


class _CountedConnection(sqlite3.Connection):
    """A connection whose statements are counted."""

    def __init__(self, database: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(database, *arguments, **options)
        self.path = str(database).removeprefix("file:").partition("?")[0]

    def execute(self, sql: str, *arguments: Any) -> sqlite3.Cursor:
        self._count(sql)
        return super().execute(sql, *arguments)

    def executemany(self, sql: str, *arguments: Any) -> sqlite3.Cursor:
        self._count(sql)
        return super().executemany(sql, *arguments)

    def executescript(self, sql: str) -> sqlite3.Cursor:
        self._count(sql)
        return super().executescript(sql)

    def commit(self) -> None:
        self._count("COMMIT")
        super().commit()

    def _count(self, sql: str) -> None:
        if _active is not None:
            reads = sql.lstrip().upper().startswith("SELECT")
            _active.happen("query" if reads else "statement", self.path, of_sqlite=True)


def _path_of(descriptor: int) -> str:
    return os.readlink(f"/proc/self/fd/{descriptor}").removesuffix(" (deleted)")


def _open(file: Any, mode: str = "r", buffering: int = -1, *arguments: Any, **options: Any) -> Any:
    """Open as always, but count what is written; `options` are those of the built-in open."""
    if _active is None or not set(mode) & set("wax+") or (isinstance(file, int) and not _active._is_below(_path_of(file))):
        return _real_open(file, mode, buffering, *arguments, **options)
    opening = {name: options.pop(name) for name in ("closefd", "opener") if name in options}
    raw = _CountedFile(file, mode.replace("t", "").replace("b", ""), **opening)
    buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
    return buffered if "b" in mode else io.TextIOWrapper(buffered, *arguments, **options)


def _fsync(descriptor: Any) -> None:
    """Count, and do not wait for the disk: what a process wrote outlives it without."""
    if _active is not None:
        number = descriptor if isinstance(descriptor, int) else descriptor.fileno()
        _active.happen("fsync", _path_of(number))


def _write(descriptor: int, data: Any) -> int:
    if _active is not None:
        _active.happen("write", _path_of(descriptor))
    return _real_write(descriptor, data)


def _connect(database: Any, *arguments: Any, **options: Any) -> sqlite3.Connection:
    return _real_connect(database, *arguments, factory=_CountedConnection, **options)


_real_open, _real_write, _real_connect = builtins.open, os.write, sqlite3.connect


@contextlib.contextmanager
def failing(root: Path, error: str, k: int = 0, lasting: bool = False) -> Iterator[Faults]:
    """Let the k-th operation below `root` to which this error can happen fail; with k = 0 only count."""
    global _active
    with (
        mock.patch.object(builtins, "open", _open),
        mock.patch.object(io, "open", _open),
        mock.patch.object(os, "fsync", _fsync),
        mock.patch.object(os, "write", _write),
        mock.patch.object(sqlite3, "connect", _connect),
    ):
        _active = Faults(root, error, k, lasting)
        try:
            yield _active
        finally:
            _active = None
