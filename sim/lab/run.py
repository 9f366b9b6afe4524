"""One run of the economy, as tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.economy import measures, month
from sim.economy.parameters import Parameters
from sim.economy.validation import ParameterError
from sim.economy.world import LARGE, World

if TYPE_CHECKING:
    import pandas as pd

MONTHS_PER_YEAR = 12


class Run(NamedTuple):
    """A finished run: its parameters and seed, the world after the last month, and all that was measured."""

    parameters: Parameters
    seed: int
    world: World
    history: month.History

    def monthly(self) -> pd.DataFrame:
        """One row per (month, group), one column per group measure; a group without firms has firms = 0 and no other value."""
        import pandas as pd

        months = self.history.by_group.shape[0]
        index = pd.MultiIndex.from_product([range(months), measures.GROUPS], names=["month", "group"])
        rows = self.history.by_group.reshape(-1, len(measures.GROUP_NAMES))
        return pd.DataFrame(rows, index=index, columns=list(measures.GROUP_NAMES))

    def markets(self) -> pd.DataFrame:
        """One row per month, one column per month-wide measure."""
        import pandas as pd

        frame = pd.DataFrame(self.history.by_month, columns=list(measures.MONTH_NAMES))
        return frame.rename_axis("month")

    def summary(self, first_month: int | None = None) -> pd.DataFrame:
        """One row per group: means over the months from `first_month` on (default: the first quarter of the run is left out).

        Adds exit_rate, exits per firm and year, and profit_sd, the standard deviation of profit_per_line over months.
        Months in which a group has no firms do not count for it, but for `firms`.
        """
        import pandas as pd

        rows, columns = summarise(self.history.by_group, first_month), [*measures.GROUP_NAMES, "exit_rate", "profit_sd"]
        return pd.DataFrame(rows, index=pd.Index(measures.GROUPS, name="group"), columns=columns)

    def firms(self) -> pd.DataFrame:
        """One row per firm, as of the last month."""
        import pandas as pd

        firms, world = self.world.firms, self.world
        width = world.landscape.key.size // world.landscape.domain.size
        groups = np.array(measures.GROUPS)[2 * firms.large.astype(int) + firms.interdependent.astype(int)]
        derived = {
            "group": groups,
            "number": (firms.identity & ~LARGE).astype(np.int64),
            "competence": [int(mask).bit_length() // width - 1 for mask in firms.competence],
            "coverage": [int(mask).bit_count() // width for mask in firms.coverage],
            "specialists": [int(mask).bit_count() // width for mask in firms.specialists],
        }
        plain = {name: array for name, array in firms._asdict().items() if name not in {*derived, "identity", "level", "outcome"}}
        return pd.DataFrame({**derived, **plain}).rename_axis("firm")


def simulate(parameters: Parameters, seed: int = 1, report: Callable[[int], None] | None = None) -> Run:
    """Play all months of a world.

    Args:
        parameters: what `sim.parameters` returns.
        seed: 0 to 2^64 - 1; the same seed brings the same luck to every world.
        report: called with the number of months played, now and then; it changes no result.

    Raises:
        ParameterError: the seed is out of range.
        NotClearedError: no prices were found at which a market clears.
    """
    if not 0 <= seed < 2**64:
        raise ParameterError(f"seed = {seed}: must be a whole number from 0 to 2^64 - 1")
    world, history = month.simulate(parameters, seed, report)
    return Run(parameters, seed, world, history)


def summarise(by_group: np.ndarray, first_month: int | None = None) -> np.ndarray:
    """Means over months (groups x measures), then exit rate and profit's standard deviation."""
    months = by_group.shape[0]
    first = months // 4 if first_month is None else first_month
    if not 0 <= first < months:
        raise ValueError(f"first_month = {first}: must be a month of the run, 0 to {months - 1}")
    kept = by_group[first:]
    present = kept[:, :, measures.FIRMS] > 0
    months_present = present.sum(axis=0)[:, None]
    filled = np.where(present[:, :, None], kept, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = filled.sum(axis=0) / months_present
        means[:, measures.FIRMS] = kept[:, :, measures.FIRMS].mean(axis=0)
        exits, firms = (filled[:, :, measures.GROUP_NAMES.index(name)].sum(axis=0) for name in ("exits", "firms"))
        exit_rate = MONTHS_PER_YEAR * exits / firms
        profit = measures.GROUP_NAMES.index("profit_per_line")
        deviation = np.where(present, filled[:, :, profit] - means[:, profit], 0.0)
        spread = np.sqrt((deviation**2).sum(axis=0) / months_present[:, 0])
    return np.column_stack([means, exit_rate, spread])
