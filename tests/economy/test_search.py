"""Search and bureaucracy: what helps and what hurts. Closed forms: conformance/theory/search.py and screening.py."""

import numpy as np
import pytest

import sim
from sim.economy.initialisation import create
from sim.economy.measures import GROUP_NAMES
from sim.economy.simulation import play

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


def test_a_copied_practice_is_what_an_ally_did_in_one_domain_last_month() -> None:
    """Judgement is exact: a member that copied changed in one domain only, and there equals an ally of last month."""
    changes = {
        "collaboration.exchange": 1.0,
        "collaboration.breadth": 0.0,
        "organisation.noise": 0.0,
        "environment.speed": 0.1,
        "population.maturity": 1.0,
        "finance.reserve": 1e6,  # nobody fails
    }
    parameters = sim.parameters("today", changes)
    state = create(parameters, 5)
    play(state, parameters, 5, 12)
    practices = 0
    for _ in range(24):
        before, firms = state.firms.model.copy(), state.firms
        play(state, parameters, 5)
        for i in np.flatnonzero(firms.practices_adopted):
            change = before[i] ^ firms.model[i]
            domain = next(mask for mask in state.landscape.domain if mask & change)
            assert change & ~domain == 0
            allies = np.flatnonzero((firms.alliance == firms.alliance[i]) & (np.arange(firms.alliance.size) != i))
            assert any((before[ally] ^ firms.model[i]) & domain == 0 for ally in allies)
            practices += 1
    assert practices > 100
