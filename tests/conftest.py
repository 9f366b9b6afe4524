"""Profiles of Hypothesis, which say how many examples each test tries, and the one browser of all tests."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.support import leaks
from tests.support.browser import CHROMIUM, FLAGS, skip_or_fail

COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "print_blob": True}
settings.register_profile("quick", max_examples=40, derandomize=True, **COMMON)
settings.register_profile("any failure", settings.get_profile("quick"), phases=[Phase.explicit, Phase.generate])  # does not shrink
settings.register_profile("thorough", max_examples=1000, **COMMON)
settings.register_profile("fuzz", max_examples=200, **COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture
def nothing_leaks() -> Iterator[None]:
    """The test ends what it starts. Fixtures of modules and of the session are there before, and may stay."""
    before = leaks.things()
    yield
    assert leaks.leaked(before) == set()


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """Chromium without a window; Playwright can be started only once in a process."""
    skip_or_fail()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        yield chromium
        chromium.close()
