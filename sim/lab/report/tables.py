"""Findings as tables, which become CSV files for further analysis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.lab.analysis.findings import Counterpart, Findings

if TYPE_CHECKING:
    import pandas as pd


def tables(findings: Findings) -> Iterator[tuple[str, pd.DataFrame]]:
    """Name and contents of each table that has rows."""
    import pandas as pd

    parts: dict[str, list[dict[str, Any]]] = {
        "contrasts": [
            {
                "contrast": result.contrast.name,
                "arm": point.arm,
                **point.point,
                **point.estimate._asdict(),
                "at_least": result.contrast.at_least,
                "at_most": result.contrast.at_most,
                "decision": point.decision or "",
            }
            for result in findings.contrasts
            for point in result.points
        ],
        "peaks": [{"contrast": r.contrast.name, **peak._asdict()} for r in findings.contrasts for peak in r.peaks],
        "thresholds": [{"contrast": c.contrast, "arm": c.arm, **c.point, **c.threshold._asdict()} for c in findings.crossings],
        "published": [_beside_published(counterpart) for counterpart in findings.counterparts],
        "shapley": [contribution._asdict() for contribution in findings.contributions],
        "sensitivity": [index._asdict() for index in findings.sensitivity.indices] if findings.sensitivity else [],
        "robustness": [universe._asdict() for universe in findings.universes],
        "failures": [{**f.point, "arm": f.arm, "seed": f.seed, "error": f.error} for f in findings.failures],
    }
    for name, rows in parts.items():
        if rows:
            yield name, pd.DataFrame(rows)


def _beside_published(counterpart: Counterpart) -> dict[str, Any]:
    """One row: what was published, and the model's number for the same months."""
    keys = {"contrast": counterpart.contrast, "arm": counterpart.arm, **counterpart.point}
    ours = {"mean": counterpart.mean, "low": counterpart.low, "high": counterpart.high}
    return keys | counterpart.published.model_dump(by_alias=True) | ours
