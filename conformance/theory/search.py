"""Hill climbing on a moving landscape without interaction, over speed τ, noise σ and layers L.

There is an exact answer if at most two of the three are at work (models/hill_climbing.py). If all three are at work, no exact
answer is known and nothing is asserted.
"""

from collections.abc import Iterator
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from conformance.figures import Panel, Picture, Series
from conformance.models.hill_climbing import (
    N,
    Setting,
    blurred,
    climbs,
    gaps,
    mean_screened,
    screened,
    settled,
    whole_months,
)
from conformance.rows import ERRORS, LINES_AND_DOTS, conformance, sampled
from sim.lab.conformance import Part, Row

SPEEDS = (0.02, 0.05, 0.2, 0.5)
NOISES = (0.1, 0.3, 1.0)
CHAIN = (
    "exact: Markov chain of (wrong decisions, proposal and its stage); without layers it is the formula of the design, section 7"
)
FORMULA = "design of this project, section 7, exact with b∞ = Φ(−g/σ) averaged over gaps g"
DETAILED = "exact: detailed balance, an idea passes with p^(L+1) (Sah & Stiglitz 1986: a hierarchy accepts with the product)"
OF = "landscapes"


def dots(x: tuple[float, ...], rows: list[Row]) -> tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike]:
    """Return the dots of a figure: fitness is 2/3 less the loss."""
    loss, low, high = np.array([[row.ours, row.low, row.high] for row in rows]).T
    return x, 2 / 3 - loss, 2 / 3 - high, 2 / 3 - low


@conformance(Part.THEORY, seconds=10)
def hill_climbing_meets_the_closed_forms_over_speed_with_layers_or_noise() -> Iterator[Row | Picture]:
    """Search at K = 0: loss against the best possible in the long run, over speed τ with layers L, and over speed with noise σ"""
    by_layers, by_noise, fine = [], [], np.geomspace(0.005, 1, 30)
    for layers in range(4):
        rows = [long_run(Setting(speed, 0.0, layers), settled(speed, layers), CHAIN) for speed in SPEEDS]
        yield from rows
        line = fine, 2 / 3 - np.array([settled(speed, layers) for speed in fine])
        by_layers.append(Series(f"L = {layers}", line, dots(SPEEDS, rows)))
    for noise in NOISES:
        rows = [long_run(Setting(speed, noise), blurred(speed, noise), FORMULA) for speed in SPEEDS]
        yield from rows
        line = fine, 2 / 3 - np.array([blurred(speed, noise) for speed in fine])
        by_noise.append(Series(f"σ = {noise:g}", line, dots(SPEEDS, rows)))
    caption = (
        "Search at K = 0, N = 12: fitness in the long run. Left: judged without error, by layers L. Right: no layers, by noise σ. "
    )
    panels = [
        Panel("speed and layers", "speed τ (1/month)", "fitness", by_layers),
        Panel("speed and noise", "speed τ (1/month)", "fitness", by_noise),
    ]
    yield Picture("search", caption + LINES_AND_DOTS, panels)


@conformance(Part.THEORY, fast=False, seconds=15)
def layers_make_up_for_noise_as_detailed_balance_says() -> Iterator[Row | Picture]:
    """Search at K = 0 on a still landscape: loss of firms without a proposal under way, over noise σ and layers L"""
    series, fine = [], np.geomspace(0.05, 2, 30)
    for layers in range(4):
        rows = [without_proposal(Setting(0.0, noise, layers, 20, 500, 1500)) for noise in NOISES]
        yield from rows
        line = fine, 2 / 3 - np.array([mean_screened(noise, layers) for noise in fine])
        series.append(Series(f"L = {layers}", line, dots(NOISES, rows)))
    caption = "Search at K = 0 on a still landscape: fitness of firms without a proposal under way. " + LINES_AND_DOTS
    yield Picture("search_layers", caption, [Panel("", "noise σ", "fitness", series)])


def long_run(setting: Setting, expected: float, source: str) -> Row:
    """Return a row for the mean loss after the first third of the months."""
    found = [loss[setting.months // 3 :].mean() for loss, _, _ in climbs(setting)]
    where = f"τ = {setting.speed:g}, σ = {setting.noise:g}, L = {setting.layers}"
    return sampled(f"loss, {where}", source, found, expected, OF)


def without_proposal(setting: Setting) -> Row:
    """Return a row for firms without a proposal under way at the end of a month.

    The loss of each landscape is corrected by what its own gaps let expect.
    """
    expected, sample = mean_screened(setting.noise, setting.layers), []
    for _, gap, state in climbs(setting):
        loss = gaps(state.landscape)[N] - state.firms.fitness[state.firms.proposal == 0].mean()
        sample.append(expected + loss - screened(gap, setting.noise, setting.layers).mean())
    reference = f"loss, τ = 0, σ = {setting.noise:g}, L = {setting.layers}, no proposal under way"
    return sampled(reference, DETAILED, sample, expected, OF)


@conformance(Part.THEORY, seconds=5)
def the_climb_itself_is_as_fast_as_the_chain_says() -> Iterator[Row | Picture]:
    """Search at K = 0: the way up on a still landscape, judged without error: without layers E f(t) = 2/3 − (1/6)(1 − 1/N)^t"""
    months, series = 60, []
    for layers in range(4):
        corrected, wrong = whole_months(Setting(layers=layers, landscapes=60, firms=500, months=months))
        for t in (5, 20, 60) if layers else (1, 5, 20, 60):  # in the first month layers make no difference
            source = CHAIN if layers else "exact: an attempt finds a given wrong decision with probability 1/N"
            yield sampled(f"loss after {t} months, L = {layers}", source, corrected[:, t - 1], wrong[t - 1] / 3, OF)
        shown = np.array([1, 5, 10, 20, 40, 60])
        mean, error = corrected.mean(axis=0), ERRORS * corrected.std(axis=0, ddof=1) / sqrt(len(corrected))
        middle, half = (2 / 3 - mean)[shown - 1], error[shown - 1]
        line = np.arange(1, months + 1), 2 / 3 - wrong / 3
        series.append(Series(f"L = {layers}", line, (shown, middle, middle - half, middle + half)))
    caption = "The way up on a still landscape, K = 0, N = 12, judged without error, by layers of management L. " + LINES_AND_DOTS
    yield Picture("climb", caption, [Panel("", "months", "fitness", series)])
