"""The world before its first month, and how a firm begins."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

from sim.economy import chance
from sim.economy.arithmetic import log
from sim.economy.compiled import entry_point, kernel
from sim.economy.landscape import Landscape, allocate_landscape, survey
from sim.economy.parameters import Organisation, Parameters
from sim.economy.state import LARGE, Alliances, Firms, Flags, Markets, Masks, State

HALVES_UP = 1e-12
MOST_LAYERS = 1e9  # no run is long enough for an idea to pass so many


def create(parameters: Parameters, seed: int) -> State:
    """The world before its first month."""
    people = parameters.population
    markets = parameters.market.markets
    small, large = (_firms_by_market(n, markets) for n in (people.small, people.large))
    sizes = small + large
    state = State(
        firms=_allocate_firms(people.small + people.large),
        alliances=_allocate_alliances(people.small + people.large),
        markets=_allocate_markets(sizes, people.small_lines * small + people.large_lines * large),
        landscape=allocate_landscape(parameters.environment),
        clock=np.zeros(1, np.int64),
    )
    _name_firms(state, parameters)
    for size, share in ((False, people.small_interdependent), (True, people.large_interdependent)):
        rows = np.flatnonzero(state.firms.large == size)
        state.firms.interdependent[rows] = _lot(state, rows, share, seed, chance.STRATEGY)
        focused = _lot(state, rows, people.sales_focused, seed, chance.SALES_FOCUS)
        state.firms.sales_focus[rows] = np.where(focused, people.sales_focus, 0.0)
    state.firms.maturity[:] = people.maturity
    state.firms.active[:] = True
    _initialise(state, for_kernels(parameters), np.uint64(seed))
    return state


def for_kernels(parameters: Parameters) -> Any:
    """The parameters as kernels take them: the list of shocks becomes an array of (month, magnitude)."""
    shocks = np.array([[shock.month, shock.magnitude] for shock in parameters.environment.shocks], np.float64).reshape(-1, 2)
    return parameters._replace(environment=parameters.environment._replace(shocks=shocks))  # type: ignore[arg-type]


def _firms_by_market(firms: int, markets: int) -> NDArray[np.int64]:
    """Firm number k sells in market k mod markets: how many of a size sell in each."""
    return (firms - np.arange(markets) + markets - 1) // markets


@cache  # reading hints takes as long as all the rest of a beginning
def _dtypes(arrays: type) -> list[Any]:
    """The types that a struct of arrays names: T of NDArray[T], which older NumPy spells ndarray[shape, dtype[T]]."""
    last = [get_args(hint)[-1] for hint in get_type_hints(arrays).values()]
    return [get_args(kind)[0] if get_args(kind) else kind for kind in last]


def _allocate_firms(n: int) -> Firms:
    return Firms(*(np.zeros(n, kind) for kind in _dtypes(Firms)))


def _allocate_alliances(firms: int) -> Alliances:
    slots = firms // 2 + 1
    alliances = Alliances(*(np.zeros(slots, kind) for kind in _dtypes(Alliances)))
    return alliances._replace(start=np.zeros(slots + 1, np.int32), roster=np.zeros(firms, np.int32))


def _allocate_markets(sizes: NDArray[np.int64], lines: NDArray[np.int64]) -> Markets:
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


def _name_firms(state: State, parameters: Parameters) -> None:
    """Lay the firms out by market, size and number."""
    people, firms, m = parameters.population, state.firms, parameters.market.markets
    number = np.concatenate([np.arange(people.small), np.arange(people.large)])
    large = np.repeat([False, True], [people.small, people.large])
    order = np.lexsort((number, large, number % m))
    firms.large[:] = large[order]
    firms.market[:] = (number % m)[order]
    firms.identity[:] = number[order].astype(np.uint64) + np.where(firms.large, LARGE, np.uint64(0))
    firms.lines[:] = np.where(firms.large, people.large_lines, people.small_lines)


def _lot(state: State, rows: NDArray[np.int64], share: float, seed: int, purpose: int) -> Flags:
    """Draw exactly round(share·n) of the rows: those with the lowest numbers, so that a larger share only adds."""
    count = int(np.floor(share * rows.size + 0.5))
    if count == 0:
        return np.zeros(rows.size, np.bool_)
    tickets = draw_tickets(state.firms.identity[rows], np.uint64(seed), purpose)
    last = np.partition(tickets, count - 1)[count - 1]
    return np.asarray(tickets <= last)


@entry_point
def draw_tickets(identity: Masks, seed: np.uint64, purpose: int) -> Masks:
    """The 64 random bits of each identity for one purpose before the first month."""
    key = chance.key(seed, 0, purpose)
    tickets = np.empty(identity.size, np.uint64)
    for i in range(identity.size):
        tickets[i] = chance.bits(key, identity[i])
    return tickets


@kernel
def layers_of_management(lines: int, organisation: Organisation) -> int:
    """round(ln(lines)/ln(span)), halves up whatever the logarithms' last bits: how many managers must pass an idea."""
    return int(min(log(float(lines)) / log(organisation.span) + 0.5 + HALVES_UP, MOST_LAYERS))


@kernel
def start_up(firms: Firms, i: int, landscape: Landscape, cash: float, keys: tuple[np.uint64, np.uint64]) -> None:
    """Put a new firm into row i: random competence and business model (drawn under `keys`), no past. Modified in place."""
    domains = landscape.domain.size
    firms.competence[i] = landscape.domain[chance.index(keys[0], firms.identity[i], domains)]
    firms.model[i] = chance.bits(keys[1], firms.identity[i]) & landscape.all_decisions[0]
    firms.active[i] = True
    firms.failed[i] = False
    firms.expelled[i] = False
    firms.exclusion[i] = 0
    firms.idea[i] = np.uint64(0)
    firms.proposal[i] = np.uint64(0)
    firms.alliance[i] = -1
    firms.broken_words[i] = 0
    firms.age[i] = 0
    firms.revenue[i] = 0.0
    firms.cash[i] = cash
    firms.trailing_operating_profit[i] = 0.0
    firms.trailing_profit[i] = 0.0


@entry_point
def _initialise(state: State, parameters: Any, seed: np.uint64) -> None:
    firms, finance = state.firms, parameters.finance
    survey(state.landscape, parameters.environment, seed)
    keys = (chance.key(seed, 0, chance.COMPETENCE), chance.key(seed, 0, chance.BUSINESS_MODEL))
    for i in range(firms.identity.size):
        firms.layers[i] = layers_of_management(firms.lines[i], parameters.organisation)
        start_up(firms, i, state.landscape, 0.5 * finance.reserve * finance.overhead * firms.lines[i], keys)
