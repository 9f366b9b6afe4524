"""The parts of an experiment file that define design points: lists of values, ranges, and samples of many ranges."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from math import isfinite
from typing import Annotated, Any, Self

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from sim.economy.messages import shown

MOST_VALUES = 1000  # of one swept parameter
LARGEST_SAMPLE = 65_536

Value = bool | int | float | str


def all_different(values: list[Any]) -> list[Any]:
    """Return the values.

    Raises:
        ValueError: two of them are equal.
    """
    if len({(type(value) is bool, value) for value in values}) < len(values):
        raise ValueError("the same value is given twice")
    return values


def _plain(values: Any) -> Any:
    """Return what may be a list of values; stops at the first that is none, because a long list of faults fills the memory."""
    for value in values if isinstance(values, list) else []:
        if not isinstance(value, Value) or (isinstance(value, float) and not isfinite(value)):
            raise ValueError(f"{shown(value)} is neither a number nor a word nor true or false")
    return values


Values = Annotated[list[Value], MinLen(1), MaxLen(MOST_VALUES), BeforeValidator(_plain)]


class Part(BaseModel):
    """A table of an experiment file: unknown keys and values of another type are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True, allow_inf_nan=False)


class Spacing(StrEnum):
    """How the values of a range are spaced."""

    LINEAR = "linear"
    LOG = "log"


class Method(StrEnum):
    """How design points are spread over many ranges."""

    LATIN_HYPERCUBE = "latin hypercube"
    SOBOL = "sobol"
    MORRIS = "morris"


class Range(Part):
    """An interval of a parameter."""

    start: float = Field(alias="from", description="first value")
    stop: float = Field(alias="to", description="last value, above the first")
    spacing: Annotated[Spacing, Field(strict=False)] = Field(Spacing.LINEAR, description="linear or log; log needs from > 0")

    @model_validator(mode="after")
    def _is_an_interval(self) -> Self:
        if self.stop <= self.start:
            raise ValueError("to must be above from")
        if self.spacing is Spacing.LOG and self.start <= 0:
            raise ValueError("a log range needs from > 0")
        return self


class Steps(Range):
    """Equally spaced values, on a linear or logarithmic scale."""

    steps: Annotated[int, Ge(2), Le(MOST_VALUES)] = Field(description="number of values, both ends included")


Swept = Annotated[
    Annotated[Values, AfterValidator(all_different), Tag("values")] | Annotated[Steps, Tag("range")],
    Discriminator(lambda written: "range" if isinstance(written, Mapping | Steps) else "values"),
]


class Sample(Part):
    """Design points spread over many ranges; sobol and morris also give sensitivity indices of the first contrast."""

    method: Annotated[Method, Field(strict=False)] = Field(description="latin hypercube, sobol or morris")
    size: Annotated[int, Ge(2), Le(LARGEST_SAMPLE)] = Field(
        description="points (latin hypercube), base sample, a power of 2 (sobol: size·(k + 2) points), or trajectories (morris)"
    )
    ranges: Annotated[dict[str, Range], MinLen(1)] = Field(description="an interval for each parameter")

    @model_validator(mode="after")
    def _size_fits(self) -> Self:
        if self.method is Method.SOBOL and self.size & (self.size - 1):
            raise ValueError("size of a sobol design must be a power of 2")
        return self
