"""What users of Mesa expect of agents, records and space: it works as in Mesa, or is refused with what to write instead."""

from __future__ import annotations

from typing import Any, NoReturn

import mesa
import networkx as nx

from sim.economy.state import State
from sim.mesa_model.agent_registry import AgentRegistry
from sim.mesa_model.agents import Firm
from sim.mesa_model.datacollector import MonthCollector
from sim.mesa_model.network import AllianceGrid, alliance_graph
from sim.observation.decoding import alliance_numbers


class MesaInterface(mesa.Model):  # type: ignore[misc]
    """A Mesa model whose agents are firms, one for each firm that trades; they are made when somebody asks for them."""

    registry: AgentRegistry[Firm]
    state: State
    _datacollector: MonthCollector
    _grid: AllianceGrid | None

    def _advance_time(self, until: float) -> None:
        """Play on, in Mesa 3.5; after an error in a step, and in a copy made during one, the event of the next step is missing."""
        steps = self._default_schedule
        if steps.is_active and steps.next_scheduled_time <= self.time:
            steps.pause()
            steps.resume()
        super()._advance_time(until)

    def _awaited(self) -> bool:
        """Return whether events, of which `step` is one, or observers wait for a certain month; Mesa 3.5 has both."""
        return len(getattr(self, "_event_list", ())) > 1 or bool(getattr(self, "subscribers", None))

    def __copy__(self) -> NoReturn:
        raise TypeError("copy.copy(model): two models cannot share their firms; write copy.deepcopy(model)")

    @property
    def datacollector(self) -> MonthCollector:
        """The measures of all months; to add reporters, set it to a `MonthCollector` of your own."""
        return self._datacollector

    @datacollector.setter
    def datacollector(self, collector: MonthCollector) -> None:
        if not isinstance(collector, MonthCollector):
            raise TypeError(
                f"datacollector: write MonthCollector(...) instead of {type(collector).__name__}(...): "
                f"it takes the same reporters, and the model calls its collect() every month"
            )
        self._datacollector = collector

    def network(self) -> nx.Graph:
        """Return the alliances as a graph, see `alliance_graph`."""
        return alliance_graph(self.agents, alliance_numbers(self.state))

    @property
    def grid(self) -> AllianceGrid:
        """The alliances as a space that Mesa's drawing functions can show; after the first use it is updated every month."""
        self._grid = self._grid or AllianceGrid(self.state.firms.identity.size)
        self._update(self._grid)
        return self._grid

    def _update(self, grid: AllianceGrid) -> None:
        grid.update(self.agents, alliance_numbers(self.state))

    @mesa.Model.agents.getter  # type: ignore[untyped-decorator]
    def agents(self) -> Any:
        """The firms that trade."""
        self.registry.synchronise()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """The firms that trade, by class."""
        self.registry.synchronise()
        return super().agents_by_type

    @property
    def agent_types(self) -> Any:
        """The classes of firms."""
        self.registry.synchronise()
        return super().agent_types

    def register_agent(self, agent: mesa.Agent) -> None:
        """Make this the agent of its firm; the agent before it is deregistered. Agents call it when they are created.

        Raises:
            TypeError: the agent is not a firm, or not of this model.
        """
        if not isinstance(agent, Firm):
            name = type(agent).__name__
            raise TypeError(f"{name}: all agents are firms here: derive from SmallFirm or LargeFirm instead of mesa.Agent")
        if agent.model is not self:
            raise TypeError(f"{agent.name}: is an agent of another model; create one for this model: {type(agent).__name__}(model)")
        if self.registry.holds(agent):
            return
        before = self.registry.registered(agent.row)
        if before is not None:
            self.deregister_agent(before)
        super().register_agent(agent)
        agent.unique_id = agent.row
        self.registry.register(agent)

    def deregister_agent(self, agent: Firm) -> None:
        """Forget the agent; its firm then follows the ordinary rules. `Firm.remove` calls it.

        Raises:
            KeyError: the agent is not registered.
        """
        super().deregister_agent(agent)
        self.registry.unregister(agent)

    def remove_all_agents(self) -> NoReturn:
        """Refuse: the firms would remain, and get new agents.

        Raises:
            TypeError: always.
        """
        raise TypeError("remove_all_agents(): firms stay in the market and would get new agents; create a new model instead")
