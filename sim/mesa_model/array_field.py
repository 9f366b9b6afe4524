"""Attributes that are entries of the economy's firm arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from annotated_types import Ge, Le

from sim.economy.parameters import Doc
from sim.economy.state import Firms
from sim.economy.validation import Field, checked, fields

if TYPE_CHECKING:
    from sim.mesa_model.agents import Firm

Range = Callable[["Firm"], Any]  # what a firm's attribute may be set to, as an annotated type


class ArrayField:
    """One entry of a firm array as an attribute of its firm; it can be set if there is a `range` to check against."""

    def __init__(self, array: str, range: Range | None = None) -> None:
        self.array = Firms._fields.index(array)
        self.range = range

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, firm: Firm | None, owner: type) -> Any:
        return self if firm is None else firm.arrays[self.array].item(firm.row)

    def __set__(self, firm: Firm, value: Any) -> None:
        if self.range is None:
            raise AttributeError(f"{firm.name}: {self.name} follows from what happens in the market and cannot be set")
        firm.arrays[self.array][firm.row] = admitted(firm, self.name, self.range(firm), value)


def admitted(firm: Firm, name: str, annotation: Any, value: Any) -> Any:
    """The value, if the firm's attribute may have it.

    Raises:
        ParameterError: it may not; names firm, attribute, value and rule.
    """
    plain = value.item() if isinstance(value, np.generic) else value
    return checked(Field(f"{firm.name}: {name}", annotation, None, Doc(name)), plain)


def range_of(parameter: str) -> Range:
    """The range of the parameter from which firms have the attribute."""
    annotation = fields()[parameter].annotation
    return lambda _: annotation


def yes_or_no(_: Firm) -> Any:
    """True or false."""
    return Annotated[bool, Doc("")]


def money(_: Firm) -> Any:
    """Any amount that leaves sums exact enough."""
    return Annotated[float, Ge(-1e12), Le(1e12)]


def decisions(firm: Firm) -> Any:
    """Bit d stands for decision d."""
    return Annotated[int, Ge(0), Le(int(firm.model.state.landscape.all_decisions[0]))]


def domain(firm: Firm) -> Any:
    """The number of a domain."""
    return Annotated[int, Ge(0), Le(firm.model.parameters.environment.domains - 1)]
