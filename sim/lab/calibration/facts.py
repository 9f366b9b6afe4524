"""Stylised facts: published numbers about real firms. `panel` measures the same numbers in a run."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

BLS = "US, establishments opened in 1993/94, Bureau of Labor Statistics, The Economics Daily, 1 Nov 2018 (seen): {}"
DIRECTION = "{}; abstract seen"
AMARAL = "Amaral et al. (1997), Stanley et al. (1996), Bottazzi & Secchi (2005): exponential, 'tent-shaped'; abstracts seen"


class Fact(NamedTuple):
    """A number about real firms, with its source.

    The two ends of the range are equal for a single published number; a range from or to infinity says only the sign.
    """

    name: str
    meaning: str
    range: tuple[float, float]
    source: str
    uncertainty: float = 1.0
    fitted: bool = False


FACTS = (
    Fact(
        "survival_1",
        "start-ups alive after 1 year",
        (0.796, 0.82),
        BLS.format("79.6 %; European Union 80 to 82 % (Eurostat, seen)"),
    ),
    Fact(
        "survival_2",
        "start-ups alive after 2 years",
        (0.60, 0.80),
        BLS.format("68.1 %; BLS st040060 (seen) about 60 %; OECD 60 to 80 % (Bartelsman et al. 2005, abstract seen)"),
    ),
    Fact("survival_3", "start-ups alive after 3 years", (0.606, 0.606), BLS.format("60.6 %")),
    Fact("survival_4", "start-ups alive after 4 years", (0.44, 0.543), BLS.format("54.3 %; Knaup (2005) 44 %, quoted in a copy")),
    Fact(
        "survival_5",
        "start-ups alive after 5 years",
        (0.44, 0.496),
        BLS.format("49.6 %; European Union nearly 44 % (Eurostat, seen)"),
    ),
    Fact("survival_10", "start-ups alive after 10 years", (0.336, 0.336), BLS.format("33.6 %")),
    Fact(
        "exit_rate",
        "exits per firm and year",
        (0.09, 0.116),
        "Canada 9.0 and 11.6 % (Statistics Canada, The Daily, 25 Jan 2012, 25 Aug 2014), EU around 9 % (Eurostat); seen",
    ),
    Fact(
        "exit_by_age",
        "yearly exit rate in the first two years of age less that after five",
        (0.0, inf),
        DIRECTION.format("Dunne, Roberts & Samuelson (1989), Evans (1987)"),
    ),
    Fact(
        "exit_by_size",
        "yearly exit rate of the smaller half by revenue less that of the larger",
        (0.0, inf),
        DIRECTION.format("Dunne, Roberts & Samuelson (1989)"),
    ),
    Fact(
        "exit_by_class",
        "yearly exit rate of small firms less that of large ones",
        (0.0, inf),
        DIRECTION.format("Dunne, Roberts & Samuelson (1989); Statistics Canada: turnover predominantly involves small firms"),
    ),
    Fact("growth_peaked", "yearly log growth of revenue: Subbotin's b, below that of a bell (normal), 2", (-inf, 2.0), AMARAL),
    Fact("growth_shape", "yearly log growth of revenue: Subbotin's b, that of a tent (Laplace), 1", (1.0, 1.0), AMARAL),
    Fact("growth_tails", "yearly log growth of revenue: excess kurtosis", (0.0, inf), AMARAL),
    Fact(
        "growth_by_size",
        "slope of ln(spread of growth) on ln(revenue)",
        (-0.23, -0.14),
        "Amaral et al. (1997): 0.20±0.03 (sales), 0.18±0.03; Riccaboni et al. (2008): 0.14 to 0.2, in a copy; abstracts seen",
    ),
    Fact(
        "allied",
        "share of the small firms that are allied",
        (0.033, 0.227),
        "collaborating SMEs of all SMEs by country, 3.3 to 22.7 % (World Bank, Golden Growth, table 5.1), in a copy",
    ),
    Fact(
        "allied_innovators",
        "share of the firms with an innovation in three years that were allied in these years",
        (0.12, 0.62),
        "innovation co-operation by country, 12 % (Italy) to 62 % (Cyprus) (Eurostat, Community Innovation Survey 2010), in a copy",
    ),
    Fact(
        "size_by_age",
        "ln of the revenue of survivors in their fifth year over that in their first",
        (0.0, inf),
        "mean employment of survivors, construction, cohort of 1994: 4.6 at birth, 8.1 after 5 years (BLS, table 7)",
    ),
    Fact("trial_revenue_12", "x", (0.081, 0.081), "x", 0.03),
    Fact("trial_revenue_24", "x", (0.04, 0.1), "x", 0.03, False),
    Fact("trial_peers", "x", (0.0, inf), "x", 0.03, False),
)
_U = {
    "survival_1": 0.012,
    "survival_2": 0.05,
    "survival_5": 0.028,
    "exit_rate": 0.013,
    "exit_by_class": 0.01,
    "growth_by_size": 0.045,
    "allied": 0.05,
    "allied_innovators": 0.1,
    "trial_revenue_12": 0.03,
}
FACTS = tuple(f._replace(uncertainty=_U[f.name], fitted=True) if f.name in _U else f for f in FACTS)
