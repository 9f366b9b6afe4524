"""Mesa's DataCollector, fed with the rows that the economy's kernels measure."""

from __future__ import annotations

from array import array
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol

import mesa
import numpy as np

from sim.economy.measures import ALL_GROUPS, GROUP_NAMES, MONTH_NAMES
from sim.economy.simulation import History

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (*(f"{group}: {name}" for group in ALL_GROUPS for name in GROUP_NAMES), *MONTH_NAMES)
Reporters = dict[str, Any]


def _picklable(reporters: Reporters) -> Reporters:
    """Replace names of attributes by functions that can be pickled; those that Mesa makes of them cannot."""
    return {name: attrgetter(reporter) if isinstance(reporter, str) else reporter for name, reporter in reporters.items()}


class MeasuredModel(Protocol):
    """What the collector needs to know of a model; reporters of your own may need more."""

    @property
    def month(self) -> int:
        """Months played."""
        ...

    @property
    def measured(self) -> History:
        """The measures of the month, or of the months, played last."""
        ...


class MonthCollector(mesa.DataCollector):  # type: ignore[misc]
    """A DataCollector that records all measures of every month, and reporters of your own as Mesa's does.

    Measures of groups are named "small independent: profit_per_line", month-wide measures have their bare name ("mean_price").
    Mesa calls a function and makes a deep copy for each number; here a month is one row, which takes a twentieth of the time.

    Args:
        model_reporters: as for Mesa's DataCollector, like the other three.
        agent_reporters: names of attributes, or functions of an agent.
        agenttype_reporters: the same for each class of agents.
        tables: names of columns by name of table.

    >>> from sim.mesa_model import MarketModel, MonthCollector
    >>> class RichestModel(MarketModel):
    ...     def __init__(self, **kwargs):
    ...         super().__init__(**kwargs)
    ...         self.datacollector = MonthCollector(model_reporters={"richest": lambda model: max(model.agents.get("cash"))})
    >>> model = RichestModel(small=10, large=1)
    >>> model.run(3)
    >>> model.datacollector.get_model_vars_dataframe()[["small independent: firms", "richest"]].shape
    (3, 2)
    """

    def __init__(
        self,
        model_reporters: Reporters | None = None,
        agent_reporters: Reporters | None = None,
        agenttype_reporters: dict[type, Reporters] | None = None,
        tables: dict[str, list[str]] | None = None,
    ) -> None:
        self.model_vars: dict[str, Any]
        by_type = {kind: _picklable(reporters) for kind, reporters in (agenttype_reporters or {}).items()}
        super().__init__(model_reporters, _picklable(agent_reporters or {}), by_type, tables)
        self._recorded = 0
        self._measures = [array("d") for _ in COLUMNS]
        self.model_vars = {**dict(zip(COLUMNS, self._measures, strict=True)), **self.model_vars}

    @property
    def has_own_reporters(self) -> bool:
        """Return whether there are reporters, which must be called in every month."""
        return bool(self.model_reporters or self.agent_reporters or self.agenttype_reporters)

    def collect(self, model: MeasuredModel) -> None:
        """Record the months that were played last; the model calls it.

        Raises:
            TypeError: they are recorded already, or none has been played.
        """
        if model.month == self._recorded:
            raise TypeError(
                f"month {model.month}: MarketModel.step() records every month it plays, and nothing before the first: "
                f"leave out datacollector.collect()"
            )
        self._recorded = model.month
        by_group, by_month = model.measured
        months = by_month.shape[0]
        if months == 1:
            for column, value in zip(self._measures, [*by_group.ravel().tolist(), *by_month[0].tolist()], strict=True):
                column.append(value)
        else:
            rows = np.hstack([by_group.reshape(months, -1), by_month])
            for column, values in zip(self._measures, np.ascontiguousarray(rows.T), strict=True):
                column.frombytes(values.tobytes())
        if not self.model_reporters and hasattr(self, "_collection_steps"):  # where Mesa 3.5 looks up months in a batch run
            self._collection_steps.extend(range(model.month - months + 1, model.month + 1))
        super().collect(model)

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """Return one row per month and one column per measure and model reporter."""
        import pandas as pd

        return pd.DataFrame({name: list(values) for name, values in self.model_vars.items()}).rename_axis("month")
