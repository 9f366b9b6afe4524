"""Firms that gain most by allying, because each has a different competence."""

import sim
from sim.economy.initialisation import create
from sim.economy.state import State

DOMAINS = 12


def complementary_firms(coordination: float, wage: float) -> tuple[sim.Parameters, State]:
    """Return parameters and a state with as many small firms as domains, each with a different competence."""
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
    state = create(parameters, 1)
    state.firms.competence[:] = state.landscape.domain
    return parameters, state
