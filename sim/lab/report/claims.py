"""The claims and their verdicts as a table."""

from __future__ import annotations

from pathlib import Path

from sim.lab.analysis.findings import FILE, Findings, load
from sim.lab.design.schema import Experiment
from sim.lab.files import UnusableFileError, reason
from sim.lab.reference import Table


def collect(results: Path) -> list[Findings]:
    """The findings of every experiment in the results folder: the claims by number, then the others by name.

    Raises:
        UnusableFileError: the folder holds none, or some are damaged or in the folder of another experiment.
    """
    try:
        files = sorted(results.glob(f"*/{FILE}"))
    except (OSError, ValueError) as error:
        raise UnusableFileError(f"{results}: cannot be read: {reason(error)}") from None
    all_findings = [_load(file.parent) for file in files]
    if not all_findings:
        raise UnusableFileError(f"{results}: there are no findings here; run `interfirm experiment` first")
    return sorted(all_findings, key=lambda findings: (claim_number(findings) or 10**9, findings.name))


def _load(folder: Path) -> Findings:
    findings = load(folder)
    if findings.name != folder.name:
        advice = f"it belongs to the experiment {findings.name!r}; give the folder that name, or move it out of {folder.parent}"
        raise UnusableFileError(f"{folder / FILE}: {advice}")
    return findings


def claim_number(findings: Findings) -> int:
    """The number of the claim that an experiment tests, 0 = none."""
    design = findings.design
    return design.claim.number if isinstance(design, Experiment) and design.claim else 0


def claim_table(results: Path) -> Table:
    """Number, statement and verdict of each claim, and the experiment that tests it."""
    rows = []
    for findings in collect(results):
        if isinstance(findings.design, Experiment) and findings.design.claim:
            claim = findings.design.claim
            rows.append([str(claim.number), claim.statement, str(findings.verdict), f"{findings.name} ({findings.scale})"])
    return ["", "claim", "verdict", "experiment (scale)"], rows
