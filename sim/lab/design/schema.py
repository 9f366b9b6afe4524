"""The definition of experiment files, from which the checks, the JSON schema and the reference page are made."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Self

from annotated_types import Ge, Gt, Le, MaxLen, MinLen
from pydantic import AfterValidator, Field, model_validator

from sim.economy.messages import printable, shown
from sim.lab.design.ranges import Part, Sample, Swept, Value, Values, all_different

BASE_ARM = "base"

MOST_SEEDS = 100_000
FINEST, COARSEST = 1e-9, 1e9  # half-width of an interval
MOST_ARMS, MOST_CONTRASTS, MOST_UNIVERSES = 256, 100, 100  # as many as figures and tables can hold
HIDDEN = "_"  # Matplotlib takes no label that begins with it


def _in_one_line(text: str) -> str:
    """Return a text that a terminal, a figure and a table show as it was written."""
    if printable(text) != text:
        raise ValueError(f"must be one line of printable characters, not {shown(text)}")
    return text


def _as_name(text: str) -> str:
    """Return a name that nobody mistakes for another one."""
    if text != text.strip() or "  " in text or text.startswith(HIDDEN):
        raise ValueError("must have single spaces, none at its ends, and must not begin with _")
    return text


Line = Annotated[str, MinLen(1), MaxLen(500), AfterValidator(_in_one_line)]
Text = Annotated[str, MinLen(1), MaxLen(5000)]
Name = Annotated[str, MinLen(1), MaxLen(80), AfterValidator(_in_one_line), AfterValidator(_as_name)]
Overrides = dict[str, Any]  # values by the parameters' full names


class Arm(Part):
    """A named treatment: the same design points and seeds, with these changes."""

    world: str | None = Field(None, description="a named world instead of the experiment's")
    based_on: str | None = Field(None, description="another arm, whose changes this one adds to")
    overrides: Overrides = Field({}, description="what differs in this arm")


class Replications(Part):
    """How many seeds: a fixed number, or as many as it takes to know the first contrast to ± half_width at each design point."""

    number: Annotated[int, Ge(2), Le(MOST_SEEDS)] | None = Field(None, description="fixed number")
    half_width: Annotated[float, Ge(FINEST), Le(COARSEST)] | None = Field(
        None, description="half-width of the 95 % interval at which sampling ends"
    )
    minimum: Annotated[int, Ge(8), Le(MOST_SEEDS)] = Field(24, description="number of seeds before the width is first checked")
    cap: Annotated[int, Ge(8), Le(MOST_SEEDS)] = Field(400, description="number of seeds at which sampling ends in any case")

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.number is None) == (self.half_width is None):
            raise ValueError("needs either number or half_width")
        if self.number is not None and {"minimum", "cap"} & self.model_fields_set:
            raise ValueError("minimum and cap belong to half_width, not to a fixed number")
        if self.cap < self.minimum:
            raise ValueError(f"cap = {self.cap} must not be below minimum = {self.minimum}")
        return self


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
    def pointwise(self) -> bool:
        """True if the contrast is estimated at each design point separately."""
        return not self.change and not self.interaction and not self.shape


def as_written(design: Experiment | Robustness) -> dict[str, Any]:
    """The design as its file has it, without the defaults."""
    return design.model_dump(mode="json", by_alias=True, exclude_unset=True)


class Claim(Part):
    """The claim that the rules of the contrasts decide."""

    number: Annotated[int, Ge(1), Le(9999)] = Field(description="its number in the list of claims")
    statement: Line = Field(description="the claim in words")


class Experiment(Part):
    """One question: world, arms, design points, seeds, the contrasts that are estimated and the rules for their verdicts."""

    title: Line = Field(description="title in the report")
    question: Text = Field(description="the question in words")
    claim: Claim | None = Field(None, description="the claim that the rules decide, if any")
    world: str = Field("today", description="a named world, see `interfirm worlds`")
    overrides: Overrides = Field({}, description="changes to that world, in all arms")
    arms: Annotated[dict[Name, Arm], MaxLen(MOST_ARMS)] = Field(
        {}, description="named treatments; without any, the only arm is `base`"
    )
    mechanisms: dict[Name, Overrides] = Field(
        {},
        description="what switches each mechanism off: makes an arm for every subset, and Shapley values of the first contrast",
    )
    sweep: dict[str, Swept] = Field({}, description="a grid: lists of values, or {from, to, steps, spacing}")
    points: list[Annotated[dict[str, Value], MinLen(1)]] = Field(
        [], fail_fast=True, description="a list of design points instead of a grid"
    )
    sample: Sample | None = Field(None, description="design points spread over many ranges instead of a grid")
    replications: Replications = Field(Replications(number=24), description="number of seeds")
    outcomes: Annotated[list[str], AfterValidator(all_different)] = Field(
        [], fail_fast=True, description="further outcomes for figures and tables"
    )
    contrasts: Annotated[list[Contrast], MaxLen(MOST_CONTRASTS)] = Field(
        [], fail_fast=True, description="the differences that are estimated; the first is the main one"
    )
    first_month: Annotated[int, Ge(0)] | None = Field(
        None, description="first month of the means over time; default: the first quarter of the run is left out"
    )
    seed: Annotated[int, Ge(0), Le(2**32)] = Field(1, description="the first seed; the others count up from it")


class Robustness(Part):
    """Whether the claims' contrasts keep their signs in other universes, that is, under other assumptions."""

    title: Line = Field(description="title in the report")
    question: Text = Field(description="the question in words")
    claims: Annotated[list[str], MinLen(1), MaxLen(100)] = Field(
        description="names of experiment files in the same folder; * stands for any letters"
    )
    universes: Annotated[dict[Name, Overrides], MinLen(1), MaxLen(MOST_UNIVERSES)] = Field(description="overrides of each universe")
    replications: Replications = Field(Replications(number=24), description="a fixed number of seeds")

    @model_validator(mode="after")
    def _has_a_fixed_number(self) -> Self:
        if self.replications.number is None:
            raise ValueError("replications must be a fixed number here")
        return self
