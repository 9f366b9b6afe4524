"""The economy as a Mesa model."""

from __future__ import annotations

from functools import cache, partial
from typing import Any, Self

import mesa
import networkx as nx

from sim.economy.consent import consent_stepper
from sim.economy.initialisation import create
from sim.economy.parameters import Shock
from sim.economy.simulation import Stepper, empty_history, play, stepper
from sim.economy.validation import ParameterError, checked, checked_seed, fields, nearest, parameters, written
from sim.mesa_model.agent_registry import AgentRegistry
from sim.mesa_model.agents import LargeFirm, SmallFirm
from sim.mesa_model.datacollector import MonthCollector
from sim.mesa_model.network import AllianceGrid, alliance_graph


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
        self.measured = empty_history(0)
        self._stepper: Stepper | None = None
        self._stepper_asks = False
        self._months_ahead = 0
        self._grid: AllianceGrid | None = None
        self.registry = AgentRegistry(self, SmallFirm, LargeFirm)

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
            return
        for firm in self.registry.with_own_step:
            if firm.active:
                firm.step()
        self._play(self._current_stepper(), 1)

    def run(self, months: int | None = None) -> None:
        """Play many months at once, by default to the end of `months`; the same as so many steps, but faster.

        Where somebody wants every month (firms that decide in Python, own reporters, a `step` of a subclass) it steps.

        Raises:
            ParameterError: the number of months is negative.
            NotClearedError: no prices were found at which a market clears.
        """
        left = max(self.parameters.dynamics.months - self.month, 0)
        months = left if months is None else months
        if months < 0:
            raise ParameterError(f"months = {months}: must not be negative")
        if months > 0 and not self._needs_every_month():
            self._play(partial(play, self.state, self.parameters, self.seed), months)
            self._months_ahead = months
        for _ in range(months):
            self.step()  # Mesa counts steps, and keeps its own clock

    def _needs_every_month(self) -> bool:
        minds = self.registry.with_own_step or self.registry.with_own_consent
        reporters = getattr(self.datacollector, "has_own_reporters", True)
        return bool(minds or reporters or type(self).step is not MarketModel.step)

    def _play(self, play_on: Stepper, months: int) -> None:
        try:
            self.measured = play_on(months)
        except BaseException:
            self.running = False
            raise
        self.running = self.month < self.parameters.dynamics.months
        self.datacollector.collect(self)
        if self._grid is not None:
            self._grid.show(self)

    def _current_stepper(self) -> Stepper:
        """The compiled month, or the one that asks, if somebody wants to be asked."""
        asks = bool(self.registry.with_own_consent)
        if self._stepper is None or self._stepper_asks != asks:
            chosen = (self.state, self.parameters, self.seed)
            self._stepper = consent_stepper(*chosen, self.registry.consent) if asks else stepper(*chosen)
            self._stepper_asks = asks
        return self._stepper

    def disrupt(self, magnitude: float = 1.0) -> None:
        """A shock when the next month begins, as if it had been scheduled: a decision is redrawn with probability `magnitude`.

        Raises:
            ParameterError: the magnitude is no probability.
        """
        environment = self.parameters.environment
        shock = Shock(self.month, magnitude)._asdict()
        shocks = checked(fields()["environment.shocks"], [*written(environment.shocks), shock])
        self.parameters = self.parameters._replace(environment=environment._replace(shocks=shocks))
        self._stepper = None

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
    def grid(self) -> AllianceGrid:
        """The alliances as a space that Mesa's drawers can show; once it was asked for, it is kept up to date."""
        self._grid = self._grid or AllianceGrid(self)
        self._grid.show(self)
        return self._grid

    @property
    def agents(self) -> Any:
        """The firms that trade."""
        self.registry.bring_up_to_date()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """The firms that trade, by class."""
        self.registry.bring_up_to_date()
        return super().agents_by_type

    @property
    def agent_types(self) -> Any:
        """The classes of firms."""
        self.registry.bring_up_to_date()
        return super().agent_types


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
