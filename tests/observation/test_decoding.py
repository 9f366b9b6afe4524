"""Names, numbers and counts are read back from identities and masks as they were put in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.economy.initialisation import create
from sim.economy.landscape import Landscape
from sim.economy.measures import GROUPS
from sim.economy.state import LARGE
from sim.observation.decoding import decisions_per_domain, domain_number, domains_in, firm_name, size_and_number
from sim.observation.groups import group_name, group_numbers

shapes = st.sampled_from([(1, 1), (2, 1), (12, 6), (12, 12), (60, 5), (64, 1), (64, 32), (64, 64)])


def landscape_of(decisions: int, domains: int) -> Landscape:
    environment = {"environment.decisions": decisions, "environment.domains": domains, "environment.complexity": 0}
    people = {"population.small": 1, "population.large": 0}
    return create(sim.parameters("today", {**environment, **people}), 1).landscape


@given(st.booleans(), st.integers(0, 2**40 - 1))
def test_size_and_number_are_read_back_from_an_identity(large: bool, number: int) -> None:
    identity = np.uint64(number) + (LARGE if large else np.uint64(0))
    size = "large" if large else "small"
    assert size_and_number(identity) == size_and_number(int(identity)) == (size, number)
    assert firm_name(identity) == f"{size} {number}"


@given(shapes, st.data())
def test_the_number_of_a_domain_is_read_back_from_its_mask(shape: tuple[int, int], data: st.DataObject) -> None:
    landscape = landscape_of(*shape)
    number = data.draw(st.integers(0, shape[1] - 1))
    assert domain_number(landscape.domain[number], landscape) == number
    assert domain_number(int(landscape.domain[number]), landscape) == number
    np.testing.assert_array_equal(domain_number(landscape.domain, landscape), np.arange(shape[1]))


@given(shapes, st.data())
def test_the_number_of_domains_is_read_back_from_their_common_mask(shape: tuple[int, int], data: st.DataObject) -> None:
    landscape = landscape_of(*shape)
    chosen = data.draw(st.sets(st.integers(0, shape[1] - 1)))
    mask = np.bitwise_or.reduce(landscape.domain[sorted(chosen)], initial=np.uint64(0))
    assert domains_in(mask, landscape) == domains_in(int(mask), landscape) == len(chosen)
    np.testing.assert_array_equal(domains_in(landscape.domain, landscape), np.ones(shape[1]))
    assert domains_in(landscape.all_decisions, landscape) == shape[1]


@given(shapes)
def test_domains_have_equally_many_decisions(shape: tuple[int, int]) -> None:
    landscape = landscape_of(*shape)
    assert decisions_per_domain(landscape) * shape[1] == shape[0]
    assert [int(mask).bit_count() for mask in landscape.domain] == [decisions_per_domain(landscape)] * shape[1]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("interdependent", [False, True])
def test_the_name_of_a_group_says_size_and_strategy(large: bool, interdependent: bool) -> None:
    expected = f"{'large' if large else 'small'} {'interdependent' if interdependent else 'independent'}"
    assert group_name(large, interdependent) == group_name(np.bool_(large), np.bool_(interdependent)) == expected


def test_the_groups_of_all_firms_are_those_of_each_firm() -> None:
    firms = create(sim.parameters("today", {"population.large_interdependent": 0.5}), 1).firms
    names = [group_name(*flags) for flags in zip(firms.large, firms.interdependent, strict=True)]
    assert [GROUPS[number] for number in group_numbers(firms)] == names
    assert set(names) == set(GROUPS)
