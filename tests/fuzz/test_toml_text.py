"""The look at a text before it is parsed finds every long key, and takes nothing else for one."""

import tomllib
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.lab.design.toml_text import MOST_LEVELS, ExcessError, parse

DOTS = ".".join("a" * 30)
pieces = st.sampled_from(['"', '""', "'", "''", "\\", '\\"', "\\\\", "\n", "#", "=", "[", "]", "{", "}", ",", " ", "a", DOTS])
insides = st.lists(pieces, max_size=8).map("".join)
strings = st.tuples(st.sampled_from(['"', "'", '"""', "'''"]), insides).map(lambda drawn: drawn[0] + drawn[1] + drawn[0])
values = strings | st.lists(strings, max_size=3).map(lambda parts: f"[{', '.join(parts)}]") | strings.map("{{b = {}}}".format)
lines = st.lists(st.tuples(values, st.sampled_from(["", " # it's ", f' # "{DOTS}'])).map("".join), max_size=4)
texts = lines.map(lambda drawn: "\n".join(f"k{number} = {line}" for number, line in enumerate(drawn)))


def is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def depth(part: Any) -> int:
    """How many tables and lists are within each other."""
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


@given(texts, strings)
@example("", '"""a""""')
@example("", "'''a'''''")
def test_texts_hide_no_long_key_and_their_dots_are_no_keys(text: str, string: str) -> None:
    if is_toml(text) and depth(tomllib.loads(text)) < MOST_LEVELS:
        assert parse(text) == tomllib.loads(text)
    for end in (f"{DOTS} = 1", f"[{DOTS}]", f"{DOTS.replace('.', ' . ')} = 1", f"z = {{y = {string}, {DOTS} = 1}}"):
        longer = f"{text}\n{end}"
        if is_toml(longer):
            with pytest.raises(ExcessError, match="parts"):
                parse(longer)
