"""Which agent speaks for which row of the economy's arrays."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.economy.state import LARGE
from sim.economy.validation import ParameterError

if TYPE_CHECKING:
    from sim.mesa_model.agents import Firm
    from sim.mesa_model.model import MarketModel

Maker = Callable[["MarketModel", int], "Firm"]


class AgentRegistry:
    """The agents by row. They are made, and those of closed firms removed, when somebody looks: that costs more than a month."""

    def __init__(self, model: MarketModel, small: Maker, large: Maker) -> None:
        self._model = model
        self._makers = {"small": small, "large": large}
        self._firms: dict[int, Firm] = {}
        self.with_own_step: list[Firm] = []
        self.with_own_consent: set[int] = set()

    def firm_in(self, row: int) -> Firm:
        """The firm in a row."""
        if row not in self._firms:
            size, number = self._name(row)
            self._makers[size](self._model, number)
        return self._firms[row]

    @cached_property
    def _rows(self) -> dict[tuple[str, int], int]:
        return {self._name(row): row for row in range(self._model.state.firms.identity.size)}

    def _name(self, row: int) -> tuple[str, int]:
        """Size class and number."""
        large, number = divmod(int(self._model.state.firms.identity[row]), int(LARGE))
        return ("large" if large else "small"), number

    def row_of(self, size: str, number: int) -> int:
        """The row of a size class's firm of this number.

        Raises:
            ParameterError: no firm of this number trades.
        """
        row = self._rows.get((size, number), -1)
        if row < 0 or not self._model.state.firms.active[row]:
            raise ParameterError(f"number = {number!r}: no {size} firm of this number trades")
        return row

    def bring_up_to_date(self) -> None:
        """One agent for every firm that trades, and no other."""
        active = self._model.state.firms.active
        if len(self._firms) == np.count_nonzero(active):
            return
        for row in np.flatnonzero(active).tolist():
            self.firm_in(row)
        for firm in [firm for row, firm in self._firms.items() if not active[row]]:
            firm.remove()

    def hand_over(self, firm: Firm) -> None:
        """Let this agent, and no other, speak for its row."""
        if firm.row in self._firms:
            self._firms[firm.row].remove()
        self._firms[firm.row] = firm
        if firm.has_own("step"):
            self.with_own_step.append(firm)
        if firm.has_own("accepts"):
            self.with_own_consent.add(firm.row)

    def give_back(self, firm: Firm) -> None:
        """Leave the agent's row to the ordinary rules."""
        self._firms.pop(firm.row)
        self.with_own_step = [other for other in self.with_own_step if other is not firm]
        self.with_own_consent.discard(firm.row)

    def consent(self, i: int, j: int) -> bool:
        """Whether the firm in row i, and everyone in the alliance of that in row j, accept each other."""
        alliance = self._model.state.firms.alliance
        members = [j] if alliance[j] < 0 else np.flatnonzero(alliance == alliance[j]).tolist()
        if self.with_own_consent.isdisjoint((i, *members)):
            return True
        newcomer = self.firm_in(i)
        return all(newcomer.accepts(member) and member.accepts(newcomer) for member in map(self.firm_in, members))
