"""Intervals cover, verdicts err as rarely as they should, and known indices, crossings and contributions are estimated."""

import itertools
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.lab.analysis.estimation import compare_all, estimate_all
from sim.lab.design.cells import cells
from sim.lab.design.contrast import Contrast
from sim.lab.design.points import salib_sample
from sim.lab.design.ranges import Sample
from sim.lab.ensemble import Ensemble, Place
from sim.lab.execution.sampling import sample
from sim.lab.statistics.contrasts import Comparison, compare
from sim.lab.statistics.leaders import leaders, profits
from sim.lab.statistics.paired import bootstrap_interval, control_false_discoveries, estimate, half_width
from sim.lab.statistics.power import need
from sim.lab.statistics.sensitivity import indices, noise_share, sensitivity
from sim.lab.statistics.shapley import contributions, shapley
from sim.lab.statistics.thresholds import crossings, thresholds
from sim.lab.statistics.verdicts import LEVEL, Verdict, decide, decide_each, over_contrasts, over_points, settled_together
from tests.support.experiments import ADVANTAGE, Memory, experiment, invented

CONTRAST = Contrast.model_validate(ADVANTAGE)
ONE_POINT = {"environment.complexity": [4]}
TRIALS = 2000


def advantage_in_an_invented_model(replications: dict, effect: float, trial: int, rule: dict):
    """The lab's own path: design, sampling, contrasts, estimates, verdict; only the economy is replaced."""
    design = experiment(sweep=ONE_POINT, replications=replications, contrasts=[{**ADVANTAGE, **rule}])
    contrast, execute = design.contrasts[0], invented(effect, 1.0, trial)
    ensemble = sample(cells(design), design.replications, contrast, 1, Memory(), execute, lambda *_: None)
    return compare(contrast, ensemble)[0], ensemble.seeds[0]


@pytest.mark.parametrize(
    "replications", [{"number": 24}, {"half_width": 0.25, "minimum": 24, "cap": 200}], ids=["fixed", "sequential"]
)
def test_95_percent_intervals_cover_in_95_percent_of_the_trials(replications: dict) -> None:
    covered, used = [], []
    for trial in range(TRIALS):
        comparison, seeds = advantage_in_an_invented_model(replications, 0.5, trial, {})
        difference = comparison.difference
        margin = half_width(difference)
        covered.append(abs(difference.mean() - 0.5) <= margin)
        used.append(len(seeds))
    assert 0.93 <= np.mean(covered) <= 0.97
    if "half_width" in replications:
        assert 24 < np.mean(used) < 100
        assert np.mean(used) == pytest.approx((1.96 / 0.25) ** 2, rel=0.15)


@pytest.mark.parametrize("seeds", [24, 96])
def test_bootstrap_intervals_cover_too(seeds: int) -> None:
    rng = np.random.default_rng(seeds)
    intervals = [bootstrap_interval(rng.normal(0.5, 1, seeds)) for _ in range(TRIALS)]
    assert 0.93 <= np.mean([low <= 0.5 <= high for low, high in intervals]) <= 0.97


def test_a_null_effect_is_called_supported_in_at_most_5_percent_of_the_trials() -> None:
    rule = {"at_least": 0.0}
    verdicts = []
    for trial in range(TRIALS):
        comparison, _ = advantage_in_an_invented_model({"half_width": 0.3, "minimum": 24, "cap": 100}, 0.0, trial, rule)
        verdicts += decide_each([comparison])
    assert np.mean([verdict is Verdict.SUPPORTED for verdict in verdicts]) <= 0.05
    assert np.mean([verdict is Verdict.CONTRADICTED for verdict in verdicts]) <= 0.05


def series(values: np.ndarray, other: np.ndarray | None = None, **point: float) -> Comparison:
    return Comparison(CONTRAST, "base", point, values, other)


