"""The state before the first month, and how a firm starts."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple, cast, get_args, get_type_hints

import numpy as np

from sim.economy import chance
from sim.economy.arithmetic import exp, log
from sim.economy.arrays import Counts, Flags, Masks
from sim.economy.choices import Staffing
from sim.economy.clearing import BLOCK
from sim.economy.compiled import entry_point, kernel
from sim.economy.landscape import Landscape, allocate_landscape, survey
from sim.economy.parameters import Finance, Organisation, Parameters, Shock
from sim.economy.state import KINDS, LARGE, Alliances, Firms, Markets, Room, State

HALVES_UP = 1e-12  # so that half a layer counts as one, whatever the last bits of the logarithms are
MOST_LAYERS = 1e9  # no run is long enough for an idea to pass more


def create(parameters: Parameters, seed: int) -> State:
    """The state before the first month."""
    people = parameters.population
    markets = parameters.market.markets
    small, large = (_firms_by_market(n, markets) for n in (people.small, people.large))
    sizes = small + large
    state = State(
        firms=_allocate_firms(people.small + people.large),
        alliances=_allocate_alliances(people.small + people.large),
        markets=_allocate_markets(sizes, people.small_lines * small + people.large_lines * large),
        landscape=allocate_landscape(parameters.environment),
        room=_reserve_room(people.small + people.large, markets),
        clock=np.zeros(1, np.int64),
    )
    _identify_firms(state, parameters)
    for size, share in ((False, people.small_interdependent), (True, people.large_interdependent)):
        rows = np.flatnonzero(state.firms.large == size)
        state.firms.interdependent[rows] = _choose(state, rows, share, seed, chance.STRATEGY)
        focused = _choose(state, rows, people.sales_focused, seed, chance.SALES_FOCUS)
        state.firms.sales_focus[rows] = np.where(focused, people.sales_focus, 0.0)
    state.firms.maturity[:] = people.maturity
    state.firms.active[:] = True
    _initialise(state, for_kernels(parameters), np.uint64(seed))
    return state


def for_kernels(parameters: Parameters) -> Parameters:
    """The parameters as kernels take them: the scheduled shocks are an array with a row (month, magnitude) for each."""
    shocks = np.array([[shock.month, shock.magnitude] for shock in parameters.environment.shocks], np.float64).reshape(-1, 2)
    return parameters._replace(environment=parameters.environment._replace(shocks=cast("tuple[Shock, ...]", shocks)))


def _firms_by_market(firms: int, markets: int) -> Counts:
    """How many firms of a size sell in each market: firm number k sells in market k mod markets."""
    return (firms - np.arange(markets) + markets - 1) // markets


@cache  # reading hints takes as long as the rest of the initialisation
def _dtypes(arrays: type) -> list[Any]:
    """The element types of a struct of arrays: T of each NDArray[T], which older NumPy spells ndarray[shape, dtype[T]]."""
    last = [get_args(hint)[-1] for hint in get_type_hints(arrays).values()]
    return [get_args(kind)[0] if get_args(kind) else kind for kind in last]


def _allocate_firms(n: int) -> Firms:
    return Firms(*(np.zeros(n, kind) for kind in _dtypes(Firms)))


def _allocate_alliances(firms: int) -> Alliances:
    slots = firms // 2 + 1
    alliances = Alliances(*(np.zeros(slots, kind) for kind in _dtypes(Alliances)))
    return alliances._replace(start=np.zeros(slots + 1, np.int32), roster=np.zeros(firms, np.int32))


def _reserve_room(firms: int, markets: int) -> Room:
    sizes: dict[str, Any] = {"wanted_by_alliances": firms // 2 + 1, "units": KINDS, "next_place": firms + 1}
    sizes |= {"candidates_by_size": 2, "candidates_by_market": markets, "solver": (3, BLOCK)}
    return Room(*(np.zeros(sizes.get(name, firms), kind) for name, kind in zip(Room._fields, _dtypes(Room), strict=True)))


def _allocate_markets(sizes: Counts, lines: Counts) -> Markets:
    m = sizes.size
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    nothing = np.full(m, np.nan)
    return Markets(
        start=start,
        lines=lines.astype(np.float64),
        log_outside=np.zeros(m),
        log_aggregate=nothing,
        first_log_aggregate=nothing.copy(),
        best_fitness=np.zeros(m),
        outside_share=np.zeros(m),
        iterations=np.zeros(m, np.int32),
        residual=np.zeros(m),
        converged=np.ones(m, np.bool_),
    )


def _identify_firms(state: State, parameters: Parameters) -> None:
    """Lay the firms out by market, size and number. Modified in place: state.firms."""
    people, firms, m = parameters.population, state.firms, parameters.market.markets
    number = np.concatenate([np.arange(people.small), np.arange(people.large)])
    large = np.repeat([False, True], [people.small, people.large])
    order = np.lexsort((number, large, number % m))
    firms.large[:] = large[order]
    firms.market[:] = (number % m)[order]
    firms.identity[:] = number[order].astype(np.uint64) + np.where(firms.large, LARGE, np.uint64(0))
    firms.lines[:] = np.where(firms.large, people.large_lines, people.small_lines)


def _choose(state: State, rows: Counts, share: float, seed: int, purpose: int) -> Flags:
    """Choose exactly round(share·n) of the rows: those with the lowest random bits, so that a larger share only adds firms."""
    count = int(np.floor(share * rows.size + 0.5))
    if count == 0:
        return np.zeros(rows.size, np.bool_)
    drawn = initial_bits(state.firms.identity[rows], np.uint64(seed), purpose)
    last = np.partition(drawn, count - 1)[count - 1]
    return np.asarray(drawn <= last)


@entry_point
def initial_bits(identity: Masks, seed: np.uint64, purpose: int) -> Masks:
    """64 random bits of each identity, for one purpose before the first month."""
    key = chance.key(seed, 0, purpose)
    drawn = np.empty(identity.size, np.uint64)
    for i in range(identity.size):
        drawn[i] = chance.bits(key, identity[i])
    return drawn


@kernel
def layers_of_management(lines: int, organisation: Organisation) -> int:
    """How many managers must pass an idea: round(ln(lines)/ln(span)), halves rounded up."""
    return int(min(log(float(lines)) / log(organisation.span) + 0.5 + HALVES_UP, MOST_LAYERS))


@kernel
def most_cash(lines: int, finance: Finance) -> float:
    """The reserve of a firm: reserve·overhead·lines^(1 + elasticity)."""
    return float(finance.reserve * finance.overhead * lines * exp(finance.reserve_elasticity * log(float(lines))))


@kernel
def first_wanted(staffing: Staffing, domains: int, identity: np.uint64, key: np.uint64) -> int:
    """How many specialists a firm wants that has learned nothing yet."""
    if staffing == Staffing.LEARNED:
        return chance.index(key, identity, domains + 1)
    return domains if staffing == Staffing.AFFORDABLE else 0


class Birth(NamedTuple):
    """The keys of the draws of firms that begin in one month, one for each purpose."""

    competence: np.uint64
    model: np.uint64
    wanted: np.uint64


@kernel
def births(seed: np.uint64, month: int) -> Birth:
    """The keys of a month."""
    return Birth(
        chance.key(seed, month, chance.COMPETENCE),
        chance.key(seed, month, chance.BUSINESS_MODEL),
        chance.key(seed, month, chance.FIRST_WANTED),
    )


@kernel
def start_up(firms: Firms, i: int, landscape: Landscape, staffing: Staffing, keys: Birth) -> None:
    """Put a new firm into row i, with random competence, business model and staffing. Modified in place: firms."""
    domains, me = landscape.domain.size, firms.identity[i]
    firms.competence[i] = landscape.domain[chance.index(keys.competence, me, domains)]
    firms.model[i] = chance.bits(keys.model, me) & landscape.all_decisions[0]
    firms.wanted[i] = first_wanted(staffing, domains, me, keys.wanted)
    firms.active[i] = True
    firms.failed[i] = False
    firms.expelled[i] = False
    firms.exclusion[i] = 0
    firms.idea[i] = np.uint64(0)
    firms.proposal[i] = np.uint64(0)
    firms.copied_decisions[i] = 0
    firms.alliance[i] = -1
    firms.broken_words[i] = 0
    firms.age[i] = 0
    firms.revenue[i] = 0.0
    firms.cash[i] = 0.5 * firms.reserve[i]
    firms.trailing_operating_profit[i] = 0.0
    firms.trailing_profit[i] = 0.0


@entry_point
def _initialise(state: State, parameters: Parameters, seed: np.uint64) -> None:
    """Draw the landscape and start every firm. Modified in place: state."""
    firms, keys = state.firms, births(seed, 0)
    survey(state.landscape, parameters.environment, seed)
    for i in range(firms.identity.size):
        firms.layers[i] = layers_of_management(firms.lines[i], parameters.organisation)
        firms.reserve[i] = most_cash(firms.lines[i], parameters.finance)
        start_up(firms, i, state.landscape, parameters.organisation.staffing, keys)
