"""What Hypothesis draws: parameters and markets, from the ordinary to the absurd."""

from typing import get_args

import numpy as np
from hypothesis import strategies as st

import sim
from sim.economy.validation import Field, fields

seeds = st.integers(0, 2**64 - 1)
shares = st.floats(0, 1)
speeds = st.one_of(st.just(0.0), st.just(1.0), st.floats(0, 0.3))


def _fits(overrides: dict) -> bool:
    try:
        sim.parameters("today", overrides)
    except sim.ParameterError:
        return False
    return True


overrides = (
    st.tuples(st.sampled_from([(1, 1), (4, 2), (12, 6), (12, 12), (64, 8), (15, 3)]), st.integers(0, 63))
    .flatmap(
        lambda shape: st.fixed_dictionaries(
            {
                "environment.decisions": st.just(shape[0][0]),
                "environment.domains": st.just(shape[0][1]),
                "environment.complexity": st.just(shape[1] % shape[0][0]),
                "population.small": st.integers(0, 40),
                "population.large": st.integers(0, 6),
                "trial.first_month": st.integers(0, 6),  # the default lies beyond the months of a test
            },
            optional={
                "population.small_lines": st.integers(1, 5),
                "population.large_lines": st.integers(1, 1000),
                "population.small_interdependent": shares,
                "population.large_interdependent": shares,
                "population.maturity": shares,
                "population.sales_focused": shares,
                "population.sales_focus": shares,
                "environment.interaction": st.sampled_from(["random", "adjacent", "modular"]),
                "environment.speed": speeds,
                "environment.shocks": st.lists(
                    st.fixed_dictionaries({"month": st.integers(0, 20), "magnitude": shares}), max_size=3
                ),
                "organisation.noise": st.floats(0, 5),
                "organisation.span": st.sampled_from([1.5, 4.5, 1e9]),
                "organisation.caution": st.floats(0, 0.1),
                "organisation.wage": st.floats(0, 2),
                "organisation.contract": st.floats(0.01, 1),
                "organisation.capacity": st.floats(1, 50),
                "organisation.affordability": shares,
                "organisation.staffing": st.sampled_from(["learned", "affordable", "none"]),
                "organisation.review": shares,
                "organisation.variation": shares,
                "organisation.attempts": st.integers(1, 4),
                "collaboration.meeting": shares,
                "collaboration.scope": st.sampled_from(["any", "same size", "other market"]),
                "collaboration.coordination": st.floats(0, 0.5),
                "collaboration.exchange": shares,
                "collaboration.breadth": shares,
                "collaboration.placebo": st.booleans(),
                "collaboration.monitoring": shares,
                "collaboration.exclusion": st.integers(0, 20),
                "collaboration.pooled_competence": st.booleans(),
                "collaboration.reconsider": shares,
                "collaboration.most_members": st.integers(1, 6),
                "collaboration.hiring": st.sampled_from(["joint", "alone", "none"]),
                "collaboration.paid_coordination": st.booleans(),
                "market.markets": st.integers(1, 4),
                "market.quality_weight": st.floats(0, 1000),
                "market.price_sensitivity": st.floats(0.001, 1000),
                "market.marginal_cost": st.floats(0, 1000),
                "market.scale_elasticity": st.floats(0, 2),
                "market.outside": st.one_of(st.just(0.0), st.floats(1e-9, 100)),
                "market.promotion": shares,
                "market.promotion_effect": shares,
                "finance.overhead": st.floats(0, 2),
                "finance.reserve": st.floats(0, 30),
                "finance.reserve_elasticity": st.floats(0, 1),
                "dynamics.entry": st.sampled_from(["replace", "imitate", "none"]),
                "dynamics.inheritance": shares,
                "dynamics.revision": shares,
                "dynamics.intensity": st.floats(0, 1000),
                "trial.share": shares,
                "trial.months": st.integers(0, 12),
                "trial.group": st.integers(2, 20),
                "trial.exchange": shares,
                "trial.pooled_competence": st.booleans(),
                "trial.joint_hiring": st.booleans(),
                "trial.successors": st.booleans(),
                "trial.individual": st.booleans(),
            },
        )
    )
    .filter(_fits)
)

MODERATE = {"market.marginal_cost": (0.0, 20.0), "market.price_sensitivity": (0.1, 20.0)}
# Parameters that stay valid when money is counted in another unit, or when any one setting is changed.
unitless = st.tuples(
    overrides, st.fixed_dictionaries({name: st.floats(*ends) for name, ends in MODERATE.items()}), st.floats(1e-3, 10)
).map(lambda drawn: {**drawn[0], **drawn[1], "market.outside": drawn[2], "population.small": max(4, drawn[0]["population.small"])})


# Upper limits, so that a test ends, and so that what happens in a month happens within the test.
FEW = {
    "population.small": 30,
    "population.large": 6,
    "market.markets": 5,
    "organisation.attempts": 5,
    "trial.first_month": 6,
    "trial.months": 12,
    "trial.group": 20,
}


