"""Search and bureaucracy: what helps and what hurts. Closed forms: conformance/theory/search.py and screening.py."""

import numpy as np
import pytest
from scipy import stats

import sim
from sim.economy.initialisation import create
from sim.economy.landscape import NOTHING
from sim.economy.measures import GROUP_NAMES
from sim.economy.simulation import play
from sim.economy.state import NEVER_LOOKS, State

# Overhead 0: nobody fails. Nobody is interdependent, so nobody allies.
ALONE = {
    "population.small": 500,
    "population.large": 0,
    "population.small_interdependent": 0.0,
    "finance.overhead": 0.0,
    "environment.complexity": 0,
    "organisation.affordability": 0.0,
}


def fitness_path(seeds: int, **changes: object) -> np.ndarray:
    """Return the mean fitness by (seed, month) of the only group that has firms."""
    overrides = {**ALONE, **{name.replace("__", "."): value for name, value in changes.items()}}
    paths = [
        sim.simulate(sim.parameters("today", overrides), seed).monthly()["fitness"].dropna().to_numpy() for seed in range(seeds)
    ]
    return np.array(paths)


def agrees(sample: np.ndarray, expected: float) -> bool:
    return abs(sample.mean() - expected) < 4 * sample.std(ddof=1) / np.sqrt(sample.size)


def test_firms_that_judge_blindly_learn_nothing() -> None:
    """A blind judgement accepts every change with probability 1/2, so mean fitness stays 1/2, except in the firm's own domain."""
    paths = fitness_path(60, organisation__noise=1000.0, environment__speed=0.0, dynamics__months=200)
    own_domain = 1 / 6
    assert agrees(paths[:, -1], own_domain * 2 / 3 + (1 - own_domain) * 1 / 2)


def test_noise_hurts_more_where_decisions_interact() -> None:
    """A change touches K+1 contributions, so the error of judging it grows with complexity."""
    loss = {}
    for complexity in (0, 6):
        clear, blurred = (
            fitness_path(20, environment__complexity=complexity, organisation__noise=noise, dynamics__months=120)[:, -1].mean()
            for noise in (0.0, 0.3)
        )
        loss[complexity] = clear - blurred
    assert loss[6] > loss[0] > 0


@pytest.mark.parametrize(
    ("lines", "span", "layers"), [(3, 9.0, 1), (243, 9.0, 3), (1000, 100.0, 2), (8, 4.0, 2), (20, 1.001, 2997)]
)
def test_half_a_layer_counts_as_one_and_no_number_of_layers_is_too_large(lines: int, span: float, layers: int) -> None:
    p = sim.parameters("today", {"population.large_lines": lines, "organisation.span": span})
    assert create(p, 1).firms.layers.max() == layers


def test_no_proposal_passes_endless_layers() -> None:
    run = sim.simulate(
        sim.parameters("today", {"organisation.span": 1 + 1e-15, "organisation.noise": 1000.0, "dynamics.months": 300})
    )
    assert run.monthly().loc[(slice(None), "large independent"), "ideas_adopted"].sum() == 0


def test_firms_with_more_layers_adopt_fewer_ideas() -> None:
    overrides = {**ALONE, "population.small": 0, "population.large": 500, "population.large_interdependent": 0.0}
    adopted = [
        sim.simulate(sim.parameters("turbulent", {**overrides, "organisation.span": span}), 1)
        .summary()
        .loc["large independent", "ideas_adopted"]
        for span in (1e9, 4.5, 2.0)
    ]
    assert adopted[0] > adopted[1] > adopted[2]


def test_the_best_number_of_layers_falls_as_speed_rises() -> None:
    """Sah & Stiglitz (1986), Christensen & Knudsen (2010): layers screen errors out, but what they pass comes late."""
    overrides = {**ALONE, "population.small": 0, "population.large": 400, "organisation.noise": 0.6, "dynamics.months": 600}

    def best_layers(speed: float) -> int:
        fitness = [
            sim.simulate(sim.parameters("today", {**overrides, "environment.speed": speed, "organisation.span": span}), 1)
            .summary(first_month=300)
            .loc["large independent", "fitness"]
            for span in (1e9, 20.0, 4.5, 2.72)
        ]
        return int(np.argmax(fitness))

    slow, fast = best_layers(0.0), best_layers(0.1)
    assert slow >= 2
    assert fast == 0


