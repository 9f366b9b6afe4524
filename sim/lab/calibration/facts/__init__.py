"""Stylised facts: published numbers about real firms. `panel` and `trial` measure the same numbers in runs.

Some are fitted: the calibration brings the model close to them. The others are held out: they show what the model says about facts
that it was not made to meet.
"""

from __future__ import annotations

from sim.lab.calibration.facts.cooperation import COOPERATION
from sim.lab.calibration.facts.fact import Fact, Seen, Source
from sim.lab.calibration.facts.growth import GROWTH
from sim.lab.calibration.facts.survival import SURVIVAL
from sim.lab.calibration.facts.trials import TRIALS

__all__ = ["FACTS", "Fact", "Seen", "Source"]

FACTS = (*SURVIVAL, *GROWTH, *COOPERATION, *TRIALS)
"""All facts, in the order of reports."""
