"""Means by month: one run, several windows of months."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import sim
from sim.lab.design.cells import cells, count_cells, count_runs
from sim.lab.ensemble import Ensemble
from sim.lab.execution.export import export
from sim.lab.execution.job import job, run_job
from sim.lab.execution.sampling import sample
from sim.lab.execution.store import Store
from sim.lab.statistics.contrasts import compare
from sim.observation.outcomes import GROUPS, OUTCOMES
from tests.support.experiments import ADVANTAGE, Memory, experiment

BY_MONTH = {"by_month": {"from": 6, "to": 18, "every": 3}, "overrides": {"dynamics.months": 18, "population.small": 10}}


def test_a_stretch_of_months_is_the_mean_over_these_months_of_the_run() -> None:
    made = cells(experiment(sweep={}, contrasts=[], **BY_MONTH))
    run = sim.simulate(made[0].parameters, seed=3)
    monthly = run.monthly()["profit_per_line"].xs("small independent", level="group")
    result = run_job(job(made[0], 3))
    for cell, first in zip(made, (6, 9, 12, 15), strict=True):
        mean = result.outcomes[cell.window, GROUPS.index("small independent"), OUTCOMES.index("profit_per_line")]
        assert mean == pytest.approx(monthly[first : first + 3].mean(), rel=1e-12)
    assert [cell.point["month"] for cell in made] == [3, 6, 9, 12]


def test_all_stretches_come_from_the_same_runs(tmp_path: Path) -> None:
    design = experiment(sweep={"environment.speed": [0, 0.1]}, contrasts=[ADVANTAGE], replications={"number": 3}, **BY_MONTH)
    jobs = []

    def execute(wanted):
        for one in wanted:
            jobs.append(one)
            yield run_job(one)

    with Store(tmp_path) as store:
        ensemble = sample(cells(design), design.replications, None, 1, store, execute, lambda *_: None)
        comparisons = compare(design.contrasts[0], ensemble)
        again = sample(cells(design), design.replications, None, 1, store, lambda wanted: iter(list(wanted)), lambda *_: None)
    assert len(jobs) == 2 * 3 == ensemble.size == again.size
    assert (count_cells(design), count_runs(design)) == (8, 2)
    assert [c.point["month"] for c in comparisons] == [3, 6, 9, 12] * 2
    assert len({float(c.difference.mean()) for c in comparisons}) == 8


def test_a_contrast_may_follow_a_change_over_the_months() -> None:
    change = {**ADVANTAGE, "change": ["month"]}
    design = experiment(sweep={}, contrasts=[change], replications={"number": 2}, **BY_MONTH)
    made, values = cells(design), np.arange(8.0).reshape(2, 4)

    class Known:
        def values(self, _address, _seeds, place):
            return values[:, place.window] if place.group == "small interdependent" else np.zeros(2)

    (comparison,) = compare(design.contrasts[0], Ensemble(made, {cell.number: range(1, 3) for cell in made}, Known()))
    np.testing.assert_allclose(comparison.difference, values[:, 3] - values[:, 0])


def test_where_picks_months() -> None:
    design = experiment(sweep={}, contrasts=[{**ADVANTAGE, "where": {"month": [6, 12]}}], replications={"number": 2}, **BY_MONTH)
    made = cells(design)

    class Known:
        def values(self, _address, seeds, place):
            return np.full(len(seeds), float(place.window) if place.group == "small interdependent" else 0.0)

    found = compare(design.contrasts[0], Ensemble(made, {cell.number: range(1, 3) for cell in made}, Known()))
    assert [(c.point["month"], c.difference.mean()) for c in found] == [(6, 1.0), (12, 3.0)]


def test_the_export_has_a_row_for_each_run_group_and_month(tmp_path: Path) -> None:
    design = experiment(sweep={}, contrasts=[ADVANTAGE], replications={"number": 2}, **BY_MONTH)
    with Store(tmp_path) as store:
        ensemble = sample(cells(design), design.replications, None, 1, store, lambda jobs: map(run_job, jobs), lambda *_: None)
        export(tmp_path / "runs.parquet", ensemble, "{}")
        means = {cell.point["month"]: ensemble.values(cell, "small", "profit_per_line") for cell in ensemble.cells}
    table = pq.read_table(tmp_path / "runs.parquet").to_pandas()
    assert len(table) == 2 * 4 * len(GROUPS)
    small = table[table["group"] == "small"].set_index(["month", "seed"])["profit_per_line"]
    for month, values in means.items():
        assert small[month].tolist() == values.tolist()


def test_the_number_of_runs_is_that_of_the_month_that_needs_most() -> None:
    design = experiment(sweep={}, contrasts=[], replications={"number": 2}, **BY_MONTH)
    made = cells(design)
    assert Ensemble(made, {0: range(1, 3), 1: range(1, 9), 2: range(1, 4), 3: range(1, 2)}, Memory()).size == 8
