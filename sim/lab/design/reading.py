"""Read an experiment file: the result is a checked experiment, or one line that says what is wrong with the file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.economy.messages import shown
from sim.economy.validation import fields, nearest, rule_of
from sim.lab.design.checking import faults
from sim.lab.design.checking_universes import faults_of_patterns, faults_of_universes
from sim.lab.design.ranges import Part
from sim.lab.design.scale import Scale, scaled
from sim.lab.design.schema import Experiment, Robustness
from sim.lab.design.toml_text import parse, read_text
from sim.lab.design.universes import claim_files
from sim.lab.files import UnusableFileError, reason

Kind = TypeVar("Kind", bound=Part)
Contents = Mapping[str, Any]
SUFFIX = ".toml"


def read(path: Path, scale: Scale = Scale.STANDARD) -> Experiment | Robustness:
    """Read a file and check the design at this scale.

    Raises:
        UnusableFileError: the file cannot be read, is not TOML, or breaks a rule; the message names the file, the key and the rule.
    """
    contents = _contents(path)
    if "universes" in contents:
        robustness = scaled(_model(path, Robustness, contents), scale)
        _refuse_first(path, faults_of_universes(robustness, read_claims(robustness, path)))
        return robustness
    return _experiment(path, contents, scale)


def read_claims(design: Robustness, path: Path) -> list[Experiment]:
    """The experiments that a robustness file names and that test a claim; other robustness files have none.

    Raises:
        UnusableFileError: there are none, or one of them breaks a rule.
    """
    _refuse_first(path, faults_of_patterns(design))
    files = [(file, _contents(file)) for file in claim_files(design, path.parent)]
    designs = [_experiment(file, contents) for file, contents in files if "universes" not in contents]
    claims = [experiment for experiment in designs if experiment.claim]
    if not claims:
        named = shown(design.claims)
        raise UnusableFileError(f"{path}: claims = {named}: no file in the same folder has such a name and tests a claim")
    return claims


def _experiment(path: Path, contents: Contents, scale: Scale = Scale.STANDARD) -> Experiment:
    experiment = scaled(_model(path, Experiment, contents), scale)
    _refuse_first(path, faults(experiment))
    return experiment


def _refuse_first(path: Path, found: Iterator[str]) -> None:
    fault = next(found, None)
    if fault:
        raise UnusableFileError(f"{path}: {fault}")


def _contents(path: Path) -> Contents:
    try:
        if path.suffix != SUFFIX and not path.is_dir():
            raise UnusableFileError(f"{path}: must end in {SUFFIX}")
        if path.is_dir():
            raise UnusableFileError(f"{path}: is a folder; name its files, as in {path}/*{SUFFIX}")
        return parse(read_text(path))
    except OSError as error:
        raise UnusableFileError(f"{path}: {reason(error)}") from None
    except UnicodeDecodeError as error:
        raise UnusableFileError(
            f"{path}: is not written in UTF-8: byte {error.start} is {error.object[error.start]:#04x}"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise UnusableFileError(f"{path}: is not TOML: {error}") from None
    except ValueError as error:
        raise UnusableFileError(f"{path}: {error}") from None


def _model(path: Path, kind: type[Kind], contents: Contents) -> Kind:
    try:
        return kind.model_validate(contents)
    except ValidationError as error:
        # An unknown key comes first: if it is a typo, it explains why another key is missing.
        details = sorted(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
        raise UnusableFileError(f"{path}: {_sentence(kind, details[0], contents)}") from None


def _sentence(kind: type[BaseModel], fault: ErrorDetails, contents: Contents) -> str:
    """Key, value and rule of one of pydantic's faults."""
    steps = _path_to(fault["loc"], contents) + list(fault["loc"][-1:] if fault["type"] == "missing" else [])
    key = ".".join(str(step) for step in steps) or "the file"
    name = ".".join(str(step) for step in steps[-2:])
    if name in fields():
        return f'{key}: write the full name in quotes, as in "{name}" = ...'
    if fault["type"] == "extra_forbidden":
        return f"{key}: unknown key {shown(steps[-1])}{nearest(steps[-1], _keys(kind, steps[:-1]))}"
    if fault["type"] == "missing":
        return f"{key}: must be given"
    table = isinstance(fault["input"], Mapping) and fault["type"] == "list_type"
    return f"{key} = {shown(fault['input'])}: {rule_of(fault)}{f'; write [[{key}]]' if table else ''}"


def _path_to(location: tuple[int | str, ...], contents: Contents) -> list[int | str]:
    """The keys that lead to a fault; pydantic also names the alternatives of a union, which are no keys of the file."""
    steps: list[int | str] = []
    part: Any = contents
    for step in location:
        inside = range(len(part)) if isinstance(part, list) else part if isinstance(part, Mapping) else ()
        if step in inside:
            part = part[step]
            steps.append(step)
    return steps


def _keys(kind: type[BaseModel], steps: list[int | str]) -> list[str]:
    """The keys that the table at the end of these steps admits."""
    schema: dict[str, Any] = kind.model_json_schema()
    part = schema
    for step in steps:
        options = part.get("properties", {}).get(step) or part.get("additionalProperties") or part.get("items") or {}
        choices = [options, *options.get("anyOf", [])]
        part = next((schema["$defs"][c["$ref"].split("/")[-1]] for c in choices if "$ref" in c), options)
    return list(part.get("properties", {}))
