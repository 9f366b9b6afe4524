"""How long firms live, and how often they close.

Survival is that of establishments or enterprises of all industries. Single numbers have an assumed uncertainty of 0.03: so far are
the United States and the European Union from their middle after five years. For signs it is 0.01 exits a year, the smallest effect
that the project calls one (docs/explanation/statistics.md).
"""

from __future__ import annotations

from math import inf

from sim.lab.calibration.facts.fact import Fact, Seen, Source

BORN_1994 = "US Bureau of Labor Statistics, The Economics Daily 2018, establishments opened in March 1994"
BORN_2013 = "US Bureau of Labor Statistics, The Economics Daily, 12 January 2024, establishments born in March 2013"
NEW_FIRMS = Source(
    "US Bureau of Labor Statistics, The Economics Daily, 14 June 2005, new firms with a single establishment",
    "'66 percent of new establishments were still in existence 2 years after their birth ..., and 44 percent ... 4 years'",
    Seen.FIRST_HAND,
)
DUNNE = Source(
    "Dunne, Roberts & Samuelson (1989), Quarterly Journal of Economics 104, abstract",
    "'Plant failure rates decline with size and age'",
    Seen.FIRST_HAND,
)


def _cohorts(born_1994: str, born_2013: str) -> tuple[Source, Source]:
    """Two cohorts of US establishments."""
    return Source(BORN_1994, born_1994, Seen.FIRST_HAND), Source(BORN_2013, born_2013, Seen.COPY)


SURVIVAL = (
    Fact(
        "survival_1",
        "start-ups alive after 1 year",
        (0.796, 0.82),
        0.012,
        True,
        (
            *_cohorts("79.6 %", "79.6 %"),
            Source(
                "Eurostat, Business demography statistics, May 2022",
                "'The one-year survival rate ... around 82 %'",
                Seen.FIRST_HAND,
            ),
        ),
    ),
    Fact(
        "survival_2",
        "start-ups alive after 2 years",
        (0.60, 0.80),
        0.1,
        False,
        (
            *_cohorts("68.1 %", "68.9 %"),
            NEW_FIRMS,
            Source(
                "Bartelsman, Scarpetta & Schivardi (2005), Industrial and Corporate Change 14, abstract, ten OECD countries",
                "'about 20-40% of entering firms fail within the first 2 years of life'",
                Seen.FIRST_HAND,
            ),
        ),
    ),
    Fact("survival_3", "start-ups alive after 3 years", (0.606, 0.606), 0.03, False, _cohorts("60.6 %", "61.4 %")),
    Fact("survival_4", "start-ups alive after 4 years", (0.44, 0.553), 0.057, False, (*_cohorts("54.3 %", "55.3 %"), NEW_FIRMS)),
    Fact(
        "survival_5",
        "start-ups alive after 5 years",
        (0.44, 0.496),
        0.028,
        True,
        (
            *_cohorts("49.6 %", "50.6 %, read after the calibration and not in the range"),
            Source(
                "Eurostat, Business demography statistics, November 2016",
                "'the five-year survival rate ... was nearly 44 %'",
                Seen.FIRST_HAND,
            ),
        ),
    ),
    Fact("survival_10", "start-ups alive after 10 years", (0.336, 0.336), 0.03, False, _cohorts("33.6 %", "34.7 %")),
    Fact(
        "exit_rate",
        "exits per firm and year",
        (0.09, 0.116),
        0.013,
        True,
        (
            Source("Statistics Canada, The Daily, 25 January 2012, 2000 to 2008", "'9.0% exited'", Seen.FIRST_HAND),
            Source(
                "Statistics Canada, The Daily, 25 August 2014, 1983 to 2012",
                "'The exit rate ... also declined, falling from 16.5% to 11.6%'",
                Seen.FIRST_HAND,
            ),
            Source(
                "Eurostat, Business demography statistics, November 2016",
                "'Birth and death rates of enterprises tend to be around 9 %'",
                Seen.FIRST_HAND,
            ),
            Source("UK Office for National Statistics", "9.6 % in 2014, 12.2 % in 2017, not in the range", Seen.FIRST_HAND),
        ),
    ),
    Fact(
        "exit_by_age",
        "yearly exit rate in the first two years of age less that after five",
        (0.0, inf),
        0.01,
        False,
        (
            DUNNE,
            Source(
                "Evans (1987), Journal of Industrial Economics 35, abstract",
                "'the probability that a firm will fail decrease[s] with firm age'",
                Seen.COPY,
            ),
        ),
    ),
    Fact(
        "exit_by_size",
        "yearly exit rate of the smaller half by revenue less that of the larger",
        (0.0, inf),
        0.01,
        False,
        (DUNNE,),
    ),
    Fact(
        "exit_by_class",
        "yearly exit rate of small firms less that of large ones",
        (0.0, inf),
        0.01,
        True,
        (
            DUNNE,
            Source(
                "Irish Central Statistics Office, Business Signs of Life, enterprises of 2019 at the end of 2021",
                "'appeared closed': 6.8 % of micro, 2.7 % of small, 1.8 % of medium, 0.5 % of large enterprises",
                Seen.FIRST_HAND,
            ),
            Source(
                "Eubanks & Wiczer (2017), St. Louis Fed, US 2007 to 2010",
                "'Very small establishments closed at about twice the rate of larger ones.'",
                Seen.COPY,
            ),
        ),
    ),
)
"""Facts about survival and closures."""
