"""Fixtures of the tests of reliability."""

import pytest


@pytest.fixture(autouse=True)
def _nothing_leaks(nothing_leaks) -> None:
    """Each of these tests ends what it starts."""
