"""The texts and names of an experiment file."""

from __future__ import annotations

from typing import Annotated

from annotated_types import MaxLen, MinLen
from pydantic import AfterValidator

from sim.economy.messages import printable, shown

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
