"""Lines over months as options of ECharts. Numbers for type and lines are in pixels at 16-pixel type; `chart.vue` scales them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.app.words import survival, trailing_mean
from sim.economy.arrays import Floats
from sim.economy.measures import FIRMS, GROUP_NAMES, GROUPS, MONTH_NAMES
from sim.economy.simulation import History
from sim.observation.palette import BLACK, COLOURS, GREY

Option = dict[str, Any]

MOST_POINTS = 300  # a longer history is thinned out
TEXT = "#1b2733"
FAINT = "#d9dfe5"
PALE = "#e8ecef"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
DARKER = {GREY: "#6b6b6b", "#E69F00": "#9a6a00", "#CC79A7": "#a34d7e"}  # the same hue, dark enough to be read as text


class Curve(NamedTuple):
    """One line: its name at the end, colour, values by month, and whether it belongs to the world beside."""

    name: str
    colour: str
    values: Floats
    dashed: bool = False


def profit(history: History, twin: History | None, shocks: list[int]) -> Option:
    """Profit per line and month of each group, mean of the last twelve months."""
    return _by_group(history, twin, shocks, lambda h: trailing_mean(_measure(h, "profit_per_line")))


def living(history: History, twin: History | None, shocks: list[int]) -> Option:
    """Of a hundred firms of each group, how many live through a year, at the rates of the last twelve months."""
    return _by_group(history, twin, shocks, lambda h: 100 * survival(h.by_group))


def adaptation(history: History, twin: History | None, shocks: list[int]) -> Option:
    """How good each group's business models are, in percent of the best in its market this month."""
    return _by_group(history, twin, shocks, lambda h: 100 * _measure(h, "relative_fitness"))


def specialists(history: History, twin: History | None, shocks: list[int]) -> Option:
    """How many specialists each group wants, mean over its firms."""
    return _by_group(history, twin, shocks, lambda h: _measure(h, "wanted"))


def prices(history: History, twin: History | None, shocks: list[int]) -> Option:
    """Mean price of each group."""
    return _by_group(history, twin, shocks, lambda h: _measure(h, "price"))


def shares(history: History, markets: int) -> Option:
    """Who serves the customers: shares of all customers by group, and those who buy nothing, stacked to 100 %."""
    held = _held(history, markets)
    tops = dict(zip(held, np.cumsum(list(held.values()), axis=0), strict=True))
    curves = [
        Curve(name, COLOURS.get(name, PALE), top) for name, top in reversed(tops.items())
    ]  # each is painted over the one before
    option = lines(curves, [], largest=100)
    option["yAxis"] |= {"min": 0}
    for series in option["series"]:
        series |= {"areaStyle": {"opacity": 1, "origin": "start"}, "lineStyle": {"width": 0}}
    return option


def described_shares(history: History, markets: int) -> str:
    """The last month's shares in words."""
    return "; ".join(f"{name} {values[-1]:.1f} %" for name, values in _held(history, markets).items() if len(values))


def _held(history: History, markets: int) -> dict[str, Floats]:
    """Percent of all customers by month, of each group that has any, and of those who buy nothing."""
    rows = history.by_group[:, : len(GROUPS)]
    held = 100 * np.nan_to_num(rows[:, :, GROUP_NAMES.index("share")]) * rows[:, :, FIRMS] / markets
    found = {group: held[:, g] for g, group in enumerate(GROUPS) if np.any(held[:, g] > 0)}
    return {**found, "buy nothing": 100 * history.by_month[:, MONTH_NAMES.index("outside_share")]}


def _measure(history: History, name: str) -> Floats:
    return history.by_group[:, : len(GROUPS), GROUP_NAMES.index(name)]


def _by_group(history: History, twin: History | None, shocks: list[int], measured: Any) -> Option:
    curves = []
    for h, dashed in ((twin, True), (history, False)):
        if h is not None and len(h.by_group):
            values = measured(h)
            curves += [
                Curve(group, COLOURS[group], values[:, g], dashed)
                for g, group in enumerate(GROUPS)
                if np.any(~np.isnan(values[:, g]))
            ]
    return lines(curves, shocks)


def lines(curves: list[Curve], shocks: list[int], largest: float | None = None) -> Option:
    """Curves over the months since the beginning, each named where it ends; vertical lines where disruptions struck."""
    months = max((len(curve.values) for curve in curves), default=0)
    kept = np.unique(np.linspace(0, months - 1, min(months, MOST_POINTS)).astype(int)) if months else np.zeros(0, int)
    series = [_series(curve, kept) for curve in curves]
    if series and shocks:
        series[-1]["markLine"] = _marks([shock for shock in shocks if shock < months])
    return {
        "animation": False,
        "textStyle": {"fontFamily": FONT, "color": TEXT},
        "grid": {"left": 8, "right": 188, "top": 28, "bottom": 26, "containLabel": True},
        "tooltip": {"trigger": "axis", "confine": True, "textStyle": {"fontSize": 14}, "order": "valueDesc"},
        "xAxis": {
            "type": "value",
            "min": 1,
            "max": max(24, months),
            "name": "month",
            "nameLocation": "middle",
            "nameGap": 26,
            "nameTextStyle": {"fontSize": 14},
            "axisLabel": {"fontSize": 14, "color": TEXT, "hideOverlap": True, "showMinLabel": False, "showMaxLabel": False},
            "splitLine": {"show": False},
        },
        "yAxis": {
            "type": "value",
            "scale": True,
            "max": largest,
            "axisLabel": {"fontSize": 14, "color": TEXT},
            "splitLine": {"lineStyle": {"color": FAINT}},
        },
        "series": series,
    }


def _series(curve: Curve, kept: NDArray[np.int_]) -> Option:
    points = [[int(t) + 1, None if np.isnan(curve.values[t]) else round(float(curve.values[t]), 4)] for t in kept]
    return {
        "type": "line",
        "name": curve.name + (" (beside)" if curve.dashed else ""),
        "data": points,
        "showSymbol": False,
        "silent": True,
        "color": curve.colour,
        "lineStyle": {"width": 2 if curve.dashed else 4, "type": "dashed" if curve.dashed else "solid"},
        "endLabel": {
            "show": not curve.dashed,
            "formatter": "{a}",
            "fontSize": 14,
            "fontWeight": "bold",
            "lineHeight": 20,
            "color": DARKER.get(curve.colour, TEXT if curve.colour == PALE else curve.colour),
        },
        "labelLayout": {"moveOverlap": "shiftY"},
    }


def _marks(shocks: list[int]) -> Option:
    return {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": BLACK, "type": "dotted", "width": 2},
        "label": {"formatter": "disruption", "fontSize": 13, "color": TEXT, "position": "end", "rotate": 0, "distance": 3},
        "data": [{"xAxis": shock + 1} for shock in shocks],
    }
