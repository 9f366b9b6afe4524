"""The first experiment's machinery: same rows on any number of threads, failures as rows, intervals that mean something."""

import numpy as np
import pandas as pd
import pytest

import sim
from sim.economy.month import NotClearedError
from sim.lab import experiment
from sim.lab.leaders import leaders, means

DESIGN = experiment.Design(
    title="Tiny",
    question="?",
    overrides={"dynamics.months": 12},
    sweep={"environment.complexity": [0, 4], "environment.speed": [0, 0.1]},
    replications=4,
)


def test_rows_do_not_depend_on_the_number_of_threads() -> None:
    one, three = experiment.run(DESIGN, threads=1), experiment.run(DESIGN, threads=3)
    pd.testing.assert_frame_equal(one, three, check_exact=True)


def test_a_row_of_a_sweep_is_the_run_alone() -> None:
    rows = experiment.run(DESIGN)
    alone = sim.simulate(sim.parameters("today", {"dynamics.months": 12, "environment.complexity": 4, "environment.speed": 0.1}), 3)
    found = rows[(rows["seed"] == 3) & (rows["environment.complexity"] == 4) & (rows["environment.speed"] == 0.1)]
    np.testing.assert_array_equal(found["profit"].to_numpy(), alone.summary()["profit"].to_numpy())


def test_a_failed_run_is_a_row_with_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(parameters: sim.Parameters, seed: int) -> sim.Run:
        if seed == 2 and parameters.environment.complexity == 4:
            raise NotClearedError("market 0 did not clear")
        return sim.simulate(parameters, seed)

    monkeypatch.setattr(experiment, "simulate", fail)
    rows = experiment.run(DESIGN)
    failed = rows[rows["error"] != ""]
    assert len(rows) == 4 * 4 * 4
    assert len(failed) == 2 * 4
    assert set(failed["seed"]) == {2}
    assert failed["profit"].isna().all()


def synthetic(lead: float, seed: int, replications: int = 20) -> pd.DataFrame:
    """Two groups with common luck that pairing removes, at two points."""
    rng = np.random.default_rng(seed)
    rows = []
    for point in (0, 1):
        for replication in range(replications):
            luck = rng.normal(0, 10)
            for group, effect in (("a", lead), ("b", 0.0)):
                rows.append({"x": point, "seed": replication, "group": group, "profit_per_line": luck + effect + rng.normal()})
    return pd.DataFrame(rows)


def test_common_luck_cancels_so_that_a_small_lead_is_seen() -> None:
    found = leaders(synthetic(lead=2.0, seed=1), ["x"])
    assert found["clear"].all()
    assert set(found["leader"]) == {"a"}


def test_no_lead_is_rarely_called_clear_anywhere_on_the_map() -> None:
    called = [leaders(synthetic(lead=0.0, seed=seed), ["x"])["clear"].any() for seed in range(400)]
    assert np.mean(called) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


def test_intervals_of_means_cover_nineteen_times_in_twenty() -> None:
    covered = []
    for seed in range(400):
        table = means(synthetic(lead=0.0, seed=seed), ["x"])
        covered += list((table["low"] < 0) & (table["high"] > 0))
    assert np.mean(covered) == pytest.approx(0.95, abs=0.025)
