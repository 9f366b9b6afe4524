"""A history as pandas tables: one definition for runs, the app and exports.

>>> import sim
>>> from sim.observation.monthly import market_table
>>> run = sim.simulate(sim.parameters("today", {"dynamics.months": 3}))
>>> market_table(run.history)["interdependent_share"].round(3).tolist()
[0.21, 0.21, 0.21]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.economy.measures import GROUP_NAMES, GROUPS, MONTH_NAMES
from sim.economy.simulation import History

if TYPE_CHECKING:
    import pandas as pd


def monthly_table(history: History) -> pd.DataFrame:
    """Return one row per (month, group) and one column per group measure.

    Month 0 is the first. A group without firms has `firms` = 0 and NaN otherwise.
    """
    import pandas as pd

    months = history.by_group.shape[0]
    index = pd.MultiIndex.from_product([range(months), GROUPS], names=["month", "group"])
    rows = history.by_group[:, : len(GROUPS)].reshape(-1, len(GROUP_NAMES))
    return pd.DataFrame(rows, index=index, columns=list(GROUP_NAMES))


def market_table(history: History) -> pd.DataFrame:
    """Return one row per month and one column per month-wide measure."""
    import pandas as pd

    return pd.DataFrame(history.by_month, columns=list(MONTH_NAMES)).rename_axis("month")
