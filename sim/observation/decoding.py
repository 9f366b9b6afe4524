"""What the numbers and bit masks of the state stand for."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.economy.arrays import Counts
from sim.economy.landscape import Landscape
from sim.economy.measures import SIZES
from sim.economy.state import LARGE


def size_and_number(identity: Any) -> tuple[str, int]:
    """Size class and number of the firm with this identity: ("small", 17)."""
    large, number = divmod(int(identity), int(LARGE))
    return SIZES[large], number


def firm_name(identity: Any) -> str:
    """Size class and number as one word, "small 17"."""
    size, number = size_and_number(identity)
    return f"{size} {number}"


def decisions_per_domain(landscape: Landscape) -> int:
    """B = N/D: how many consecutive decisions make up a domain."""
    return landscape.key.size // landscape.domain.size


def domains_in(masks: Any, landscape: Landscape) -> Counts:
    """How many domains each mask of decisions covers; one mask or an array of them."""
    return np.asarray(np.bitwise_count(masks) // decisions_per_domain(landscape), np.int64)


def domain_number(masks: Any, landscape: Landscape) -> Counts:
    """The number of the domain that each mask stands for; one mask or an array of them."""
    decisions_below = np.bitwise_count((masks & -masks) - np.uint64(1))
    return np.asarray(decisions_below // decisions_per_domain(landscape), np.int64)
