"""The manifest of a folder of results: what was run, and every file that was written, with its digest."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sim.lab import provenance
from sim.lab.analysis.findings import Findings
from sim.lab.files import UnusableFileError, digest_of_file, reason
from sim.lab.json_files import DamagedFileError, digest_of, read_json

MANIFEST = "manifest.json"
Digests = TypeVar("Digests")

log = logging.getLogger(__name__)


def listed(folder: Path) -> dict[str, str]:
    """Digest of each file that the folder's manifest lists; none if there is no manifest or it is damaged.

    Raises:
        UnusableFileError: there is one, but it cannot be read now.
    """
    return _in_the_folder(_read(folder).get("files", {}))


def digests_of_ours(folder: Path) -> dict[str, list[str]]:
    """The digests that each file of ours may have: after a kill, that of an earlier file or that of the file to replace it."""
    contents = _read(folder)
    digests: dict[str, list[str]] = dict(contents.get("replaced", {}))
    for name, digest in contents.get("files", {}).items():
        digests[name] = [*digests.get(name, []), digest]
    return _in_the_folder(digests)


def _read(folder: Path) -> dict[str, Any]:
    try:
        (folder / MANIFEST).lstat()
        return read_json(folder / MANIFEST, "run the same command again")
    except (FileNotFoundError, DamagedFileError):
        return {}
    except OSError as error:
        raise UnusableFileError(f"{folder / MANIFEST}: cannot be read: {reason(error)}") from None


def _in_the_folder(by_name: dict[str, Digests]) -> dict[str, Digests]:
    """Leave out names that lead elsewhere, which only a forged manifest has."""
    return {name: digests for name, digests in by_name.items() if Path(name).name == name}


def warn_of_changes(results: Path) -> None:
    """Say which listed files of any experiment were edited or damaged since they were written, or are missing."""
    for file in sorted(results.glob(f"*/{MANIFEST}")):
        for name, digest in listed(file.parent).items():
            path = file.with_name(name)
            if not path.is_file() or digest_of_file(path) != digest:
                log.warning("%s: is missing, edited or damaged; to have it back, run the experiment again", path)


def manifest(findings: Findings, started: datetime) -> dict[str, Any]:
    """What was run, with which versions, on which machine, and when."""
    return {
        "file": findings.file,
        "design_digest": digest_of(findings.origin["design"]),
        "scale": findings.scale,
        "runs": findings.runs,
        "seeds": findings.seeds,
        "failed": len(findings.failures),
        "machine": provenance.machine(),
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        **findings.origin,
    }
