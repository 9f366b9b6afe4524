"""`make fuzz`: run all fuzzers, round after round with new random seeds, until the time is over or something is found."""

import argparse
import itertools
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

FOLDER = Path(__file__).parent
PROFILE = "fuzz"


def main() -> None:
    """Run rounds; exit code 1 and the command that replays it at the first finding."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("names", nargs="*", help="the fuzzers, such as test_experiment_files; default: all")
    arguments = parser.parse_args()
    files = [str(FOLDER / f"{name}.py") for name in arguments.names] or [str(FOLDER)]
    end = time.monotonic() + 60 * arguments.minutes
    for number in itertools.count(1):
        seed = secrets.randbelow(2**32)
        if _found_something(files, seed):
            replay = f"HYPOTHESIS_PROFILE={PROFILE} {sys.executable} -m pytest --hypothesis-seed={seed} {' '.join(files)}"
            print(f"Round {number} found something. To replay it: {replay}")
            raise SystemExit(1)
        left = (end - time.monotonic()) / 60
        print(f"Round {number} (seed {seed}) found nothing; {max(0.0, left):.1f} minutes left.", flush=True)
        if left <= 0:
            return


def _found_something(files: list[str], seed: int) -> bool:
    """Run a round in a process of its own, so that not even a crash ends the search unseen."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--hypothesis-seed={seed}", *files]
    process = subprocess.run(
        command, env={**os.environ, "HYPOTHESIS_PROFILE": PROFILE}, capture_output=True, text=True, check=False
    )
    if process.returncode:
        print(process.stdout, process.stderr)
    return process.returncode != 0


if __name__ == "__main__":
    main()
