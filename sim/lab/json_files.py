"""JSON files that carry a digest of their contents, so that a damaged or edited number is noticed when the file is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from sim.lab.files import UnusableFileError, digest, reason, write_text

Kind = TypeVar("Kind", bound=BaseModel)
DIGEST = "digest"


class DamagedFileError(UnusableFileError):
    """A file that can be read, but is not what was written."""


def write_json(path: Path, contents: Mapping[str, Any]) -> None:
    """Write contents and their digest.

    Raises:
        UnusableFileError: the operating system refuses.
    """
    text = json.dumps({**contents, DIGEST: digest_of(contents)}, indent=1, ensure_ascii=False)
    write_text(path, text + "\n")


def read_json(path: Path, remedy: str) -> dict[str, Any]:
    """Read contents and check their digest; `remedy` is the advice in the error.

    Raises:
        DamagedFileError: it is not what `write_json` wrote.
        UnusableFileError: it cannot be read.
    """
    try:
        if path.exists() and not path.is_file():
            raise UnusableFileError(f"{path}: is a folder, a device or a pipe, not a file; move it away")
        contents = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnusableFileError(f"{path}: cannot be read ({reason(error)}); {remedy}") from None
    except (ValueError, RecursionError):
        raise DamagedFileError(f"{path}: is damaged, it is not JSON; {remedy}") from None
    if not isinstance(contents, dict) or DIGEST not in contents:
        raise DamagedFileError(f"{path}: has no digest, so another version wrote it or it is damaged; {remedy}")
    if contents.pop(DIGEST) != digest_of(contents):
        raise DamagedFileError(f"{path}: is damaged or was edited, its digest is another; {remedy}")
    return contents


def write_model(path: Path, model: BaseModel) -> None:
    """Write a model as JSON with a digest.

    Raises:
        UnusableFileError: the operating system refuses.
    """
    write_json(path, json.loads(model.model_dump_json(by_alias=True)))


def read_model(path: Path, kind: type[Kind], remedy: str) -> Kind:
    """Read a model of this kind; `remedy` is the advice in the error.

    Raises:
        UnusableFileError: there is no such file, it is damaged, or another version wrote it.
    """
    contents = read_json(path, remedy)
    try:
        return kind.model_validate(contents)
    except ValueError as error:
        raise UnusableFileError(f"{path}: was written by another version ({str(error).splitlines()[0]}); {remedy}") from None


def digest_of(contents: Mapping[str, Any]) -> str:
    """Digest of contents, whatever the order of the keys."""
    return digest(json.dumps(contents, sort_keys=True).encode())
