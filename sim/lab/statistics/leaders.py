"""Who earns most where: means with intervals, and the lead of the best group over the second, paired by seed."""

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
    """One row per point with two groups or more: who earns most, who is second, the lead, and its interval, paired by seed.

    The interval is simultaneous over all points and pairs of groups (Bonferroni), because the whole map is read at once and
    the pair is chosen by its result. `clear` = it excludes 0.
    """
    import pandas as pd

    points = list(rows.dropna(subset=[OUTCOME]).groupby(keys, sort=True))
    groups = rows.dropna(subset=[OUTCOME])["group"].nunique()
    comparisons = len(points) * groups * (groups - 1) // 2
    found = []
    for point, part in points:
        wide = part.pivot_table(index="seed", columns="group", values=OUTCOME).dropna()
        if wide.shape[1] < 2:
            continue
        best, second = wide.mean().sort_values(ascending=False, kind="stable").index[:2]
        lead = wide[best] - wide[second]
        margin = lead.sem() * stats.t.ppf(1 - (1 - CONFIDENCE) / 2 / comparisons, len(lead) - 1)
        clear = bool(lead.mean() > margin)
        bounds = {"lead": lead.mean(), "low": lead.mean() - margin, "high": lead.mean() + margin, "clear": clear}
        found.append({**dict(zip(keys, point, strict=True)), "leader": best, "second": second, **bounds})
    return pd.DataFrame(found)
