"""Published facts are given with all that is needed to judge them."""

from math import isinf

import pytest

from sim.lab.calibration.facts import FACTS, Fact, Seen


def test_every_fact_has_a_name_of_its_own() -> None:
    assert len({fact.name for fact in FACTS}) == len(FACTS)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_a_range_goes_from_less_to_more_and_its_uncertainty_is_half_of_it(fact: Fact) -> None:
    least, most = fact.range
    if least < most and not isinf(most - least):
        assert fact.uncertainty == pytest.approx((most - least) / 2, abs=0.001)
    else:
        assert least <= most
        assert fact.uncertainty > 0


def test_what_is_fitted_rests_on_passages_that_were_seen() -> None:
    for fact in FACTS:
        if fact.fitted:
            assert any(source.seen is not Seen.SECOND_HAND for source in fact.sources), fact.name


def test_a_source_in_a_table_says_how_it_was_read() -> None:
    for fact in FACTS:
        assert fact.sources
        for source in fact.sources:
            assert f"{source.work}: {source.passage} ({source.seen})" in fact.source
