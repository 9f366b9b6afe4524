"""How many firms co-operate, and for how long."""

from __future__ import annotations

from sim.lab.calibration.facts.fact import Fact, Seen, Source

BRUNELL = "quoted by Brunell, abstract at taylorfrancis.com"

COOPERATION = (
    Fact(
        "allied",
        "share of the small firms that are allied",
        (0.033, 0.227),
        0.097,
        True,
        (
            Source(
                "World Bank (2012), Golden Growth, table 5.1, 'Innovative SMEs collaborating with others'",
                "3.3 % (Latvia) to 22.7 % (Denmark) of small and medium-sized enterprises",
                Seen.COPY,
            ),
        ),
    ),
    Fact(
        "allied_innovators",
        "share of the firms with an innovation in three years that were allied in these years",
        (0.12, 0.62),
        0.25,
        True,
        (
            Source(
                "Eurostat, Community Innovation Survey 2010",
                "'in the EU27, 27% co-operated', 'highest ... Cyprus (62% ...)', 'lowest in Italy (12%)'",
                Seen.COPY,
            ),
        ),
    ),
    Fact(
        "alliances_alive_5",
        "alliances alive after 5 years",
        (0.45, 0.66),
        0.105,
        False,
        (
            Source(
                f"Harrigan, {BRUNELL}", "'more than 55 percent of all strategic alliances fail within five years'", Seen.SECOND_HAND
            ),
            Source(
                f"Bleeke & Ernst, {BRUNELL}",
                "'the median life span for all alliances is only about seven years': 61 % at a constant hazard",
                Seen.SECOND_HAND,
            ),
            Source(
                "Lunnan & Haugland, Strategic Management Journal, press release of 30 November 2007, Norway",
                "after five years '66 of the 100 ... were still in existence'; some were older than others at the start",
                Seen.COPY,
            ),
            Source(
                "'The life cycle of small-firm networks' (2015), Brazilian Administration Review, abstract, 28 networks of any age",
                "'68% of the analyzed SFNs are declining or no longer in business'",
                Seen.FIRST_HAND,
            ),
        ),
    ),
)
"""Facts about alliances."""
