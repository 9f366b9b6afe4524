"""The keyword arguments of `MarketModel`: names of parameters, and the seed."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from sim.economy.validation import ParameterError, checked_seed, fields, nearest

RANDOM = (np.random.Generator, np.random.BitGenerator, np.random.SeedSequence)
DRAWN = 2**53  # seeds that are drawn are smaller, so that a table of floating-point numbers keeps them


@cache
def _full_names() -> dict[str, str]:
    """The full names by bare name. The parameters of a field trial have no bare names: others are called `exchange` or `months`."""
    return {name.split(".")[1]: name for name in fields() if not name.startswith("trial.")}


def full_name(name: str) -> str:
    """Return a parameter's name with its group, whether the group is given or not; that of a field trial has to be given.

    Raises:
        ParameterError: there is no such parameter.
    """
    known = _full_names()
    if "." in name or name in known:
        return known.get(name, name)
    raise ParameterError(f"unknown parameter {name!r}{nearest(name, [*known, *fields()])}")


def seed_of(rng: Any, seed: Any) -> int:
    """Return the seed that `rng`, or Mesa's older `seed`, stands for.

    Text stands for its digits, as from a text box. From None, and from what NumPy makes random numbers with, a seed is drawn.

    Raises:
        ParameterError: both are given, or the one that is given is not a seed.
    """
    if rng is not None and seed is not None:
        raise ParameterError(f"seed = {seed!r}: rng = {rng!r} is the seed already; give only one of them")
    name, value = ("rng", rng) if seed is None else ("seed", seed)
    if value is None or isinstance(value, RANDOM):
        value = np.random.default_rng(value).integers(DRAWN)
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value)
    return checked_seed(name, value)
