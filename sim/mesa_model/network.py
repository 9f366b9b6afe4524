"""Alliances as a graph, and as a space that Mesa's drawing functions can show."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import mesa.space
import networkx as nx
import numpy as np
from networkx.classes.reportviews import EdgeView

from sim.economy.arrays import Ints

SHOWN = ("name", "group", "lines", "alliance", "broke_word", "broken_words", "profit", "fitness")


def pairs_of_allies(alliance: Ints) -> Iterator[tuple[int, int]]:
    """Yield the rows of every two firms that are in the same alliance; `alliance` is each firm's, -1 = none, shape (firms,)."""
    rows = np.flatnonzero(alliance >= 0)
    by_alliance = rows[np.argsort(alliance[rows], kind="stable")].tolist()
    for _, members in itertools.groupby(by_alliance, key=alliance.tolist().__getitem__):
        yield from itertools.combinations(members, 2)


def alliance_graph(agents: Iterable[Any], alliance: Ints) -> nx.Graph:
    """Return the alliances as a graph.

    Nodes are the agents by `unique_id`, with the attributes of `SHOWN`; edges join the members of an alliance.
    """
    graph = nx.Graph()
    for firm in agents:
        graph.add_node(firm.unique_id, **{name: getattr(firm, name) for name in SHOWN})
    graph.add_edges_from(pairs_of_allies(alliance))
    return graph


class AllianceGrid(mesa.space.NetworkGrid):  # type: ignore[misc]
    """The alliances as a space: every row of the firm arrays is a node and holds the firm's agent.

    Nodes are numbered from 0, as Mesa's drawing functions need it. They stay while firms and edges change, so that a drawing can
    keep their positions. To analyse alliances, use `MarketModel.network()`.
    """

    def __init__(self, firms: int) -> None:
        super().__init__(nx.empty_graph(firms, create_using=_DrawableGraph))

    def update(self, agents: Iterable[Any], alliance: Ints) -> None:
        """Show these agents and alliances. Modified in place: the grid and the `pos` of the agents."""
        self.G.clear_edges()
        self.G.add_edges_from(pairs_of_allies(alliance))
        for node in self.G.nodes:
            self.G.nodes[node]["agent"] = []
        for firm in agents:
            firm.pos = None
            self.place_agent(firm, firm.row)


class _DrawableEdges(EdgeView):  # type: ignore[misc]
    """Edges of which there is always one to draw.

    For a graph without edges, networkx draws none and returns an empty list, on which `draw_space` of Mesa 3.3 to 3.5 fails.
    A line from node 0 to itself has no length and cannot be seen. networkx draws what `list(G.edges)` holds, so only there is such
    an edge; the graph has none, and neither `G.edges()` nor any other way to ask for edges shows it.
    """

    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return EdgeView(self._graph)(*args, **kwargs)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        yield from list(super().__iter__()) or [(0, 0)]


class _DrawableGraph(nx.Graph):  # type: ignore[misc]
    """A graph that can be drawn without edges too."""

    @cached_property
    def edges(self) -> EdgeView:
        """The edges, or one without length."""
        return _DrawableEdges(self)
