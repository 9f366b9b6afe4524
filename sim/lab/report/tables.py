"""Findings as tables for people who go on with them: CSV files, one row per place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.lab.analysis.findings import Findings

if TYPE_CHECKING:
    import pandas as pd


def tables(findings: Findings) -> Iterator[tuple[str, pd.DataFrame]]:
    """Name and contents of each table that has rows."""
    import pandas as pd

    parts: dict[str, list[dict[str, Any]]] = {
        "contrasts": [
            {
                "contrast": judged.contrast.name,
                "arm": place.arm,
                **place.point,
                **place.estimate._asdict(),
                "at_least": judged.contrast.at_least,
                "at_most": judged.contrast.at_most,
                "decision": place.decision or "",
            }
            for judged in findings.judged
            for place in judged.places
        ],
        "thresholds": [{"contrast": c.contrast, "arm": c.arm, **c.point, **c.threshold._asdict()} for c in findings.crossings],
        "shapley": [contribution._asdict() for contribution in findings.contributions],
        "sensitivity": [index._asdict() for index in findings.sensitivity.indices] if findings.sensitivity else [],
        "robustness": [survival._asdict() for survival in findings.survival],
        "failures": [{**f.point, "arm": f.arm, "seed": f.seed, "error": f.error} for f in findings.failures],
    }
    for name, rows in parts.items():
        if rows:
            yield name, pd.DataFrame(rows)