def test_too_much_sharing_leads_early_and_loses_late() -> None:
    """Lazer & Friedman (2007), N = 20, K = 5, 100 searchers: eager copying ends the variety that search needs.

    All firms are in one alliance, one domain holds all decisions (so copying takes over the whole model), and judgement is exact.
    """
    overrides = {
        "population.small": 100,
        "population.large": 0,
        "population.small_interdependent": 1.0,
        "population.maturity": 1.0,
        "environment.decisions": 20,
        "environment.domains": 1,
        "environment.complexity": 5,
        "environment.speed": 0.0,
        "organisation.noise": 0.0,
        "collaboration.meeting": 0.0,
        "collaboration.coordination": 0.0,
        "finance.overhead": 0.0,
    }

    def path(exchange: float, seed: int) -> np.ndarray:
        parameters = sim.parameters("today", {**overrides, "collaboration.exchange": exchange})
        state = create(parameters, seed)
        state.firms.alliance[:] = 0
        return play(state, parameters, seed, 300).by_group[:, 1, GROUP_NAMES.index("fitness")]

    lead = np.array([path(1.0, seed) - path(0.1, seed) for seed in range(60)])
    error = lead.std(axis=0, ddof=1) / np.sqrt(len(lead))
    assert lead[:, 5].mean() > 4 * error[5]
    assert lead[:, -1].mean() < -4 * error[-1]


# All firms are in one alliance and keep their word; nobody fails, meets, leaves or hires, and nothing moves.
TOGETHER = {
    "population.small": 40,
    "population.large": 0,
    "population.small_interdependent": 1.0,
    "population.large_interdependent": 1.0,
    "population.maturity": 1.0,
    "environment.speed": 0.0,
    "organisation.noise": 0.0,
    "organisation.staffing": "none",
    "collaboration.meeting": 0.0,
    "collaboration.coordination": 0.0,
    "collaboration.exchange": 1.0,
    "finance.reserve": 1e6,
}


def together(seed: int = 5, **changes: object) -> tuple[sim.Parameters, State]:
    """Return parameters and a state before the first month in which all firms are in one alliance."""
    named = {name.replace("__", "."): value for name, value in changes.items()}
    parameters = sim.parameters("today", {**TOGETHER, **named})
    state = create(parameters, seed)
    state.firms.alliance[:] = 0
    return parameters, state


def bits(mask: int) -> int:
    return int(mask).bit_count()


@pytest.mark.parametrize(("breadth", "domains"), [(0.0, 1), (0.2, 1), (0.4, 2), (0.5, 3), (0.74, 4), (0.76, 5), (1.0, 6)])
def test_a_practice_is_what_an_ally_did_in_as_many_domains_as_breadth_says(breadth: float, domains: int) -> None:
    """They go round from any domain on: so many of the six, rounded, at least one."""
    parameters, state = together(collaboration__breadth=breadth, environment__speed=0.1)
    firms, domain = state.firms, state.landscape.domain
    windows = [int(sum(domain[(first + step) % 6] for step in range(domains))) for first in range(6)]
    practices, most = 0, 0
    for _ in range(24):
        before = firms.model.copy()
        play(state, parameters, 5)
        for i in np.flatnonzero(firms.practices_adopted):
            change, allies = int(before[i] ^ firms.model[i]), np.delete(before, i)
            fitting = [window for window in windows if change & ~window == 0]
            assert any((int(ally ^ firms.model[i]) & window) == 0 for window in fitting for ally in allies)
            practices += 1
            most = max(most, sum(change & int(mask) > 0 for mask in domain))
    assert practices > 100
    assert most == domains


@pytest.mark.parametrize("attempts", [1, 3])
def test_a_look_at_an_ally_is_an_attempt_and_takes_the_place_of_an_own_idea(attempts: int) -> None:
    parameters, state = together(organisation__attempts=attempts)
    for _ in range(12):
        play(state, parameters, 5)
        assert np.all(state.firms.looks == attempts)
        assert not state.firms.ideas_adopted.any()
    halved, state = together(organisation__attempts=attempts, collaboration__exchange=0.5, population__small=200)
    play(state, halved, 5)
    looks = np.bincount(state.firms.looks, minlength=attempts + 1)
    expected = 200 * stats.binom.pmf(range(attempts + 1), attempts, 0.5)  # attempts are independent
    assert stats.chisquare(looks, expected).pvalue > 1e-4
    assert np.all(state.firms.looks + state.firms.ideas_adopted <= attempts)
    assert state.firms.ideas_adopted.any()


def test_as_many_attempts_in_a_month_climb_as_high_as_one_in_as_many_months() -> None:
    changes = {"environment__speed": 0.0, "organisation__noise": 0.0, "population__small": 100}
    at_once = fitness_path(40, organisation__attempts=12, dynamics__months=1, **changes)[:, 0]
    one_by_one = fitness_path(40, dynamics__months=12, **changes)[:, 11]
    difference = at_once - one_by_one  # on the same landscapes
    assert one_by_one.mean() > fitness_path(40, dynamics__months=1, **changes).mean() + 0.03
    assert agrees(difference, 0.0)


