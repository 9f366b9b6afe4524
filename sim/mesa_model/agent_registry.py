"""Which agent belongs to which row of the economy's arrays."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from sim.economy.state import Firms
from sim.economy.validation import ParameterError
from sim.observation.decoding import size_and_number


class FirmAgent(Protocol):
    """What the registry needs to know of an agent."""

    row: int

    @property
    def ordinary(self) -> bool:
        """Whether the agent only follows the ordinary rules."""
        ...

    def accepts(self, other: Any) -> bool:
        """Return True to accept `other`."""
        ...

    def overrides(self, method: str) -> bool:
        """Return whether the agent's class overrides what firms do."""
        ...

    def remove(self) -> None:
        """Unregister the agent."""
        ...


Agent = TypeVar("Agent", bound=FirmAgent)


class AgentRegistry(Generic[Agent]):
    """The agents by row.

    Agents are made, and those of closed firms removed, only when somebody asks for them: that takes longer than a month.

    Args:
        firms: the firm arrays.
        make_agent: makes the ordinary agent for a size class and a number; the agent registers itself.

    Attributes:
        custom_steppers: the agents whose class overrides `step`.
        custom_accepters: the rows of the agents whose class overrides `accepts`.
    """

    def __init__(self, firms: Firms, make_agent: Callable[[str, int], object]) -> None:
        self._firms = firms
        self._make_agent = make_agent
        self._agents: dict[int, Agent] = {}
        self.custom_steppers: list[Agent] = []
        self.custom_accepters: set[int] = set()

    def agent_at(self, row: int) -> Agent:
        """Return the agent of a row."""
        if row not in self._agents:
            self._make_agent(*size_and_number(self._firms.identity[row]))
        return self._agents[row]

    def registered(self, row: int) -> Agent | None:
        """Return the agent of a row if there is one already."""
        return self._agents.get(row)

    def holds(self, agent: Agent) -> bool:
        """Return whether the agent is registered."""
        return self._agents.get(agent.row) is agent

    @cached_property
    def _rows(self) -> dict[tuple[str, int], int]:
        return {size_and_number(identity): row for row, identity in enumerate(self._firms.identity)}

    def row_of(self, size: str, number: int) -> int:
        """Return the row of the firm of this size class and number.

        Raises:
            ParameterError: no firm of this number trades.
        """
        row = self._rows.get((size, number), -1)
        if row < 0 or not self._firms.active[row]:
            raise ParameterError(f"number = {number!r}: no {size} firm of this number trades")
        return row

    def free_row(self, size: str) -> int:
        """Return the row of the first firm of this size class that has no custom agent.

        Raises:
            ParameterError: every firm of this size class that trades has one.
        """
        for (other, _), row in sorted(self._rows.items()):
            if other == size and self._firms.active[row] and (row not in self._agents or self._agents[row].ordinary):
                return row
        raise ParameterError(f"number: every {size} firm that trades has a custom agent already")

    def synchronise(self) -> None:
        """Make sure that every firm that trades has an agent, and no other firm has one."""
        active = np.flatnonzero(self._firms.active).tolist()
        if self._agents.keys() == set(active):
            return
        for row in active:
            self.agent_at(row)
        for agent in [agent for row, agent in self._agents.items() if not self._firms.active[row]]:
            agent.remove()

    def register(self, agent: Agent) -> None:
        """Make this the agent of its row."""
        self._agents[agent.row] = agent
        if agent.overrides("step"):
            self.custom_steppers.append(agent)
        if agent.overrides("accepts"):
            self.custom_accepters.add(agent.row)

    def unregister(self, agent: Agent) -> None:
        """Forget the agent; its firm then follows the ordinary rules."""
        self._agents.pop(agent.row)
        self.custom_steppers = [other for other in self.custom_steppers if other is not agent]
        self.custom_accepters.discard(agent.row)

    def consent(self, i: int, j: int) -> bool:
        """Return whether firm i and every firm in the alliance of firm j accept each other."""
        alliance = self._firms.alliance
        members = [j] if alliance[j] < 0 else np.flatnonzero(alliance == alliance[j]).tolist()
        if self.custom_accepters.isdisjoint((i, *members)):
            return True
        newcomer = self.agent_at(i)
        return all(newcomer.accepts(member) and member.accepts(newcomer) for member in map(self.agent_at, members))
