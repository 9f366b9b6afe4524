"""Firms that gain most by allying: each has a competence of its own."""

import sim
from sim.economy.beginning import create
from sim.economy.world import World

DOMAINS = 12


def complementary(coordination: float, wage: float) -> tuple[sim.Parameters, World]:
    """As many independent small firms as domains, each with a competence of its own."""
    parameters = sim.parameters(
        "today",
        {
            "population.small": DOMAINS,
            "population.large": 0,
            "population.small_interdependent": 1.0,
            "environment.decisions": DOMAINS,
            "environment.domains": DOMAINS,
            "environment.complexity": 2,
            "organisation.wage": wage,
            "collaboration.coordination": coordination,
        },
    )
    world = create(parameters, 1)
    world.firms.competence[:] = world.landscape.domain
    return parameters, world
