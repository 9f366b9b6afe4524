"""What a run is reduced to: one number per outcome and group. One definition for `Run.summary` and for experiments."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.economy import measures
from sim.economy.arrays import Floats
from sim.economy.measures import ALL_GROUPS, GROUP_NAMES, MONTH_NAMES, Measure
from sim.economy.messages import shown
from sim.economy.parameters import Parameters
from sim.economy.simulation import History
from sim.economy.validation import ParameterError
from sim.observation import alliance_life
from sim.observation.groups import UNIONS, with_unions
from sim.observation.recovery import recovered, recovery, regained

AFTER_SHOCK = (
    Measure(
        "recovery_common",
        "rate",
        "months",
        "months after the first shock until the group's fitness has reached a level common to all groups: half of what the whole "
        "market lost against the year before is regained; what is left of the run if it never does",
    ),
    Measure("recovered", "rate", "", "1 if the group reaches this level before the run ends, else 0"),
    Measure("fitness_regained", "rate", "", "fitness of the group three months after the first shock less that in its month"),
)
ADDED = (
    Measure("exit_rate", "rate", "1/year", "exits per firm and year"),
    Measure("profit_sd", "rate", "money/line", "standard deviation over months of the group's profit per line"),
    Measure("adoptions", "rate", "1/year", "ideas and practices put into force per firm and year"),
    *alliance_life.OF_GROUPS,
    *AFTER_SHOCK,
)
GROUP_OUTCOMES = (*GROUP_NAMES, *(measure.name for measure in ADDED))
MARKET_OUTCOMES = (*MONTH_NAMES, *(measure.name for measure in alliance_life.OF_MARKETS))
OUTCOMES = (*GROUP_OUTCOMES, *MARKET_OUTCOMES)
DEFINITIONS = (*measures.GROUP_MEASURES, *ADDED, *measures.MONTH_MEASURES, *alliance_life.OF_MARKETS)

MARKET = "market"
GROUPS = (*ALL_GROUPS, *UNIONS, MARKET)

_COLUMN = {name: column for column, name in enumerate(GROUP_NAMES)}


class Window(NamedTuple):
    """The months over which means are taken: from `first` (None: after the first quarter of the run) up to before `stop`."""

    first: int | None = None
    stop: int | None = None


def outcomes(history: History, parameters: Parameters, window: Window) -> Floats:
    """Return the means over a window of months: one row per entry of `GROUPS`, one column per entry of `OUTCOMES`.

    The row "market" holds the month-wide measures and the other rows hold the measures of groups; all else is NaN. Months in which
    a month-wide measure has no value do not count for it.

    Raises:
        ParameterError: the window begins after the run.
    """
    table = np.full((len(GROUPS), len(OUTCOMES)), np.nan)
    by_group = with_unions(history.by_group)
    table[:-1, : len(GROUP_OUTCOMES)] = summarise(by_group, window)
    if parameters.environment.shocks:
        shock, columns = parameters.environment.shocks[0].month, slice(len(GROUP_OUTCOMES) - len(AFTER_SHOCK), len(GROUP_OUTCOMES))
        table[:-1, columns] = np.column_stack([after(by_group, shock) for after in (recovery, recovered, regained)])
    kept = history.by_month[first_kept(len(history.by_month), window.first) : window.stop]
    table[-1, len(GROUP_OUTCOMES) :] = [*_means(kept), *alliance_life.of_markets(kept)]
    return table


def _means(by_month: Floats) -> Floats:
    """The mean of each measure over the months in which it has a value; NaN if it never has."""
    there = ~np.isnan(by_month)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(there, by_month, 0.0).sum(axis=0) / there.sum(axis=0))


def first_kept(months: int, first_month: int | None) -> int:
    """Return the first month that is averaged over; by default the first quarter of a run is left out.

    Raises:
        ParameterError: first_month is not a month of the run.
    """
    first = months // 4 if first_month is None else first_month
    if not isinstance(first, int | np.integer) or not 0 <= first < months:
        raise ParameterError(f"first_month = {shown(first)}: must be a month of the run, 0 to {months - 1}")
    return int(first)


def summarise(by_group: Floats, window: Window) -> Floats:
    """Return the means over a window of months, shape (groups, GROUP_OUTCOMES).

    Months in which a group has no firms do not count for it, except in `firms`.

    Raises:
        ParameterError: the window begins after the run.
    """
    kept = by_group[first_kept(len(by_group), window.first) : window.stop]
    present = kept[:, :, measures.FIRMS] > 0
    months_present = present.sum(axis=0)
    filled = np.where(present[:, :, None], kept, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = filled.sum(axis=0) / months_present[:, None]
        means[:, measures.FIRMS] = kept[:, :, measures.FIRMS].mean(axis=0)
        total = {name: filled[:, :, _COLUMN[name]].sum(axis=0) for name in ("firms", "exits", "ideas_adopted", "practices_adopted")}
        exit_rate = alliance_life.MONTHS_PER_YEAR * total["exits"] / total["firms"]
        adoptions = alliance_life.MONTHS_PER_YEAR * (total["ideas_adopted"] + total["practices_adopted"]) / total["firms"]
        profit = _COLUMN["profit_per_line"]
        deviation = np.where(present, filled[:, :, profit] - means[:, profit], 0.0)
        spread = np.sqrt((deviation**2).sum(axis=0) / months_present)
    life, unknown = alliance_life.of_groups(filled), [np.full(len(spread), np.nan)] * len(AFTER_SHOCK)
    return np.column_stack([means, exit_rate, spread, adoptions, *life, *unknown])


def definition(outcome: str) -> Measure:
    """Return the definition of an outcome: unit and meaning."""
    return next(measure for measure in DEFINITIONS if measure.name == outcome)
