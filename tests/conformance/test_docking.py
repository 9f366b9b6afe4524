"""The parts of the docked models: Levinthal's organisations, networks, the highest point of a landscape, Hong & Page's ring."""

import numpy as np
import pytest

from conformance.models import by_nkscape, networks
from conformance.models.adaptive_search import forms_without_interaction
from conformance.models.levinthal import PERIODS, Rules, first_superior, forms_without_interaction_by_his_rule, lives
from conformance.models.networked_search import Habits, mean_scores, random_start
from conformance.published.hong_page import diversity, ends, relay, values
from conformance.support.landscapes import heights

NETWORKS = {
    "line": networks.line(30),
    "full": networks.full(30),
    "lattice": networks.lattice(30),
    "small world": networks.small_world(30, 0.3, 1),
    "random": networks.random(30, 0.2, 1),
}


@pytest.mark.parametrize("links", NETWORKS.values(), ids=NETWORKS.keys())
def test_links_go_both_ways_and_never_to_oneself(links: networks.Links) -> None:
    assert np.array_equal(links, links.T)
    assert not np.any(np.diag(links))


def test_rewiring_keeps_the_number_of_links_and_shortens_distances() -> None:
    lattice, rewired = NETWORKS["lattice"], NETWORKS["small world"]
    assert np.all(lattice.sum(axis=1) == 4)
    assert rewired.sum() == lattice.sum()
    assert networks.mean_distance(rewired) < networks.mean_distance(lattice)
    assert np.array_equal(networks.small_world(30, 0.0, 1), lattice)


def test_distances_on_line_and_full_network_are_those_of_the_formula() -> None:
    assert networks.mean_distance(NETWORKS["line"]) == pytest.approx((30 + 1) / 3)
    assert networks.mean_distance(NETWORKS["full"]) == 1.0
    assert networks.mean_distance(np.zeros((3, 3), bool)) == np.inf


def test_a_random_network_has_about_the_expected_number_of_links() -> None:
    links = networks.random(200, 0.1, 3)
    assert abs(links.sum() / (200 * 199) - 0.1) < 4 * np.sqrt(0.1 * 0.9 / (100 * 199))


def test_the_gray_code_finds_the_highest_model() -> None:
    for seed in range(5):
        start = random_start(seed, 4, decisions=10)
        assert start.best == heights(start.landscape).max()


def test_the_network_does_not_matter_if_nobody_looks_at_others() -> None:
    start = random_start(1, 3, decisions=10)
    alone = [mean_scores(start, links, 20, Habits(velocity=0.0)) for links in (networks.line(100), networks.full(100))]
    assert np.array_equal(*alone)
    assert np.all(np.diff(alone[0]) >= 0.0)


def test_in_a_full_network_all_are_as_fit_as_the_best_after_one_round() -> None:
    start = random_start(2, 3, decisions=10)
    scores = mean_scores(start, networks.full(100), 1)
    best = heights(start.landscape)[start.firms.model.astype(int)].max()
    assert scores[1] >= (best / start.best) ** 8 - 1e-12


def test_without_interaction_distinct_forms_fall_from_random_draws_to_one() -> None:
    assert forms_without_interaction(0) == pytest.approx(1024 * (1 - (1 - 1 / 1024) ** 100))
    assert forms_without_interaction(1000) == pytest.approx(1.0)


def test_by_his_rule_forms_without_interaction_fall_from_random_draws_to_one() -> None:
    assert forms_without_interaction_by_his_rule(0) == pytest.approx(forms_without_interaction(0))
    assert forms_without_interaction_by_his_rule(5) == pytest.approx(12.53, abs=0.005)
    assert forms_without_interaction_by_his_rule(9) > 1.0
    assert forms_without_interaction_by_his_rule(10) == pytest.approx(1.0)


def test_the_first_superior_form_is_the_first_in_order_and_none_on_a_peak() -> None:
    height = np.zeros(1 << 10)
    height[0b110] = 1.0
    height[0b010], height[0b100] = 0.5, 0.9
    chosen = first_superior(height, np.array([0b000, 0b010, 0b110, 0b100], np.uint64))
    assert chosen.tolist() == [0b010, 0b100, 0, 0b010]


def test_without_selection_all_incumbents_live_and_without_jumps_nobody_jumps() -> None:
    found = lives(3, Rules(jumps=False, selection=False), 3)
    assert np.all(found.alive[:, 24:] == 1.0)
    assert np.all(np.isnan(found.alive[:, :24]))
    assert np.all(found.jumped[:, 24:] == 0.0)
    assert np.all(np.isnan(found.jumped_of_failed))
    assert np.all(found.forms[:, PERIODS] < found.forms[:, 0])


def test_selection_alone_spreads_the_fitter_forms_and_kills_incumbents_for_good() -> None:
    found = lives(3, Rules(search=False, jumps=False), 3)
    assert np.all(found.forms[:, PERIODS] < found.forms[:, 0] / 2)
    assert np.all(np.diff(found.alive[:, 24:]) <= 0.0)
    assert np.all(found.alive[:, PERIODS] < 1.0)


def test_a_change_hurts_nobody_before_it_comes() -> None:
    changed, still = (lives(5, Rules(changed=magnitude), 3) for magnitude in (5, 0))
    assert np.array_equal(changed.forms[:, :25], still.forms[:, :25])
    assert not np.array_equal(changed.alive[:, 25:], still.alive[:, 25:])


def test_from_one_common_form_long_jumps_make_many() -> None:
    found = lives(3, Rules(selection=False, alike=True), 3)
    assert np.all(found.forms[:, 0] == 1)
    assert np.all(found.forms[:, 1] > 1)


def test_the_stored_numbers_of_nkscape_are_those_it_gives() -> None:
    pytest.importorskip("nkscape", reason="nkscape needs Python 3.12")
    setting, sample = next(by_nkscape.samples(by_nkscape.LANDSCAPES))
    assert by_nkscape.stored()[setting].mean == pytest.approx(sample.mean(), rel=1e-5)


def test_a_heuristic_stops_where_walking_leads_and_no_step_helps() -> None:
    ring, heuristic = values(np.uint64(4)), np.array([3, 11, 7])
    stops = ends(ring, np.argsort(-ring), heuristic)
    for start in range(0, 2000, 37):
        at, failed, k = start, 0, 0
        while failed < 3:
            ahead = (at + heuristic[k % 3]) % 2000
            at, failed, k = (ahead, 0, k + 1) if ring[ahead] > ring[at] else (at, failed + 1, k + 1)
        assert stops[start] == at


def test_a_relay_to_the_end_scores_at_least_as_much_as_one_turn_or_one_member() -> None:
    ring = values(np.uint64(5))
    team = [ends(ring, np.argsort(-ring), np.array(steps)) for steps in ([1, 2, 3], [5, 9, 4], [12, 2, 7])]
    once, to_the_end = relay(ring, team, 1), relay(ring, team, None)
    assert ring[team[0]].mean() <= once <= to_the_end <= 100.0


def test_diversity_is_the_share_of_positions_at_which_heuristics_differ() -> None:
    assert diversity(np.array([[1, 2, 3], [1, 3, 5]])) == pytest.approx(200 / 3)
    assert diversity(np.array([[3, 4, 5], [4, 5, 6]])) == pytest.approx(100)
