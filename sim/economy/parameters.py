"""Everything a modeller can choose, written once: name, default, range, unit and meaning.

A TOML table is a NamedTuple group is a kernel argument: `[market] price_sensitivity = 1.2` is
`parameters.market.price_sensitivity` is what a market kernel receives. The reference table, the schema, the command line's help
and the app's sliders are generated from these annotations. Rules that tie several parameters together are in `validation.py`.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Gt, Le


class Doc(NamedTuple):
    """What a parameter means, and its unit ('' = a pure number)."""

    meaning: str
    unit: str = ""


class Interaction(IntEnum):
    """Which other decisions a decision's contribution depends on."""

    RANDOM = 0
    ADJACENT = 1
    MODULAR = 2


class Scope(IntEnum):
    """Which firms a firm that looks for allies may meet."""

    ANY = 0
    SAME_SIZE = 1
    OTHER_MARKET = 2


class Entry(IntEnum):
    """What follows the exit of a firm."""

    REPLACE = 0
    IMITATE = 1
    NONE = 2


class Shock(NamedTuple):
    """A disruption: in `month`, each decision's contributions are redrawn with probability `magnitude`."""

    month: Annotated[int, Ge(0), Le(1_000_000), Doc("month in which it strikes, 0 = the first", "month")]
    magnitude: Annotated[float, Ge(0), Le(1), Doc("chance that a decision's contributions are redrawn")] = 1.0


class Population(NamedTuple):
    """The firms at the start."""

    small: Annotated[int, Ge(0), Le(20_000_000), Doc("number of small firms", "firms")] = 100
    large: Annotated[int, Ge(0), Le(20_000_000), Doc("number of large firms", "firms")] = 5
    small_lines: Annotated[int, Ge(1), Le(1_000_000), Doc("product lines of a small firm", "lines")] = 1
    large_lines: Annotated[int, Ge(1), Le(1_000_000), Doc("product lines of a large firm", "lines")] = 20
    small_interdependent: Annotated[float, Ge(0), Le(1), Doc("share of the small firms that are interdependent", "share")] = 0.5
    large_interdependent: Annotated[float, Ge(0), Le(1), Doc("share of the large firms that are interdependent", "share")] = 0.0
    maturity: Annotated[float, Ge(0), Le(1), Doc("probability that a member keeps its word in a month")] = 0.95
    sales_focused: Annotated[float, Ge(0), Le(1), Doc("share of the firms of each size with the sales focus below", "share")] = 0.0
    sales_focus: Annotated[float, Ge(0), Le(1), Doc("β: 0 maximises profit, 1 maximises revenue")] = 0.25


class Environment(NamedTuple):
    """How complex the market is, and how fast it changes."""

    decisions: Annotated[int, Ge(1), Le(64), Doc("N: yes/no decisions in a business model; domains must divide it")] = 12
    domains: Annotated[int, Ge(1), Le(64), Doc("D: fields of competence, each of N/D consecutive decisions")] = 6
    complexity: Annotated[int, Ge(0), Le(63), Doc("K: other decisions on which a decision's contribution depends, at most N-1")] = 4
    interaction: Annotated[Interaction, Doc("which K others: drawn at random, the next ones, or those of its domain first")] = (
        Interaction.RANDOM
    )
    speed: Annotated[float, Ge(0), Le(1), Doc("chance that a decision's contributions are redrawn", "1/month")] = 0.02
    shocks: Annotated[tuple[Shock, ...], Doc("scheduled disruptions, a list of {month, magnitude}")] = ()


class Organisation(NamedTuple):
    """How firms judge ideas, and what specialists cost."""

    noise: Annotated[float, Ge(0), Le(1000), Doc("σ: error per contribution that is judged without a specialist")] = 0.3
    span: Annotated[float, Gt(1), Le(1e300), Doc("span of control; layers of management = round(ln lines / ln span)")] = 4.5
    caution: Annotated[float, Ge(0), Le(1), Doc("perceived gain that each layer wants to see")] = 0.0
    wage: Annotated[float, Ge(0), Le(1e6), Doc("a specialist's wage", "money/month")] = 0.4
    contract: Annotated[float, Gt(0), Le(1), Doc("smallest part of a specialist on offer; 1 = full-time only")] = 1.0
    capacity: Annotated[float, Ge(1), Le(1e9), Doc("firms that one specialist can serve", "firms")] = 20.0
    affordability: Annotated[float, Ge(0), Le(1), Doc("share of the operating profit that may go to specialists")] = 0.5


