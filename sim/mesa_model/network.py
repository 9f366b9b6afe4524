"""Alliances as a graph, and as a space that Mesa's drawers can show."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

import mesa.space
import networkx as nx
import numpy as np

if TYPE_CHECKING:
    from sim.mesa_model.model import MarketModel

SHOWN = ("name", "group", "lines", "alliance", "broke_word", "broken_words", "profit", "fitness")


def pairs_of_allies(model: MarketModel) -> Iterator[tuple[int, int]]:
    """The rows of every two firms that are in the same alliance."""
    alliance = model.state.firms.alliance
    rows = np.flatnonzero(alliance >= 0)
    by_alliance = rows[np.argsort(alliance[rows], kind="stable")].tolist()
    for _, members in itertools.groupby(by_alliance, key=alliance.tolist().__getitem__):
        yield from itertools.combinations(members, 2)


def alliance_graph(model: MarketModel) -> nx.Graph:
    """Nodes are the firms that trade, by `unique_id`, with the attributes of `SHOWN`; edges join the members of an alliance."""
    graph = nx.Graph()
    for firm in model.agents:
        graph.add_node(firm.unique_id, **{name: getattr(firm, name) for name in SHOWN})
    graph.add_edges_from(pairs_of_allies(model))
    return graph


class AllianceGrid(mesa.space.NetworkGrid):  # type: ignore[misc]
    """The alliances as a space: every place in the market is a node, numbered from 0 as Mesa's drawers need it, and holds its firm.

    Nodes stay while firms and edges change, so that a drawer can keep their positions.
    """

    def __init__(self, model: MarketModel) -> None:
        super().__init__(nx.empty_graph(model.state.firms.identity.size))

    def show(self, model: MarketModel) -> None:
        """Bring firms and edges up to date. Modified in place."""
        self.G.clear_edges()
        self.G.add_edges_from(pairs_of_allies(model))
        for node in self.G.nodes:
            self.G.nodes[node]["agent"] = []
        for firm in model.agents:
            firm.pos = None
            self.place_agent(firm, firm.row)
