"""The definition of experiment files, from which the checks, the JSON schema and the reference page are made."""

from __future__ import annotations

from typing import Annotated, Any, Self

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import AfterValidator, Field, model_validator

from sim.lab.design.contrast import Contrast
from sim.lab.design.ranges import MOST_VALUES, Part, Sample, Swept, Value, all_different
from sim.lab.design.texts import Line, Name, Text

BASE_ARM = "base"

MOST_SEEDS = 100_000
FINEST, COARSEST = 1e-9, 1e9  # half-width of an interval
MOST_ARMS, MOST_CONTRASTS, MOST_UNIVERSES = 256, 100, 100  # as many as figures and tables can hold


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


class ByMonth(Part):
    """Means over one stretch of months after the other, of the same runs, instead of one mean over all months."""

    start: Annotated[int, Ge(0)] = Field(alias="from", description="first month of the first stretch, 0 = the first of the run")
    stop: Annotated[int, Ge(1)] = Field(alias="to", description="month after the last stretch")
    every: Annotated[int, Ge(1)] = Field(1, description="months in a stretch")

    @model_validator(mode="after")
    def _consists_of_stretches(self) -> Self:
        if self.stop <= self.start:
            raise ValueError("to must be above from")
        if (self.stop - self.start) % self.every:
            raise ValueError(f"every = {self.every} must divide to - from = {self.stop - self.start}")
        if (self.stop - self.start) // self.every > MOST_VALUES:
            raise ValueError(f"asks for more than {MOST_VALUES} stretches")
        return self


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
    limitations: Text | None = Field(
        None, description="what the report says that the experiment cannot show, such as what a published one had besides"
    )
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
    private_and_social: Annotated[list[str], MaxLen(2), AfterValidator(all_different)] = Field(
        [], description="two contrasts that a figure shows against each other: what each gains, and what all gain if all do it"
    )
    first_month: Annotated[int, Ge(0)] | None = Field(
        None, description="first month of the means over time; default: the first quarter of the run is left out"
    )
    by_month: ByMonth | None = Field(
        None, description="means by month; `month`, counted since the first stretch began, is then like a swept parameter"
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
