"""From the runs of an experiment to the parts of its findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.economy import measures
from sim.lab.analysis.deciding import Comparisons, decisions, hold_together, verdict
from sim.lab.analysis.findings import ContrastResult, Crossing, Failure, PointResult
from sim.lab.design.cells import subset_name, subsets
from sim.lab.design.ranges import Method
from sim.lab.design.schema import Experiment
from sim.lab.ensemble import Ensemble
from sim.lab.statistics.contrasts import Comparison, compare
from sim.lab.statistics.paired import CONFIDENCE, Estimate, control_false_discoveries, estimates, half_width
from sim.lab.statistics.sensitivity import Sensitivity, sensitivity
from sim.lab.statistics.shapes import lines_with_values, peak
from sim.lab.statistics.shapley import Contribution, contributions, shapley
from sim.lab.statistics.thresholds import lines, thresholds
from sim.observation.outcomes import GROUP_OUTCOMES, GROUPS, MARKET, OUTCOMES

if TYPE_CHECKING:
    import pandas as pd


def compare_all(experiment: Experiment, ensemble: Ensemble) -> Comparisons:
    """The matched series of every contrast."""
    return [compare(contrast, ensemble) for contrast in experiment.contrasts]


def estimate_all(comparisons: Comparisons, complete: bool) -> list[ContrastResult]:
    """Estimates and verdicts of every contrast, with the false-discovery rate controlled over all of them.

    `complete`: no run failed, so that a value that is missing does not exist.
    """
    by_contrast = [estimates(of_contrast) for of_contrast in comparisons]
    adjusted = iter(control_false_discoveries([estimate for part in by_contrast for estimate in part]))
    hold = hold_together(comparisons, complete)
    return [_contrast_result(part, adjusted, complete, holds) for part, holds in zip(comparisons, hold, strict=True)]


def _contrast_result(
    comparisons: Sequence[Comparison], estimated: Iterator[Estimate], complete: bool, holds: bool
) -> ContrastResult:
    """The result of one contrast; takes one estimate for each comparison."""
    contrast = comparisons[0].contrast
    points = [
        PointResult(comparison.arm, comparison.point, next(estimated), decision)
        for comparison, decision in zip(comparisons, decisions(comparisons, complete), strict=True)
    ]
    lines = lines_with_values(comparisons) if contrast.shape else []
    peaks = [found for line in lines if (found := peak(line))]
    return ContrastResult(contrast, points, verdict(comparisons, complete), holds, peaks)


def crossings(experiment: Experiment, comparisons: Comparisons) -> Iterator[Crossing]:
    """Where each pointwise contrast changes its sign along each swept parameter of a grid."""
    for of_contrast in comparisons:
        contrast = of_contrast[0].contrast
        if not contrast.pointwise:
            continue
        for parameter in experiment.sweep:
            for line in lines([comparison for comparison in of_contrast if comparison.difference.size], parameter):
                others = {name: value for name, value in line[0].point.items() if name != parameter}
                for threshold in thresholds(parameter, line):
                    yield Crossing(contrast.name, line[0].arm, others, threshold)


def contributions_of_mechanisms(experiment: Experiment, comparisons: Comparisons) -> list[Contribution]:
    """Shapley values of the first contrast over the mechanisms; empty without mechanisms or with more than one point."""
    mechanisms = list(experiment.mechanisms)
    arms = {frozenset(on): subset_name(on, experiment) for on in subsets(mechanisms)}
    if not mechanisms or len(comparisons[0]) != len(arms):
        return []
    by_arm = {comparison.arm: comparison.by_seed for comparison in comparisons[0]}
    return contributions(shapley({on: by_arm[arm] for on, arm in arms.items()}, mechanisms))


def indices(experiment: Experiment, comparisons: Comparisons) -> Sensitivity | None:
    """Sensitivity indices of the first contrast in the first arm of a sobol or morris design."""
    if experiment.sample is None or experiment.sample.method is Method.LATIN_HYPERCUBE:
        return None
    first = comparisons[0]
    return sensitivity(experiment.sample, [comparison for comparison in first if comparison.arm == first[0].arm])


def failures(ensemble: Ensemble) -> Iterator[Failure]:
    """The runs that ended in an error, each once, although several cells may share it."""
    seen: set[tuple[str, int]] = set()
    for cell in ensemble.cells:
        for result in ensemble.runs(cell):
            if result.error and (cell.address, result.seed) not in seen:
                seen.add((cell.address, result.seed))
                yield Failure(cell.arm, cell.point, result.seed, result.error)


def means(experiment: Experiment, ensemble: Ensemble) -> pd.DataFrame:
    """Mean and 95 % t interval of each outcome that the file names, at each point, in each arm, for each group that exists."""
    import pandas as pd

    named = dict.fromkeys([*(contrast.outcome for contrast in experiment.contrasts), *experiment.outcomes])
    pairs = [(o, g) for o in named for g in GROUPS if (g == MARKET) == (o not in GROUP_OUTCOMES)]
    rows = []
    for cell in ensemble.cells:
        outcomes = np.stack([result.outcomes for result in ensemble.runs(cell)])
        for outcome, group in pairs:
            values = outcomes[:, GROUPS.index(group), OUTCOMES.index(outcome)]
            values = values[~np.isnan(values)]
            if values.size:
                mean, margin = values.mean(), half_width(values, CONFIDENCE)
                keys = {**cell.point, "arm": cell.arm, "outcome": outcome, "group": group}
                rows.append(keys | {"n": values.size, "mean": mean, "low": mean - margin, "high": mean + margin})
    return pd.DataFrame(rows)


def by_seed(ensemble: Ensemble, outcome: str) -> pd.DataFrame:
    """One row per point, seed and strategy group of one arm, from which a map of leaders is made."""
    import pandas as pd

    rows = [
        {**cell.point, "seed": seed, "group": group, outcome: value}
        for cell in ensemble.cells
        for group in measures.GROUPS
        for seed, value in zip(ensemble.seeds[cell.number], ensemble.values(cell, group, outcome), strict=True)
    ]
    return pd.DataFrame(rows)
