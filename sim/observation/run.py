"""One run of the economy, as tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.economy import measures, month
from sim.economy.parameters import Parameters
from sim.economy.state import LARGE, State
from sim.economy.validation import checked_seed
from sim.observation import outcomes

if TYPE_CHECKING:
    import pandas as pd


class Run(NamedTuple):
    """A finished run: its parameters and seed, the world after the last month, and all that was measured."""

    parameters: Parameters
    seed: int
    state: State
    history: month.History

    def monthly(self) -> pd.DataFrame:
        """One row per (month, group), one column per group measure; a group without firms has firms = 0 and no other value."""
        import pandas as pd

        months = self.history.by_group.shape[0]
        index = pd.MultiIndex.from_product([range(months), measures.GROUPS], names=["month", "group"])
        rows = self.history.by_group[:, : len(measures.GROUPS)].reshape(-1, len(measures.GROUP_NAMES))
        return pd.DataFrame(rows, index=index, columns=list(measures.GROUP_NAMES))

    def markets(self) -> pd.DataFrame:
        """One row per month, one column per month-wide measure."""
        import pandas as pd

        frame = pd.DataFrame(self.history.by_month, columns=list(measures.MONTH_NAMES))
        return frame.rename_axis("month")

    def summary(self, first_month: int | None = None) -> pd.DataFrame:
        """One row per group and union of groups: means over the months from `first_month` on (default: after the first quarter).

        Adds exits and adoptions per firm and year, the standard deviation of profit over months, and recovery after a shock.
        Months in which a group has no firms do not count for it, but for `firms`.

        Raises:
            ValueError: first_month is not a month of the run.
        """
        import pandas as pd

        table = outcomes.outcomes(self.history, self.parameters, first_month)
        rows = table[:-1, : len(outcomes.GROUP_OUTCOMES)]
        return pd.DataFrame(rows, index=pd.Index(outcomes.GROUPS[:-1], name="group"), columns=list(outcomes.GROUP_OUTCOMES))

    def firms(self) -> pd.DataFrame:
        """One row per firm, as of the last month."""
        import pandas as pd

        firms, state = self.state.firms, self.state
        width = state.landscape.key.size // state.landscape.domain.size
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
    checked_seed("seed", seed)
    state, history = month.simulate(parameters, seed, report)
    return Run(parameters, seed, state, history)
