"""Levinthal (1997) under his own rules, against his figures, which the author of nkscape read off, and exact theory.

A read-off is half a hundredth of its axis wide. Where a curve is steep, a small error along the other axis weighs more, so only
points on flat parts are asserted.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from conformance.figures import Panel, Picture, Series
from conformance.models.adaptive_search import local_search
from conformance.models.levinthal import LOCAL, Lives, Rules, forms_in_the_economy, forms_without_interaction_by_his_rule, lives
from conformance.rows import ELEMENTARY, POSITIVE, conformance, published_mean, ratio, sampled
from conformance.support.landscapes import climbed, heights, many
from sim.lab.conformance import Part, Row

RUNS = 100  # of his, for each curve
SEEDS, FAST_SEEDS, PEAK_SEEDS = 500, 100, 1000
FIGURE = "Levinthal (1997), Figure {}, second-hand: as read off in the notebook of nkscape 0.1.0 (seen)"
NOTEBOOK = "the notebook's own code, run once with nkscape 0.1.0 for this project, 300 landscapes: second-hand"
SIGN = "Levinthal (1997), abstract (seen): tightly coupled organisations fail more when the environment changes"
REORIENTATION = "Levinthal (1997), abstract (seen): reorientation goes with survival for the tightly coupled"
FORMS_OVER_TIME = {  # Figure 1, K: forms by period
    0: {4: 24.0, 5: 13.7, 6: 7.2, 7: 3.7, 8: 2.0, 20: 1.0},
    1: {4: 36.2, 5: 23.5, 6: 15.6, 7: 10.6, 8: 7.4, 10: 4.9, 20: 3.9},
    5: {3: 61.5, 4: 48.8, 5: 40.1, 6: 34.2, 7: 30.6, 8: 28.2, 10: 27.3, 20: 26.8},
}
RADIATION = {1: {2: 33.0, 48: 3.1}, 5: {2: 33.0, 48: 14.2}}  # Figure 3
SELECTED = {0: {20: 22.0, 46: 8.9}, 1: {20: 18.9, 46: 7.3}, 5: {20: 16.6, 46: 5.1}}  # Figure 4
ALIVE = {  # Figure 6, K: share of incumbents by period
    0: {26: 1.0, 33: 0.997, 41: 0.995, 49: 0.997},
    1: {26: 0.981, 29: 0.949, 33: 0.915, 37: 0.885, 41: 0.861, 45: 0.844, 49: 0.831},
    5: {26: 0.924, 29: 0.821, 33: 0.719, 37: 0.643, 41: 0.592, 45: 0.553, 49: 0.520},
}
ALIVE_IN_NOTEBOOK = {  # K, attributes changed: share of incumbents in period 49 and its standard error; the article has only 1
    (1, 1): (0.8127, 0.0099),
    (1, 0): (0.8682, 0.0060),
    (5, 1): (0.4807, 0.0112),
}
JUMPED = {1: 1.21, 5: 1.92}  # Figure 7, in period 48
PEAKS = {2: 9.0, 3: 15.9, 4: 25.2, 5: 36.0, 6: 45.5, 7: 60.0, 8: 75.6}  # Figure 8
FLAT = 40  # from this period on the curves of Figures 3 and 4 hardly move
AXES = {1: 120.0, 3: 45.0, 4: 120.0, 6: 0.7, 7: 1.2, 8: 100.0}  # length of the vertical axis, by figure


def _read_off(figure: int, reference: str, sample: np.ndarray, published: float, asserted: bool = True) -> Row:
    row = published_mean(reference, FIGURE.format(figure), sample, published, (RUNS, None, AXES[figure] / 200))
    return row._replace(asserted=asserted)


@conformance(Part.PUBLISHED, seconds=3)
def firms_that_take_the_first_superior_form_have_as_many_forms_as_probability_says() -> Iterator[Row]:
    """Levinthal (1997), exact part under his own rule: distinct forms of 100 organisations"""
    counts = forms_in_the_economy(0, FAST_SEEDS)
    for period in range(2, 9):
        what = f"K = 0, first superior form: distinct forms among 100 after {period} periods"
        yield sampled(
            what,
            f"{ELEMENTARY} (docs/explanation/docking.md)",
            counts[:, period],
            forms_without_interaction_by_his_rule(period),
            "seeds",
        )


@conformance(Part.PUBLISHED, fast=False, seconds=35)
def forms_that_remain_under_his_rule_are_as_many_as_in_his_figure() -> Iterator[Row | Picture]:
    """Levinthal (1997), Figure 1: local search by his rule, in the economy (steep parts, and one random try instead, shown)"""
    found = {complexity: forms_in_the_economy(complexity, SEEDS) for complexity in FORMS_OVER_TIME}
    for complexity, period in ((0, 5), (1, 5), (5, 5), (1, LOCAL), (5, LOCAL)):
        what = f"K = {complexity}, first superior form: forms after {period} periods"
        yield _read_off(1, what, found[complexity][:, period], FORMS_OVER_TIME[complexity][period], asserted=period == LOCAL)
    for complexity in (1, 5):
        more = local_search(complexity, FAST_SEEDS)[0][:, -1] - found[complexity][:FAST_SEEDS, -1]
        what = f"K = {complexity}: forms that remain with one random try a month, less with the first superior form"
        yield sampled(what, "no publication: what the rule changes", more, POSITIVE, "matched runs")._replace(asserted=False)
    caption = "Levinthal (1997), Figure 1, by his own rule. Lines: firms of the economy; dots: the article, read off by others."
    yield _picture("levinthal_forms", caption, "distinct forms among 100", found, FORMS_OVER_TIME)


@conformance(Part.PUBLISHED, fast=False, seconds=25)
def jumps_spread_forms_and_selection_sorts_them_as_in_his_figures() -> Iterator[Row]:
    """Levinthal (1997), Figures 3 and 4: from one form by local search and long jumps; by selection alone (steep parts shown)"""
    for figure, what, rules, curves in (
        (3, "one form at founding, local search and jumps", Rules(selection=False, alike=True), RADIATION),
        (4, "selection alone", Rules(search=False, jumps=False), SELECTED),
    ):
        for complexity, points in curves.items():
            forms = lives(complexity, rules, SEEDS).forms
            for period, published in points.items():
                reference = f"K = {complexity}, {what}: forms after {period} periods"
                yield _read_off(figure, reference, forms[:, period], published, asserted=period > FLAT)


@conformance(Part.PUBLISHED, fast=False, seconds=30)
def tightly_coupled_organisations_fail_more_because_of_a_change() -> Iterator[Row | Picture]:
    """Levinthal (1997), Figure 6: incumbents alive in period 49, after the contribution of one attribute changed in period 25"""
    over_time = {k: lives(k, Rules(changed=1), SEEDS).alive for k in ALIVE}
    after = {k: alive[:, 49] for k, alive in over_time.items()}
    still = {k: lives(k, Rules(), SEEDS).alive[:, 49] for k in ALIVE}
    for complexity, points in ALIVE.items():
        yield _read_off(6, f"K = {complexity}, selection: alive in period 49", after[complexity], points[49])
    for (complexity, attributes), (mean, error) in ALIVE_IN_NOTEBOOK.items():
        what = f"K = {complexity}, selection, {attributes} contributions changed: alive in period 49"
        yield sampled(what, NOTEBOOK, (after if attributes else still)[complexity], mean, "runs", error)
    yield sampled("selection, alive in period 49: K = 1 less K = 5", SIGN, after[1] - after[5], POSITIVE, "matched runs")
    cost = {k: still[k] - after[k] for k in ALIVE}
    for complexity in (1, 5):
        what = f"K = {complexity}, selection: alive in period 49 without the change, less with it"
        row = sampled(what, "plain reasoning: a change leaves some where it is worse", cost[complexity], POSITIVE, "matched runs")
        yield row._replace(asserted=complexity == 5)  # at K = 1 a pilot left it close to 0
    yield sampled("selection: the same, K = 5 less K = 1", SIGN, cost[5] - cost[1], POSITIVE, "matched runs")
    caption = (
        "Levinthal (1997), Figure 6. Lines: his organisations on the economy's landscapes; dots: the article, read off by others."
    )
    yield _picture("levinthal_survival", caption, "share of incumbents alive", over_time, ALIVE)


@conformance(Part.PUBLISHED, fast=False, seconds=12)
def reorientation_goes_with_survival_where_coupling_is_tight() -> Iterator[Row]:
    """Levinthal (1997), Figure 7: incumbents that made a long jump, alive against failed, after five attributes changed"""
    found = {k: lives(k, Rules(changed=5), SEEDS) for k in JUMPED}
    for complexity, published in JUMPED.items():
        what = f"K = {complexity}, selection: share with a long jump, alive over failed, in period 48"
        yield _read_off(7, what, ratio(*_jumped(found[complexity])), published, asserted=False)
    both = ~np.isnan(found[1].jumped_of_failed[:, 48] + found[5].jumped_of_failed[:, 48])
    more = {k: (found[k].jumped - found[k].jumped_of_failed)[both, 48] for k in JUMPED}
    yield sampled("the same, alive less failed: K = 5", REORIENTATION, more[5], POSITIVE, "runs")
    yield sampled("the same, alive less failed: K = 5 less K = 1", REORIENTATION, more[5] - more[1], POSITIVE, "matched runs")


def _jumped(found: Lives) -> tuple[np.ndarray, np.ndarray]:
    alive, failed = found.jumped[:, 48], found.jumped_of_failed[:, 48]
    known = ~np.isnan(alive + failed)
    return alive[known], failed[known]


@conformance(Part.PUBLISHED, seconds=3)
def landscapes_have_as_many_peaks_as_in_his_figure() -> Iterator[Row]:
    """Levinthal (1997), Figure 8: local peaks by K, N = 10"""
    for complexity, published in PEAKS.items():
        land = many(range(PEAK_SEEDS), decisions=10, domains=1, complexity=complexity, interaction="adjacent")
        peaks = np.array([climbed(heights(one), 0, 0).peaks for one in land])
        yield _read_off(8, f"K = {complexity}, adjacent: peaks", peaks, published)


def _picture(stem: str, caption: str, y: str, found: dict[int, np.ndarray], read_off: dict[int, dict[int, float]]) -> Picture:
    series = []
    for complexity, points in read_off.items():
        mean, periods, theirs = found[complexity].mean(axis=0), list(points), list(points.values())
        line = np.flatnonzero(~np.isnan(mean))
        series.append(Series(f"K = {complexity}", (line, mean[line]), (periods, theirs, theirs, theirs)))
    return Picture(stem, caption, [Panel(caption.split(". ")[0], "period", y, series)])
