"""What a field experiment found (docs/explanation/field_trials.md).

No standard error was seen. The assumed one of 0.03 is the largest with which an effect of 8.1 % is significant at 1 %.
"""

from __future__ import annotations

from math import inf, log

from sim.lab.calibration.facts.fact import Fact, Seen, Source

MEETINGS = "Cai & Szeidl (2018), Quarterly Journal of Economics 133, abstract"
SURVEYS = Source(
    "Cai & Szeidl, articles at theigc.org and blogs.lse.ac.uk",
    "'surveyed before (base-line), immediately after (mid-line) and one year after (end-line)'; 'relative to revenue at base-line, "
    "that is, the fiscal year before the intervention': revenue of a year, but of which months at mid-line was not seen",
    Seen.FIRST_HAND,
)
CODE = "Cai & Szeidl, replication code, tables III and VII"

TRIALS = (
    Fact(
        "trial_revenue",
        "field trial, groups of ten: ln revenue of the treated less that of the control group, over the year of the meetings",
        (log(1.081), log(1.081)),
        0.03,
        True,
        (
            Source(MEETINGS, "'The meetings increased firm revenue by 8.1%'", Seen.COPY),
            SURVEYS,
            Source(CODE, "ln revenue on treatment at mid-line and at end-line, effects of each firm taken out", Seen.COPY),
        ),
    ),
    Fact(
        "trial_revenue_later",
        "the same over the year after the meetings",
        (0.0, inf),
        0.03,
        False,
        (
            Source(
                MEETINGS,
                "'These effects persisted one year after the conclusion of the meetings'; how large they were then was not seen",
                Seen.COPY,
            ),
            SURVEYS,
        ),
    ),
    Fact(
        "trial_peers",
        "field trial: slope of the treated firms' gain in ln revenue on their peers' ln revenue before the trial, at its end",
        (0.0, inf),
        0.03,
        False,
        (
            Source(MEETINGS, "'Firms randomized to have better peers exhibited higher growth'; the slope was not seen", Seen.COPY),
            Source(CODE, "there the peers' mean ln employment stands for their quality", Seen.COPY),
        ),
    ),
)
"""Facts about the effects of meeting."""