def test_an_estimate_agrees_with_scipy_and_has_the_variance_saved_by_pairing() -> None:
    rng = np.random.default_rng(1)
    shared = rng.normal(0, 3, 50)
    first, second = shared + rng.normal(1, 1, 50), shared + rng.normal(0, 1, 50)
    e = estimate(series(first, second))
    test = stats.ttest_rel(first, second)
    assert (e.single_low, e.single_high) == pytest.approx(tuple(test.confidence_interval(0.95)))
    assert e.p == pytest.approx(test.pvalue)
    assert (e.low, e.high) == (e.single_low, e.single_high)
    assert e.bootstrap_low == pytest.approx(e.single_low, abs=0.1)
    assert e.variance_saved == pytest.approx(1 - np.var(first - second, ddof=1) / (np.var(first, ddof=1) + np.var(second, ddof=1)))
    assert e.variance_saved > 0.7
    assert e.superiority == np.mean(first > second)


def test_simultaneous_intervals_hold_for_all_points_at_once() -> None:
    rng = np.random.default_rng(2)
    missed = 0
    for _ in range(300):
        points = rng.normal(0, 1, (10, 40))
        margins = [half_width(values, 1 - 0.05 / 10) for values in points]
        missed += any(abs(values.mean()) > margin for values, margin in zip(points, margins, strict=True))
    assert missed / 300 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)


def test_too_few_seeds_give_no_estimate_and_equal_values_no_warning() -> None:
    assert np.isnan(estimate(series(np.array([1.0, 2.0]))).mean)
    same = estimate(series(np.full(5, 2.0), np.full(5, 1.0)))
    assert (same.mean, same.low, same.high, same.bootstrap_low) == (1.0, 1.0, 1.0, 1.0)


def test_false_discoveries_are_controlled_over_all_estimates() -> None:
    rng = np.random.default_rng(3)
    adjusted = control_false_discoveries([estimate(series(rng.normal(mean, 1, 30), np.zeros(30))) for mean in (0, 0, 0, 2)])
    expected = stats.false_discovery_control([e.p for e in adjusted])
    assert [e.q for e in adjusted] == pytest.approx(list(expected))


def test_the_whole_interval_must_lie_on_one_side_of_a_rule() -> None:
    e = estimate(series(np.random.default_rng(4).normal(1, 0.1, 30)))
    for rule, verdict in [
        ({"at_least": 0.5}, Verdict.SUPPORTED),
        ({"at_least": 1.5}, Verdict.CONTRADICTED),
        ({"at_least": e.mean}, Verdict.UNSETTLED),
        ({"at_most": 1.5}, Verdict.SUPPORTED),
        ({"at_most": 0.5}, Verdict.CONTRADICTED),
    ]:
        assert decide(Contrast.model_validate({**ADVANTAGE, **rule}), e.low, e.high) is verdict


def test_verdicts_over_points_and_contrasts_need_agreement() -> None:
    s, c, u, d = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.UNSETTLED, Verdict.DEPENDS
    assert over_points([s, s, s, s, u]) is s
    assert over_points([s, s, u]) is u
    assert over_points([s, c, u]) is d
    assert over_points([u, u]) is u
    assert over_contrasts([s, s], [True, True]) is s
    assert over_contrasts([s, c], [True, True]) is d
    assert over_contrasts([s, d], [True, True]) is d
    assert over_contrasts([c, u], [True, False]) is u


def test_a_claim_depends_only_on_contrasts_that_hold_together() -> None:
    s, c, u = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.UNSETTLED
    assert over_contrasts([s, s], [False, False]) is s
    assert over_contrasts([s, c], [True, False]) is u
    assert over_contrasts([c, c], [True, False]) is u


def test_contrasts_that_are_settled_make_it_easier_for_the_others() -> None:
    def settled_from(level: float) -> Callable[[float], Verdict]:
        return lambda granted: Verdict.SUPPORTED if granted >= level else Verdict.UNSETTLED

    s, u = Verdict.SUPPORTED, Verdict.UNSETTLED
    assert settled_together([]) == []
    assert settled_together([settled_from(x * LEVEL) for x in (0.3, 0.9, 0.4)]) == [s, s, s]
    assert settled_together([settled_from(x * LEVEL) for x in (0.4, 0.9, 0.4)]) == [u, u, u]
    assert settled_together([settled_from(x * LEVEL) for x in (0.3, 0.9, 0.6)]) == [s, u, u]


