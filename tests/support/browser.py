"""A server and a browser for the tests of the app, and what a test does with them."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlparse

import pytest

REQUIRED = os.environ.get("INTERFIRM_BROWSER") == "required"  # set where the tests must not be skipped
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
PROFIT = "Who earns most"


def missing() -> str:
    """Return why the app cannot be tested here; empty if it can."""
    if find_spec("solara") is None or find_spec("playwright") is None:
        return "the app's packages are not installed: make install-page"
    return "" if CHROMIUM else "there is no Chromium: apt-get install chromium"


def skip_or_fail() -> None:
    reason = missing()
    if reason and REQUIRED:
        pytest.fail(f"INTERFIRM_BROWSER=required, but {reason}")
    if reason:
        pytest.skip(reason)


@contextlib.contextmanager
def serving(*command: str, env: dict[str, str] | None = None) -> Iterator[tuple[str, int]]:
    """Start a server on a free port with a command that ends with the port; yield its address and process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, *command, str(port)], env={**os.environ, **(env or {})})
    address = f"http://localhost:{port}"
    try:
        for _ in range(1800):  # it may have to compile the model first
            with contextlib.suppress(OSError):
                urllib.request.urlopen(address, timeout=5).close()
                break
            assert process.poll() is None, "the server ended"
            time.sleep(0.1)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(20)


class Tab:
    """One browser tab with the app; it records errors and requests to other hosts."""

    def __init__(self, browser, address: str, query: str = "", size: tuple = (1440, 900), waiting: str = ".clock b") -> None:
        width, height = size
        self.address, self.waiting = address, waiting
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        self.context.route("**/*", self._only_loopback)
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.open(query)

    def _only_loopback(self, route) -> None:
        if urlparse(route.request.url).hostname in ("localhost", "127.0.0.1", None):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def open(self, query: str) -> None:
        self.page.goto(self.address + "/" + (f"?{query}" if query else ""))
        self.page.wait_for_selector(".chart-place canvas")
        self.page.wait_for_selector(self.waiting)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def month(self) -> int:
        return int(self.page.locator(".clock b").inner_text().split()[1])

    def sentences(self) -> str:
        return self.page.locator(".sentences").inner_text()

    def seen(self, title: str = PROFIT) -> str:
        """Return what a chart says to a screen reader."""
        return self.page.locator(f'.chart-place[data-title="{title}"]').get_attribute("aria-label")

    def all_seen(self) -> list[str]:
        """Return what all charts say to a screen reader, once nothing changes any more."""
        self.rest()
        return [place.get_attribute("aria-label") for place in self.page.locator(".chart-place").all()]

    def query(self) -> str:
        """Return the query of the address, once nothing changes any more."""
        self.rest()
        return urlparse(self.page.url).query

    def rest(self) -> None:
        """Wait until the number of the picture, which comes last, and what all charts say no longer change."""
        script = "[...document.querySelectorAll('.chart-place, .metronome')].map(e => e.ariaLabel + e.dataset.picture).join()"
        said = None
        while said != (said := self.page.evaluate(script)):
            self.page.wait_for_timeout(250)

    def until(self, condition: str, timeout: int = 15_000) -> None:
        """Wait until a condition in JavaScript holds."""
        self.page.wait_for_function(condition, timeout=timeout)

    def until_month(self, month: int, timeout: int = 30_000) -> None:
        self.until(f"Number(document.querySelector('.clock b').innerText.split(' ')[1]) >= {month}", timeout)

    def until_other(self, label: str, title: str = PROFIT) -> str:
        """Wait until a chart says something else, and return it."""
        script = '([title, label]) => document.querySelector(`.chart-place[data-title="${title}"]`).ariaLabel !== label'
        self.page.wait_for_function(script, arg=[title, label])
        return self.seen(title)

    def download(self, name: str) -> bytes:
        with self.page.expect_download() as found:
            self.press(name)
        return Path(found.value.path()).read_bytes()

    def close(self) -> None:
        """Close the tab, and check that nothing went wrong."""
        self.context.close()
        assert self.outside == []
        assert self.errors == []
