"""Fixtures of the app: one server and one browser, a fresh context for each tab."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.browser import CHROMIUM, FLAGS, Tab, serving, skip_or_fail


@pytest.fixture(scope="session")
def browser() -> Iterator:
    skip_or_fail()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        yield found
        found.close()


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
