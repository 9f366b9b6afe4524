"""How long alliances live, why members go, and what remains of what they copied: known histories, and the economy."""

import numpy as np
import pytest

import sim
from sim.economy.measures import ALL_GROUPS, FIRMS, GROUP_NAMES, MONTH_NAMES
from sim.observation.alliance_life import OF_GROUPS, OF_MARKETS, of_groups, of_markets
from sim.observation.outcomes import GROUPS, MARKET, OUTCOMES, Window, outcomes


def month_by_month(months: int, **events: dict[int, float]) -> dict[str, float]:
    """Outcomes of a market in which so many alliances were founded, ended or came of age in these months."""
    table = np.zeros((months, len(MONTH_NAMES)))
    for name, counts in events.items():
        for month, count in counts.items():
            table[month, MONTH_NAMES.index(name)] = count
    return dict(zip((measure.name for measure in OF_MARKETS), of_markets(table), strict=True))


def test_alliances_are_founded_and_end_so_many_times_a_year() -> None:
    found = month_by_month(24, alliances_founded={0: 3, 20: 3}, alliances_dissolved={5: 1})
    assert found["founding_rate"] == 3
    assert found["dissolution_rate"] == 0.5


def test_only_alliances_founded_early_enough_count_for_their_survival() -> None:
    founded = {3: 4.0, 12: 4.0, 13: 100.0}  # the last of them would complete a year after the end
    found = month_by_month(24, alliances_founded=founded, alliances_aged_1={14: 1.0, 23: 3.0, 2: 50.0})
    assert found["alliances_alive_1"] == 0.5  # those that come of age in month 2 were founded before these months
    assert np.isnan(found["alliances_alive_3"])


def test_members_go_and_practices_stay_at_rates_per_member_and_per_decision() -> None:
    table = np.zeros((12, len(ALL_GROUPS), len(GROUP_NAMES)))
    table[:, 0, FIRMS], table[:, 0, GROUP_NAMES.index("allied")] = 10, 0.5
    table[3, 0, GROUP_NAMES.index("members_left")] = 2
    table[4, 0, GROUP_NAMES.index("practices_followed")], table[4, 0, GROUP_NAMES.index("practices_kept")] = 4, 3
    found = dict(zip((measure.name for measure in OF_GROUPS), of_groups(table), strict=True))
    assert found["leaving_rate"][0] == pytest.approx(2 / 5)
    assert found["expulsion_rate"][0] == 0
    assert found["practices_kept_share"][0] == 0.75
    assert np.isnan(found["leaving_rate"][1])


def test_alliances_of_today_are_founded_left_and_survived() -> None:
    run = sim.simulate(sim.parameters("today", {"dynamics.months": 120, "population.maturity": 0.8}), seed=1)
    market = dict(zip(OUTCOMES, outcomes(run.history, run.parameters, Window())[GROUPS.index(MARKET)], strict=True))
    assert market["founding_rate"] > 0
    assert 0 < market["alliances_alive_1"] <= 1
    assert market["alliance_age"] > 1
    small = run.summary().loc["small interdependent"]
    assert small["expulsion_rate"] > 0
    assert 0 < small["practices_kept_share"] <= 1
    assert np.isnan(run.summary().loc["small independent", "leaving_rate"])
