"""Where a result comes from: versions and commit, so that it can be run again to the same bits."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("numba", "numpy", "pandas", "pyarrow", "salib", "scipy")


@cache
def versions() -> dict[str, str]:
    """Versions of Python, of what computes, and of this project with its commit ("+" = with uncommitted changes)."""
    found = {"python": platform.python_version(), "interfirm": _own_version(), "commit": _commit()}
    return found | {name: version(name) for name in PACKAGES}


def machine() -> dict[str, str | int]:
    """Where it ran: processor, cores, system; no names of machines or people."""
    return {"processor": platform.machine(), "cores": os.cpu_count() or 0, "system": f"{platform.system()} {platform.release()}"}


def origin(design: dict[str, Any]) -> dict[str, Any]:
    """What a result follows from: the design, and the versions of all that computed it."""
    return {"design": design, "versions": versions()}


def as_text(**contents: Any) -> str:
    """Contents and versions as JSON."""
    return json.dumps({**contents, "versions": versions()}, ensure_ascii=False)


def _own_version() -> str:
    try:
        return version("interfirm")
    except PackageNotFoundError:  # run from a source tree that was not installed
        return "not installed"


def _commit() -> str:
    root = Path(__file__).parents[2]
    try:
        command = ["git", "-C", str(root), "describe", "--always", "--abbrev=40", "--dirty=+", "--exclude=*"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
