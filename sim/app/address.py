"""The setting of the page as the query of an address, and back: `?world=today&environment.speed=0.1&seed=7&month=120`."""

from __future__ import annotations

import tomllib
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sim.app.setting import MOST_FIRM_MONTHS, SHOCKS, Setting, checked, whole_number
from sim.economy.validation import ParameterError, fields, nearest

LARGEST_SEED = 2**64 - 1
LONGEST = 4000  # characters
OWN = ("world", "seed", "month", "beside", "lesson")


def query(setting: Setting, lesson: str = "") -> str:
    """The query that brings this setting back."""
    changes = [(name, _as_text(name, value)) for name, value in setting.changes.items()]
    own = {"seed": setting.seed, "month": setting.month, "beside": setting.beside, "lesson": lesson}
    said = [(name, value) for name, value in own.items() if value != Setting._field_defaults.get(name, "")]
    return urlencode([("world", setting.world), *changes, *said])


def read(text: str) -> tuple[Setting, str]:
    """The setting and the lesson of a query.

    Raises:
        ParameterError: a name is unknown or a value is refused.
    """
    if len(text) > LONGEST:
        raise ParameterError(f"an address of {len(text):,} characters: must be at most {LONGEST:,}")
    words = dict(parse_qsl(text, keep_blank_values=True))
    for name in words:
        if name not in OWN and name not in fields():
            raise ParameterError(f"unknown parameter {name[:60]!r}{nearest(name, (*OWN, *fields()))}")
    changes = {name: _value(name, word) for name, word in words.items() if name not in OWN}
    setting = Setting(
        world=words.get("world", "today"),
        seed=whole_number("seed", words.get("seed", "1"), LARGEST_SEED),
        month=whole_number("month", words.get("month", "0"), MOST_FIRM_MONTHS),
        beside=words.get("beside", Setting().beside),
        changes=MappingProxyType(changes),
    )
    return checked(setting), words.get("lesson", "")


def _as_text(name: str, value: Any) -> str:
    if name == SHOCKS:
        return " ".join(f"{shock['month']}:{shock['magnitude']}" for shock in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value(name: str, text: str) -> Any:
    """A value in TOML; what is not TOML is a word; shocks are written month:magnitude, with spaces between."""
    if name == SHOCKS:
        return [_shock(part) for part in text.split()]
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        return text


def _shock(text: str) -> dict[str, Any]:
    month, _, magnitude = text.partition(":")
    try:
        return {"month": whole_number("month of a shock", month, MOST_FIRM_MONTHS), "magnitude": float(magnitude or 1)}
    except ValueError:
        raise ParameterError(f"{SHOCKS} = {text[:40]!r}: must be month:magnitude, as in 60:1") from None
