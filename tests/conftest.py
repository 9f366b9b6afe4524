"""Profiles of Hypothesis: how many examples each test tries."""

import os

from hypothesis import HealthCheck, Phase, settings

COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "print_blob": True}
settings.register_profile("quick", max_examples=40, derandomize=True, **COMMON)
settings.register_profile("any failure", settings.get_profile("quick"), phases=[Phase.explicit, Phase.generate])  # does not shrink
settings.register_profile("thorough", max_examples=1000, **COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