class Collaboration(NamedTuple):
    """How firms ally, and what that costs."""

    meeting: Annotated[float, Ge(0), Le(1), Doc("chance that an unallied firm meets a candidate", "1/month")] = 0.3
    scope: Annotated[Scope, Doc("which firms it may meet: any firm, one of the same size, or one of another market")] = Scope.ANY
    coordination: Annotated[float, Ge(0), Le(1e6), Doc("cost of coordination per partner", "money/month")] = 0.03
    exchange: Annotated[float, Ge(0), Le(1), Doc("chance that a member looks at an ally's practice", "1/month")] = 0.5
    monitoring: Annotated[float, Ge(0), Le(1), Doc("chance that a shirker is found out", "1/month")] = 0.2
    exclusion: Annotated[int, Ge(0), Le(1_000_000), Doc("how long an expelled firm stays excluded", "months")] = 12
    pooled_competence: Annotated[bool, Doc("allies' competences count for what a member can judge")] = True
    joint_hiring: Annotated[bool, Doc("alliances hire specialists together; if not, each member hires alone")] = True
    paid_coordination: Annotated[bool, Doc("members pay for coordination; if not, it only limits the size of alliances")] = True


class Market(NamedTuple):
    """Customers, and what serving them costs."""

    markets: Annotated[int, Ge(1), Le(1_000_000), Doc("number of separate markets", "markets")] = 1
    quality_weight: Annotated[float, Ge(0), Le(1000), Doc("θ: utility of fitness 1 over fitness 0")] = 10.0
    price_sensitivity: Annotated[float, Ge(1e-6), Le(1000), Doc("α: utility lost by one unit of price", "1/money")] = 1.0
    marginal_cost: Annotated[float, Ge(0), Le(1000), Doc("cost of serving a customer, for a firm of one line", "money")] = 1.0
    scale_elasticity: Annotated[float, Ge(0), Le(10), Doc("marginal cost falls with lines to the power of minus this")] = 0.0
    customers: Annotated[float, Gt(0), Le(1e6), Doc("customers in a market per line at the start", "customers/line")] = 1.5
    outside: Annotated[
        float, Ge(0), Le(1e6), Doc("weight of buying nothing, per line at the start; 0 = all must buy", "1/line")
    ] = 0.166
    promotion: Annotated[float, Ge(0), Le(1), Doc("promotion spend as a share of β times last month's revenue")] = 0.0
    promotion_effect: Annotated[float, Ge(0), Le(1), Doc("ε: elasticity of attraction to promotion spend")] = 0.1


class Finance(NamedTuple):
    """Fixed costs and the reserve against losses."""

    overhead: Annotated[float, Ge(0), Le(1e6), Doc("fixed cost per line", "money/line/month")] = 0.85
    reserve: Annotated[float, Ge(0), Le(1e6), Doc("cash that a firm keeps; what exceeds it is paid out", "months of overhead")] = (
        12.0
    )


class Dynamics(NamedTuple):
    """Length of a run, entry, and imitation of strategies."""

    months: Annotated[int, Ge(1), Le(1_000_000), Doc("length of a run", "months")] = 240
    entry: Annotated[
        Entry,
        Doc("who replaces a closed firm: the same strategy, a survivor's strategy, or nobody"),
    ] = Entry.REPLACE
    revision: Annotated[float, Ge(0), Le(1), Doc("chance that a firm reconsiders its strategy; 0 = never", "1/month")] = 0.0
    intensity: Annotated[
        float, Ge(0), Le(1e6), Doc("how strongly a difference in profit per line persuades", "line·month/money")
    ] = 5.0


class Parameters(NamedTuple):
    """All parameters of a run, by group."""

    population: Population = Population()
    environment: Environment = Environment()
    organisation: Organisation = Organisation()
    collaboration: Collaboration = Collaboration()
    market: Market = Market()
    finance: Finance = Finance()
    dynamics: Dynamics = Dynamics()


WORLDS: dict[str, dict[str, Any]] = {
    "today": {},
    "yesterday": {
        "environment.complexity": 1,
        "environment.speed": 0.002,
        "organisation.noise": 0.1,
        "collaboration.meeting": 0.02,
        "collaboration.coordination": 0.15,
        "collaboration.exchange": 0.1,
    },
    "web 2.0": {"collaboration.meeting": 0.6, "collaboration.coordination": 0.01, "collaboration.exchange": 0.8},
    "turbulent": {"environment.speed": 0.1},
    "labyrinth": {"environment.complexity": 11},
    # Closest to published facts about firms, see docs/reference/calibration.md.
    "calibrated": {
        "population.small_interdependent": 0.22,
        "environment.speed": 0.015,
        "market.quality_weight": 12.0,
        "finance.overhead": 0.87,
        "finance.reserve": 17.0,
    },
}
"""The named worlds: what each changes in the defaults, by the parameters' full names."""
