"""Alliances as a graph, and as a space that Mesa's drawers can show."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import mesa.space
import networkx as nx

if TYPE_CHECKING:
    from sim.stage.model import MarketModel

SHOWN = ("name", "group", "lines", "alliance", "broke_word", "broken_words", "profit", "fitness")


def alliance_graph(model: MarketModel) -> nx.Graph:
    """Nodes are the firms that trade, by `unique_id`, with the attributes of `SHOWN`; edges join the members of an alliance."""
    graph = nx.Graph()
    clubs: dict[int, list[int]] = {}
    for firm in model.agents:
        graph.add_node(firm.unique_id, **{name: getattr(firm, name) for name in SHOWN})
        if firm.alliance is not None:
            clubs.setdefault(firm.alliance, []).append(firm.unique_id)
    for alliance, members in clubs.items():
        graph.add_edges_from(itertools.combinations(members, 2), alliance=alliance)
    return graph


def alliance_grid(model: MarketModel) -> mesa.space.NetworkGrid:
    """The graph as a space: every place is a node, numbered from 0 as Mesa's drawers need it, and holds its firm if it trades."""
    graph = nx.Graph()
    graph.add_nodes_from(range(model.state.firms.identity.size))
    graph.add_edges_from(alliance_graph(model).edges)
    grid = mesa.space.NetworkGrid(graph)
    for firm in model.agents:
        firm.pos = None
        grid.place_agent(firm, firm.row)
    return grid
