"""Which contribution depends on which decisions. What follows for heights and peaks: conformance/theory/landscape.py."""

import numpy as np

from conformance.support.landscapes import surveyed


def test_larger_k_only_adds_dependencies_and_modular_takes_the_own_domain_first() -> None:
    fewer = surveyed(5, decisions=12, domains=4, complexity=3).depends_on
    more = surveyed(5, decisions=12, domains=4, complexity=6).depends_on
    assert np.all(fewer & more == fewer)
    modular = surveyed(5, decisions=12, domains=4, complexity=2, interaction="modular")
    assert [int(mask) for mask in modular.depends_on] == [int(modular.domain[d // 3]) for d in range(12)]


def test_adjacent_decisions_are_the_next_ones_in_circular_order() -> None:
    land = surveyed(5, decisions=6, domains=3, complexity=2, interaction="adjacent")
    assert [int(mask) for mask in land.depends_on] == [0b000111, 0b001110, 0b011100, 0b111000, 0b110001, 0b100011]


def test_what_a_decision_affects_is_what_depends_on_it() -> None:
    land = surveyed(6, decisions=64, domains=8, complexity=20)
    depends = np.array([[(int(mask) >> j) & 1 for j in range(64)] for mask in land.depends_on])
    affects = np.array([[(int(mask) >> d) & 1 for d in range(64)] for mask in land.affects])
    assert np.array_equal(depends.T, affects)
    assert np.all(depends.sum(axis=1) == 21)
