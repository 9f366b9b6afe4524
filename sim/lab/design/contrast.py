"""The definition of contrasts: the differences that an experiment estimates, and the rules for their verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Self

from annotated_types import Ge, Gt, MaxLen, MinLen
from pydantic import AfterValidator, Field, model_validator

from sim.lab.design.ranges import Part, Value, Values, all_different
from sim.lab.design.texts import Line, Name


class Published(Part):
    """A published number, or a limit, beside which a contrast by month is shown and estimated over the same months."""

    start: Annotated[int, Ge(0)] = Field(alias="from", description="months since the start when what it measures begins")
    stop: Annotated[int, Ge(1)] = Field(alias="to", description="months since the start when it ends")
    value: float | None = Field(None, description="the published number")
    above: float | None = Field(None, description="where no number was published: what it was found to be above, such as 0")
    source: Line = Field(description="where it was published, and what was seen of it")

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.value is None) == (self.above is None):
            raise ValueError("needs either value or above")
        return self

    @property
    def level(self) -> float:
        """The published number, or the limit that it is above."""
        level = self.above if self.value is None else self.value
        assert level is not None
        return level


class Shape(StrEnum):
    """How a contrast runs along a swept parameter."""

    RISE = "rise"
    PEAK = "peak"


class Contrast(Part):
    """A difference that is estimated seed by seed, and the rule that gives its verdict."""

    name: Name = Field(description="its name in the report")
    outcome: str = Field(description="the outcome that is compared, see `interfirm measures`")
    groups: Annotated[list[str], MinLen(1), MaxLen(2), AfterValidator(all_different)] = Field(
        description="one group, or two: the first less the second, in the same run"
    )
    arms: Annotated[list[str], MaxLen(2), AfterValidator(all_different)] = Field(
        [], description="one arm, or two: the first less the second; none = in each arm separately"
    )
    where: dict[str, Value | Values] = Field(
        {}, description="only at the design points that have these values; a list admits each of its values"
    )
    change: Annotated[list[str], AfterValidator(all_different)] = Field(
        [],
        description="swept parameters: all at their last value less all at their first, averaged over the other parameters",
    )
    interaction: Annotated[list[str], MaxLen(2), AfterValidator(all_different)] = Field(
        [], description="two swept parameters: what changing both adds to the sum of changing each alone"
    )
    along: str | None = Field(
        None, description="a swept parameter, along which the contrast has a shape, averaged over the other parameters"
    )
    shape: Annotated[Shape, Field(strict=False)] | None = Field(
        None,
        description="rise: the last value is above the first by at_least, and no later one is below an earlier one by as much; "
        "peak: some value inside is above both ends by at_least",
    )
    at_least: float | None = Field(None, description="supported if the interval lies above this, contradicted if below")
    at_most: float | None = Field(None, description="supported if the interval lies below this, contradicted if above")

    published: list[Published] = Field([], fail_fast=True, description="what was published about the same months, shown beside it")
    margin: Annotated[float, Gt(0)] | None = Field(
        None, description="distance from the limit that `interfirm pilot` plans for; default: the size of the limit"
    )

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.at_least is not None and self.at_most is not None:
            raise ValueError("needs at most one of at_least and at_most")
        if self.margin and self.limit is None:
            raise ValueError("margin needs a rule, at_least or at_most")
        if self.interaction and (self.change or len(self.interaction) != 2):
            raise ValueError("interaction needs two parameters, and change must not be given too")
        if (self.shape is None) != (self.along is None):
            raise ValueError("shape and along must be given together")
        if self.shape and (self.change or self.interaction):
            raise ValueError("shape excludes change and interaction")
        if self.shape and (self.at_least is None or self.at_least <= 0):
            raise ValueError("shape needs at_least above 0, the smallest difference that counts")
        return self

    def holds_at(self, point: Mapping[str, Any]) -> bool:
        """Return True if `where` admits the point."""
        return all(point.get(name) in (value if isinstance(value, list) else [value]) for name, value in self.where.items())

    @property
    def limit(self) -> float | None:
        """The limit that its rule sets, at_least or at_most; None without a rule."""
        return self.at_most if self.at_least is None else self.at_least

    @property
    def is_level(self) -> bool:
        """True if nothing is subtracted: one group, and not two arms."""
        return len(self.groups) == 1 and len(self.arms) < 2 and not self.change and not self.interaction

    @property
    def pointwise(self) -> bool:
        """True if the contrast is estimated at each design point separately."""
        return not self.change and not self.interaction and not self.shape
