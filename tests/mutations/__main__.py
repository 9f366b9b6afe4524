"""`python -m tests.mutations`: put faults into a copy of the economy, one at a time, and report which test notices each.

A test suite that lets a fault pass asserts too little.
Two kinds of tests would notice almost any change without explaining it: the snapshots of results do not take part, and
the plain twin, which states every rule a second time, runs last.
Writes docs/reference/mutations.md. The exit code is 1 if a fault survives.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from sim.lab.files import write_whole
from sim.lab.reference import markdown_table
from sim.lab.terminal import progress_bar
from tests.mutations.faults import FAULTS, Fault

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "mutations.md"
COPIED = ("sim", "conformance", "tests", "docs", "experiments", "pyproject.toml")
TWIN = "tests/plain/test_equals_engine.py"
LEFT_OUT = ("tests/economy/test_reproducibility.py",)
FAST = ["tests/economy", "tests/conformance", *(f"--ignore={name}" for name in LEFT_OUT)]
SURVIVED = "nobody"
LIMIT = 3600  # seconds for one selection of tests


class Outcome(NamedTuple):
    """The test that noticed a fault, or SURVIVED, and how long that took."""

    fault: Fault
    test: str
    seconds: float


def main() -> int:
    """Try all faults, or those whose name contains a word. Return 1 if one survives."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("--only", default="", metavar="WORD", help="faults whose name contains this; writes no page")
    word = parser.parse_args().only
    chosen = [fault for fault in FAULTS if word in fault.name]
    with progress_bar("faults,") as progress:
        task = progress.add_task("none", total=len(chosen) + 1)
        if failed := failing_without_fault(chosen):
            print(f"{failed} fails without any fault", file=sys.stderr)
            return 1
        outcomes = []
        for fault in chosen:
            progress.update(task, description=fault.name, advance=1)
            outcomes.append(try_fault(fault))
            print(f"{fault.name}: {outcomes[-1].test} ({outcomes[-1].seconds:.0f} s)", flush=True)
    if not word:
        write_whole(PAGE, lambda file: file.write_text(page(outcomes), encoding="utf-8"))
    survivors = [outcome.fault.name for outcome in outcomes if outcome.test == SURVIVED]
    print(f"{len(outcomes) - len(survivors)} of {len(outcomes)} faults noticed" + "".join(f"; survived: {s}" for s in survivors))
    return 1 if survivors else 0


def fresh_copy() -> tempfile.TemporaryDirectory[str]:
    """Copy the tree into a temporary folder."""
    folder = tempfile.TemporaryDirectory(prefix="mutation-")
    for name in COPIED:
        source, target = ROOT / name, Path(folder.name) / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return folder


def failing_without_fault(chosen: list[Fault]) -> str | None:
    """Return a test that fails although nothing was changed, or None."""
    with fresh_copy() as copy:
        for first, interpreted in sorted({(fault.first, fault.interpreted) for fault in chosen}):
            if failed := failing(Path(copy), list(first), interpreted):
                return failed
    return None


def try_fault(fault: Fault) -> Outcome:
    """Put one fault into a copy and run the likely tests, then all fast tests, then the twin, until one fails."""
    start = time.monotonic()
    with fresh_copy() as copy:
        path = Path(copy) / "sim" / "economy" / fault.file
        path.write_text(path.read_text(encoding="utf-8").replace(fault.old, fault.new), encoding="utf-8")
        for arguments, interpreted in ((list(fault.first), fault.interpreted), (FAST, False), ([TWIN], False)):
            if test := failing(Path(copy), arguments, interpreted):
                return Outcome(fault, test, time.monotonic() - start)
    return Outcome(fault, SURVIVED, time.monotonic() - start)


def failing(copy: Path, arguments: list[str], interpreted: bool) -> str | None:
    """Return the first test that fails in a copy, or None.

    Raises:
        RuntimeError: pytest ended in another way, for example because it could not collect the tests.
    """
    environment = {
        **os.environ,
        "NUMBA_CACHE_DIR": str(copy / "kernels"),
        "NUMBA_DISABLE_JIT": str(int(interpreted)),
        "HYPOTHESIS_PROFILE": "any failure",
    }
    command = [sys.executable, "-m", "pytest", "-x", "-rf", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False)
    if done.returncode == 0 or done.returncode == 5:  # passed, or nothing was selected
        return None
    failed = re.search(r"^FAILED (\S.*?)(?: - .*)?$", done.stdout, flags=re.MULTILINE)
    if done.returncode != 1 or failed is None:
        raise RuntimeError(
            f"pytest {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return failed[1]


def page(outcomes: list[Outcome]) -> str:
    """Return the page with the table of faults."""
    rows = [[o.fault.name, f"`{o.fault.file}`", f"`{o.test.removeprefix('tests/')}`"] for o in outcomes]
    noticed = sum(outcome.test != SURVIVED for outcome in outcomes)
    return f"""# Faults on purpose

Made by `make mutations`.
Each fault is put into a copy of `sim/economy/`, one at a time, and the fast tests run until one of them fails.
The snapshots of results would notice any change, so they do not take part.
The [plain twin](../explanation/plain_twin.md) runs last.

**{noticed} of {len(outcomes)} faults noticed.**

{markdown_table((["fault", "in", "noticed by"], rows))}
"""


if __name__ == "__main__":
    sys.exit(main())
