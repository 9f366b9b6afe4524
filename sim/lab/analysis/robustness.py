"""Whether the claims' contrasts keep their signs in other universes."""

from __future__ import annotations

from typing import NamedTuple

from sim.lab.analysis import deciding, estimation
from sim.lab.analysis.findings import ContrastResult, Failure, UniverseResult
from sim.lab.design.cells import Cell, cells
from sim.lab.design.schema import Experiment, Robustness
from sim.lab.design.universes import AS_IT_IS, Variant, needed_arms, variants
from sim.lab.ensemble import Ensemble, RunStore
from sim.lab.execution.job import Executor
from sim.lab.execution.sampling import OnProgress, sample
from sim.lab.statistics.paired import Estimate
from sim.lab.statistics.verdicts import Verdict


class RobustnessResult(NamedTuple):
    """The result of every claim in every universe."""

    universes: list[UniverseResult]
    failures: list[Failure]
    runs: int


def compare_universes(
    design: Robustness, claims: list[Experiment], store: RunStore, execute: Executor, on_progress: OnProgress
) -> RobustnessResult:
    """Run all claims in all universes, and compare the signs with those in the universe AS_IT_IS."""
    all_variants = list(variants(design, claims))
    ensembles = _sample_together(all_variants, design, claims[0].seed, store, execute, on_progress)
    failures = [failure for ensemble in ensembles for failure in estimation.failures(ensemble)]
    results = [
        estimation.estimate_all(estimation.compare_all(variant.experiment, ensemble), complete=not failures)
        for variant, ensemble in zip(all_variants, ensembles, strict=True)
    ]
    pairs = list(zip(all_variants, results, strict=True))
    base = {variant.claim: contrasts for variant, contrasts in pairs if variant.universe == AS_IT_IS}
    return RobustnessResult(
        [_universe_result(variant, contrasts, base[variant.claim]) for variant, contrasts in pairs],
        failures,
        sum(ensemble.size for ensemble in ensembles),
    )


def _needed_cells(experiment: Experiment) -> list[Cell]:
    arms = needed_arms(experiment)
    return [cell for cell in cells(experiment) if arms is None or cell.arm in arms]


def _sample_together(
    all_variants: list[Variant], design: Robustness, seed: int, store: RunStore, execute: Executor, on_progress: OnProgress
) -> list[Ensemble]:
    """Run the cells of all variants as one sweep, so that it is balanced and shows one time left; one ensemble per variant."""
    by_variant = [_needed_cells(variant.experiment) for variant in all_variants]
    as_one_point = [cell._replace(number=0) for needed in by_variant for cell in needed]
    seeds = sample(as_one_point, design.replications, None, seed, store, execute, on_progress).seeds[0]
    return [Ensemble(needed, {cell.number: seeds for cell in needed}, store) for needed in by_variant]


def _universe_result(variant: Variant, contrasts: list[ContrastResult], base: list[ContrastResult]) -> UniverseResult:
    """The signs in a universe, of those that are settled in AS_IT_IS; in AS_IT_IS itself, of all."""
    signs = [
        here * there
        for contrast, base_contrast in zip(contrasts, base, strict=True)
        for here, there in zip(_signs(contrast), _signs(base_contrast), strict=True)
        if here is not None and there is not None and (there or variant.universe == AS_IT_IS)
    ]
    verdict = deciding.verdict_on_claim(contrasts)
    return UniverseResult(variant.claim, variant.universe, verdict, signs.count(1), signs.count(0), signs.count(-1))


def _signs(result: ContrastResult) -> list[int | None]:
    """The sign at each design point, None where there is nothing to estimate; of a contrast with a shape, whether it has it."""
    if result.contrast.shape:
        return [_AS_SIGN.get(result.verdict, 0)]
    return [_sign(point.estimate) if point.estimate.n else None for point in result.points]


_AS_SIGN: dict[Verdict | None, int] = {Verdict.SUPPORTED: 1, Verdict.CONTRADICTED: -1}


def _sign(estimate: Estimate) -> int:
    """The side of zero on which the interval of this point alone lies; 0 if it contains zero."""
    return int(estimate.single_low > 0) - int(estimate.single_high < 0)
