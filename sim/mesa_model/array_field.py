"""Attributes of agents that read, and where allowed set, one element of an array of the economy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Protocol

from annotated_types import Ge, Le

from sim.economy.parameters import Doc
from sim.economy.state import Firms
from sim.economy.validation import Field, checked, fields


class Owner(Protocol):
    """What an array field needs to know of the agent to which it belongs."""

    model: Any
    arrays: Firms
    row: int

    @property
    def name(self) -> str:
        """The agent's name in error messages."""
        ...


Range = Callable[[Any], Any]
"""Takes the owner and returns the values that its attribute may be set to, as an annotated type."""


class ArrayField:
    """An agent's attribute that is one element of a firm array; it can be set if there is a `range` to check against."""

    def __init__(self, array: str, range: Range | None = None) -> None:
        self.array = Firms._fields.index(array)
        self.range = range

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, firm: Owner | None, owner: type) -> Any:
        return self if firm is None else firm.arrays[self.array].item(firm.row)

    def __set__(self, firm: Owner, value: Any) -> None:
        if self.range is None:
            raise AttributeError(f"{firm.name}: {self.name} follows from what happens in the market and cannot be set")
        firm.arrays[self.array][firm.row] = admitted(firm, self.name, self.range(firm), value)


def admitted(firm: Owner, name: str, annotation: Any, value: Any) -> Any:
    """Return the value if the agent's attribute may have it.

    Raises:
        ParameterError: it may not; names firm, attribute, value and rule.
    """
    return checked(Field(f"{firm.name}: {name}", annotation, None, Doc(name)), value)


def range_of(parameter: str) -> Range:
    """Return the range of the parameter that sets the attribute at the start."""
    annotation = fields()[parameter].annotation
    return lambda _: annotation


def yes_or_no(_: Owner) -> Any:
    """Admit true and false."""
    return Annotated[bool, Doc("")]


def money(_: Owner) -> Any:
    """Admit any amount that is small enough for sums to stay exact."""
    return Annotated[float, Ge(-1e12), Le(1e12)]


def decisions(firm: Owner) -> Any:
    """Admit the masks of the model's decisions: bit d stands for decision d."""
    return Annotated[int, Ge(0), Le(int(firm.model.state.landscape.all_decisions[0]))]


def specialists(firm: Owner) -> Any:
    """Admit as many specialists as there are domains."""
    return Annotated[int, Ge(0), Le(firm.model.parameters.environment.domains)]


def domain(firm: Owner) -> Any:
    """Admit the numbers of the model's domains."""
    return Annotated[int, Ge(0), Le(firm.model.parameters.environment.domains - 1)]
