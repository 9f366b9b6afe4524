"""The keyword arguments of `MarketModel`: names of parameters, and the seed."""

from __future__ import annotations

from functools import cache
from typing import Any

from sim.economy.validation import ParameterError, fields, nearest


@cache
def _full_names() -> dict[str, str]:
    return {name.split(".")[1]: name for name in fields()}


def full_name(name: str) -> str:
    """Return a parameter's name with its group, whether the group is given or not.

    Raises:
        ParameterError: there is no such parameter.
    """
    known = _full_names()
    if "." in name or name in known:
        return known.get(name, name)
    raise ParameterError(f"unknown parameter {name!r}{nearest(name, known)}")


def seed_of(seed: Any) -> Any:
    """Return the seed: 1 if none is given, and the digits of a text, as from a text box."""
    if seed is None:
        return 1
    return int(seed) if isinstance(seed, str) and seed.strip().isdecimal() else seed
