"""The field trial to which the calibration is fitted: groups of ten managers that meet for a year.

After Cai & Szeidl (2018), Quarterly Journal of Economics 133. Only exchange is switched on in the groups.
"""

from __future__ import annotations

from typing import Any

from sim.economy.arrays import Floats
from sim.economy.measures import ALL_GROUPS, GROUP_MEASURES, MONTH_MEASURES
from sim.economy.parameters import Parameters
from sim.economy.simulation import History, simulate

YEAR = 12
BEGINS = 240  # when business models are as good as they get
WORLD: dict[str, Any] = {
    "population.small": 200,
    "population.small_interdependent": 0.0,
    "dynamics.months": BEGINS + 2 * YEAR,
    "trial.first_month": BEGINS,
    "trial.months": YEAR,
    "trial.group": 10,
}
"""What the trial changes in the calibrated world."""


def observe_trial(parameters: Parameters, seed: int) -> dict[str, float]:
    """The numbers of one trial by the names of the facts; NaN where there was nothing to observe."""
    _, history = simulate(parameters, seed)
    gaps, slopes = _gaps(history), history.by_month[:, [m.name for m in MONTH_MEASURES].index("peer_slope")]
    ends = BEGINS + YEAR
    return {
        "trial_revenue": float(gaps[BEGINS:ends].mean()),
        "trial_revenue_later": float(gaps[ends:].mean()),
        "trial_peers": float(slopes[ends - 1]),
    }


def _gaps(history: History) -> Floats:
    """Mean ln revenue of the treated firms less that of the control group, month by month."""
    measure = [m.name for m in GROUP_MEASURES].index("log_revenue")
    treated, control = (history.by_group[:, ALL_GROUPS.index(group), measure] for group in ("treated", "control"))
    return treated - control
