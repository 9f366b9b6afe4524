"""How long alliances live, why members go, and what remains of what they copied."""

from __future__ import annotations

import numpy as np

from sim.economy.arrays import Floats
from sim.economy.measures import FIRMS, GROUP_NAMES, MONTH_NAMES, Measure

MONTHS_PER_YEAR = 12
AGES = (1, 3, 5)  # years

OF_GROUPS = (
    Measure("leaving_rate", "rate", "1/year", "members that leave their alliance by their own will, per member and year"),
    Measure("expulsion_rate", "rate", "1/year", "members that are found out and expelled, per member and year"),
    Measure("closing_rate", "rate", "1/year", "members that close, per member and year"),
    Measure(
        "practices_kept_share",
        "rate",
        "",
        "share of the decisions taken over from allies that is still in force a year later",
    ),
)
OF_MARKETS = (
    Measure("founding_rate", "rate", "alliances/year", "alliances that are founded in a year"),
    Measure("dissolution_rate", "rate", "alliances/year", "alliances that end in a year"),
    *(
        Measure(
            f"alliances_alive_{age}",
            "rate",
            "",
            f"share of the alliances that live for {age} year{'s' if age > 1 else ''}, of those founded early enough to tell",
        )
        for age in AGES
    ),
)


def of_groups(by_group: Floats) -> list[Floats]:
    """Return the values of OF_GROUPS over these months, each of shape (groups,); NaN where nobody is a member.

    Args:
        by_group: the months that count, shape (months, groups, measures), with zeros where a group has no firms.
    """

    def total(name: str) -> Floats:
        return np.asarray(by_group[:, :, GROUP_NAMES.index(name)].sum(axis=0))

    members = (by_group[:, :, GROUP_NAMES.index("allied")] * by_group[:, :, FIRMS]).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = [MONTHS_PER_YEAR * total(name) / members for name in ("members_left", "members_expelled", "members_closed")]
        return [*rates, total("practices_kept") / total("practices_followed")]


def of_markets(by_month: Floats) -> list[float]:
    """Return the values of OF_MARKETS over these months, shape (months, measures).

    An alliance that is founded in month m completes n years in month m + 12n - 1. Those founded too late for that do not count, and
    those founded before these months do not either. NaN if there are none.
    """

    def monthly(name: str) -> Floats:
        return np.asarray(by_month[:, MONTH_NAMES.index(name)])

    founded = monthly("alliances_founded")
    rates = [MONTHS_PER_YEAR * float(monthly(name).mean()) for name in ("alliances_founded", "alliances_dissolved")]
    return [*rates, *(_share(founded, monthly(f"alliances_aged_{age}"), MONTHS_PER_YEAR * age - 1) for age in AGES)]


def _share(founded: Floats, aged: Floats, delay: int) -> float:
    """Of those founded, the share that completes the age, which takes `delay` months."""
    begun = founded[: max(0, len(founded) - delay)].sum()
    return float(aged[delay:].sum() / begun) if begun else np.nan
