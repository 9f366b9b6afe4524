"""Digests of runs that use every rule, for tests of bit-identity. `python -m tests.support.digest` prints them."""

import hashlib

import sim

RUNS = [
    ("today", {}),
    (
        "web 2.0",
        {
            "population.large_interdependent": 0.5,
            "population.sales_focused": 0.4,
            "population.maturity": 0.8,
            "environment.interaction": "modular",
            "environment.shocks": [{"month": 5, "magnitude": 0.5}],
            "organisation.contract": 0.1,
            "organisation.wage": 0.2,
            "collaboration.scope": "other market",
            "market.markets": 2,
            "market.scale_elasticity": 0.05,
            "market.promotion": 0.1,
            "finance.reserve": 1.0,
            "dynamics.entry": "imitate",
            "dynamics.revision": 0.1,
        },
    ),
    (
        "labyrinth",
        {
            "environment.interaction": "adjacent",
            "collaboration.scope": "same size",
            "market.outside": 0.0,
            "organisation.caution": 0.01,
            "finance.overhead": 1.1,
        },
    ),
    # Large firms with layers of management in alliances, which try several things a month.
    (
        "today",
        {
            "population.small_interdependent": 0.5,
            "population.large_interdependent": 1.0,
            "population.large_lines": 100,
            "organisation.attempts": 3,
            "organisation.variation": 0.1,
            "collaboration.exchange": 0.5,
            "collaboration.breadth": 0.5,
            "collaboration.reconsider": 0.2,
            "collaboration.most_members": 5,
            "collaboration.hiring": "alone",
            "dynamics.inheritance": 1.0,
            "finance.reserve_elasticity": 1.0,
            "finance.overhead": 1.1,
        },
    ),
    # A field trial in which a treated start-up takes over the group of the firm that it replaces.
    (
        "turbulent",
        {
            "population.small_interdependent": 0.2,
            "organisation.wage": 0.1,
            "collaboration.placebo": True,
            "finance.overhead": 1.1,
            "finance.reserve": 3.0,
            "trial.first_month": 3,
            "trial.months": 12,
            "trial.share": 0.8,
            "trial.group": 4,
            "trial.exchange": 0.5,
            "trial.pooled_competence": True,
            "trial.joint_hiring": True,
            "trial.successors": True,
        },
    ),
]


def digest(run: sim.Run) -> str:
    """Return a digest of everything measured in a run."""
    return hashlib.sha256(run.history.by_group.tobytes() + run.history.by_month.tobytes()).hexdigest()[:32]


def digests(months: int = 24, small: int = 16) -> list[str]:
    """Play RUNS and return their digests."""
    size = {"population.small": small, "population.large": 4, "dynamics.months": months}
    return [digest(sim.simulate(sim.parameters(world, {**size, **changes}), seed=3)) for world, changes in RUNS]


if __name__ == "__main__":
    print("\n".join(digests()))
