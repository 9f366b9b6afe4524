"""Estimates of paired differences: t and bootstrap (BCa) intervals, effect sizes, and the variance that pairing removed."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

from sim.economy.arrays import Floats
from sim.lab.statistics.contrasts import Comparison

CONFIDENCE = 0.95
RESAMPLES = 2000
BATCH = 250  # resamples held in memory at once; with all at once, thousands of seeds would need hundreds of megabytes
BOOTSTRAP_SEED = 1
FEWEST = 3  # with fewer seeds, nothing is estimated


class Estimate(NamedTuple):
    """A contrast at one design point. NaN: cannot be estimated; a level, which is no difference, has no p and no effect."""

    n: int  # seeds with a value
    mean: float
    low: float  # t interval, simultaneous over all points of the contrast
    high: float
    single_low: float  # t interval of this point alone
    single_high: float
    bootstrap_low: float  # BCa interval of this point alone
    bootstrap_high: float
    p: float  # of no difference from zero, two-sided, at this point alone
    q: float  # the same with the false-discovery rate controlled over the experiment (Benjamini-Hochberg)
    effect: float  # mean difference in standard deviations of the two series
    superiority: float  # share of the seeds in which the first is above the second
    variance_saved: float  # 1 - var(difference)/(var(first) + var(second)), thanks to common random numbers


def estimates(comparisons: Sequence[Comparison]) -> list[Estimate]:
    """One estimate for each comparison of one contrast, with intervals that hold for all of them at once (Bonferroni)."""
    simultaneous = sum(comparison.difference.size >= FEWEST for comparison in comparisons)
    return [estimate(comparison, max(1, simultaneous)) for comparison in comparisons]


def estimate(comparison: Comparison, simultaneous: int = 1) -> Estimate:
    """The mean difference with intervals, tests and effect sizes; `simultaneous` intervals must hold at once."""
    values = comparison.difference
    if values.size < FEWEST:
        return Estimate(values.size, *([np.nan] * (len(Estimate._fields) - 1)))
    single = t_interval(values, CONFIDENCE)
    return Estimate(
        values.size,
        float(values.mean()),
        *t_interval(values, 1 - (1 - CONFIDENCE) / simultaneous),
        *single,
        *bootstrap_interval(values),
        np.nan if comparison.is_level else _p(values),
        np.nan,
        *((np.nan, np.nan, np.nan) if comparison.is_level else _sizes(comparison)),
    )


def control_false_discoveries(all_estimates: Sequence[Estimate]) -> list[Estimate]:
    """Fill in q over all estimates of an experiment."""
    tested = [k for k, e in enumerate(all_estimates) if not np.isnan(e.p)]
    if not tested:
        return list(all_estimates)
    adjusted = dict(zip(tested, stats.false_discovery_control([all_estimates[k].p for k in tested]), strict=True))
    return [e._replace(q=float(adjusted.get(k, np.nan))) for k, e in enumerate(all_estimates)]


def t_interval(values: Floats, confidence: float) -> tuple[float, float]:
    """Student's interval of a mean."""
    margin = half_width(values, confidence)
    return float(values.mean() - margin), float(values.mean() + margin)


def half_width(values: Floats, confidence: float = CONFIDENCE) -> float:
    """Half the width of Student's interval; infinite for fewer than FEWEST values."""
    values = values[~np.isnan(values)]
    if values.size < FEWEST:
        return np.inf
    return float(stats.sem(values) * stats.t.ppf(0.5 + confidence / 2, values.size - 1))


def bootstrap_interval(values: Floats) -> tuple[float, float]:
    """BCa interval of a mean, at a level that is corrected for few seeds: 1 - 2Φ(-t·sqrt(n/(n - 1))) (Hesterberg 2015).

    Without the correction the interval is as narrow as if the variance were known, and covers 91 to 93 % at 24 seeds.
    """
    if np.ptp(values) == 0:
        return float(values[0]), float(values[0])
    n, rng = values.size, np.random.default_rng(BOOTSTRAP_SEED)
    level = 1 - 2 * stats.norm.sf(stats.t.ppf(0.5 + CONFIDENCE / 2, n - 1) * np.sqrt(n / (n - 1)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)  # with few seeds BCa may have no value, which is NaN
        result = stats.bootstrap(
            (values,), np.mean, n_resamples=RESAMPLES, batch=BATCH, confidence_level=level, method="BCa", rng=rng
        )
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


def _p(values: Floats) -> float:
    if np.ptp(values) == 0:
        return 1.0 if values[0] == 0 else 0.0
    return float(stats.ttest_1samp(values, 0.0).pvalue)


def _sizes(comparison: Comparison) -> tuple[float, float, float]:
    """Effect in standard deviations, share of the seeds in which the first is above, share of the variance that pairing removed."""
    first, second, difference = comparison.first, comparison.second, comparison.difference
    assert second is not None
    above = float(np.mean(difference > 0) + 0.5 * np.mean(difference == 0))
    both = ~np.isnan(first - second)
    unpaired = first[both].var(ddof=1) + second[both].var(ddof=1)
    if unpaired == 0:
        return np.nan, above, np.nan
    return float(difference.mean() / np.sqrt(unpaired / 2)), above, float(1 - difference.var(ddof=1) / unpaired)
