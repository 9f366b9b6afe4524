"""One run of the economy, and its tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import numpy as np

from sim.economy import simulation
from sim.economy.measures import GROUPS
from sim.economy.messages import shown
from sim.economy.parameters import Parameters
from sim.economy.simulation import History
from sim.economy.state import INTERNAL, State
from sim.economy.validation import ParameterError, checked_seed
from sim.observation import outcomes
from sim.observation.decoding import alliance_numbers, domain_number, domains_in, size_and_number, trial_group_numbers
from sim.observation.groups import group_numbers
from sim.observation.monthly import market_table, monthly_table

if TYPE_CHECKING:
    import pandas as pd


class Run(NamedTuple):
    """A finished run.

    Attributes:
        parameters: all parameters.
        seed: the number that determines all random draws.
        state: the arrays of the economy after the last month.
        history: everything that was measured, month by month.

    >>> import sim
    >>> run = sim.simulate(sim.parameters("today", {"dynamics.months": 24}), seed=1)
    >>> run.state.clock
    array([24])
    >>> run.history.by_group.shape
    (24, 10, 35)
    """

    parameters: Parameters
    seed: int
    state: State
    history: History

    @property
    def world(self) -> NoReturn:
        """The old name of `state`; it will be removed in the next release."""
        raise AttributeError("Run.world has been renamed: use Run.state")

    def monthly(self) -> pd.DataFrame:
        """Return one row per (month, group) and one column per group measure.

        Month 0 is the first. A group without firms has `firms` = 0 and NaN otherwise.

        >>> import sim
        >>> run = sim.simulate(sim.parameters("today", {"dynamics.months": 24}), seed=1)
        >>> float(run.monthly().loc[(23, "small independent"), "firms"])
        78.0
        """
        return monthly_table(self.history)

    def markets(self) -> pd.DataFrame:
        """Return one row per month and one column per month-wide measure.

        >>> import sim
        >>> run = sim.simulate(sim.parameters("today", {"dynamics.months": 24}), seed=1)
        >>> list(run.markets().columns)[:3]
        ['alliances', 'alliances_founded', 'alliances_dissolved']
        """
        return market_table(self.history)

    def summary(self, first_month: int | None = None) -> pd.DataFrame:
        """Return the means over the months from `first_month` on: one row per group and union of groups, one column per outcome.

        The default leaves out the first quarter of the run. Outcomes are the group measures and also rates (such as exits per firm
        and year), the standard deviation of profit over months, and recovery after a shock. Months in which a group has no firms do
        not count for it, except in `firms`.

        Raises:
            ParameterError: first_month is not a month of the run.

        >>> import sim
        >>> run = sim.simulate(sim.parameters("today", {"dynamics.months": 24}), seed=1)
        >>> float(run.summary().loc["large", "firms"])
        5.0
        """
        import pandas as pd

        table = outcomes.outcomes(self.history, self.parameters, outcomes.Window(first_month))
        rows = table[:-1, : len(outcomes.GROUP_OUTCOMES)]
        return pd.DataFrame(rows, index=pd.Index(outcomes.GROUPS[:-1], name="group"), columns=list(outcomes.GROUP_OUTCOMES))

    def firms(self) -> pd.DataFrame:
        """Return one row per firm, as of the last month.

        `competence` is the number of a domain; `coverage` and `specialists` are numbers of domains and of specialists; `alliance`
        and `trial_group` number alliances and groups of a field trial, -1 = none.

        >>> import sim
        >>> run = sim.simulate(sim.parameters("today", {"dynamics.months": 24}), seed=1)
        >>> run.firms()["group"].value_counts()["large independent"].item()
        5
        """
        import pandas as pd

        firms, landscape = self.state.firms, self.state.landscape
        derived = {
            "group": np.array(GROUPS)[group_numbers(firms)],
            "number": [size_and_number(identity)[1] for identity in firms.identity.tolist()],
            "competence": domain_number(firms.competence, landscape),
            "coverage": domains_in(firms.coverage, landscape),
            "specialists": domains_in(firms.specialists, landscape),
            "alliance": alliance_numbers(self.state),
            "trial_group": trial_group_numbers(self.state),
        }
        plain = {name: array for name, array in firms._asdict().items() if name not in (*derived, *INTERNAL)}
        return pd.DataFrame({**derived, **plain}).rename_axis("firm")


def simulate(parameters: Parameters, seed: int = 1, on_progress: Callable[[int], None] | None = None) -> Run:
    """Simulate a run and return it.

    Args:
        parameters: what `sim.parameters` returns.
        seed: 0 to 2^64 - 1; runs with the same seed have the same random draws, whatever the parameters.
        on_progress: called from time to time with the number of months played; it changes no result.

    Raises:
        ParameterError: the parameters are no parameters, or the seed is out of range.
        NotClearedError: no prices were found at which a market clears.

    >>> import sim
    >>> run = sim.simulate(sim.parameters("turbulent", {"dynamics.months": 24}), seed=7)
    >>> run.monthly().shape
    (96, 35)
    """
    _refuse_others(parameters)
    seed = checked_seed("seed", seed)
    state, history = simulation.simulate(parameters, seed, on_progress)
    return Run(parameters, seed, state, history)


def _refuse_others(parameters: object) -> None:
    """Refuse what `sim.parameters` does not return, before a kernel is compiled for it."""
    groups = [type(group) for group in Parameters()]
    if not isinstance(parameters, Parameters) or [type(group) for group in parameters] != groups:
        raise ParameterError(f"parameters = {shown(parameters)}: must be what sim.parameters(...) returns")
