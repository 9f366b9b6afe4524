"""The folder of an experiment's results: made before anything is computed, cleared of earlier results, with a manifest."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from sim.lab import provenance
from sim.lab.analysis.findings import Findings
from sim.lab.files import UnusableFileError, write_whole

MANIFEST = "manifest.json"


def make(folder: Path) -> Path:
    """Make the folder if there is none.

    Raises:
        UnusableFileError: it cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableFileError(f"{folder}: cannot be made: {(error.strerror or '').lower()}") from None
    if not os.access(folder, os.W_OK):
        raise UnusableFileError(f"{folder}: cannot be written")
    return folder


def remove_earlier_results(folder: Path) -> None:
    """Delete tables and figures, which may belong to an earlier design; the store of finished runs stays."""
    for path in folder.iterdir():
        if path.suffix in {".csv", ".png", ".svg"} or path.name.endswith(".csv.json"):
            path.unlink()


def write_manifest(findings: Findings, folder: Path, started: datetime) -> None:
    """Record what was run, with which versions, on which machine, and when."""
    design = json.dumps(findings.origin["design"], sort_keys=True)
    contents: Mapping[str, object] = {
        "file": findings.file,
        "design_digest": hashlib.blake2b(design.encode(), digest_size=16).hexdigest(),
        "scale": findings.scale,
        "runs": findings.runs,
        "seeds": findings.seeds,
        "failed": len(findings.failures),
        "machine": provenance.machine(),
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        **findings.origin,
    }
    text = json.dumps(contents, indent=1, ensure_ascii=False)
    write_whole(folder / MANIFEST, lambda file: file.write_text(text + "\n", encoding="utf-8"))