def invented_claim(contrasts: int, true: int, rng: np.random.Generator) -> list[list[Comparison]]:
    """Contrasts of which the first `true` are far above their limit, the others exactly at it."""
    ruled = Contrast.model_validate({**ADVANTAGE, "at_least": 0.5})
    means = [2.5 if number < true else 0.5 for number in range(contrasts)]
    return [[Comparison(ruled, "base", {}, rng.normal(mean, 1, 24), None)] for mean in means]


@pytest.mark.thorough
@pytest.mark.parametrize("true", [0, 1], ids=["all at their limits", "all but one"])
@pytest.mark.parametrize("contrasts", [3, 4, 5, 6])
def test_contrasts_at_their_limits_count_for_a_claim_at_most_at_the_stated_rate(contrasts: int, true: int) -> None:
    rng, wrong, uncorrected = np.random.default_rng([contrasts, true]), [], []
    for _ in range(TRIALS):
        claim = invented_claim(contrasts, true, rng)
        verdicts_at = [partial(lambda series, level: over_points(decide_each(series, level)), series) for series in claim]
        wrong.append(any(verdict is not Verdict.UNSETTLED for verdict in settled_together(verdicts_at)[true:]))
        alone = [at(LEVEL) for at in verdicts_at]
        uncorrected.append(over_contrasts(alone, [True] * contrasts) is not Verdict.UNSETTLED)
    noise = 3 * np.sqrt(LEVEL * (1 - LEVEL) / TRIALS)
    assert np.mean(wrong) <= LEVEL + noise
    if true and contrasts == 6:
        assert np.mean(uncorrected) > LEVEL + noise  # one contrast by chance, and the claim would depend


def test_a_rule_is_settled_as_often_as_planned_with_the_seeds_it_needs() -> None:
    rng, ruled = np.random.default_rng(10), Contrast.model_validate({**ADVANTAGE, "at_least": 0.4})
    pilot = Comparison(ruled, "base", {}, rng.normal(0, 1, 2000), None)
    needed = need([pilot])
    assert needed is not None
    assert needed.seeds == pytest.approx((3.24 / 0.4) ** 2, rel=0.1)
    trials = [decide_each([pilot._replace(first=rng.normal(0.8, 1, needed.seeds))]) for _ in range(1000)]
    assert np.mean([verdict is Verdict.SUPPORTED for (verdict,) in trials]) == pytest.approx(0.9, abs=0.04)


def test_more_intervals_at_once_and_smaller_margins_need_more_seeds() -> None:
    rng = np.random.default_rng(11)

    def seeds(points: int, **rule: object) -> int:
        contrast = Contrast.model_validate({**ADVANTAGE, **rule})
        found = need([Comparison(contrast, "base", {"environment.speed": x}, rng.normal(0, 1, 2000), None) for x in range(points)])
        return found.seeds if found else 0

    assert seeds(1, at_most=-0.2) < seeds(5, at_most=-0.2) < seeds(5, at_most=-0.2, margin=0.1)
    assert seeds(3, at_least=0.2, shape="peak", along="environment.speed") > seeds(3, at_least=0.2)  # of differences between points
    assert seeds(1) == seeds(1, at_least=0.0) == 0
    assert seeds(1, at_least=0.0, margin=0.2) == pytest.approx(262, rel=0.1)


def test_crossings_are_where_the_line_changes_its_sign() -> None:
    assert crossings(np.array([0.0, 1.0, 3.0]), np.array([1.0, 1.0, -1.0])) == [(2.0, False)]
    assert crossings(np.array([0.0, 1.0]), np.array([1.0, 2.0])) == []
    assert crossings(np.array([0.0, 1.0, 2.0, 3.0]), np.array([-1.0, 0.0, 2.0, -2.0])) == [(1.0, True), (2.5, False)]
    assert crossings(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.0])) == []


def test_the_interval_of_a_crossing_covers_it() -> None:
    rng, covered = np.random.default_rng(5), []
    for _ in range(200):
        shared = rng.normal(0, 0.3, 60)
        line = [series(0.35 - x + shared + rng.normal(0, 0.3, 60), speed=x) for x in (0.0, 0.25, 0.5, 0.75)]
        (threshold,) = thresholds("speed", line)
        assert not threshold.rising
        covered.append(threshold.low <= 0.35 <= threshold.high)
    assert np.mean(covered) == pytest.approx(0.95, abs=0.05)


