"""What a worker of a cluster is asked to do: say what it computes with, and run a few jobs."""

from __future__ import annotations

import llvmlite
import numba
import numpy as np

from sim.lab.ensemble import RunResult
from sim.lab.execution.job import Job, run_job
from sim.lab.provenance import program_digest

Engine = dict[str, str]
"""All that the bits of a result depend on besides parameters and seed: this program, and what compiles and computes."""

# Made when the module is imported, together with the model: sources that are edited later are not what this process runs.
ENGINE: Engine = {
    "sources of this program": program_digest(),
    "numba": numba.__version__,
    "llvmlite": llvmlite.__version__,
    "numpy": np.__version__,
}


def engine() -> Engine:
    """The engine of this process."""
    return ENGINE


def difference(theirs: Engine, ours: Engine) -> str:
    """What differs first between two engines, as in "has other sources of this program"; nothing if they are the same."""
    for name, wanted in ours.items():
        found = theirs.get(name)
        if found != wanted:
            return f"has other {name}" if " " in name else f"has {name} {found} instead of {wanted}"
    return ""


def run_batch(batch: tuple[Job, ...], wanted: Engine) -> list[RunResult] | None:
    """Run a few jobs, or refuse them all (None) if this process would compute them with another engine."""
    return [run_job(job) for job in batch] if wanted == ENGINE else None