def test_in_all_attempts_of_a_month_others_are_seen_as_they_were_in_the_last_one() -> None:
    """One firm is ahead and the others all do the same: whatever they take over is what this firm did, in every attempt."""
    parameters, state = together(organisation__attempts=10, collaboration__breadth=0.0)
    state.firms.model[:] = NOTHING
    state.firms.model[0] = state.landscape.all_decisions[0]
    play(state, parameters, 5)
    assert np.all(state.firms.looks == 10)
    assert (state.firms.model[1:] != NOTHING).any()
    assert all(bits(model) % 2 == 0 for model in state.firms.model[1:])  # whole domains of two decisions


def test_a_placebo_shows_random_bits_in_place_of_what_allies_do() -> None:
    """All firms do the same, so that there is nothing to take over from allies."""
    for placebo in (False, True):
        parameters, state = together(collaboration__placebo=placebo)
        state.firms.model[:] = 0b100110111000
        play(state, parameters, 5)
        assert np.all(state.firms.looks == 1)
        assert (state.firms.practices_adopted.sum() > 5) == placebo
        assert (np.unique(state.firms.model).size > 5) == placebo


def test_with_a_placebo_it_does_not_matter_what_allies_do() -> None:
    def adopted(of_the_others: int) -> int:
        parameters, state = together(collaboration__placebo=True)
        state.firms.model[1:] = of_the_others
        play(state, parameters, 5)
        return int(state.firms.model[0])

    assert adopted(0) == adopted(0b111111111111) == adopted(0b101010101010)


def test_who_breaks_its_word_neither_looks_nor_is_looked_at() -> None:
    parameters, state = together()
    firms = state.firms
    firms.maturity[1:20] = 0.0
    firms.model[:20] = NOTHING
    firms.model[1:20] = state.landscape.all_decisions[0]
    firms.model[20:] = NOTHING
    play(state, parameters, 5)
    assert not firms.looks[1:20].any()
    assert firms.looks.sum() == 21
    assert not firms.practices_adopted.any()


def test_who_never_looks_has_ideas_of_its_own_only_and_is_looked_at() -> None:
    parameters, state = together()
    state.firms.habits[:20] = NEVER_LOOKS
    play(state, parameters, 5)
    assert state.firms.looks.tolist() == [0] * 20 + [1] * 20
    assert state.firms.ideas_adopted[:20].any()
    assert not state.firms.ideas_adopted[20:].any()


def test_one_attempt_is_a_judgement_a_look_or_an_idea_and_never_two_of_them() -> None:
    """Large firms in an alliance, with layers that reject: who has just rejected a proposal does not look in the same attempt."""
    parameters, state = together(
        population__small=0,
        population__large=60,
        organisation__noise=1.0,
        organisation__caution=0.02,
        environment__speed=0.1,
        collaboration__exchange=0.7,
    )
    firms, rejected, looks = state.firms, 0, 0
    for _ in range(60):
        judges = firms.proposal != NOTHING
        play(state, parameters, 5)
        assert not firms.looks[judges].any()
        assert not (firms.proposal != NOTHING)[firms.proposals_rejected > 0].any()
        assert not (firms.practices_adopted + firms.ideas_adopted)[~judges].any()
        rejected, looks = rejected + firms.proposals_rejected.sum(), looks + firms.looks.sum()
    assert rejected > 100
    assert looks > 100


def test_every_layer_takes_one_attempt_to_judge() -> None:
    """Two layers: a proposal made in one attempt is in force two attempts later at the earliest."""
    for attempts, adopts in ((1, False), (2, False), (3, True)):
        parameters, state = together(population__small=0, population__large=60, organisation__attempts=attempts)
        assert set(state.firms.layers) == {2}
        play(state, parameters, 5)
        assert (state.firms.practices_adopted > 0).any() == adopts


def test_decisions_of_a_followed_practice_are_kept_that_no_later_change_touches() -> None:
    """With one attempt a month, a firm makes one change a month. It follows one practice at a time, for a year."""
    parameters, state = together(collaboration__exchange=0.15, environment__speed=0.05)
    firms = state.firms
    taken, kept, since = np.zeros(40, np.uint64), np.zeros(40, np.uint64), np.full(40, -100)
    totals = []
    for month in range(40):
        before = firms.model.copy()
        history = play(state, parameters, 5)
        change = before ^ firms.model
        kept &= ~change
        starts = (firms.practices_adopted > 0) & (since < 0)
        taken[starts] = kept[starts] = change[starts]
        since[starts] = month
        ends = since == month - 12
        shares = [bits(kept[i]) / bits(taken[i]) for i in np.flatnonzero(ends)]
        found = history.by_group[0, 1, [GROUP_NAMES.index("practices_followed"), GROUP_NAMES.index("practices_kept")]]
        np.testing.assert_allclose(found, [len(shares), sum(shares)], atol=1e-12)
        since[ends] = -100
        totals += shares
    assert len(totals) > 20
    assert 0 < np.mean(totals) < 1
