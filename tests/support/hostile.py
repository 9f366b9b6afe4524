"""What the fuzzers draw: experiment files that are nearly right, and damage to texts and to bytes."""

from __future__ import annotations

import copy
import json
import math
import tomllib
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from sim.economy.validation import fields
from sim.observation.outcomes import GROUPS, OUTCOMES
from tests.support.experiments import TINY_TOML

EXPERIMENTS = sorted((Path(__file__).parents[2] / "experiments").glob("*.toml"))
SEEDS = [tomllib.loads(text) for text in (TINY_TOML, *(path.read_text(encoding="utf-8") for path in EXPERIMENTS))]
ODD_TEXTS = (
    "",
    " ",
    "$x_{$",
    "\x1b[31m",
    "\u202e",
    "\U0001f680",
    "a\nb",
    "_",
    "é",
    "é",
    "{0}",
    "%s",
    "<b>",
    "all",
    "none",
    "as it is",
    "base",
    "seed",
    "..",
)

RAW = "\0raw:"  # marks what is written into a file as it is
TOKENS = [
    "0x" + "f" * 5000,
    "9" * 5000,
    "1979-05-27",
    "07:32:00",
    "1_000",
    "0x10",
    "[" * 400 + "]" * 400,
    "{a.b.c = 1}",
    "'''x'''",
    "+nan",
]

raw_tokens = st.sampled_from(TOKENS).map(RAW.__add__)
odd_texts = st.sampled_from(ODD_TEXTS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=100)
known_words = st.sampled_from(
    [*fields(), *OUTCOMES, *GROUPS, "today", "log", "sobol", "morris", "base", "claim_*.toml", "*", "from", "to"]
)
numbers = (
    st.integers()
    | st.floats()
    | st.sampled_from([0, 1, -1, 2, 3, 64, 2**31, 2**63, 2**64, 10**400, 1e-9, 1e9, 1e300, 5e-324, math.inf, math.nan])
)
scalars = st.booleans() | numbers | odd_texts | known_words | raw_tokens
odd_values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(known_words | odd_texts, inner, max_size=4), max_leaves=12
)


@st.composite
def nearly_right_files(draw: st.DrawFn) -> bytes:
    """Draw an experiment file with up to four changes of its tables, and sometimes one of its bytes."""
    contents = copy.deepcopy(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 4))):
        _change(draw, contents)
    text = "\n".join(f"{json.dumps(key, ensure_ascii=False)} = {toml(value)}" for key, value in contents.items()).encode()
    return draw(damaged(text)) if draw(st.integers(0, 4)) == 0 else text


def _change(draw: st.DrawFn, contents: dict[str, Any]) -> None:
    """Change one place of the tree: remove, replace, rename, add, repeat, or wrap."""
    part, key = draw(st.sampled_from(list(_places(contents))))
    value = part[key]
    change = draw(st.sampled_from(["remove", "replace", "scalar", "rename", "add", "repeat", "wrap", "copy"]))
    if change == "remove":
        del part[key]
    elif change in ("replace", "scalar"):
        part[key] = draw(odd_values if change == "replace" else scalars)
    elif change in ("rename", "add") and isinstance(part, dict):
        part[draw(odd_texts | known_words)] = part.pop(key) if change == "rename" else draw(odd_values)
    elif change == "repeat" and isinstance(value, list):
        part[key] = value * draw(st.integers(2, 2000 // max(1, len(value))))
    elif change == "wrap":
        part[key] = [value] if draw(st.booleans()) else {draw(odd_texts | known_words): value}
    else:
        other, name = draw(st.sampled_from(list(_places(contents))))
        part[key] = copy.deepcopy(other[name])


def _places(part: Any) -> list[tuple[Any, Any]]:
    """All keys and positions of a tree, with the tables and lists that they are in."""
    keys = list(part) if isinstance(part, dict) else list(range(len(part))) if isinstance(part, list) else []
    inner = [place for key in keys for place in _places(part[key])]
    return [*((part, key) for key in keys), *inner] or [({"": part}, "")]


def toml(value: Any) -> str:
    """The value in TOML; tables are written in one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(str(key), ensure_ascii=False)} = {toml(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str) and value.startswith(RAW):
        return value.removeprefix(RAW)
    return repr(value) if isinstance(value, float) else json.dumps(str(value), ensure_ascii=False)


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """Draw the bytes with one damage: cut, with a hole, zeroed, flipped, swapped, repeated, with junk, or empty."""
    if not data:
        return b"junk"
    start = draw(st.integers(0, len(data) - 1))
    stop = draw(st.integers(start, min(len(data) - 1, start + 4096)))
    before, part, after = data[:start], data[start:stop], data[stop:]
    flipped = bytes([data[start] ^ (1 << stop % 8)])
    damages = [before, before + after, before + bytes(stop - start) + after, before + flipped + data[start + 1 :]]
    return draw(
        st.sampled_from([*damages, after + part + before, before + part + part + after, before + b"\xff\x00[[{" + part, b""])
    )
