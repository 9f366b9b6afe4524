"""Reading and writing files; a new file gets its name only when it is complete, so that nobody reads half a file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from sim.economy.messages import one_line

if TYPE_CHECKING:
    import pandas as pd

Kind = TypeVar("Kind", bound=BaseModel)
FORMATS = (".parquet", ".csv")


class UnusableFileError(Exception):
    """A file that cannot be read or written, or whose contents break a rule; the message is one line."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


def check_writable(path: Path) -> None:
    """Check a path before anything is computed.

    Raises:
        UnusableFileError: its ending is unknown, or its folder does not exist or cannot be written.
    """
    if path.suffix not in FORMATS:
        raise UnusableFileError(f"{path}: must end in {' or '.join(FORMATS)}")
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise UnusableFileError(f"{path}: cannot be written; its folder must exist and be writable")


def read_model(path: Path, kind: type[Kind], remedy: str) -> Kind:
    """Read a model of this kind from JSON; `remedy` is the advice in the error.

    Raises:
        UnusableFileError: there is no such file, or another version wrote it.
    """
    try:
        return kind.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise UnusableFileError(f"{path}: cannot be read ({reason}); {remedy}") from None


def write_whole(path: Path, write: Callable[[Path], Any]) -> None:
    """Call `write` with a temporary path, and give the file its name when it is complete."""
    temporary = path.with_name(f".{path.stem}.new{path.suffix}")
    try:
        write(temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_table(path: Path, frame: pd.DataFrame, origin: str) -> None:
    """Write a table and its origin, which goes into the metadata of Parquet, or beside a CSV file into NAME.csv.json."""
    if path.suffix == ".csv":
        write_whole(path, lambda file: frame.to_csv(file, index=False))
        write_whole(path.with_name(path.name + ".json"), lambda file: file.write_text(origin, encoding="utf-8"))
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), b"interfirm": origin.encode()})
    write_whole(path, lambda file: pq.write_table(table, file, compression="zstd"))
