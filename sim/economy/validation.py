"""Checks what a modeller wrote against the definitions in `parameters.py`, with one clear line per fault.

It belongs to the economy and not to the lab, because every layer above needs it: experiments, command line, Mesa model and app.
"""

from __future__ import annotations

import difflib
import operator
from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from functools import cache
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

import numpy as np
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from sim.economy.choices import Entry
from sim.economy.messages import one_line, shown
from sim.economy.parameters import Doc, Parameters, Shock
from sim.economy.worlds import WORLDS


class ParameterError(ValueError):
    """A parameter that is unknown, of the wrong type, out of range, or contradicts another one; the message is one line."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class Field(NamedTuple):
    """One parameter's definition."""

    name: str  # group.name
    annotation: Any
    default: Any
    doc: Doc

    @property
    def choices(self) -> list[str]:
        """The words to choose from, empty for numbers."""
        kind = get_args(self.annotation)[0]
        return [word(choice) for choice in kind] if isinstance(kind, type) and issubclass(kind, IntEnum) else []

    @property
    def rule(self) -> str:
        """The admitted values, in words."""
        kind, *metadata = get_args(self.annotation)
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if get_origin(kind) is tuple:
            return "a list of {month, magnitude}"
        if kind is bool:
            return "true or false"
        signs = {"ge": ">=", "gt": ">", "le": "<="}
        bounds = [f"{sign} {getattr(m, name):g}" for m in metadata for name, sign in signs.items() if hasattr(m, name)]
        return f"{'a whole number' if kind is int else 'a number'} {' and '.join(bounds)}"


def word(choice: IntEnum) -> str:
    """A choice as modellers write it: SAME_SIZE is "same size"."""
    return choice.name.lower().replace("_", " ")


@cache
def fields() -> dict[str, Field]:
    """All parameters by full name, in the order of their definition."""
    by_name = {}
    for group, kind in get_type_hints(Parameters).items():
        for name, annotation in get_type_hints(kind, include_extras=True).items():
            doc = next(m for m in get_args(annotation) if isinstance(m, Doc))
            by_name[f"{group}.{name}"] = Field(f"{group}.{name}", annotation, kind._field_defaults[name], doc)
    return by_name


def parameters(world: str = "today", overrides: Mapping[str, Any] | None = None) -> Parameters:
    """Return the parameters of a named world, with some of them changed.

    >>> import sim
    >>> sim.parameters("turbulent", {"environment.complexity": 7}).environment.speed
    0.1

    Args:
        world: a name from `worlds()`.
        overrides: values by full name, as in `{"environment.speed": 0.1}`.

    Raises:
        ParameterError: a name is unknown, a value is of the wrong type or out of range, or values contradict each other.
    """
    if not isinstance(world, str) or world not in WORLDS:
        raise ParameterError(f"unknown world {shown(world)}{nearest(world, WORLDS)}; known: {', '.join(WORLDS)}")
    if overrides is not None and not isinstance(overrides, Mapping):
        raise ParameterError(f"overrides = {shown(overrides)}: must be a mapping, as in {{'environment.speed': 0.1}}")
    result = Parameters()
    for name, value in {**WORLDS[world], **(overrides or {})}.items():
        if name not in fields():
            raise ParameterError(f"unknown parameter {shown(name)}{nearest(name, fields())}")
        group, key = name.split(".")
        result = result._replace(**{group: getattr(result, group)._replace(**{key: checked(fields()[name], value)})})
    for message in _contradictions(result):
        raise ParameterError(message)
    return result


def checked_seed(name: str, value: Any) -> int:
    """Return the value as an integer, if it is a seed.

    Raises:
        ParameterError: it is not a seed; names `name`, value and rule.
    """
    try:
        seed = operator.index(value)
    except TypeError:
        seed = -1
    if isinstance(value, bool) or not 0 <= seed < 2**64:
        raise ParameterError(f"{name} = {shown(value)}: must be a whole number from 0 to 2^64 - 1")
    return seed


