"""Stylised facts: published numbers about real firms. `panel` and `trial` measure the same numbers in runs.

Some are fitted: the calibration brings the model close to them. The others are held out: they show what the model says about facts
that it was not made to meet. Passages are quoted as they were seen; what was not seen is marked.
"""

from __future__ import annotations

from math import inf, log
from typing import NamedTuple

BLS = "US, establishments opened in 1993/94, Bureau of Labor Statistics, The Economics Daily, 1 Nov 2018 (seen): {}"
DIRECTION = "{}; abstract seen"
AMARAL = "Amaral et al. (1997), Stanley et al. (1996), Bottazzi & Secchi (2005): exponential, 'tent-shaped'; abstracts seen"
MEETINGS = "Cai & Szeidl (2018), Quarterly Journal of Economics 133, abstract seen: {}"
FED = "US 2007-10: 'Very small establishments closed at about twice the rate of larger ones' (St. Louis Fed, 12 May 2017, seen)"


class Fact(NamedTuple):
    """A number about real firms, with its source.

    The two ends of the range are equal for a single published number; a range from or to infinity says only the sign. The
    uncertainty is half of a published range, or the standard error of a single number.
    """

    name: str
    meaning: str
    range: tuple[float, float]
    uncertainty: float
    fitted: bool
    source: str


FACTS = (
    Fact(
        "survival_1",
        "start-ups alive after 1 year",
        (0.796, 0.82),
        0.012,
        True,
        BLS.format("79.6 %; European Union 80 to 82 % (Eurostat, seen)"),
    ),
    Fact(
        "survival_2",
        "start-ups alive after 2 years",
        (0.60, 0.80),
        0.1,
        False,
        BLS.format("68.1 %; BLS st040060 (seen) about 60 %; OECD 60 to 80 % (Bartelsman et al. 2005, abstract seen)"),
    ),
    Fact("survival_3", "start-ups alive after 3 years", (0.606, 0.606), 0.03, False, BLS.format("60.6 %")),
    Fact(
        "survival_4",
        "start-ups alive after 4 years",
        (0.44, 0.543),
        0.05,
        False,
        BLS.format("54.3 %; Knaup (2005) 44 %, quoted in a copy"),
    ),
    Fact(
        "survival_5",
        "start-ups alive after 5 years",
        (0.44, 0.496),
        0.028,
        True,
        BLS.format("49.6 %; European Union nearly 44 % (Eurostat, seen)"),
    ),
    Fact("survival_10", "start-ups alive after 10 years", (0.336, 0.336), 0.03, False, BLS.format("33.6 %")),
    Fact(
        "exit_rate",
        "exits per firm and year",
        (0.09, 0.116),
        0.013,
        True,
        "Canada 9.0 and 11.6 % (Statistics Canada, The Daily, 25 Jan 2012, 25 Aug 2014), EU around 9 % (Eurostat); seen",
    ),
    Fact(
        "exit_by_age",
        "yearly exit rate in the first two years of age less that after five",
        (0.0, inf),
        0.01,
        False,
        DIRECTION.format("Dunne, Roberts & Samuelson (1989), Evans (1987)"),
    ),
    Fact(
        "exit_by_size",
        "yearly exit rate of the smaller half by revenue less that of the larger",
        (0.0, inf),
        0.01,
        False,
        DIRECTION.format("Dunne, Roberts & Samuelson (1989)"),
    ),
    Fact(
        "exit_by_class",
        "yearly exit rate of small firms less that of large ones",
        (0.0, inf),
        0.01,
        True,
        f"{DIRECTION.format('Dunne, Roberts & Samuelson (1989)')}; {FED}",
    ),
    Fact(
        "growth_peaked",
        "yearly log growth of revenue: Subbotin's b, below that of a bell (normal), 2",
        (-inf, 2.0),
        0.1,
        False,
        AMARAL,
    ),
    Fact("growth_shape", "yearly log growth of revenue: Subbotin's b, that of a tent (Laplace), 1", (1.0, 1.0), 0.1, False, AMARAL),
    Fact("growth_tails", "yearly log growth of revenue: excess kurtosis", (0.0, inf), 0.5, False, AMARAL),
    Fact(
        "growth_by_size",
        "slope of ln(spread of growth) on ln(revenue)",
        (-0.23, -0.14),
        0.045,
        False,
        "Amaral et al. (1997): 0.20±0.03 (sales), 0.18±0.03; Riccaboni et al. (2008): 0.14 to 0.2, in a copy; abstracts seen",
    ),
    Fact(
        "allied",
        "share of the small firms that are allied",
        (0.033, 0.227),
        0.097,
        True,
        "collaborating SMEs of all SMEs by country, 3.3 to 22.7 % (World Bank, Golden Growth, table 5.1), in a copy",
    ),
    Fact(
        "allied_innovators",
        "share of the firms with an innovation in three years that were allied in these years",
        (0.12, 0.62),
        0.25,
        True,
        "innovation co-operation by country, 12 % (Italy) to 62 % (Cyprus) (Eurostat, Community Innovation Survey 2010), in a copy",
    ),
    Fact(
        "size_by_age",
        "ln of the revenue of survivors in their fifth year over that in their first",
        (0.0, inf),
        0.05,
        False,
        "mean employment of survivors, construction, cohort of 1994: 4.6 at birth, 8.1 after 5 years (BLS, table 7)",
    ),
    Fact(
        "alliances_alive_5",
        "alliances alive after 5 years",
        (0.45, 0.61),
        0.08,
        False,
        "'more than 55 percent of all strategic alliances fail within five years' (Harrigan, quoted by Brunell, abstract seen), "
        "'the median life span for alliances is only about seven years' (Bleeke & Ernst 1995, summary seen): 61 % at "
        "a constant hazard",
    ),
    Fact(
        "trial_revenue",
        "field trial, groups of ten: ln revenue of the treated less that of the control group, over the year of the meetings",
        (log(1.081), log(1.081)),
        0.03,
        True,
        MEETINGS.format("'The meetings increased firm revenue by 8.1%'")
        + "; 'surveyed before (base-line), immediately after (mid-line) and one year after (end-line)', 'growth rates are measured "
        "relative to revenue at base-line, that is, the fiscal year before the intervention' (the authors' article at theigc.org, "
        "seen), hence revenue of a year; the standard error was not seen: 0.03 is the most for significance at 1 %",
    ),
    Fact(
        "trial_revenue_later",
        "the same over the year after the meetings",
        (0.0, inf),
        0.03,
        False,
        MEETINGS.format(
            "'These effects persisted one year after the conclusion of the meetings'; how large they were then was not seen"
        ),
    ),
    Fact(
        "trial_peers",
        "field trial: slope of the treated firms' gain in ln revenue on their peers' ln revenue before the trial, at its end",
        (0.0, inf),
        0.03,
        False,
        MEETINGS.format("'Firms randomized to have better peers exhibited higher growth'"),
    ),
)
"""All facts, in the order of reports."""
