"""Fixtures of the tests of reliability."""

import tempfile
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _nothing_leaks(nothing_leaks) -> None:
    """Each of these tests ends what it starts."""


@pytest.fixture(autouse=True)
def _tables_are_rescued_here(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be written goes to a folder of the tests, instead of the system's for temporary files."""
    folder, make = tmp_path_factory.mktemp("rescued"), tempfile.mkdtemp

    def mkdtemp(suffix: Any = None, prefix: Any = None, dir: Any = None) -> str:
        return make(suffix, prefix, folder if prefix == "interfirm-" else dir)

    monkeypatch.setattr(tempfile, "mkdtemp", mkdtemp)


@pytest.fixture(autouse=True)
def _other_processes_find_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some of these tests start processes from another folder."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
