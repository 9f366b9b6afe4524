"""Firms as Mesa agents: thin views on the rows of the economy's arrays."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

import mesa
import numpy as np

from sim.economy.measures import GROUPS
from sim.economy.state import Firms
from sim.economy.validation import ParameterError, nearest
from sim.mesa_model.array_field import ArrayField, admitted, decisions, domain, money, range_of, yes_or_no

if TYPE_CHECKING:
    from sim.mesa_model.model import MarketModel

STRATEGIES = ("independent", "interdependent")
INTERNAL = {"identity", "level", "outcome", "model", "alliance", "coverage", "specialists", "competence"}


class _NoRegister:
    """Mesa 3.3 numbers agents in a class-wide register that keeps every model alive; firms have numbers of their own."""

    def __getitem__(self, _model: Any) -> Iterator[int]:
        return itertools.repeat(0)


class Firm(mesa.Agent):  # type: ignore[misc]
    """A place in the market and whoever holds it: when its firm fails, a start-up takes it over and `age` begins anew.

    To give a firm a mind of its own, override `accepts`, or `step`, which is called before every month, and create it for the place
    of an existing firm: `MyFirm(model, number)`.

    Every array of `sim.economy.state.Firms` is an attribute (`cash`, `price`, `profit`, ...), as of the end of the month played
    last; `model` is Mesa's, the business model is `business_model`. What can be set takes effect in the next month.
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
        model.registry.hand_over(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    def accepts(self, other: Firm) -> bool:  # noqa: ARG002
        """Whether it would be in an alliance with this firm. Override it; it is asked if the club rule speaks for the alliance."""
        return True

    def remove(self) -> None:
        """Leave the place to the ordinary rules: whoever looks at it finds a plain `SmallFirm` or `LargeFirm` there."""
        super().remove()
        self.model.registry.give_back(self)

    def has_own(self, method: str) -> bool:
        """Whether its class overrides what firms do."""
        return getattr(type(self), method) is not getattr(Firm, method)

    def leave(self) -> None:
        """Leave the alliance, if there is one, before the next month begins."""
        self.arrays.alliance[self.row] = -1

    @property
    def name(self) -> str:
        """Size class and number, "small 17"."""
        return f"{self.size} {self.number}"

    @property
    def group(self) -> str:
        """The group in which it is measured, by size and strategy."""
        return GROUPS[2 * self.large + self.interdependent]

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
        """Number of the domain in which it needs no specialist."""
        return int(self.arrays.competence[self.row]).bit_length() // self.decisions_per_domain - 1

    @competence.setter
    def competence(self, value: int) -> None:
        self.arrays.competence[self.row] = self.model.state.landscape.domain[admitted(self, "competence", domain(self), value)]

    @property
    def coverage(self) -> int:
        """How many domains it can judge without error."""
        return int(self.arrays.coverage[self.row]).bit_count() // self.decisions_per_domain

    @property
    def specialists(self) -> int:
        """How many specialists it employs alone."""
        return int(self.arrays.specialists[self.row]).bit_count() // self.decisions_per_domain

    @property
    def alliance(self) -> int | None:
        """Number of its alliance, None without one."""
        a = int(self.arrays.alliance[self.row])
        return None if a < 0 else a

    @property
    def allies(self) -> list[Firm]:
        """The other members of its alliance."""
        if self.alliance is None:
            return []
        rows = np.flatnonzero(self.arrays.alliance == self.alliance).tolist()
        return [self.model.registry.firm_in(row) for row in rows if row != self.row]

    @property
    def broke_word(self) -> bool:
        """Whether it did not keep its word to its allies this month; `broken_words` counts the months in which it did not."""
        return self.alliance is not None and not self.keeps_word

    @property
    def decisions_per_domain(self) -> int:
        """How many decisions a domain consists of."""
        environment = self.model.parameters.environment
        return int(environment.decisions // environment.domains)


for _array in Firms._fields:
    if _array not in INTERNAL and not hasattr(Firm, _array):
        _entry = ArrayField(_array)
        _entry.__set_name__(Firm, _array)
        setattr(Firm, _array, _entry)


class SmallFirm(Firm):
    """A small firm."""

    size = "small"


class LargeFirm(Firm):
    """A large firm."""

    size = "large"
