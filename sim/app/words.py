"""What the app says in words: who leads, what a disruption did, and how the comparison run does."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.economy.arrays import Floats
from sim.economy.measures import CONSUMERS, FIRMS, GROUP_NAMES, GROUPS
from sim.economy.simulation import History
from sim.observation.labels import number
from sim.observation.recovery import recovery

YEAR = 12
TIE = 0.01  # money a line and month: less is no lead
PROFIT = GROUP_NAMES.index("profit_per_line")
EXITS = GROUP_NAMES.index("exits")


def sized(history: History, measure: str, months: slice = slice(None)) -> dict[str, float]:
    """Means over months of a measure that is a mean over firms, for all small and all large firms; without firms it is missing."""
    column = GROUP_NAMES.index(measure)
    found = {}
    for size, rows in (("small", slice(0, 2)), ("large", slice(2, 4))):
        firms = history.by_group[months, rows, FIRMS]
        if firms.sum() > 0:
            found[size] = float((np.nan_to_num(history.by_group[months, rows, column]) * firms).sum() / firms.sum())
    return found


def means(history: History, measure: str, months: slice = slice(None)) -> dict[str, float]:
    """Means over months of a measure, for each group that has firms in them."""
    column = GROUP_NAMES.index(measure)
    rows = history.by_group[months, : len(GROUPS)]
    present = [g for g in range(len(GROUPS)) if np.any(rows[:, g, FIRMS] > 0)]
    return {GROUPS[g]: float(np.nanmean(rows[:, g, column])) for g in present}


def survival(by_group: Floats) -> Floats:
    """Chance to live through the twelve months that end with each month (months x groups), at the rates of these months.

    The product over the months of 1 - exits/firms (Kaplan & Meier 1958); fewer than twelve months are extrapolated to a year.
    """
    firms, exits = by_group[:, : len(GROUPS), FIRMS], by_group[:, : len(GROUPS), EXITS]
    with np.errstate(invalid="ignore", divide="ignore"):
        logarithm = np.log1p(-exits / firms)
    return np.exp(YEAR * trailing_mean(logarithm))


def trailing_mean(values: Floats) -> Floats:
    """Mean over the twelve months that end with each month; months without a value do not count."""
    there = ~np.isnan(values)
    sums = np.cumsum(np.where(there, values, 0.0), axis=0)
    counts = np.cumsum(there, axis=0)
    sums[YEAR:] -= sums[:-YEAR].copy()
    counts[YEAR:] -= counts[:-YEAR].copy()
    with np.errstate(invalid="ignore"):
        return np.where(there, sums / counts, np.nan)


def leader(history: History) -> str:
    """Who earned most on a line in the last twelve months."""
    if len(history.by_group) == 0:
        return "When does it pay for firms to be less independent? Press Play."
    ranked = sorted(means(history, "profit_per_line", slice(-YEAR, None)).items(), key=lambda pair: -pair[1])
    if not ranked:
        return "No firm is left."
    (first, most), *others = ranked
    if not others:
        return f"Only {first} firms are here. A line earns them {number(most, 2)} a month."
    second, less = others[0]
    if most - less < TIE:
        return f"No clear leader: {first} and {second} firms earn about the same, {number(most, 2)} a line and month."
    return (
        f"In the lead: {first} firms, with {number(most, 2)} a line and month, {number(most - less, 2)} more than {second} firms."
    )


def recoveries(history: History, shock: int) -> str:
    """What became of each group's fitness after the shock that struck in month `shock` (0 = the first)."""
    played = len(history.by_group)
    if shock >= played:
        return f"A disruption strikes in month {shock + 1}."
    parts = []
    for group, months in zip(GROUPS, recovery(history.by_group, shock), strict=False):
        if not np.isnan(months):
            lost = "at once" if months == 0 else f"after {months:.0f} month{'s' if months > 1 else ''}"
            parts.append(f"{group} {'not yet' if months == played - shock else lost}")
    said = f"Half of what the market lost in fitness is regained: {', '.join(parts)}." if parts else ""
    return f"Disrupted in month {shock + 1}. {said}".strip()


def beside(history: History, twin: History, name: str) -> str:
    """The two worlds in one sentence."""
    if len(history.by_group) == 0:
        return ""
    here, there = (sized(h, "profit_per_line") for h in (history, twin))
    parts = [f"{size} firms earn {number(there[size], 2)} there and {number(here[size], 2)} here" for size in here if size in there]
    gain = float(history.by_month[:, CONSUMERS].mean() - twin.by_month[:, CONSUMERS].mean())
    customers = f"customers are {'better' if gain > 0 else 'worse'} off here by {number(abs(gain), 2)} a month"
    return f"Beside it, dashed, the same random draws with {name}. On average so far: {', '.join([*parts, customers])}."


def last_values(option: dict[str, Any]) -> str:
    """A picture of lines in words, for those who do not see it: what each line shows last."""
    lines = [series for series in option["series"] if series["type"] == "line" and "name" in series]
    last = [f"{series['name']} {_last(series['data'])}" for series in lines]
    return "; ".join(last)


def _last(data: list[Any]) -> Any:
    """The last value that is there."""
    values = [point[1] if isinstance(point, list) else point for point in data]
    return next((value for value in reversed(values) if value is not None), "no value")
