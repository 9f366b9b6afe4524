"""The rules for robustness files: names of claims' files in the same folder, and universes that fit each claim."""

from __future__ import annotations

from collections.abc import Iterator

from sim.economy.messages import shown
from sim.lab.design.checking import faults
from sim.lab.design.limits import faults_of_size, look_alikes
from sim.lab.design.schema import Experiment, Robustness
from sim.lab.design.universes import AS_IT_IS, count_needed_cells, variants

SEPARATORS = "/\\:"
NOT_NAMES = ("", ".", "..", "**")


def faults_of_patterns(design: Robustness) -> Iterator[str]:
    """Patterns that lead out of the folder."""
    for pattern in design.claims:
        if pattern in NOT_NAMES or not pattern.isprintable() or set(pattern) & set(SEPARATORS):
            yield f"claims = {shown(pattern)}: must be the name of a file in the same folder, or a pattern such as 'claim_*.toml'"


def faults_of_universes(design: Robustness, claims: list[Experiment]) -> Iterator[str]:
    """All faults of the claims in the universes, the number of their cells first."""
    numbers = [experiment.claim.number for experiment in claims if experiment.claim]
    for number in numbers:
        if numbers.count(number) > 1:
            yield f"claims = {shown(design.claims)}: two of these files test claim {number}"
    yield from look_alikes("universes", [AS_IT_IS, *design.universes])
    yield from faults_of_size(count_needed_cells(design, claims), design.replications)
    for variant in variants(design, claims):
        for fault in faults(variant.experiment):
            yield f"universes.{variant.universe}: claim {variant.claim}: {fault}"
