"""An experiment file -> a checked experiment, or one line that says what is wrong with it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.economy.validation import nearest
from sim.lab.design.checking import faults
from sim.lab.design.schema import Experiment, Part, Robustness
from sim.lab.design.universes import claim_files, variants
from sim.lab.files import UnusableFileError

Kind = TypeVar("Kind", bound=Part)
SUFFIX = ".toml"
SHOWN = 60  # characters of a refused value that are repeated


def read(path: Path) -> Experiment | Robustness:
    """Read and check a file.

    Raises:
        UnusableFileError: it cannot be read, is not TOML, or breaks a rule; the message names the file, the key and the rule.
    """
    if path.suffix != SUFFIX and not path.is_dir():
        raise UnusableFileError(f"{path}: must end in {SUFFIX}")
    contents = _toml(path)
    if "universes" in contents:
        robustness = _model(path, Robustness, contents)
        for variant in variants(robustness, read_claims(robustness, path)):
            _refuse_faults(path, variant.experiment, f"universes.{variant.universe}: claim {variant.claim}: ")
        return robustness
    experiment = _model(path, Experiment, contents)
    _refuse_faults(path, experiment)
    return experiment


def read_claims(design: Robustness, path: Path) -> list[Experiment]:
    """The experiments that a robustness file names, those that test a claim.

    Raises:
        UnusableFileError: there are none, or one is not to be used.
    """
    read_files = [read(file) for file in claim_files(design, path.parent)]
    found = [experiment for experiment in read_files if isinstance(experiment, Experiment) and experiment.claim]
    if not found:
        raise UnusableFileError(f"{path}: claims = {design.claims}: no file beside this one that tests a claim has such a name")
    return found


def _refuse_faults(path: Path, experiment: Experiment, where: str = "") -> None:
    found = next(faults(experiment), None)
    if found:
        raise UnusableFileError(f"{path}: {where}{found}")


def _toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise UnusableFileError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    except UnicodeDecodeError as error:
        raise UnusableFileError(
            f"{path}: is not written in UTF-8: byte {error.start} is {error.object[error.start]:#04x}"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise UnusableFileError(f"{path}: is not TOML: {error}") from None


def _model(path: Path, kind: type[Kind], contents: Mapping[str, Any]) -> Kind:
    try:
        return kind.model_validate(contents)
    except ValidationError as error:
        faults = sorted(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")  # a typo explains what is missing
        raise UnusableFileError(f"{path}: {_sentence(kind, faults[0], contents)}") from None


def _sentence(kind: type[BaseModel], fault: Any, contents: Any) -> str:
    """Key, value and rule of one of pydantic's faults."""
    place = _place(fault["loc"], contents) + list(fault["loc"][-1:] if fault["type"] == "missing" else [])
    key = ".".join(str(part) for part in place) or "the file"
    if fault["type"] == "extra_forbidden":
        return f"{key}: unknown key {place[-1]!r}{nearest(place[-1], _keys(kind, place[:-1]))}"
    if fault["type"] == "missing":
        return f"{key}: must be given"
    rule = fault["msg"].removeprefix("Value error, ")
    shown = repr(fault["input"])
    given = f" = {shown}" if len(shown) < SHOWN else ""
    return f"{key}{given}: {rule[0].lower()}{rule[1:]}"


def _place(location: tuple[Any, ...], contents: Any) -> list[Any]:
    """Where in the file a fault is: pydantic also names the alternatives of a union, which are no keys of the file."""
    place = []
    for part in location:
        if (isinstance(contents, list) and isinstance(part, int)) or (isinstance(contents, Mapping) and part in contents):
            contents = contents[part]
            place.append(part)
    return place


def _keys(kind: type[BaseModel], place: list[Any]) -> list[str]:
    """The keys that the table at this place admits."""
    tables: dict[str, Any] = kind.model_json_schema()
    part = tables
    for step in place:
        options = part.get("properties", {}).get(step) or part.get("additionalProperties") or part.get("items") or {}
        choices = [options, *options.get("anyOf", [])]
        part = next((tables["$defs"][c["$ref"].split("/")[-1]] for c in choices if "$ref" in c), options)
    return list(part.get("properties", {}))
