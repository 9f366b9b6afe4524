"""Which group earns most at each design point: means with intervals, and the lead over the second group, paired by seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scipy import stats

if TYPE_CHECKING:
    import pandas as pd

OUTCOME = "profit_per_line"
CONFIDENCE = 0.95


def profits(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Mean profit per line of each group at each point, with its 95 % t interval over replications (`low`, `high`)."""
    present = rows.dropna(subset=[OUTCOME])
    table = present.groupby([*keys, "group"], sort=True)[OUTCOME].agg(["mean", "sem", "count"]).reset_index()
    margin = table["sem"] * stats.t.ppf(0.5 + CONFIDENCE / 2, table["count"] - 1)
    return table.assign(low=table["mean"] - margin, high=table["mean"] + margin).drop(columns="sem")


def leaders(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """One row per point with two groups or more: the leading and the second group, the lead, and its interval, paired by seed.

    The interval is simultaneous over all points and pairs of groups (Bonferroni), because readers look at the whole map at once
    and the pair is chosen by its result. `clear`: the interval excludes 0.
    """
    import pandas as pd

    present = rows.dropna(subset=[OUTCOME])
    points = list(present.groupby(keys, sort=True))
    groups = present["group"].nunique()
    comparisons = len(points) * groups * (groups - 1) // 2
    table = []
    for point, at_point in points:
        wide = at_point.pivot_table(index="seed", columns="group", values=OUTCOME).dropna()
        if wide.shape[1] < 2:
            continue
        best, second = wide.mean().sort_values(ascending=False, kind="stable").index[:2]
        lead = wide[best] - wide[second]
        margin = lead.sem() * stats.t.ppf(1 - (1 - CONFIDENCE) / 2 / comparisons, len(lead) - 1)
        clear = bool(lead.mean() > margin)
        bounds = {"lead": lead.mean(), "low": lead.mean() - margin, "high": lead.mean() + margin, "clear": clear}
        table.append({**dict(zip(keys, point, strict=True)), "leader": best, "second": second, **bounds})
    return pd.DataFrame(table)