def test_a_contrast_that_changes_its_sign_twice_has_two_thresholds() -> None:
    rng = np.random.default_rng(5)
    line = [series(1 - (x - 2) ** 2 + rng.normal(0, 0.3, 60), speed=x) for x in (0.0, 1.5, 2.5, 4.0)]
    rise, fall = thresholds("speed", line)
    assert rise.rising
    assert not fall.rising
    assert rise.low <= rise.at <= rise.high < fall.low <= fall.at <= fall.high


def test_uncertain_crossings_are_not_reported() -> None:
    rng = np.random.default_rng(6)
    line = [series(rng.normal(0, 1, 20), speed=x) for x in (0.0, 0.5, 1.0)]
    assert thresholds("speed", [line[0]]) == []
    assert thresholds("speed", [series(rng.normal(5, 1, 20), speed=x) for x in (0.0, 0.5)]) == []


def test_shapley_values_add_up_and_share_joint_effects_equally() -> None:
    rng = np.random.default_rng(7)
    names = ["a", "b", "c"]
    alone = {"a": rng.normal(1, 1, 20), "b": rng.normal(2, 1, 20), "c": np.zeros(20)}
    together = rng.normal(3, 1, 20)  # a and b help each other
    worth = {}
    for size in range(4):
        for on in itertools.combinations(names, size):
            worth[frozenset(on)] = sum((alone[name] for name in on), np.zeros(20)) + together * ({"a", "b"} <= set(on))
    values = shapley(worth, names)
    np.testing.assert_allclose(sum(values.values()), worth[frozenset(names)] - worth[frozenset()], atol=1e-12)
    np.testing.assert_allclose(values["a"], alone["a"] + together / 2, atol=1e-12)
    np.testing.assert_allclose(values["c"], 0, atol=1e-12)
    assert [c.mechanism for c in contributions(values)] == names


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


RANGES = {name: {"from": -np.pi, "to": np.pi} for name in ("environment.speed", "organisation.noise", "organisation.wage")}


def test_the_lab_reproduces_the_sobol_indices_of_the_ishigami_function() -> None:
    design = Sample.model_validate({"method": "sobol", "size": 4096, "ranges": RANGES})
    estimated = indices(design, ishigami(salib_sample(design)))
    value = {(index.kind, index.parameter.split(".")[1]): index for index in estimated}
    known = {"speed": (0.3139, 0.5576), "noise": (0.4424, 0.4424), "wage": (0.0, 0.2437)}  # Ishigami & Homma (1990), a = 7, b = 0.1
    for name, (first, total) in known.items():
        assert value["first order", name].value == pytest.approx(first, abs=0.02)
        assert value["total", name].value == pytest.approx(total, abs=0.02)
        assert value["total", name].low <= total <= value["total", name].high


def test_morris_effects_of_a_linear_function_are_its_slopes() -> None:
    ranges = {name: {"from": 0, "to": 1} for name in RANGES}
    design = Sample.model_validate({"method": "morris", "size": 10, "ranges": ranges})
    effects = indices(design, salib_sample(design) @ np.array([3.0, -2.0, 0.0]))
    assert [index.value for index in effects] == pytest.approx([3.0, 2.0, 0.0])


def test_points_without_a_value_are_counted_and_all_without_give_no_indices() -> None:
    design = Sample.model_validate({"method": "morris", "size": 10, "ranges": RANGES})
    rng = np.random.default_rng(9)
    points = [series(rng.normal(x[0], 1, 8)) for x in salib_sample(design)]
    result = sensitivity(design, [series(np.full(8, np.nan)), *points[1:]])
    assert result is not None
    assert result.without_value == 1
    assert all(np.isfinite(index.value) for index in result.indices)
    assert sensitivity(design, [series(np.full(8, np.nan)) for _ in points]) is None


def test_the_share_of_the_noise_is_the_share_that_more_seeds_would_remove() -> None:
    rng = np.random.default_rng(8)
    truth = rng.normal(0, 1, 500)
    comparisons = [series(rng.normal(t, 2, 16)) for t in truth]
    means = np.array([comparison.difference.mean() for comparison in comparisons])
    assert noise_share(comparisons, means) == pytest.approx((4 / 16) / (1 + 4 / 16), rel=0.15)


