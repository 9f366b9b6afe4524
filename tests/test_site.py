"""The documentation site is complete, needs no internet, and lets readers search."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.browser import CHROMIUM, FLAGS, skip_or_fail

ROOT = Path(__file__).parents[1]
LOADED = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)=[\"']?(?:https?:)?//[^>]*")
FETCHED_BY_STYLE = re.compile(r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^)\"']*")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site, as `make site` does, apart from what the user has built."""
    if find_spec("sphinx") is None:
        reason = "the site's packages are not installed: make install-site"
        pytest.fail(reason) if os.environ.get("INTERFIRM_SITE") == "required" else pytest.skip(reason)
    docs, built = ROOT / "docs", tmp_path_factory.mktemp("site")
    shutil.rmtree(docs / "api" / "generated", ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-q", "-E", "-W", "--keep-going", "-d", built / "doctrees", docs, built / "html"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return built / "html"


@pytest.fixture
def tab(site: Path) -> Iterator:  # noqa: ARG001
    """A browser tab that refuses, and notes, whatever is not a file."""
    skip_or_fail()
    from playwright.sync_api import sync_playwright

    refused: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        page = browser.new_page()
        page.on("request", lambda request: None if request.url.startswith(("file:", "data:")) else refused.append(request.url))
        yield page
        browser.close()
    assert refused == []
