"""Every option of the rules by itself, in a small world where much happens."""

# A small world in which firms ally and leave, look, hire, learn and fail all the time.
LIVELY = {
    "population.small": 36,
    "population.large": 4,
    "population.small_interdependent": 0.5,
    "population.large_interdependent": 0.5,
    "population.maturity": 0.9,
    "environment.speed": 0.05,
    "organisation.wage": 0.1,
    "organisation.contract": 0.3,
    "organisation.variation": 0.1,
    "collaboration.exchange": 0.4,
    "collaboration.reconsider": 0.2,
    "finance.reserve": 3.0,
    "finance.overhead": 0.95,
}
TRIAL = {"trial.first_month": 4, "trial.months": 15, "trial.group": 4, "trial.share": 0.8, "trial.exchange": 0.5}
TRIAL |= {"population.small_interdependent": 0.2}
OPTIONS: dict[str, dict] = {
    "the defaults": {},
    "staffing affordable": {"organisation.staffing": "affordable"},
    "staffing none": {"organisation.staffing": "none"},
    "always reviewed": {"organisation.review": 1.0, "organisation.variation": 1.0},
    "three attempts": {"organisation.attempts": 3},
    "one domain": {"collaboration.breadth": 0.0},
    "most of the domains": {"collaboration.breadth": 0.6, "collaboration.exchange": 1.0},
    "placebo": {"collaboration.placebo": True},
    "nobody leaves": {"collaboration.reconsider": 0.0},
    "all reconsider": {"collaboration.reconsider": 1.0},
    "pairs": {"collaboration.most_members": 2},
    "no alliances": {"collaboration.most_members": 1},
    "members hire alone": {"collaboration.hiring": "alone", "collaboration.pooled_competence": False},
    "nobody hires for members": {"collaboration.hiring": "none"},
    "without inheritance": {"dynamics.inheritance": 0.0},
    "all inherit": {"dynamics.inheritance": 1.0, "finance.overhead": 1.1, "dynamics.entry": "imitate"},
    "nobody enters": {"dynamics.entry": "none", "finance.overhead": 1.1, **TRIAL},
    "strategies change": {
        "dynamics.revision": 0.3,
        "dynamics.intensity": 100.0,
        "collaboration.coordination": 0.001,  # so that even groups of a trial would be worth joining
        **TRIAL,
    },
    "equal reserves": {"finance.reserve_elasticity": 0.0},
    "slow large allies": {
        "population.large": 12,
        "population.large_lines": 100,
        "population.large_interdependent": 1.0,
        "organisation.attempts": 4,
        "collaboration.exchange": 0.8,
    },
    "markets of their own": {"market.markets": 3, "collaboration.scope": "other market", **TRIAL},
    "trial": TRIAL,
    "trial of a month": {**TRIAL, "trial.months": 1},
    "trial of everybody in one group": {**TRIAL, "trial.share": 1.0, "trial.group": 1000},
    "trial with all that can be shared": {
        **TRIAL,
        "trial.pooled_competence": True,
        "trial.joint_hiring": True,
        "organisation.review": 0.5,
    },
    "trial with successors": {**TRIAL, "trial.successors": True, "finance.overhead": 1.1},
    "trial with successors who hire together": {
        **TRIAL,
        "trial.successors": True,
        "trial.joint_hiring": True,
        "finance.overhead": 1.1,
        "dynamics.entry": "imitate",
        "dynamics.revision": 0.2,
    },
    "individual trial": {**TRIAL, "trial.individual": True, "dynamics.revision": 0.1},
    "individual trial with successors": {
        **TRIAL,
        "trial.individual": True,
        "trial.successors": True,
        "finance.overhead": 1.1,
    },
}
WITH_DEVIATIONS = ["the defaults", "members hire alone", "three attempts", "trial with all that can be shared"]