def test_contrasts_are_differences_of_means_taken_seed_by_seed() -> None:
    sweep = {"environment.complexity": [0, 4], "environment.speed": [0, 0.1]}
    arms = {"x": {}, "y": {"overrides": {"organisation.wage": 0.1}}}
    joint = ["environment.complexity", "environment.speed"]
    contrasts = [
        {**ADVANTAGE, "name": "plain", "arms": ["x"]},
        {**ADVANTAGE, "name": "arms", "arms": ["y", "x"]},
        {**ADVANTAGE, "name": "change", "arms": ["x"], "change": joint[:1]},
        {**ADVANTAGE, "name": "joint", "arms": ["x"], "change": joint},
        {**ADVANTAGE, "name": "interaction", "arms": ["x"], "interaction": joint},
        {**ADVANTAGE, "name": "both", "arms": ["y", "x"], "change": joint[:1]},
    ]
    design = experiment(sweep=sweep, arms=arms, contrasts=contrasts, replications={"number": 5})
    made = cells(design)
    truth = {cell.address: np.random.default_rng(k).normal(k, 1, 5) for k, cell in enumerate(made)}

    class Known:
        def values(self, address: str, _seeds: range, place: Place) -> np.ndarray:
            return truth[address] if place.group == "small interdependent" else np.zeros(5)

    ensemble = Ensemble(made, {number: range(1, 6) for number in range(4)}, Known())
    by_name = {comparisons[0].contrast.name: comparisons for comparisons in compare_all(design, ensemble)}
    at = {(cell.arm, *cell.point.values()): truth[cell.address] for cell in made}
    np.testing.assert_allclose([p.difference for p in by_name["plain"]], [at["x", k, v] for k in (0, 4) for v in (0, 0.1)])
    np.testing.assert_allclose(by_name["arms"][1].difference, at["y", 0, 0.1] - at["x", 0, 0.1])
    rise = {arm: (at[arm, 4, 0] + at[arm, 4, 0.1] - at[arm, 0, 0] - at[arm, 0, 0.1]) / 2 for arm in "xy"}
    np.testing.assert_allclose(by_name["change"][0].difference, rise["x"])
    np.testing.assert_allclose(by_name["joint"][0].difference, at["x", 4, 0.1] - at["x", 0, 0])
    np.testing.assert_allclose(
        by_name["interaction"][0].difference, at["x", 4, 0.1] + at["x", 0, 0] - at["x", 4, 0] - at["x", 0, 0.1]
    )
    np.testing.assert_allclose(by_name["both"][0].difference, rise["y"] - rise["x"])
    assert [len(result.points) for result in estimate_all(list(by_name.values()), complete=True)] == [4, 4, 1, 1, 1, 1]


def synthetic(lead: float, seed: int, replications: int = 20) -> pd.DataFrame:
    """Two groups at two points, with shared random draws that pairing removes."""
    rng = np.random.default_rng(seed)
    rows = []
    for point in (0, 1):
        for replication in range(replications):
            shared = rng.normal(0, 10)
            for group, effect in (("a", lead), ("b", 0.0)):
                rows.append({"x": point, "seed": replication, "group": group, "profit_per_line": shared + effect + rng.normal()})
    return pd.DataFrame(rows)


def test_shared_random_draws_cancel_so_that_a_small_lead_is_clear() -> None:
    table = leaders(synthetic(lead=2.0, seed=1), ["x"])
    assert table["clear"].all()
    assert set(table["leader"]) == {"a"}


def test_a_lead_of_zero_is_rarely_called_clear_anywhere_on_the_map() -> None:
    called = [leaders(synthetic(lead=0.0, seed=seed), ["x"])["clear"].any() for seed in range(300)]
    assert np.mean(called) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)


def test_intervals_of_means_cover_in_95_percent_of_the_trials() -> None:
    covered = []
    for seed in range(300):
        table = profits(synthetic(lead=0.0, seed=seed), ["x"])
        covered += list((table["low"] < 0) & (table["high"] > 0))
    assert np.mean(covered) == pytest.approx(0.95, abs=0.025)
