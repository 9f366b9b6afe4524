"""Firms as Mesa agents: thin views on the rows of the economy's arrays."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import mesa
import numpy as np
from annotated_types import Ge, Le

from sim.economy.measures import STRATEGIES
from sim.economy.state import INTERNAL, Firms
from sim.economy.validation import ParameterError, nearest
from sim.mesa_model.array_field import ArrayField, admitted, money, range_of, yes_or_no
from sim.observation.decoding import domain_number, domains_in, firm_name
from sim.observation.groups import group_name

if TYPE_CHECKING:
    from sim.mesa_model.model import MarketModel


class _NoRegister:
    """Stands for Mesa 3.3's class-wide register of agents' numbers, which keeps every model alive; firms have their own numbers."""

    def __getitem__(self, _model: Any) -> Iterator[int]:
        return itertools.repeat(0)


def decisions(firm: Firm) -> Any:
    """Admit the masks of the model's decisions: bit d stands for decision d."""
    return Annotated[int, Ge(0), Le(int(firm.model.state.landscape.all_decisions[0]))]


def domain(firm: Firm) -> Any:
    """Admit the numbers of the model's domains."""
    return Annotated[int, Ge(0), Le(firm.model.parameters.environment.domains - 1)]


class Firm(mesa.Agent):  # type: ignore[misc]
    """A position in the market and the firm that holds it: when the firm fails, a start-up takes over and `age` begins anew.

    To write a custom agent, subclass `SmallFirm` or `LargeFirm`, override `accepts` or `step` (which is called before every month),
    and create it for the position of an existing firm: `MyFirm(model, number)`.

    Every array of `sim.economy.state.Firms` is an attribute (`cash`, `price`, `profit`, ...), as of the end of the month played
    last; `model` is Mesa's model, the business model is `business_model`. What can be set takes effect in the next month.

    Raises:
        ParameterError: no firm of this size and number trades.

    >>> from sim.mesa_model import MarketModel, SmallFirm
    >>> class Loner(SmallFirm):
    ...     def accepts(self, other):
    ...         return False
    >>> model = MarketModel(small=10, large=1)
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

    def __init__(self, model: MarketModel, number: int) -> None:
        row = model.registry.row_of(self.size, number)
        super().__init__(model)
        self.unique_id = self.row = row
        self.number = number
        self.arrays = model.state.firms
        model.registry.register(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    def accepts(self, other: Firm) -> bool:  # noqa: ARG002
        """Return True to accept `other`; called when the club rule would let the two into one alliance."""
        return True

    def remove(self) -> None:
        """Remove the agent, not its firm, which then follows the ordinary rules as a `SmallFirm` or `LargeFirm`."""
        super().remove()
        self.model.registry.unregister(self)

    def overrides(self, method: str) -> bool:
        """Return whether the class overrides this method of `Firm`."""
        return getattr(type(self), method) is not getattr(Firm, method)

    def leave(self) -> None:
        """Leave the alliance, if the firm is in one, before the next month begins."""
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
        return None if a < 0 else a

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
