"""The alliances as a picture: firms that are alone on rings outside, allies inside, each alliance at a place of its own."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.app.charts import FONT, TEXT, Option
from sim.economy.arrays import Floats, Ints
from sim.economy.measures import GROUPS
from sim.economy.state import State
from sim.observation.decoding import alliance_numbers
from sim.observation.groups import group_numbers
from sim.observation.palette import COLOURS, VERMILION

GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
MOST_LINKED = 12  # members: in larger alliances not every pair is drawn
INNER = 0.66  # radius of the disc for alliances; the rings lie between it and 1


def places(state: State) -> Floats:
    """x and y of every firm, within the unit circle; a firm that is alone always has the same place."""
    firms = state.firms
    found = _rings(np.sqrt(firms.lines.astype(float)))
    alliance = alliance_numbers(state)
    members = np.flatnonzero(alliance >= 0)
    slots = alliance[members]
    centre = _sunflower(slots, max(12, state.alliances.members.size // 4))
    size = state.alliances.members[slots]
    order = np.lexsort((members, slots))
    position = np.empty(members.size)
    starts = np.searchsorted(slots[order], slots[order])
    position[order] = np.arange(members.size) - starts
    angle = 2 * np.pi * position / np.maximum(size, 1) + slots
    radius = 0.5 * INNER / math.sqrt(max(12, state.alliances.members.size // 4)) * np.minimum(1.0, 0.5 + size / 10)
    found[members] = centre + radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return found


def _rings(widths: Floats) -> Floats:
    """Places on as many rings as there is need for, as wide for each firm as it is drawn."""
    rings = max(1, min(6, round(widths.sum() / 150)))
    around = 2 * np.pi * (np.cumsum(widths) - widths / 2) / widths.sum() + np.pi / 2
    radius = 1.0 - (1.0 - INNER) * 0.8 * (np.arange(widths.size) % rings) / max(rings, 1)
    return np.column_stack([radius * np.cos(around), radius * np.sin(around)])


def _sunflower(slots: Ints, number: int) -> Floats:
    """The place of each slot on a spiral that fills the inner disc evenly."""
    distance = 0.88 * INNER * np.sqrt((slots + 0.5) / max(number, int(slots.max(initial=0)) + 1))
    return np.column_stack([distance * np.cos(slots * GOLDEN_ANGLE), distance * np.sin(slots * GOLDEN_ANGLE)])


def network(state: State, chosen: int) -> Option:
    """Firms by group (colour) and lines (area), links between allies, who broke their word, and the firm chosen."""
    firms, at = state.firms, np.round(places(state), 3)
    unit = 110 / max(math.sqrt(firms.lines.size), 10.0)  # diameter of a firm of one line
    group = group_numbers(firms)
    series: list[Option] = [_links(state, at)]
    for g, name in enumerate(GROUPS):
        for lines in np.unique(firms.lines[group == g]):
            rows = np.flatnonzero((group == g) & (firms.lines == lines) & firms.active)
            size = min(max(unit * math.sqrt(float(lines)), 4.0), 60.0)
            series.append(_dots(name, at, rows, size, {"color": COLOURS[name], "borderColor": "#fff", "borderWidth": 1}))
    broke = np.flatnonzero((alliance_numbers(state) >= 0) & ~firms.keeps_word & firms.active)
    cross = {"color": VERMILION}
    series.append(_dots("broke its word", at, broke, max(unit * 1.3, 9.0), cross) | {"symbol": CROSS, "z": 5})
    ring = {"color": "transparent", "borderColor": "#000", "borderWidth": 3}
    series.append(_dots("chosen firm", at, np.array([chosen]), max(unit * math.sqrt(float(firms.lines[chosen])) + 8, 14), ring))
    axis = {"type": "value", "min": -1.12, "max": 1.12, "show": False}
    return {
        "animation": False,
        "textStyle": {"fontFamily": FONT, "color": TEXT},
        "grid": {"left": 0, "right": 0, "top": 0, "bottom": 0},
        "xAxis": axis,
        "yAxis": axis,
        "series": series,
    }


def described(state: State) -> str:
    """The network in words."""
    firms = state.firms
    alliance = alliance_numbers(state)
    alliances = np.unique(alliance[alliance >= 0]).size
    broke = np.count_nonzero((alliance >= 0) & ~firms.keeps_word & firms.active)
    return f"{np.count_nonzero(firms.active)} firms, {alliances} alliances; {broke} broke their word"


CROSS = "path://M0,2 L2,0 L5,3 L8,0 L10,2 L7,5 L10,8 L8,10 L5,7 L2,10 L0,8 L3,5 Z"


def _dots(name: str, at: Floats, rows: NDArray[np.int_], size: float, style: dict[str, Any]) -> Option:
    data = [[*point, int(row)] for point, row in zip(at[rows].tolist(), rows, strict=True)]
    return {"type": "scatter", "name": name, "data": data, "symbolSize": size, "itemStyle": style}


def _links(state: State, at: Floats) -> Option:
    """Every pair of allies, as one line with gaps; in large alliances a ring and a star, for the eye."""
    alliance = alliance_numbers(state)
    rows = np.flatnonzero(alliance >= 0)
    rows = rows[np.argsort(alliance[rows], kind="stable")]
    clubs = np.split(rows, np.flatnonzero(np.diff(alliance[rows])) + 1) if rows.size else []
    path: list[list[float | None]] = []
    for club in clubs:
        steps = range(1, club.size // 2 + 1) if club.size <= MOST_LINKED else (1, club.size // 2)
        for i, j in ((i, (i + step) % club.size) for step in steps for i in range(club.size)):
            path += [at[club[i]].tolist(), at[club[j]].tolist(), [None, None]]
    style = {"width": 1.5, "color": "#8aa1b4"}
    return {"type": "line", "data": path, "showSymbol": False, "silent": True, "lineStyle": style, "connectNulls": False, "z": 1}
