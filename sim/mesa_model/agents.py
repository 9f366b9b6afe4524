"""Firms as Mesa agents: thin views on the rows of the economy's arrays."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

import mesa
import numpy as np

from sim.economy.measures import STRATEGIES
from sim.economy.state import INTERNAL, Firms
from sim.economy.validation import ParameterError, nearest
from sim.mesa_model.array_field import ArrayField, admitted, decisions, domain, money, range_of, specialists, yes_or_no
from sim.observation.decoding import domain_number, domains_in, firm_name, size_and_number
from sim.observation.groups import group_name

if TYPE_CHECKING:
    from sim.mesa_model.model import MarketModel


class _NoRegister:
    """Stands for Mesa 3.3's class-wide register of agents' numbers, which keeps every model alive; firms have their own numbers."""

    def __getitem__(self, _model: Any) -> Iterator[int]:
        return itertools.repeat(0)


class Firm(mesa.Agent):  # type: ignore[misc]
    """A position in the market and the firm that holds it: when the firm fails, a start-up takes over and `age` begins anew.

    To write a custom agent, subclass `SmallFirm` or `LargeFirm`, override `accepts` or `step` (which is called before every month),
    and create it for the position of an existing firm: `MyFirm(model, number)`, or `MyFirm(model)` for the first that has none.

    Every array of `sim.economy.state.Firms` is an attribute (`cash`, `price`, `profit`, ...), as of the end of the month played
    last; `model` is Mesa's model, the business model is `business_model`. What can be set takes effect in the next month.

    Raises:
        ParameterError: no firm of this size and number trades, or all have custom agents.

    >>> from sim.mesa_model import MarketModel, SmallFirm
    >>> class Loner(SmallFirm):
    ...     def accepts(self, other):
    ...         return False
    >>> model = MarketModel(rng=1, small=10, large=1)
    >>> loner = Loner(model, 3)
    >>> loner.name, loner.group, loner.alliance
    ('small 3', 'small independent', None)
    >>> loner.maturity = 0.9
    >>> model.run(12)
    >>> loner.allies
    []
    """

    size: ClassVar[str]
    _ids = _NoRegister()

    interdependent = ArrayField("interdependent", yes_or_no)
    sales_focus = ArrayField("sales_focus", range_of("population.sales_focus"))
    maturity = ArrayField("maturity", range_of("population.maturity"))
    cash = ArrayField("cash", money)
    exclusion = ArrayField("exclusion", range_of("collaboration.exclusion"))
    business_model = ArrayField("model", decisions)
    idea = ArrayField("idea", decisions)
    wanted = ArrayField("wanted", specialists)

    def __init__(self, model: MarketModel, number: int | None = None) -> None:
        registry = model.registry
        if number is None and self.ordinary:
            kind = type(self).__name__
            raise ParameterError(
                f"number: every firm has a {kind} already; derive a class from it, or name a firm: {kind}(model, 3)"
            )
        self.row = registry.free_row(self.size) if number is None else registry.row_of(self.size, number)
        self.arrays = model.state.firms
        self.number = size_and_number(self.arrays.identity[self.row])[1]
        super().__init__(model)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    def accepts(self, other: Firm) -> bool:  # noqa: ARG002
        """Return True to accept `other`; called when the club rule would let the two into one alliance."""
        return True

    def step(self) -> None:
        """Act before the month begins; to be overridden.

        Raises:
            TypeError: the class does not override it, so that calling it would do nothing.
        """
        if not self.overrides("step"):
            raise TypeError(f"{self.name}: firms act together: write model.step() instead of calling step() of agents")

    def remove(self) -> None:
        """Remove a custom agent, not its firm, which then follows the ordinary rules as a `SmallFirm` or `LargeFirm`.

        Raises:
            TypeError: the agent is an ordinary one, and its firm would get another.
        """
        if self.ordinary and self.active and self.model.registry.holds(self):
            raise TypeError(
                f"{self.name}: only failing takes a firm out of the market: write firm.cash = -1e9 instead of firm.remove(); "
                f'a start-up takes its position, except with entry="none"'
            )
        super().remove()

    @property
    def ordinary(self) -> bool:
        """Whether this is a plain `SmallFirm` or `LargeFirm`."""
        return type(self) in (SmallFirm, LargeFirm)

    def overrides(self, method: str) -> bool:
        """Return whether the class overrides this method of `Firm`."""
        return getattr(type(self), method) is not getattr(Firm, method)

    def leave(self) -> None:
        """Leave the alliance, or the group of a field trial, if the firm is in one, before the next month begins."""
        self.arrays.alliance[self.row] = -1

    @property
    def name(self) -> str:
        """Size class and number: "small 17"."""
        return firm_name(self.arrays.identity[self.row])

    @property
    def group(self) -> str:
        """The group by size and strategy in which the firm is measured: "small interdependent"."""
        return group_name(self.large, self.interdependent)

    @property
    def strategy(self) -> str:
        """Either "independent" or "interdependent". A firm that turns independent leaves its alliance when the next month opens."""
        return STRATEGIES[self.interdependent]

    @strategy.setter
    def strategy(self, value: str) -> None:
        if value not in STRATEGIES:
            hint = nearest(value, STRATEGIES)
            raise ParameterError(f"{self.name}: strategy = {value!r}: must be one of {', '.join(STRATEGIES)}{hint}")
        self.interdependent = value == STRATEGIES[1]

    @property
    def competence(self) -> int:
        """Number of the domain in which the firm needs no specialist."""
        return int(domain_number(self.arrays.competence[self.row], self.model.state.landscape))

    @competence.setter
    def competence(self, value: int) -> None:
        self.arrays.competence[self.row] = self.model.state.landscape.domain[admitted(self, "competence", domain(self), value)]

    @property
    def coverage(self) -> int:
        """Number of domains that the firm can judge without error."""
        return int(domains_in(self.arrays.coverage[self.row], self.model.state.landscape))

    @property
    def specialists(self) -> int:
        """Number of specialists that the firm employs alone."""
        return int(domains_in(self.arrays.specialists[self.row], self.model.state.landscape))

    @property
    def alliance(self) -> int | None:
        """Number of the firm's alliance; None if it is in none."""
        a = int(self.arrays.alliance[self.row])
        return None if a < 0 or self.model.state.alliances.trial[a] else a

    @property
    def trial_group(self) -> int | None:
        """Number of the firm's group in a field trial; None if it is in none."""
        a = int(self.arrays.alliance[self.row])
        return a if a >= 0 and self.model.state.alliances.trial[a] else None

    @property
    def allies(self) -> list[Firm]:
        """The other members of the firm's alliance."""
        if self.alliance is None:
            return []
        rows = np.flatnonzero(self.arrays.alliance == self.alliance).tolist()
        return [self.model.registry.agent_at(row) for row in rows if row != self.row]

    @property
    def broke_word(self) -> bool:
        """Whether the firm did not keep its word to its allies this month; `broken_words` counts these months."""
        return self.alliance is not None and not self.keeps_word


for _array in Firms._fields:
    if _array not in (*INTERNAL, "model") and not hasattr(Firm, _array):
        _field = ArrayField(_array)
        _field.__set_name__(Firm, _array)
        setattr(Firm, _array, _field)


class SmallFirm(Firm):
    """A small firm."""

    size = "small"


class LargeFirm(Firm):
    """A large firm."""

    size = "large"
