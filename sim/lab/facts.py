"""Stylised facts: what is published about real firms, and the same numbers of a simulated world."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

from sim.economy.beginning import create
from sim.economy.month import player
from sim.economy.parameters import Parameters
from sim.economy.search import IDEA_ADOPTED, PRACTICE_ADOPTED

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

YEAR = 12
SETTLED = 60  # months that are left out
MONTHS = 300
AGES = (1, 2, 3, 4, 5, 10)  # years after which survivors are counted
WINDOW = 3 * YEAR  # of the innovation survey
BINS = 8  # of size, for the spread of growth

BLS = "US, establishments opened in 1993/94, Bureau of Labor Statistics, The Economics Daily, 1 Nov 2018: {}"
DIRECTION = "{}; abstract seen"
AMARAL = "Amaral et al. (1997), Stanley et al. (1996), Bottazzi & Secchi (2005): exponential, 'tent-shaped'; abstracts seen"


class Fact(NamedTuple):
    """A number about real firms: the published range (one number: both ends the same; to infinity: a sign) and who says so."""

    name: str
    meaning: str
    range: tuple[float, float]
    source: str

    @property
    def is_target(self) -> bool:
        """Whether it has a range to calibrate to."""
        return -inf < self.range[0] < self.range[1] < inf


FACTS = (
    Fact("survival_1", "start-ups alive after 1 year", (0.75, 0.83), BLS.format("79.6 %; European Union 80 to 82 % (Eurostat)")),
    Fact(
        "survival_2",
        "start-ups alive after 2 years",
        (0.60, 0.70),
        BLS.format("68.1 %; Knaup (2005) 66 %; BLS st040060 about 60 %"),
    ),
    Fact("survival_3", "start-ups alive after 3 years", (0.606, 0.606), BLS.format("60.6 %")),
    Fact("survival_4", "start-ups alive after 4 years", (0.44, 0.543), BLS.format("54.3 %; Knaup (2005) 44 %, quoted in a copy")),
    Fact("survival_5", "start-ups alive after 5 years", (0.44, 0.52), BLS.format("49.6 %; European Union nearly 44 % (Eurostat)")),
    Fact("survival_10", "start-ups alive after 10 years", (0.30, 0.37), BLS.format("33.6 %")),
    Fact(
        "exit_rate",
        "exits per firm and year",
        (0.07, 0.13),
        "Canada 9.0 % (Statistics Canada, The Daily, 25 Jan 2012), European Union around 9 % (Eurostat), OECD median 9.3 %",
    ),
    Fact(
        "exit_by_age",
        "yearly exit rate in the first two years of age less that after five",
        (0.0, inf),
        DIRECTION.format("Dunne, Roberts & Samuelson (1989), Evans (1987)"),
    ),
    Fact(
        "exit_by_size",
        "yearly exit rate of the smaller half by revenue less that of the larger",
        (0.0, inf),
        DIRECTION.format("Dunne, Roberts & Samuelson (1989)"),
    ),
    Fact(
        "exit_by_class",
        "yearly exit rate of small firms less that of large ones",
        (0.0, inf),
        DIRECTION.format("Dunne, Roberts & Samuelson (1989); Statistics Canada: turnover predominantly involves small firms"),
    ),
    Fact("growth_peaked", "yearly log growth of revenue: Subbotin's b, below that of a bell (normal), 2", (-inf, 2.0), AMARAL),
    Fact("growth_shape", "yearly log growth of revenue: Subbotin's b, that of a tent (Laplace), 1", (1.0, 1.0), AMARAL),
    Fact("growth_tails", "yearly log growth of revenue: excess kurtosis", (0.0, inf), AMARAL),
    Fact(
        "growth_by_size",
        "slope of ln(spread of growth) on ln(revenue)",
        (-0.23, -0.14),
        "Amaral et al. (1997): 0.20±0.03 (sales), 0.18±0.03; Riccaboni et al. (2008): 0.14 to 0.2, in a copy; abstracts seen",
    ),
    Fact(
        "allied",
        "share of the small firms that are allied",
        (0.03, 0.23),
        "collaborating SMEs of all SMEs by country, 3.3 to 22.7 % (World Bank, Golden Growth, table 5.1), in a copy",
    ),
    Fact(
        "allied_innovators",
        "share of the firms with an innovation in three years that were allied in these years",
        (0.12, 0.62),
        "innovation co-operation by country, EU 26 to 34 % (Eurostat, Community Innovation Surveys 2004 to 2010), in copies",
    ),
    Fact(
        "size_by_age",
        "ln of the revenue of survivors in their fifth year over that in their first",
        (0.0, inf),
        "mean employment of survivors, construction, cohort of 1994: 4.6 at birth, 8.1 after 5 years (BLS, table 7)",
    ),
    Fact(
        "lines_by_age",
        "the same for product lines, which no rule of the model changes",
        (0.0, inf),
        "as the row above",
    ),
)


class Panel(NamedTuple):
    """What happened to each row in each month (months x rows). Rows are taken over by those who follow."""

    large: Flags  # rows
    lines: Floats  # rows
    entered: Flags
    failed: Flags
    age: Floats
    revenue: Floats
    allied: Flags
    innovated: Flags

    lasts: NDArray[np.int64]  # the month in which the firm that is there fails; the number of months if it does not


def record(parameters: Parameters, seed: int, months: int = MONTHS) -> Panel:
    """Play a world and keep what the facts are made of."""
    world = create(parameters, seed)
    play, firms, kept = player(world, parameters, seed), world.firms, []
    for _ in range(months):
        play(1)
        innovated = (firms.outcome == IDEA_ADOPTED) | (firms.outcome == PRACTICE_ADOPTED)
        columns = (firms.entered, firms.failed, firms.age, firms.revenue, firms.alliance >= 0, innovated)
        kept.append([column.copy() for column in columns])
    entered, failed, age, revenue, allied, new = (np.array(column) for column in zip(*kept, strict=True))
    return Panel(firms.large, firms.lines.astype(float), entered, failed, age.astype(float), revenue, allied, new, _lasts(failed))


def _lasts(failed: Flags) -> NDArray[np.int64]:
    last = np.full(failed.shape[1], len(failed))
    found = np.empty(failed.shape, np.int64)
    for month in reversed(range(len(failed))):
        last = np.where(failed[month], month, last)
        found[month] = last
    return found


def observe(parameters: Parameters, seed: int) -> Floats:
    """The numbers of FACTS in one run, in their order; NaN where there was nothing to observe."""
    panel = record(parameters, seed)
    numbers = {**_survival(panel), **_exits(panel), **_growth(panel), **_alliances(panel), **_size_by_age(panel)}
    return np.array([numbers[fact.name] for fact in FACTS])


def _mean(x: Flags) -> float:
    return float(np.mean(x)) if x.size else np.nan


def _survival(panel: Panel) -> dict[str, float]:
    """Of the start-ups of all months that can be followed for ten years, how many are still there."""
    month, row = np.nonzero(panel.entered)
    followed = (month >= SETTLED) & (month < len(panel.entered) - YEAR * AGES[-1])
    months = panel.lasts[month, row][followed] - month[followed]
    return {f"survival_{age}": _mean(months >= YEAR * age) for age in AGES}


def _exits(panel: Panel) -> dict[str, float]:
    """Exits per firm and year, and how they differ by age and size; size is the revenue of the month before."""
    failed, age = panel.failed[SETTLED:], panel.age[SETTLED:] - 1
    before = panel.revenue[SETTLED - 1 : -1]
    small = np.asarray(before < np.median(before, axis=1, keepdims=True))
    old_enough = age > 0

    def rate(of: Flags) -> float:
        return YEAR * _mean(failed[of])

    return {
        "exit_rate": YEAR * _mean(failed),
        "exit_by_age": rate(age < 2 * YEAR) - rate(age >= 5 * YEAR),
        "exit_by_size": rate(small & old_enough) - rate(~small & old_enough),
        "exit_by_class": rate(np.broadcast_to(~panel.large, failed.shape)) - rate(np.broadcast_to(panel.large, failed.shape)),
    }


def _growth(panel: Panel) -> dict[str, float]:
    """Shape and spread of yearly log growth of the firms that last two years; what all share in a year is taken out."""
    starts = range(SETTLED, len(panel.revenue) - 2 * YEAR + 1, YEAR)
    sizes, growths = [], []
    for start in starts:
        first, second = (panel.revenue[a : a + YEAR] for a in (start, start + YEAR))
        lasting = (panel.lasts[start] >= start + 2 * YEAR) & (panel.age[start] > 1)
        one, two = np.log(first.sum(axis=0)), np.log(second.sum(axis=0))
        for of_class in (panel.large, ~panel.large):
            chosen = lasting & of_class
            if chosen.sum() > 1:
                growth = (two - one)[chosen]
                sizes.append(one[chosen])
                growths.append(growth - growth.mean())
    if sum(part.size for part in sizes) < 2 * BINS:
        return dict.fromkeys(("growth_peaked", "growth_shape", "growth_tails", "growth_by_size"), np.nan)
    size, growth = np.concatenate(sizes), np.concatenate(growths)
    bins = [members for members in np.array_split(np.argsort(size), BINS) if growth[members].std() > 0.0]
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
    """Share of allied firms in a month, and among those who innovated in three years."""
    among = []
    for start in range(SETTLED, len(panel.allied) - WINDOW + 1, WINDOW):
        window = slice(start, start + WINDOW)
        innovative = np.logical_and(panel.innovated[window].any(axis=0), panel.lasts[start] >= start + WINDOW)
        among.append(np.any(panel.allied[window][:, innovative], axis=0))
    return {"allied": _mean(panel.allied[SETTLED:, ~panel.large]), "allied_innovators": _mean(np.concatenate(among))}


def _size_by_age(panel: Panel) -> dict[str, float]:
    """Start-ups that live for five years: their revenue and lines in the fifth over those in the first."""
    month, row = np.nonzero(panel.entered & (panel.lasts - np.arange(len(panel.entered))[:, None] >= 5 * YEAR))
    followed = (month >= SETTLED) & (month < len(panel.entered) - 5 * YEAR)
    month, row = month[followed], row[followed]
    if not month.size:
        return {"size_by_age": np.nan, "lines_by_age": np.nan}
    first, fifth = (np.array([panel.revenue[month + a, row] for a in years]).sum() for years in (range(YEAR), range(48, 60)))
    lines = panel.lines[row].sum()
    return {"size_by_age": float(np.log(fifth / first)), "lines_by_age": float(np.log(lines / lines))}