def _any_value(field: Field) -> st.SearchStrategy:
    """Return values over the whole range of a parameter, ordinary ones as often as absurd ones."""
    kind, *bounds = get_args(field.annotation)
    if field.choices:
        return st.sampled_from(field.choices)
    if kind is bool:
        return st.booleans()
    if field.name == "environment.shocks":
        return st.lists(st.fixed_dictionaries({"month": st.integers(0, 12), "magnitude": shares}), max_size=3)
    open_below = any(hasattr(bound, "gt") for bound in bounds)
    low = next(getattr(bound, "gt" if open_below else "ge") for bound in bounds)
    high = FEW.get(field.name, next(bound.le for bound in bounds if hasattr(bound, "le")))
    ordinary = min(high, max(4 * field.default, low + 1))
    if kind is int:
        return st.integers(low, ordinary) | st.integers(low, high)
    return st.floats(low, ordinary, exclude_min=open_below) | st.floats(low, high, exclude_min=open_below)


SHAPE = ("environment.decisions", "environment.domains", "environment.complexity")
FREE = [name for name in fields() if name not in (*SHAPE, "dynamics.months")]  # can be drawn one by one


@st.composite
def full_range(draw: st.DrawFn) -> dict:
    """Draw parameters from their whole ranges, except for the number of firms."""
    decisions, domains = draw(st.sampled_from([(1, 1), (4, 2), (6, 1), (12, 6), (12, 12), (15, 3), (64, 8), (64, 64)]))
    shape = {"environment.decisions": decisions, "environment.domains": domains}
    shape["environment.complexity"] = draw(st.integers(0, decisions - 1))
    others = {name: _any_value(fields()[name]) for name in FREE}
    return {"population.small": 20, "trial.first_month": 3, **draw(st.fixed_dictionaries({}, optional=others)), **shape}


anything = full_range().filter(_fits)


def _ends(field: Field) -> list:
    """Return the values at and next to the ends of a parameter's range; for choices, all of them."""
    kind, *bounds = get_args(field.annotation)
    if field.choices or kind is bool:
        return field.choices or [False, True]
    if field.name == "environment.shocks":
        return [[], [{"month": 0, "magnitude": 1.0}] * 3]
    gt, ge, le = (next((getattr(bound, name) for bound in bounds if hasattr(bound, name)), None) for name in ("gt", "ge", "le"))
    high = min(le, FEW.get(field.name, le))
    if kind is int:
        return sorted({ge, min(ge + 1, high), high})
    low = float(np.nextafter(gt, le)) if ge is None else float(ge)
    return [low, float(np.nextafter(low, high)), float(np.nextafter(high, low)), float(high)]


@st.composite
def at_the_ends(draw: st.DrawFn) -> dict:
    """Draw parameters, some of them at the very ends of their ranges."""
    overrides = draw(full_range())
    names = draw(
        st.lists(st.sampled_from([name for name in fields() if name not in (*SHAPE, "dynamics.months")]), unique=True, max_size=40)
    )
    return {**overrides, **{name: draw(st.sampled_from(_ends(fields()[name]))) for name in names}}


extremes = at_the_ends().filter(_fits)


@st.composite
def markets(draw: st.DrawFn) -> dict:
    """Draw arguments of `sim.clear`: weights over 600 orders of magnitude, any costs, any focus."""
    firms = draw(st.integers(1, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    spread = draw(st.sampled_from([0.0, 1.0, 10.0, 100.0, 690.0]))
    outside = draw(st.sampled_from([0.0, 1e-300, 1e-6, 1.0, 1e6])) if firms > 1 else draw(st.sampled_from([1e-12, 1.0, 1e6]))
    return {
        "weights": np.exp(rng.uniform(-spread, min(spread, 60.0), firms)),
        "marginal_costs": rng.uniform(0, draw(st.sampled_from([0.0, 1.0, 100.0])), firms),
        "price_sensitivity": draw(st.sampled_from([1e-3, 0.5, 1.0, 20.0])),
        "outside": outside,
        "sales_focus": rng.uniform(0, 1, firms) if draw(st.booleans()) else 0.0,
    }


EXPONENTS = {"ordinary": st.floats(-3, 3), "any": st.floats(-323, 308)}
magnitudes = st.sampled_from(list(EXPONENTS)).flatmap(EXPONENTS.__getitem__).map(lambda exponent: float(10**exponent))
any_float = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def hostile_markets(draw: st.DrawFn) -> dict:
    """Draw arguments of `sim.clear` from all numbers there are; costs also so that they count in utils, or are nearly equal."""
    firms, alpha = draw(st.integers(1, 4)), draw(magnitudes)
    several = {"min_size": firms, "max_size": firms}
    utils = draw(st.sampled_from([0.0, 1.0, 300.0, 1e4, 1e6, 1e8, 1e12]))
    costs = (
        st.lists(st.floats(-utils, utils).map(lambda x: x / alpha), **several)
        | st.lists(st.floats(-1, 1).map(lambda x: (utils + x) / alpha), **several)
        | st.lists(any_float, **several)
    )
    return {
        "weights": np.array(draw(st.lists(magnitudes | st.floats(0, allow_infinity=False), **several))),
        "marginal_costs": np.array(draw(costs)),
        "price_sensitivity": alpha,
        "outside": draw(st.just(0.0) | magnitudes),
        "sales_focus": np.array(draw(st.lists(st.floats(-1, 1) | st.just(0.0) | any_float.filter(lambda x: x <= 1), **several))),
    }
