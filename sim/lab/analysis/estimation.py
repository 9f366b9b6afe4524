"""From finished runs to findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.economy import measures
from sim.lab.analysis.findings import ContrastResult, Crossing, Failure, PointResult
from sim.lab.design.cells import Cell, subset_name, subsets
from sim.lab.design.points import parameter_names
from sim.lab.design.schema import Experiment, Method
from sim.lab.execution.store import Store
from sim.lab.statistics.contrasts import Comparison, comparisons
from sim.lab.statistics.paired import CONFIDENCE, control_false_discoveries, estimates, half_width
from sim.lab.statistics.sensitivity import Sensitivity, sensitivity
from sim.lab.statistics.shapley import Contribution, contributions, shapley
from sim.lab.statistics.thresholds import lines, thresholds
from sim.lab.statistics.verdicts import decide, has_rule, over_places
from sim.observation.outcomes import GROUP_OUTCOMES, GROUPS, MARKET, OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

Compared = list[list[Comparison]]  # one list of places for each contrast of the file


def compare(experiment: Experiment, worlds: Sequence[Cell], seeds: Mapping[int, range], store: Store) -> Compared:
    """The matched series of every contrast."""
    return [comparisons(contrast, worlds, seeds, store) for contrast in experiment.contrasts]


def judge(found: Compared, complete: bool) -> list[ContrastResult]:
    """Estimates and verdicts of every contrast, with the false-discovery rate controlled over all of them.

    A place at which one of the groups never exists takes no part in the verdict; unless runs failed (not `complete`), for then
    what is missing may be missing for that reason, and leaves the place not settled.
    """
    by_contrast = [estimates(places) for places in found]
    flat = iter(control_false_discoveries([estimate for part in by_contrast for estimate in part]))
    judged = []
    for places in found:
        contrast = places[0].contrast
        ruled = has_rule(contrast)
        rows = []
        for place in places:
            estimate = next(flat)
            decided = ruled and (estimate.n > 0 or not complete)
            rows.append(PointResult(place.arm, place.point, estimate, decide(contrast, estimate) if decided else None))
        verdict = over_places([row.decision for row in rows if row.decision]) if ruled else None
        judged.append(ContrastResult(contrast, rows, verdict))
    return judged


def crossings(experiment: Experiment, found: Compared) -> Iterator[Crossing]:
    """Where each pointwise contrast changes its sign along each swept parameter of a grid."""
    for places in found:
        if not places[0].contrast.pointwise or not experiment.sweep:
            continue
        for parameter in parameter_names(experiment):
            for line in lines([place for place in places if place.difference.size], parameter):
                rest = {name: value for name, value in line[0].point.items() if name != parameter}
                for tipping in thresholds(parameter, line):
                    yield Crossing(places[0].contrast.name, line[0].arm, rest, tipping)


def shares_of_mechanisms(experiment: Experiment, found: Compared) -> list[Contribution]:
    """Shapley values of the first contrast over the mechanisms; empty without mechanisms or with more than one point."""
    by_arm = (
        {place.arm: place.first - place.second if place.second is not None else place.first for place in found[0]} if found else {}
    )
    arms = {frozenset(on): subset_name(on, experiment) for on in subsets(list(experiment.mechanisms))}
    if not experiment.mechanisms or len(found[0]) != len(arms):
        return []
    return contributions(shapley({on: by_arm[arm] for on, arm in arms.items()}, list(experiment.mechanisms)))


def indices(experiment: Experiment, found: Compared) -> Sensitivity | None:
    """Sensitivity indices of the first contrast in the first arm of a sobol or morris design."""
    if experiment.sample is None or experiment.sample.method is Method.LATIN_HYPERCUBE:
        return None
    return sensitivity(experiment.sample, [place for place in found[0] if place.arm == found[0][0].arm])


def failures(worlds: Sequence[Cell], seeds: Mapping[int, range], store: Store) -> Iterator[Failure]:
    """The runs that ended in an error."""
    for cell in worlds:
        for done in store.runs(cell.address, seeds[cell.number]):
            if done.error:
                yield Failure(cell.arm, cell.point, done.seed, done.error)


def means(experiment: Experiment, worlds: Sequence[Cell], seeds: Mapping[int, range], store: Store) -> pd.DataFrame:
    """Mean and 95 % t interval of each outcome that the file names, at each point, in each arm, for each group that exists."""
    import pandas as pd

    named = dict.fromkeys([*(contrast.outcome for contrast in experiment.contrasts), *experiment.outcomes])
    rows = []
    for cell in worlds:
        table = np.stack([done.outcomes for done in store.runs(cell.address, seeds[cell.number])])
        for outcome in named:
            groups = [group for group in GROUPS if (group == MARKET) == (outcome not in GROUP_OUTCOMES)]
            for group in groups:
                values = table[:, GROUPS.index(group), OUTCOMES.index(outcome)]
                values = values[~np.isnan(values)]
                if values.size:
                    margin = half_width(values, CONFIDENCE)
                    place = {**cell.point, "arm": cell.arm, "outcome": outcome, "group": group}
                    found = {"n": values.size, "mean": values.mean(), "low": values.mean() - margin, "high": values.mean() + margin}
                    rows.append(place | found)
    return pd.DataFrame(rows)


def by_seed(worlds: Sequence[Cell], seeds: Mapping[int, range], store: Store, outcome: str) -> pd.DataFrame:
    """One row per point, seed and strategy group of one arm: what a map of leaders is made from."""
    import pandas as pd

    rows = [
        {**cell.point, "seed": seed, "group": group, outcome: value}
        for cell in worlds
        for group in measures.GROUPS
        for seed, value in zip(seeds[cell.number], store.values(cell.address, seeds[cell.number], group, outcome), strict=True)
    ]
    return pd.DataFrame(rows)
