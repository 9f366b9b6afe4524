"""Fixtures of the app: one server, a fresh context for each tab."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.browser import Tab, serving


@pytest.fixture(autouse=True)
def _nothing_leaks(nothing_leaks) -> None:
    """Each test of the app ends what it starts."""


@pytest.fixture(scope="session")
def server(browser) -> Iterator[tuple[str, int]]:  # noqa: ARG001
    with serving("-m", "sim", "app", "--no-browser", "--port") as found:
        yield found


@pytest.fixture
def tab(browser, server) -> Iterator[Callable[..., Tab]]:
    """Open tabs; at the end of the test all are closed and checked for errors and requests to other hosts."""
    opened: list[Tab] = []

    def open_tab(query: str = "", **options) -> Tab:
        opened.append(Tab(browser, server[0], query, **options))
        return opened[-1]

    yield open_tab
    for found in opened:
        found.close()
