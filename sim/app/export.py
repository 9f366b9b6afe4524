"""The runs of the app as a table to save."""

from __future__ import annotations

import re

import pandas as pd

from sim.app.playing import Pair
from sim.app.setting import Setting
from sim.observation.monthly import monthly_table


def as_csv(pair: Pair) -> str:
    """Return one row per run, month (0 = the first) and group, and one column per measure, as CSV."""
    parts = [monthly_table(pair.history).reset_index().assign(world="shown")]
    if pair.twin is not None:
        parts.append(monthly_table(pair.twin).reset_index().assign(world=f"beside: {pair.setting.beside}"))
    return str(pd.concat(parts).set_index(["world", "month", "group"]).to_csv())


def stem(setting: Setting) -> str:
    """Return the name of the files, without ending."""
    return re.sub(r"\W+", "_", f"interfirm {setting.world} seed {setting.seed} month {setting.month}")
