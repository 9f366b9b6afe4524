"""The documentation site is complete, loads nothing from the internet, and can be searched."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from pkgutil import walk_packages

import pytest

import sim.mesa_model
import sim.observation
import sim.plain
from conformance.page import documented_rows

ROOT = Path(__file__).parents[1]
LOADED = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)=[\"']?(?:https?:)?//[^>]*")
LOADED_BY_STYLE = re.compile(r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^)\"']*")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make site` does, but apart from it."""
    if find_spec("sphinx") is None:
        reason = "the site's packages are not installed: make install-site"
        if os.environ.get("INTERFIRM_SITE") == "required":
            pytest.fail(f"INTERFIRM_SITE=required, but {reason}")
        pytest.skip(reason)
    docs, built = ROOT / "docs", tmp_path_factory.mktemp("site")
    shutil.rmtree(docs / "api" / "generated", ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-d", built / "doctrees", docs, built / "html"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return built / "html"


@pytest.fixture
def page(browser) -> Iterator:
    """A browser tab; at the end of the test it must have asked for nothing but files."""
    asked: list[str] = []
    tab = browser.new_page()
    tab.on("request", lambda request: asked.append(request.url))
    yield tab
    tab.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_every_module_of_the_public_api_has_a_page(site: Path) -> None:
    packages = (sim.observation, sim.plain)
    inside = [module.name for package in packages for module in walk_packages(package.__path__, f"{package.__name__}.")]
    assert len(inside) > 10
    for name in ["sim", "sim.mesa_model", *(package.__name__ for package in packages), *inside]:
        assert (site / "api" / "generated" / f"{name}.html").exists(), name


def test_every_public_name_is_described(site: Path) -> None:
    for package in (sim, sim.mesa_model):
        text = (site / "api" / "generated" / f"{package.__name__}.html").read_text(encoding="utf-8")
        assert [name for name in package.__all__ if f'id="{package.__name__}.{name}"' not in text] == []


def test_no_page_loads_anything_from_the_internet(site: Path) -> None:
    for pattern, rule in (("*.html", LOADED), ("*.css", LOADED_BY_STYLE)):
        files = list(site.rglob(pattern))
        assert files
        assert [(file.name, found) for file in files for found in rule.findall(file.read_text(encoding="utf-8"))] == []


def test_the_citation_is_that_of_the_citation_file(site: Path) -> None:
    facts = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    text = (site / "project" / "cite.html").read_text(encoding="utf-8")
    for key in ("title", "version"):
        assert re.search(rf'^{key}: "?([^"\n]+)', facts, flags=re.MULTILINE)[1] in text


def test_conformance_rows_can_be_searched(site: Path, page) -> None:
    rows = documented_rows()
    page.goto((site / "reference" / "conformance_rows.html").as_uri())
    count, shown = page.locator(".rows-search output"), page.locator("table.rows tbody tr:visible")
    assert count.inner_text() == f"{len(rows)} of {len(rows)} rows"
    page.get_by_label("part").select_option("facts")
    page.get_by_label("verdict").select_option("missed (shown)")
    expected = [row for row in rows if row[0] == "facts" and row[-1] == "missed (shown)"]
    assert shown.count() == len(expected) > 0
    page.get_by_placeholder("Words that a row contains").fill("FITTED 5")
    assert shown.count() == sum(all(word in " ".join(row).lower() for word in ("fitted", "5")) for row in expected)
    assert count.inner_text() == f"{shown.count()} of {len(rows)} rows"


def test_pages_can_be_searched(site: Path, page) -> None:
    page.goto((site / "search.html").as_uri() + "?q=glossary")
    page.locator("#search-results a[href^='glossary.html']").first.wait_for(timeout=15_000)
