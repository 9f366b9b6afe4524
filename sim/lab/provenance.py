"""Where a result comes from: versions, commit and sources, so that it can be reproduced bit by bit."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import sim
import sim.economy
import sim.observation

PACKAGES = ("numba", "numpy", "pandas", "pyarrow", "salib", "scipy")
OUTCOME_MODULES = (
    "alliance_life",
    "groups",
    "outcomes",
    "recovery",
)  # the modules of sim.observation that reduce a history to outcomes


@cache
def versions() -> dict[str, str]:
    """Versions of Python, of the packages that compute, and of this project with its commit ("+" = with uncommitted changes)."""
    own = {"python": platform.python_version(), "interfirm": _own_version(), "commit": _commit()}
    return own | {name: version(name) for name in PACKAGES}


@cache
def model_digest() -> str:
    """Digest of the sources that turn parameters and a seed into outcomes; an edit there makes stored runs unusable."""
    return digest_of_sources(model_sources())


@cache
def program_digest() -> str:
    """Digest of all sources of this program."""
    return digest_of_sources(sorted(Path(sim.__path__[0]).rglob("*.py")))


def model_sources() -> list[Path]:
    """All modules of the economy, and OUTCOME_MODULES."""
    economy, observation = (Path(package.__path__[0]) for package in (sim.economy, sim.observation))
    return [*sorted(economy.glob("*.py")), *(observation / f"{name}.py" for name in OUTCOME_MODULES)]


def digest_of_sources(sources: Iterable[Path]) -> str:
    """Digest of the names and contents of source files."""
    digest = hashlib.blake2b(digest_size=16)
    for source in sources:
        digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()


def machine() -> dict[str, str | int]:
    """Processor, number of cores and operating system; no names of machines or people."""
    return {"processor": platform.machine(), "cores": os.cpu_count() or 0, "system": f"{platform.system()} {platform.release()}"}


def origin(**contents: Any) -> dict[str, Any]:
    """All that determines a result: what was asked for, the model, and the versions of all that computed it."""
    return {**contents, "model_digest": model_digest(), "versions": versions()}


def as_text(**contents: Any) -> str:
    """The origin as JSON."""
    return json.dumps(origin(**contents), ensure_ascii=False)


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
