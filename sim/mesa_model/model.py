"""The economy as a Mesa model."""

from __future__ import annotations

from functools import partial
from typing import Any, NoReturn, Self

import numpy as np

from sim.economy.consent import consent_stepper
from sim.economy.initialisation import create
from sim.economy.messages import shown
from sim.economy.parameters import Shock
from sim.economy.simulation import NotClearedError, Stepper, empty_history, play, stepper
from sim.economy.validation import ParameterError, checked, fields, parameters, written
from sim.mesa_model.agent_registry import AgentRegistry
from sim.mesa_model.agents import Firm, LargeFirm, SmallFirm
from sim.mesa_model.datacollector import MonthCollector
from sim.mesa_model.keywords import full_name, seed_of
from sim.mesa_model.mesa_interface import MesaInterface


class MarketModel(MesaInterface):
    """A market and its firms, month by month. Bit-identical to `sim.simulate` with the same parameters and seed.

    Args:
        world: a name from `sim.worlds()`.
        rng: the seed, a whole number or its digits as text; a seed is drawn from None, as in Mesa, or from a NumPy generator.
        seed: Mesa's older name for `rng`.
        kwargs: parameters, by their bare name (`complexity=7`) or in full (`**{"environment.complexity": 7}`), those of a field
            trial only in full (`**{"trial.months": 12}`).

    Attributes:
        seed: the number that determines all random draws, also if it was drawn.
        parameters: all parameters, with the shocks of `disrupt`.
        state: the economy's arrays; agents are views of them.
        measured: the measures of the month, or of the months, played last.
        datacollector: the measures of all months, see `MonthCollector`.
        registry: which agent belongs to which row of the arrays, see `AgentRegistry`.

    Raises:
        ParameterError: a name is unknown, a value is out of range, values contradict each other, or `rng` is not a seed.

    >>> from sim.mesa_model import MarketModel
    >>> model = MarketModel(world="turbulent", rng=7, small=20, large=2)
    >>> model.step()
    >>> model.run(23)
    >>> model.month, len(model.agents)
    (24, 22)
    >>> "small independent: profit_per_line" in model.datacollector.get_model_vars_dataframe()
    True
    """

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """Keep the arguments, those of subclasses too, so that `twin` can make the model again."""
        model: Self = super().__new__(cls)
        model._args, model._kwargs = args, kwargs
        return model

    def __init__(self, *unnamed: Any, world: str = "today", rng: Any = None, seed: Any = None, **kwargs: Any) -> None:
        if unnamed:
            raise ParameterError(f"{shown(unnamed[0])}: write the name before each value, as in MarketModel(small=10, large=1)")
        self.seed = seed_of(rng, seed)
        self.parameters = parameters(world, {full_name(name): value for name, value in kwargs.items()})
        super().__init__(rng=self.seed)
        self.world = world
        self.state = create(self.parameters, self.seed)
        self.datacollector = MonthCollector()
        self.measured = empty_history(0)
        self._stepper: Stepper | None = None
        self._stepper_asks = False
        self._steps_to_skip = 0
        self._half_played = False
        self._error: BaseException | None = None
        self._grid = None
        self.registry: AgentRegistry[Firm] = AgentRegistry(self.state.firms, self._make_agent)

    def _make_agent(self, size: str, number: int) -> Firm:
        kind = LargeFirm if size == LargeFirm.size else SmallFirm
        return kind(self, number)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the stepper, which plays the arrays of this model: a copy makes its own."""
        self._refuse_half_a_month()
        return {**self.__dict__, "_stepper": None}

    @property
    def places(self) -> NoReturn:
        """The old name of `registry`; it will be removed in the next release."""
        raise AttributeError("MarketModel.places has been renamed: use MarketModel.registry")

    @property
    def month(self) -> int:
        """Months played."""
        return int(self.state.clock[0])

    def step(self) -> None:
        """Play a month.

        Raises:
            NotClearedError: no prices were found at which a market clears, now or in an earlier month.
            RuntimeError: an error broke off an earlier month.
        """
        if self._steps_to_skip > 0:
            self._steps_to_skip -= 1
            return
        for firm in self.registry.custom_steppers:
            if firm.active:
                firm.step()
        self._play(self._current_stepper(), 1)

    def run(self, months: int | None = None) -> None:
        """Play many months at once, by default up to the parameter `months`. Bit-identical to as many calls of `step`, but faster.

        With custom agents, reporters of your own, an overridden `step` or events of Mesa's, it plays month by month.

        Raises:
            ParameterError: the number of months is not a whole number >= 0.
            NotClearedError: no prices were found at which a market clears, now or in an earlier month.
            RuntimeError: an error broke off an earlier month.
        """
        left = max(self.parameters.dynamics.months - self.month, 0)
        months = left if months is None else months
        if not isinstance(months, int | np.integer) or months < 0:
            raise ParameterError(f"months = {months!r}: must be a whole number >= 0")
        if months > 0 and not self._needs_every_month():
            self._play(partial(play, self.state, self.parameters, self.seed), months)
            self._steps_to_skip = months
        try:
            for _ in range(months):
                self.step()  # Mesa counts steps, and keeps its own clock
        finally:
            self._steps_to_skip = 0  # also if somebody pressed Stop

    def _needs_every_month(self) -> bool:
        custom_agents = self.registry.custom_steppers or self.registry.custom_accepters
        own_step = type(self).step is not MarketModel.step
        return bool(custom_agents or self.datacollector.has_own_reporters or own_step or self._awaited())

    def _play(self, play_on: Stepper, months: int) -> None:
        self._refuse_half_a_month()
        self._half_played = True
        try:
            self.measured = play_on(months)
        except BaseException as error:
            self.running, self._error = False, error
            raise
        self._half_played = False
        if self.month >= self.parameters.dynamics.months:
            self.running = False
        self.datacollector.collect(self)
        if self._grid is not None:
            self._update(self._grid)

    def _refuse_half_a_month(self) -> None:
        if isinstance(self._error, NotClearedError):
            raise self._error
        if self._half_played:
            raise RuntimeError(
                f"month {self.month} has not been played to its end, because of an error or because it is just being played: "
                f"create the model again, or go on from an earlier copy"
            )

    def _current_stepper(self) -> Stepper:
        """Return the compiled month, or the one that asks firms before they ally, if a custom agent wants to be asked."""
        asks = bool(self.registry.custom_accepters)
        if self._stepper is None or self._stepper_asks != asks:
            chosen = (self.state, self.parameters, self.seed)
            self._stepper = consent_stepper(*chosen, self.registry.consent) if asks else stepper(*chosen)
            self._stepper_asks = asks
        return self._stepper

    def disrupt(self, magnitude: float = 1.0) -> None:
        """Cause a shock when the next month begins, as if it had been scheduled.

        The contributions of each decision are redrawn with probability `magnitude`.

        Raises:
            ParameterError: the magnitude is not a probability.
        """
        environment = self.parameters.environment
        shock = Shock(self.month, magnitude)._asdict()
        shocks = checked(fields()["environment.shocks"], [*written(environment.shocks), shock])
        self.parameters = self.parameters._replace(environment=environment._replace(shocks=shocks))
        self._stepper = None

    def twin(self, **changes: Any) -> Self:
        """Return a second model with the same random draws and shocks, played up to the same month.

        `model.twin(small_interdependent=0.0)` is the same market with every small firm independent. The twin does not repeat what
        was set on agents.
        """
        shocks = written(self.parameters.environment.shocks)
        keyword = "seed" if "seed" in self._kwargs else "rng"
        other = type(self)(*self._args, **{**self._kwargs, keyword: self.seed, "shocks": shocks, **changes})
        other.run(self.month)
        return other