def worlds() -> dict[str, dict[str, Any]]:
    """Return the named worlds: what each changes in the defaults, by the parameters' full names.

    >>> import sim
    >>> sim.worlds()["turbulent"]
    {'environment.speed': 0.1}
    """
    return {name: dict(changes) for name, changes in WORLDS.items()}


def written(value: Any) -> Any:
    """A parameter's value as a modeller writes it in TOML."""
    if isinstance(value, IntEnum):
        return word(value)
    return [shock._asdict() for shock in value] if isinstance(value, tuple) else value


def flat(parameters: Parameters) -> dict[str, Any]:
    """All values by full name, as a modeller writes them."""
    return {name: written(getattr(getattr(parameters, name.split(".")[0]), name.split(".")[1])) for name in fields()}


def rule_of(fault: ErrorDetails) -> str:
    """The rule that pydantic says is broken, in the words of this project."""
    rule = fault["msg"].removeprefix("Value error, ").replace("Input should be", "must be").replace("a valid list", "a list")
    return rule[0].lower() + rule[1:].rstrip(".")


def nearest(name: object, known: Iterable[str]) -> str:
    """A hint at the known name that was probably meant; a name without its group finds the group."""
    if not isinstance(name, str):
        return ""
    by_tail = [full for full in known if full.split(".")[-1] == name.split(".")[-1]]
    close = by_tail or difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f" (did you mean {close[0]!r}?)" if close else ""


@cache
def _adapter(annotation: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotation, config={"allow_inf_nan": False})


def checked(field: Field, value: Any) -> Any:
    """Return the value, if it fits the field's definition; NumPy scalars become plain numbers.

    Raises:
        ParameterError: it does not fit; names field, value and rule.
    """
    kind = get_args(field.annotation)[0]
    if isinstance(value, np.generic):
        value = value.item()
    if field.choices:
        if isinstance(value, kind):
            return value
        if not isinstance(value, str) or value not in field.choices:
            hint = nearest(value, dict.fromkeys(field.choices))
            raise ParameterError(f"{field.name} = {shown(value)}: must be {field.rule}{hint}")
        return next(choice for choice in kind if word(choice) == value)
    try:
        if get_origin(kind) is tuple:
            if not isinstance(value, list | tuple):
                raise TypeError
            return TypeAdapter(tuple[Shock, ...]).validate_python(tuple(value), strict=False)
        return _adapter(field.annotation).validate_python(value, strict=True)
    except (ValidationError, TypeError) as error:
        reason = f" ({error.errors()[0]['msg'].lower()})" if isinstance(error, ValidationError) else ""
        raise ParameterError(f"{field.name} = {shown(value)}: must be {field.rule}{reason}") from None


def _contradictions(p: Parameters) -> Iterator[str]:
    """The rules that tie several parameters together."""
    people, environment, market = p.population, p.environment, p.market
    if people.small + people.large == 0:
        yield "population.small = population.large = 0: there must be at least one firm"
    if environment.decisions % environment.domains:
        yield f"environment.domains = {environment.domains}: must divide environment.decisions = {environment.decisions}"
    if environment.complexity >= environment.decisions:
        yield f"environment.complexity = {environment.complexity}: must be below environment.decisions = {environment.decisions}"
    if market.markets > max(people.small, people.large):
        yield f"market.markets = {market.markets}: must not exceed the number of small or of large firms, so that each has a seller"
    last = market.markets - 1
    fewest = sum((n - last + market.markets - 1) // market.markets for n in (people.small, people.large))
    if market.outside == 0 and fewest < 2:
        yield "market.outside = 0: needs at least two firms in every market, a single seller would have no finite price"
    if p.trial.months > 0 and p.trial.first_month >= p.dynamics.months:
        yield f"trial.first_month = {p.trial.first_month}: must be below dynamics.months = {p.dynamics.months}, or it never begins"
    if market.outside == 0 and p.dynamics.entry == Entry.NONE:
        yield "market.outside = 0: needs dynamics.entry other than 'none', the last seller would have no finite price"
