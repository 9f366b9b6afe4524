"""Reading and writing files; a new file gets its name only when it is complete, so that nobody reads half a file."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from sim.economy.messages import one_line

if TYPE_CHECKING:
    import pandas as pd

FORMATS = (".parquet", ".csv")
TEMPORARY = ".interfirm-"  # how the names of our temporary files and folders begin
DIGEST_SIZE = 16


class UnusableFileError(Exception):
    """A file that cannot be read or written, or whose contents break a rule; the message is one line."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


def reason(error: OSError | ValueError) -> str:
    """What the operating system says, in lower case, as the end of a sentence; a ValueError is about a path with a null byte."""
    return (os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)).lower()


def make_folder(folder: Path) -> Path:
    """Make the folder if there is none, and try to write in it, before anything is computed.

    Raises:
        UnusableFileError: it cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise UnusableFileError(f"{folder}: cannot be made: {reason(error)}") from None
    try:
        with tempfile.TemporaryFile(prefix=TEMPORARY, dir=folder):
            return folder
    except OSError as error:
        raise UnusableFileError(f"{folder}: cannot be written: {reason(error)}") from None


def check_writable(path: Path) -> None:
    """Check a path before anything is computed, by writing another file beside it.

    Raises:
        UnusableFileError: its ending is unknown, or it cannot be written.
    """
    if path.suffix not in FORMATS:
        raise UnusableFileError(f"{path}: must end in {' or '.join(FORMATS)}")
    try:
        with contextlib.suppress(FileNotFoundError):
            if stat.S_ISDIR(path.lstat().st_mode):
                raise UnusableFileError(f"{path}: cannot be written: it is a folder")
        with tempfile.TemporaryFile(prefix=TEMPORARY, dir=path.parent):
            return
    except (OSError, ValueError) as error:
        raise UnusableFileError(f"{path}: cannot be written: {reason(error)}") from None


def write_whole(path: Path, write: Callable[[BinaryIO], Any]) -> None:
    """Call `write` with a new file that no other process has, and give it its name when it is complete and on disk.

    Raises:
        UnusableFileError: the operating system refuses; a file that had the name before is still there.
    """
    temporary = path.with_name(f"{TEMPORARY}{os.urandom(8).hex()}{path.suffix}")
    try:
        with temporary.open("xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        flush_names(path.parent)
    except OSError as error:
        raise UnusableFileError(f"{path}: cannot be written: {reason(error)}") from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file.

    Raises:
        UnusableFileError: the operating system refuses.
    """
    write_whole(path, lambda file: file.write(text.encode()))


def flush_names(folder: Path) -> None:
    """Wait until the names of the files in a folder are on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def set_aside(path: Path) -> Path:
    """Rename a file that we cannot use but must not delete, and return its new path: NAME.aside-1, or the next free number."""
    number = 1
    while (aside := path.with_name(f"{path.name}.aside-{number}")).exists():
        number += 1
    path.rename(aside)
    return aside


def write_table(path: Path, frame: pd.DataFrame, origin: str) -> None:
    """Write a table and its origin, which goes into the metadata of Parquet, or beside a CSV file into NAME.csv.json.

    Raises:
        UnusableFileError: the operating system refuses.
    """
    if path.suffix == ".csv":
        write_whole(path, lambda file: frame.to_csv(file, index=False))
        write_text(path.with_name(path.name + ".json"), origin)
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), b"interfirm": origin.encode()})
    write_whole(path, lambda file: pq.write_table(table, file, compression="zstd", write_page_checksum=True))


def write_or_rescue_table(path: Path, frame: pd.DataFrame, origin: str) -> None:
    """Write a table, or keep it in the system's folder for temporary files: what was computed is not lost to a full disk.

    Raises:
        UnusableFileError: it could not be written to `path`; says where it is instead.
    """
    try:
        write_table(path, frame, origin)
    except UnusableFileError as error:
        try:
            instead = Path(tempfile.mkdtemp(prefix="interfirm-")) / path.name
            write_table(instead, frame, origin)
        except (UnusableFileError, OSError):
            raise error from None
        raise UnusableFileError(f"{error}; the table is in {instead} instead") from None


def digest(contents: bytes) -> str:
    """Digest of a file's contents."""
    return hashlib.blake2b(contents, digest_size=DIGEST_SIZE).hexdigest()


def digest_of_file(path: Path) -> str:
    """Digest of a file's contents, read piece by piece.

    Raises:
        UnusableFileError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=DIGEST_SIZE)).hexdigest()
    except OSError as error:
        raise UnusableFileError(f"{path}: {reason(error)}") from None
