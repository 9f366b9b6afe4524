"""Do the claims' verdicts keep their sign in other universes?"""

from __future__ import annotations

from typing import NamedTuple

from sim.lab.analysis import estimation
from sim.lab.analysis.findings import ContrastResult, Failure, UniverseResult
from sim.lab.design.cells import Cell, cells, treated
from sim.lab.design.points import points
from sim.lab.design.schema import Experiment, Robustness
from sim.lab.design.universes import AS_IT_IS, Variant, needed_arms, variants
from sim.lab.execution.job import Executor
from sim.lab.execution.sampling import OnProgress, Seeds, sample
from sim.lab.execution.store import Store
from sim.lab.statistics.paired import Estimate
from sim.lab.statistics.verdicts import over_contrasts


class RobustnessResult(NamedTuple):
    """What became of every claim in every universe."""

    survival: list[UniverseResult]
    failures: list[Failure]
    runs: int


def survey(design: Robustness, claims: list[Experiment], store: Store, execute: Executor, report: OnProgress) -> RobustnessResult:
    """Run all claims in all universes and compare the signs with the universe as it is."""
    found = list(variants(design, claims))
    worlds = [_needed(variant) for variant in found]
    seeds = _run(worlds, design, claims[0].seed, store, execute, report)
    failures = [f for cells, seeds_of in zip(worlds, seeds, strict=True) for f in estimation.failures(cells, seeds_of, store)]
    judged = [
        estimation.judge(estimation.compare(variant.experiment, cells, seeds_of, store), complete=not failures)
        for variant, cells, seeds_of in zip(found, worlds, seeds, strict=True)
    ]
    base = {variant.claim: part for variant, part in zip(found, judged, strict=True) if variant.universe == AS_IT_IS}
    return RobustnessResult(
        [_survival(variant, part, base[variant.claim]) for variant, part in zip(found, judged, strict=True)],
        failures,
        sum(len(seeds_of[cell.number]) for cells, seeds_of in zip(worlds, seeds, strict=True) for cell in cells),
    )


def count_worlds(design: Robustness, claims: list[Experiment]) -> int:
    """How many worlds are run."""
    arms = [(variant, needed_arms(variant.experiment) or treated(variant.experiment)) for variant in variants(design, claims)]
    return sum(len(points(variant.experiment)) * len(names) for variant, names in arms)


def _needed(variant: Variant) -> list[Cell]:
    arms = needed_arms(variant.experiment)
    return [cell for cell in cells(variant.experiment) if arms is None or cell.arm in arms]


def _run(
    worlds: list[list[Cell]], design: Robustness, seed: int, store: Store, execute: Executor, report: OnProgress
) -> list[Seeds]:
    """All worlds as one sweep, so that it is balanced and has one time left."""
    renumbered = [cell._replace(number=0) for part in worlds for cell in part]
    used = sample(renumbered, design.replications, None, seed, store, execute, report)[0]
    return [{cell.number: used for cell in part} for part in worlds]


def _survival(variant: Variant, judged: list[ContrastResult], base: list[ContrastResult]) -> UniverseResult:
    signs = [
        _sign(here.estimate) * _sign(there.estimate)
        for part, other in zip(judged, base, strict=True)
        for here, there in zip(part.places, other.places, strict=True)
        if here.estimate.n and there.estimate.n
    ]
    verdict = over_contrasts([part.verdict for part in judged if part.verdict])
    return UniverseResult(variant.claim, variant.universe, verdict, signs.count(1), signs.count(0), signs.count(-1))


def _sign(estimate: Estimate) -> int:
    """On which side of zero the interval of this place lies; 0 if on both."""
    return int(estimate.single_low > 0) - int(estimate.single_high < 0)
