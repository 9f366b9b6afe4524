"""The run on the page as a table to take away."""

from __future__ import annotations

import re

import pandas as pd

from sim.app.playing import Pair
from sim.app.setting import Setting
from sim.economy.measures import GROUP_NAMES, GROUPS
from sim.economy.simulation import History


def as_csv(pair: Pair) -> str:
    """One row per world, month (0 = the first) and group, one column per measure; a group without firms has no values."""
    parts = [_table(pair.history).assign(world="shown")]
    if pair.twin is not None:
        parts.append(_table(pair.twin).assign(world=f"beside: {pair.setting.beside}"))
    return str(pd.concat(parts).set_index(["world", "month", "group"]).to_csv())


def stem(setting: Setting) -> str:
    """The name of the files, without ending."""
    return re.sub(r"\W+", "_", f"interfirm {setting.world} seed {setting.seed} month {setting.month}")


def _table(history: History) -> pd.DataFrame:
    months = len(history.by_group)
    index = pd.MultiIndex.from_product([range(months), GROUPS], names=["month", "group"])
    rows = history.by_group[:, : len(GROUPS)].reshape(-1, len(GROUP_NAMES))
    return pd.DataFrame(rows, index=index, columns=list(GROUP_NAMES)).reset_index()
