"""The named worlds: `today`, which the calibration makes, and what the others change in it."""

from __future__ import annotations

from typing import Any

WORLDS: dict[str, dict[str, Any]] = {
    "today": {},
    "yesterday": {
        "environment.complexity": 1,
        "environment.speed": 0.002,
        "organisation.noise": 0.1,
        "collaboration.meeting": 0.02,
        "collaboration.coordination": 0.15,
        "collaboration.exchange": 0.01,
    },
    "web 2.0": {"collaboration.meeting": 0.6, "collaboration.coordination": 0.01, "collaboration.exchange": 0.2},
    "turbulent": {"environment.speed": 0.1},
    "labyrinth": {"environment.complexity": 11},
}
"""The named worlds: what each changes in the defaults, by the parameters' full names."""
