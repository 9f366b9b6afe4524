"""The economy as a Mesa model."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Self

import mesa
import mesa.space
import networkx as nx
import numpy as np

from sim.economy.beginning import create
from sim.economy.month import History, player
from sim.economy.parameters import Shock
from sim.economy.validation import ParameterError, checked, checked_seed, fields, nearest, parameters, written
from sim.economy.world import LARGE
from sim.stage.collector import MonthCollector
from sim.stage.firms import Firm, LargeFirm, SmallFirm
from sim.stage.network import alliance_graph, alliance_grid


class MarketModel(mesa.Model):  # type: ignore[misc]
    """A market and its firms, month by month; the same bits as `sim.simulate` with the same parameters and seed.

    Args:
        world: a name from `sim.worlds()`.
        rng: the seed, a whole number or its digits as text; None is 1, as everywhere in this project.
        kwargs: parameters, by their bare name (`complexity=7`) or in full (`**{"environment.complexity": 7}`).

    Attributes:
        parameters: all parameters, with the shocks of `disrupt`.
        state: the economy's arrays, of which agents are views.
        measured: the measures of the month, or of the months, played last.
        datacollector: the measures of all months, see `MonthCollector`.

    Raises:
        ParameterError: a name is unknown, a value is out of range, values contradict each other, or `rng` is not a seed.
    """

    def __new__(cls, **kwargs: Any) -> Self:
        """Remember what the model is made of, so that `twin` can make it again, arguments of subclasses included."""
        model: Self = super().__new__(cls)
        model._kwargs = kwargs
        return model

    def __init__(self, *, world: str = "today", rng: int | str | None = None, **kwargs: Any) -> None:
        self.seed = checked_seed("rng", _number(rng))
        self.parameters = parameters(world, {full_name(name): value for name, value in kwargs.items()})
        super().__init__(rng=self.seed)
        self.world = world
        self.state = create(self.parameters, self.seed)
        self.datacollector = MonthCollector()
        self.measured: History
        self._player: Callable[[int], History] | None = None
        self._months_ahead = 0
        self._firms: dict[int, Firm] = {}
        self._rows = {int(identity): row for row, identity in enumerate(self.state.firms.identity)}

    @property
    def month(self) -> int:
        """Months played."""
        return int(self.state.clock[0])

    def step(self) -> None:
        """Play a month.

        Raises:
            NotClearedError: no prices were found at which a market clears.
        """
        if self._months_ahead > 0:
            self._months_ahead -= 1
        else:
            self._play(1)

    def run(self, months: int | None = None) -> None:
        """Play many months at once, by default to the end of `months`; the same as so many steps, but faster.

        What needs every month, an own `step` of a subclass or own reporters, gets every month: then it takes as long as steps do.
        """
        left = max(self.parameters.dynamics.months - self.month, 0)
        months = left if months is None else months
        if months > 0 and type(self).step is MarketModel.step and not getattr(self.datacollector, "has_own_reporters", True):
            self._play(months)
            self._months_ahead = months
        for _ in range(months):
            self.step()  # Mesa counts steps, and keeps its own clock

    def _play(self, months: int) -> None:
        self.running = False
        if self._player is None:
            self._player = player(self.state, self.parameters, self.seed)
        self.measured = self._player(months)
        self.running = self.month < self.parameters.dynamics.months
        self.datacollector.collect(self)

    def disrupt(self, magnitude: float = 1.0) -> None:
        """A shock when the next month begins, as if it had been scheduled: a decision is redrawn with probability `magnitude`.

        Raises:
            ParameterError: the magnitude is no probability.
        """
        environment = self.parameters.environment
        shock = Shock(self.month, magnitude)._asdict()
        shocks = checked(fields()["environment.shocks"], [*written(environment.shocks), shock])
        self.parameters = self.parameters._replace(environment=environment._replace(shocks=shocks))
        self._player = None

    def twin(self, **changes: Any) -> Self:
        """A second model with the same luck and the same shocks up to now, played up to the same month.

        `model.twin(small_interdependent=0.0)` is the same world with every small firm independent. What was set on agents is not
        repeated.
        """
        shocks = written(self.parameters.environment.shocks)
        other = type(self)(**{**self._kwargs, "rng": self.seed, "shocks": shocks, **changes})
        other.run(self.month)
        return other

    def network(self) -> nx.Graph:
        """The alliances as a graph, see `alliance_graph`."""
        return alliance_graph(self)

    @property
    def grid(self) -> mesa.space.NetworkGrid:
        """The alliances as a space that Mesa's drawers can show."""
        return alliance_grid(self)

    @property
    def agents(self) -> Any:
        """The firms that trade."""
        self._bring_agents_up_to_date()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """The firms that trade, by class."""
        self._bring_agents_up_to_date()
        return super().agents_by_type

    @property
    def agent_types(self) -> Any:
        """The classes of firms."""
        self._bring_agents_up_to_date()
        return super().agent_types

    def _bring_agents_up_to_date(self) -> None:
        """Views are made, and those of closed firms removed, when somebody looks: they cost far more than a firm's month."""
        active = self.state.firms.active
        if len(self._firms) == np.count_nonzero(active):
            return
        for row in np.flatnonzero(active).tolist():
            self.firm_in(row)
        for row in [row for row in self._firms if not active[row]]:
            self._firms.pop(row).remove()

    def firm_in(self, row: int) -> Firm:
        """The firm in a row of the economy's arrays."""
        if row not in self._firms:
            identity = int(self.state.firms.identity[row])
            large = identity >= int(LARGE)
            (LargeFirm if large else SmallFirm)(self, identity - int(LARGE) * large)
        return self._firms[row]

    def row_of(self, size: str, number: int) -> int:
        """The row of a size class's firm of this number.

        Raises:
            ParameterError: there is no such firm.
        """
        row = self._rows.get(number + int(LARGE) * (size == "large"))
        if row is None or not self.state.firms.active[row]:
            raise ParameterError(f"number = {number!r}: there is no such {size} firm")
        return row

    def hand_over(self, firm: Firm) -> None:
        """Let this agent, and no other, speak for its row."""
        if firm.row in self._firms:
            self._firms[firm.row].remove()
        self._firms[firm.row] = firm


@cache
def _full_names() -> dict[str, str]:
    return {name.split(".")[1]: name for name in fields()}


def full_name(name: str) -> str:
    """The name with its group, of a parameter that is named with or without it.

    Raises:
        ParameterError: there is no such parameter.
    """
    known = _full_names()
    if "." in name or name in known:
        return known.get(name, name)
    raise ParameterError(f"unknown parameter {name!r}{nearest(name, known)}")


def _number(seed: Any) -> Any:
    """A seed that is not given is 1; one that comes as text, as from a box on a page, is its digits."""
    if seed is None:
        return 1
    return int(seed) if isinstance(seed, str) and seed.strip().isdecimal() else seed
