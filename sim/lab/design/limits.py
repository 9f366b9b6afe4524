"""Limits that are checked by multiplication, before any list is made, and names that readers would take for one another."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from sim.economy.messages import shown
from sim.lab.design.schema import Replications

MOST_CELLS = 200_000
MOST_RUNS = 2_000_000  # the list of them takes half a gigabyte


def faults_of_size(cells: int, replications: Replications) -> Iterator[str]:
    """More cells or runs than a machine can hold."""
    if cells > MOST_CELLS:
        yield f"the design points times the arms are {cells:,} cells; at most {MOST_CELLS:,} are possible"
    seeds = replications.number or replications.cap
    if cells * seeds > MOST_RUNS:
        yield f"replications: {cells:,} cells with {seeds:,} seeds are {cells * seeds:,} runs; at most {MOST_RUNS:,} are possible"


def look_alikes(key: str, names: Iterable[str]) -> Iterator[str]:
    """Names that are equal once printed, as two ways to write the same accent are."""
    seen = set()
    for name in names:
        form = unicodedata.normalize("NFKC", name)
        if form in seen:
            yield f"{key}: two of them would be called {shown(name)}, or look so"
        seen.add(form)
