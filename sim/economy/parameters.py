"""Everything a modeller can choose, written once: name, default, range, unit and meaning.

A TOML table is a NamedTuple group is a kernel argument: `[market] price_sensitivity = 1.2` is
`parameters.market.price_sensitivity` is what a market kernel receives. The reference table, the schema, the command line's help
and the app's sliders are generated from these annotations. The words that some of them admit are in `choices.py`, the named worlds
in `worlds.py`, and the rules that tie several parameters together in `validation.py`.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from annotated_types import Ge, Gt, Le

from sim.economy.choices import Entry, Hiring, Interaction, Scope, Staffing


class Doc(NamedTuple):
    """What a parameter means, and its unit ('' = a pure number)."""

    meaning: str
    unit: str = ""


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
    small_interdependent: Annotated[float, Ge(0), Le(1), Doc("share of the small firms that are interdependent", "share")] = 0.22
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
    speed: Annotated[float, Ge(0), Le(1), Doc("chance that a decision's contributions are redrawn", "1/month")] = 0.017
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
    staffing: Annotated[
        Staffing, Doc("how many specialists a firm or an alliance wants: what pays others, all that it can afford, or none")
    ] = Staffing.LEARNED
    review: Annotated[
        float, Ge(0), Le(1), Doc("chance that whoever hires compares its profit with that of another one of its kind", "1/month")
    ] = 0.33
    variation: Annotated[float, Ge(0), Le(1), Doc("chance that whoever hires tries one specialist more or one less", "1/month")] = (
        0.001
    )
    attempts: Annotated[int, Ge(1), Le(100), Doc("attempts at a better business model, for every firm", "1/month")] = 1


class Collaboration(NamedTuple):
    """How firms ally, and what that costs."""

    meeting: Annotated[float, Ge(0), Le(1), Doc("chance that an unallied firm meets a candidate", "1/month")] = 0.3
    scope: Annotated[Scope, Doc("which firms it may meet: any firm, one of the same size, or one of another market")] = Scope.ANY
    coordination: Annotated[float, Ge(0), Le(1e6), Doc("cost of coordination per partner", "money/month")] = 0.03
    exchange: Annotated[
        float, Ge(0), Le(1), Doc("chance that a member looks at an ally's practice instead of trying its own idea", "1/attempt")
    ] = 0.061
    breadth: Annotated[
        float, Ge(0), Le(1), Doc("share of the domains that a look takes over at once, in whole domains, at least one", "share")
    ] = 1.0
    placebo: Annotated[bool, Doc("a look takes over random bits in place of the ally's practice")] = False
    monitoring: Annotated[float, Ge(0), Le(1), Doc("chance that a shirker is found out", "1/month")] = 0.2
    exclusion: Annotated[int, Ge(0), Le(1_000_000), Doc("how long an expelled firm stays excluded", "months")] = 12
    reconsider: Annotated[
        float, Ge(0), Le(1), Doc("chance that a member compares its profit with that of an unallied firm", "1/month")
    ] = 0.05
    most_members: Annotated[int, Ge(1), Le(1_000_000), Doc("most members of an alliance", "firms")] = 64
    pooled_competence: Annotated[bool, Doc("allies' competences count for what a member can judge")] = True
    hiring: Annotated[Hiring, Doc("who hires specialists for members: the alliance, each member alone, or nobody")] = Hiring.JOINT
    paid_coordination: Annotated[bool, Doc("members pay for coordination; if not, it only limits the size of alliances")] = True


class Market(NamedTuple):
    """Customers, and what serving them costs."""

    markets: Annotated[int, Ge(1), Le(1_000_000), Doc("number of separate markets", "markets")] = 1
    quality_weight: Annotated[float, Ge(0), Le(1000), Doc("θ: utility of fitness 1 over fitness 0")] = 13.0
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

    overhead: Annotated[float, Ge(0), Le(1e6), Doc("fixed cost per line", "money/line/month")] = 0.97
    reserve: Annotated[
        float, Ge(0), Le(1e6), Doc("cash that a firm of one line keeps; what exceeds it is paid out", "months of overhead")
    ] = 16.0
    reserve_elasticity: Annotated[
        float, Ge(0), Le(5), Doc("the reserve, in months of overhead, grows with lines to the power of this")
    ] = 0.31


class Dynamics(NamedTuple):
    """Length of a run, entry, and how firms learn from others."""

    months: Annotated[int, Ge(1), Le(1_000_000), Doc("length of a run", "months")] = 240
    entry: Annotated[
        Entry,
        Doc("who replaces a closed firm: the same strategy, a survivor's strategy, or nobody"),
    ] = Entry.REPLACE
    inheritance: Annotated[
        float, Ge(0), Le(1), Doc("chance that a start-up begins with the business model and the staffing of a survivor of its size")
    ] = 0.44
    revision: Annotated[float, Ge(0), Le(1), Doc("chance that a firm reconsiders its strategy; 0 = never", "1/month")] = 0.0
    intensity: Annotated[
        float, Ge(0), Le(1e6), Doc("how strongly a difference in profit per line persuades", "line·month/money")
    ] = 20.0


class Trial(NamedTuple):
    """A field experiment among the small independent firms."""

    months: Annotated[int, Ge(0), Le(1_000_000), Doc("how long the treatment lasts; 0 = no trial", "months")] = 0
    first_month: Annotated[int, Ge(0), Le(1_000_000), Doc("month in which firms are assigned, 0 = the first", "month")] = 240
    share: Annotated[float, Ge(0), Le(1), Doc("share of the small independent firms that is treated", "share")] = 0.5
    group: Annotated[int, Ge(2), Le(1_000_000), Doc("treated firms that form a group", "firms")] = 10
    exchange: Annotated[
        float, Ge(0), Le(1), Doc("chance that a treated firm looks at the practice of one of its group", "1/attempt")
    ] = 0.061
    pooled_competence: Annotated[bool, Doc("competences of the group count for what a treated firm can judge")] = False
    joint_hiring: Annotated[bool, Doc("groups hire specialists together, and share their wages")] = False
    individual: Annotated[bool, Doc("there are no groups: every treated firm can judge all domains while treated")] = False
    successors: Annotated[bool, Doc("a start-up takes over the assignment, and the group, of the firm that it replaces")] = False


class Parameters(NamedTuple):
    """All parameters of a run, by group."""

    population: Population = Population()
    environment: Environment = Environment()
    organisation: Organisation = Organisation()
    collaboration: Collaboration = Collaboration()
    market: Market = Market()
    finance: Finance = Finance()
    dynamics: Dynamics = Dynamics()
    trial: Trial = Trial()
