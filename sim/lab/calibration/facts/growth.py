"""How firms grow.

The uncertainties of shapes and tails are assumptions: a tenth of the way from a tent to a bell for b, a sixth of a tent's excess
kurtosis for the tails.
"""

from __future__ import annotations

from math import inf

from sim.lab.calibration.facts.fact import Fact, Seen, Source

AMARAL = "Amaral et al. (1997), abstracts (arXiv cond-mat/9702082; Physica A 244), US manufacturers"
TENT = Source(
    AMARAL,
    "'displays an exponential \"tent-shaped\" form rather than the bell-shaped Gaussian'",
    Seen.COPY,
)
EXPONENTIAL = Source(
    "Bottazzi & Secchi (2005), LEM working paper 16, abstract",
    "'a common exponential behavior in the shape of the probability density of the corporate growth rates'",
    Seen.FIRST_HAND,
)
FRANCE = Source(
    "Bottazzi, Coad, Jacoby & Secchi (2011), Applied Economics 43, abstract, France",
    "'a Subbotin distribution with a shape parameter significantly lower than 1'",
    Seen.FIRST_HAND,
)

GROWTH = (
    Fact(
        "growth_peaked",
        "yearly log growth of revenue: Subbotin's b, below that of a bell (normal), 2",
        (-inf, 2.0),
        0.1,
        False,
        (TENT, EXPONENTIAL, FRANCE),
    ),
    Fact(
        "growth_shape",
        "yearly log growth of revenue: Subbotin's b, that of a tent (Laplace), 1",
        (1.0, 1.0),
        0.1,
        False,
        (TENT, EXPONENTIAL, FRANCE),
    ),
    Fact(
        "growth_tails",
        "yearly log growth of revenue: excess kurtosis",
        (0.0, inf),
        0.5,
        False,
        (TENT, EXPONENTIAL, FRANCE),
    ),
    Fact(
        "growth_by_size",
        "slope of ln(spread of growth) on ln(revenue)",
        (-0.23, -0.14),
        0.045,
        False,
        (
            Source(AMARAL, "'β=0.20±0.03 for sales', '0.18±0.03 for number of employees'", Seen.COPY),
            Source(
                "Riccaboni et al. (2008), Proceedings of the National Academy of Sciences 105, abstract",
                "'approximately constant and can vary from 0.14 to 0.2'",
                Seen.FIRST_HAND,
            ),
            Source(
                "Bottazzi, Cefis & Dosi (2001), LEM working paper 8, abstract, Italy, not in the range",
                "'the absence of any negative relationship between size and growth variance'",
                Seen.FIRST_HAND,
            ),
        ),
    ),
    Fact(
        "size_by_age",
        "ln of the revenue of survivors in their fifth year over that in their first",
        (0.0, inf),
        0.05,
        False,
        (
            Source(
                "US Bureau of Labor Statistics, The Economics Daily 2018, establishments opened in March 1994",
                "569,419 with 4,132,450 jobs at birth, 282,484 with 3,721,580 after five years: 7.3 and 13.2 each",
                Seen.FIRST_HAND,
            ),
        ),
    ),
)
"""Facts about growth."""
