"""How large alliances become, and when they can afford what no member can afford alone (Buchanan 1965)."""

from collections.abc import Iterator
from math import ceil, inf

import numpy as np

from conformance.figures import Panel, Picture, Series
from conformance.rows import conformance, exactly
from conformance.support.complementary_firms import DOMAINS, complementary_firms
from conformance.support.kernels import from_python
from sim.economy import alliances, staffing
from sim.economy.initialisation import for_kernels
from sim.lab.conformance import Part, Row

staff = from_python(staffing.staff)
BUCHANAN = "Buchanan (1965), idea; exact for our club rule: the smallest m with C(m+1) ≥ C(m)"
AFFORDABLE = "exact: n* = ⌈wage/budget of one⌉"
PRICES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.3, 0.7, 1.5, 3.0, 5.0, 6.0)  # of coordination, in wages of a specialist
WAGE = 0.4


def expected_size(price: float) -> int:
    """Return the smallest m with C(m+1) >= C(m), where C(m) = wage·(D−m)/m + coordination·(m−1)."""
    cost = [inf, *(WAGE * (DOMAINS - m) / m + WAGE * price * (m - 1) for m in range(1, DOMAINS + 1))]
    return next((m for m in range(1, DOMAINS) if cost[m + 1] >= cost[m]), DOMAINS)


@conformance(Part.THEORY, seconds=4)
def alliances_grow_until_one_more_no_longer_makes_coverage_cheaper() -> Iterator[Row | Picture]:
    """Alliances of complementary firms: a staircase in the price of coordination"""
    is_cheaper, ally, sizes = from_python(alliances._is_cheaper), from_python(alliances.ally), []
    for price in PRICES:
        parameters, state = complementary_firms(WAGE * price, WAGE)
        for newcomer in range(1, DOMAINS):
            if is_cheaper(state, for_kernels(parameters), newcomer, 0):
                ally(state, newcomer, 0, 0)
        size = max(int(state.alliances.members.max()), 1)
        sizes.append(size)
        reference = f"members where a partner costs {price:g} wages of a specialist"
        yield exactly(reference, BUCHANAN, expected_size(price), size, 0.0, "exact")
    fine = np.linspace(0, 6.2, 2000)
    line = fine, [expected_size(price) for price in fine]
    series = Series("C(m+1) ≥ C(m)", line, (PRICES, sizes, sizes, sizes))
    caption = (
        "The size at which an alliance of firms with different competences stops growing. Line: theory; dots: the program's clubs."
    )
    yield Picture("staircase", caption, [Panel("", "coordination per partner (wages of a specialist)", "members", [series])])


@conformance(Part.THEORY, seconds=2)
def what_is_never_affordable_alone_is_affordable_together() -> Iterator[Row]:
    """Affordable from n* members on"""
    for wage, budget in ((0.4, 0.1), (1.0, 0.3), (0.4, 0.4)):
        hired = [members for members in range(1, 10) if hires(members, wage, budget)]
        reference = f"fewest members that can hire at a wage of {wage:g} and a budget of {budget:g} each"
        yield exactly(reference, AFFORDABLE, ceil(wage / budget), min(hired), 0.0, "exact")


def hires(members: int, wage: float, budget: float) -> bool:
    """Return True if an alliance of so many members, each with this monthly budget, hires a specialist."""
    parameters, state = complementary_firms(0.0, wage)
    state.firms.alliance[:members], state.alliances.members[0], state.alliances.wanted[0] = 0, members, DOMAINS
    state.firms.maturity[:] = 1.0
    state.firms.trailing_operating_profit[:] = budget / parameters.organisation.affordability
    staff(state.firms, state.alliances, state.landscape, for_kernels(parameters), np.uint64(1), 0)
    return bool(state.alliances.hired[0])
