"""Economies whose firms have a record, with earnings and alliances of one's choice, for tests of what they learn."""

import numpy as np

import sim
from sim.economy.initialisation import create
from sim.economy.simulation import play
from sim.economy.state import State

SEED = 11
# Nobody fails, breaks its word or meets others, and nothing is learnt or tried unless a test asks for it.
STILL = {
    "finance.reserve": 1e6,
    "population.maturity": 1.0,
    "collaboration.meeting": 0.0,
    "collaboration.reconsider": 0.0,
    "organisation.review": 0.0,
    "organisation.variation": 0.0,
    "population.large": 0,
}


def with_records(**changes: object) -> tuple[sim.Parameters, State]:
    """Return parameters and a state after one month; `environment__speed` stands for `environment.speed`."""
    parameters = sim.parameters("today", {**STILL, **{name.replace("__", "."): value for name, value in changes.items()}})
    state = create(parameters, SEED)
    play(state, parameters, SEED)
    return parameters, state


def earn(state: State, per_line: np.ndarray | float) -> None:
    """Let firms have earned so much per line. Modified in place: state."""
    state.firms.trailing_profit[:] = per_line * state.firms.lines


def form_alliances(state: State, rows: np.ndarray, members: int) -> None:
    """Put these firms, as far as they are interdependent, into alliances of so many members.

    Modified in place: state.
    """
    allied = rows[state.firms.interdependent[rows]]
    state.firms.alliance[allied] = np.arange(allied.size) // members
    state.alliances.members[: allied.size // members] = members
