"""A panel of firms, month by month, and the numbers of the stylised facts that are computed from it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import optimize, special, stats

from sim.economy.arrays import Counts, Flags, Floats
from sim.economy.initialisation import create
from sim.economy.measures import MONTH_MEASURES
from sim.economy.parameters import Parameters
from sim.economy.simulation import stepper

YEAR = 12
SETTLED = 60  # first months, which are left out
MONTHS = 300
AGES = (1, 2, 3, 4, 5, 10)  # years after which survivors are counted
WINDOW = 3 * YEAR  # months that an innovation survey covers
LIFE_OF_ALLIANCES = [[m.name for m in MONTH_MEASURES].index(name) for name in ("alliances_founded", "alliances_aged_5")]
BINS = 8  # classes of size, for the spread of growth


class Panel(NamedTuple):
    """What happened to each row in each month (months x rows), and to alliances. When a firm fails, a start-up takes its row."""

    large: Flags  # shape (rows,)
    entered: Flags
    failed: Flags
    age: Floats
    revenue: Floats
    allied: Flags
    innovated: Flags
    lasts: Counts  # the month in which the firm in this row will fail; the number of months if it does not
    founded: Floats  # alliances that were founded, shape (months,)
    aged_5: Floats  # alliances that completed their fifth year


def record(parameters: Parameters, seed: int) -> Panel:
    """Play a run and keep the data from which the facts are computed."""
    state = create(parameters, seed)
    play, firms, months, alliances = stepper(state, parameters, seed), state.firms, [], []
    for _ in range(MONTHS):
        alliances.append(play(1).by_month[0, LIFE_OF_ALLIANCES])
        innovated = firms.ideas_adopted + firms.practices_adopted > 0
        columns = (firms.entered, firms.failed, firms.age, firms.revenue, firms.alliance >= 0, innovated)
        months.append([column.copy() for column in columns])
    entered, failed, age, revenue, allied, new = (np.array(column) for column in zip(*months, strict=True))
    return Panel(firms.large, entered, failed, age.astype(float), revenue, allied, new, _lasts(failed), *np.transpose(alliances))


def _lasts(failed: Flags) -> Counts:
    """The month of the next failure in each row, seen from each month."""
    next_failure = np.full(failed.shape[1], len(failed))
    lasts = np.empty(failed.shape, np.int64)
    for month in reversed(range(len(failed))):
        next_failure = np.where(failed[month], month, next_failure)
        lasts[month] = next_failure
    return lasts


def observe(parameters: Parameters, seed: int) -> dict[str, float]:
    """The numbers of one run by the names of the facts; NaN where there was nothing to observe."""
    panel = record(parameters, seed)
    return {
        **_survival(panel),
        **_exits(panel),
        **_growth(panel),
        **_alliances(panel),
        **_size_by_age(panel),
        **_alliance_life(panel),
    }


def _mean(x: Flags) -> float:
    return float(np.mean(x)) if x.size else np.nan


def _survival(panel: Panel) -> dict[str, float]:
    """Share of start-ups that survive AGES years, among those that can be followed for ten years."""
    month, row = np.nonzero(panel.entered)
    followed = (month >= SETTLED) & (month < len(panel.entered) - YEAR * AGES[-1])
    months = panel.lasts[month, row][followed] - month[followed]
    return {f"survival_{age}": _mean(months >= YEAR * age) for age in AGES}


def _exits(panel: Panel) -> dict[str, float]:
    """Exits per firm and year, and their differences by age and size; size is the revenue of the month before."""
    failed, age = panel.failed[SETTLED:], panel.age[SETTLED:] - 1
    before = panel.revenue[SETTLED - 1 : -1]
    small = np.asarray(before < np.median(before, axis=1, keepdims=True))
    old_enough = age > 0

    def rate(firms: Flags) -> float:
        return YEAR * _mean(failed[firms])

    return {
        "exit_rate": YEAR * _mean(failed),
        "exit_by_age": rate(age < 2 * YEAR) - rate(age >= 5 * YEAR),
        "exit_by_size": rate(small & old_enough) - rate(~small & old_enough),
        "exit_by_class": rate(np.broadcast_to(~panel.large, failed.shape)) - rate(np.broadcast_to(panel.large, failed.shape)),
    }


def _growth(panel: Panel) -> dict[str, float]:
    """Shape and spread of yearly log growth of firms that last two years, less the mean of their size class in that year."""
    starts = range(SETTLED, len(panel.revenue) - 2 * YEAR + 1, YEAR)
    sizes, growths = [], []
    for start in starts:
        first, second = (panel.revenue[a : a + YEAR] for a in (start, start + YEAR))
        lasting = (panel.lasts[start] >= start + 2 * YEAR) & (panel.age[start] > 1)
        one, two = np.log(first.sum(axis=0)), np.log(second.sum(axis=0))
        for of_class in (panel.large, ~panel.large):
            members = lasting & of_class
            if members.sum() > 1:
                growth = (two - one)[members]
                sizes.append(one[members])
                growths.append(growth - growth.mean())
    if sum(part.size for part in sizes) < 2 * BINS:
        return dict.fromkeys(("growth_peaked", "growth_shape", "growth_tails", "growth_by_size"), np.nan)
    size, growth = np.concatenate(sizes), np.concatenate(growths)
    bins = [members for members in np.array_split(np.argsort(size, kind="stable"), BINS) if growth[members].std() > 0.0]
    spread = [(size[members].mean(), np.log(growth[members].std())) for members in bins]
    standard = np.concatenate([growth[members] / growth[members].std() for members in bins])
    shape = subbotin(standard)
    return {
        "growth_peaked": shape,
        "growth_shape": shape,
        "growth_tails": float(stats.kurtosis(standard)),
        "growth_by_size": float(stats.linregress(*np.array(spread).T).slope),
    }


def subbotin(x: Floats) -> float:
    """b of the density ~ exp(-|x/a|^b) around the median, by maximum likelihood; a follows from b."""
    distance = np.abs(x - np.median(x))

    def loss(b: float) -> float:
        scale = (b * np.mean(distance**b)) ** (1 / b)
        return float(np.log(2 * scale / b) + special.gammaln(1 / b) + 1 / b)

    return float(optimize.minimize_scalar(loss, bounds=(0.2, 10.0), method="bounded").x)


def _alliances(panel: Panel) -> dict[str, float]:
    """Share of small firms that are allied in a month, and share allied at some time among those that innovated in three years."""
    allied_innovators = []
    for start in range(SETTLED, len(panel.allied) - WINDOW + 1, WINDOW):
        window = slice(start, start + WINDOW)
        innovative = np.logical_and(panel.innovated[window].any(axis=0), panel.lasts[start] >= start + WINDOW)
        allied_innovators.append(np.any(panel.allied[window][:, innovative], axis=0))
    return {"allied": _mean(panel.allied[SETTLED:, ~panel.large]), "allied_innovators": _mean(np.concatenate(allied_innovators))}


def _alliance_life(panel: Panel) -> dict[str, float]:
    """Share of the alliances that complete their fifth year, among those that can be followed for so long."""
    last = 5 * YEAR - 1  # months after that in which it is founded
    founded, aged = panel.founded[SETTLED:-last].sum(), panel.aged_5[SETTLED + last :].sum()
    return {"alliances_alive_5": float(aged / founded) if founded else np.nan}


def _size_by_age(panel: Panel) -> dict[str, float]:
    """Log of the revenue in the fifth year over that in the first, of start-ups that live for five years."""
    month, row = np.nonzero(panel.entered & (panel.lasts - np.arange(len(panel.entered))[:, None] >= 5 * YEAR))
    followed = (month >= SETTLED) & (month < len(panel.entered) - 5 * YEAR)
    month, row = month[followed], row[followed]
    if not month.size:
        return {"size_by_age": np.nan}
    first, fifth = (np.array([panel.revenue[month + a, row] for a in years]).sum() for years in (range(YEAR), range(48, 60)))
    return {"size_by_age": float(np.log(fifth / first))}
