"""What a published fact is, and how well its sources are known."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Seen(StrEnum):
    """How the passage that is quoted was read."""

    FIRST_HAND = "seen first-hand"  # on a page of the authors, their publisher or their office
    COPY = "seen in a copy"  # the authors' own words, on somebody else's page
    SECOND_HAND = "second-hand"  # somebody else says that they say it


class Source(NamedTuple):
    """A published work, the passage that gives the number, and how the passage was read."""

    work: str
    passage: str  # words of the work in quotation marks; without them: its numbers
    seen: Seen


class Fact(NamedTuple):
    """A number about real firms, with its sources.

    The two ends of the range are equal for a single published number; a range from or to infinity says only the sign. The
    uncertainty is half of a published range, or the standard error of a single number. Where no standard error was seen, it is an
    assumption, and the theme's file says on what grounds.
    """

    name: str
    meaning: str
    range: tuple[float, float]
    uncertainty: float
    fitted: bool
    sources: tuple[Source, ...]

    @property
    def source(self) -> str:
        """All sources as a line of text."""
        return "; ".join(f"{source.work}: {source.passage} ({source.seen})" for source in self.sources)
