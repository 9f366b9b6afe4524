"""TOML that a stranger wrote: bounded before it is parsed, and each fault is one sentence.

Python's parser takes minutes for a key of 50,000 parts, and stops with errors of its own at deep nesting and endless numbers.
"""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sim.economy.messages import shown

MOST_BYTES = 1_000_000
MOST_PARTS = 20  # of a dotted key
MOST_KEYS = 1_000  # of a table
MOST_LEVELS = 10  # of tables and lists within each other
MOST_BITS = 63  # of a whole number besides its sign, as TOML itself promises
TOO_DEEP = f"nests tables or lists more than {MOST_LEVELS} deep"

# None of these can fail once it has begun, so nothing is ever tried twice. (Possessive quantifiers are wrong before Python 3.11.5.)
STRINGS_AND_COMMENTS = re.compile(
    r'''"""(?:[^"\\]+|\\.|"(?!""))*(?:"{3,5})?|\'\'\'(?:[^']+|'(?!\'\'))*(?:'{3,5})?'''  # up to two quotes may end the text
    r"""|"(?:[^"\\\n]+|\\[^\n])*"?|'[^'\n]*'?|#[^\n]*""",
    re.DOTALL,
)
BETWEEN_KEYS = re.compile(r"[\n=,\[\]{}]")


class ExcessError(ValueError):
    """More of a file than any experiment needs."""


def parse(text: str) -> dict[str, Any]:
    """Parse a text.

    Raises:
        TOMLDecodeError: it is not TOML.
        ExcessError: it is too large or too deep.
    """
    if len(text) > MOST_BYTES:
        raise ExcessError(f"is larger than {MOST_BYTES:,} bytes")
    if any(part.count(".") >= MOST_PARTS for part in BETWEEN_KEYS.split(STRINGS_AND_COMMENTS.sub("", text))):
        raise ExcessError(f"has a key of more than {MOST_PARTS} parts")
    try:
        contents = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise ExcessError(TOO_DEEP) from None
    except ValueError:  # what Python says of the digits of a number
        raise ExcessError("has a number of too many digits") from None
    _check_shape(contents)
    return contents


def parse_value(text: str) -> Any:
    """Parse one value; what is not TOML is a word.

    Raises:
        ExcessError: it is too large or too deep, or more than a value.
    """
    try:
        contents = parse(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text.strip()
    if len(contents) > 1:
        raise ExcessError("has more than one value")
    return contents["value"]


def read_text(path: Path) -> str:
    """Read a file, but no device and no pipe, which may never end.

    Raises:
        OSError: there is no such file, or it cannot be read.
        UnicodeDecodeError: it is not written in UTF-8.
        ExcessError: it is no file but a folder, a device or a pipe.
    """
    kind = path.stat().st_mode
    if not stat.S_ISREG(kind):
        raise ExcessError("is a directory" if stat.S_ISDIR(kind) else "is a device or a pipe, not a file")
    with path.open("rb") as file:
        contents = file.read(MOST_BYTES + 1)
    return contents.decode("utf-8-sig")  # editors on Windows put a byte-order mark at the beginning


def _check_shape(contents: dict[str, Any]) -> None:
    """Refuse what would make the checks that follow slow; level by level, so that depth costs no stack."""
    level: list[tuple[str, Any]] = [("", contents)]
    for _ in range(MOST_LEVELS):
        for key, table in level:
            if isinstance(table, Mapping) and len(table) > MOST_KEYS:
                raise ExcessError(f"{key or 'it'} has a table of {len(table):,} keys; at most {MOST_KEYS:,} are possible")
        inside = [(f"{key}.{name}".lstrip("."), value) for key, part in level for name, value in _items(part)]
        for key, value in inside:
            if isinstance(value, int) and value.bit_length() > MOST_BITS:
                raise ExcessError(f"{key} = {shown(value)}: more than {MOST_BITS} bits, which TOML does not allow")
        level = [(key, value) for key, value in inside if isinstance(value, Mapping | list)]
        if not level:
            return
    raise ExcessError(TOO_DEEP)


def _items(part: Mapping[str, Any] | list[Any]) -> Iterable[tuple[object, Any]]:
    return part.items() if isinstance(part, Mapping) else enumerate(part)
