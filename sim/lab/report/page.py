"""results/index.html: one file that holds everything, to be read offline and printed."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from sim.lab.analysis.findings import Findings
from sim.lab.conformance import COLUMNS, FILE, FOLDER, Agreement, Conformance, load
from sim.lab.design.points import text
from sim.lab.design.scale import Scale
from sim.lab.files import write_whole
from sim.lab.report import wording
from sim.lab.report.claims import claim_number, collect
from sim.lab.report.style import VERDICTS
from sim.lab.statistics.paired import CONFIDENCE
from sim.lab.statistics.verdicts import SETTLED, Verdict

PAGE = "index.html"
AGREEMENT = {
    Agreement.MET: VERDICTS[Verdict.SUPPORTED],
    Agreement.MISSED: VERDICTS[Verdict.CONTRADICTED],
    Agreement.NOT_MET: VERDICTS[Verdict.DEPENDS],
    Agreement.UNSETTLED: VERDICTS[Verdict.UNSETTLED],
}
MOST_ROWS = 14  # of a table in the report; the rest stands in the CSV file


def write_report(results: Path) -> Path:
    """Write the page from all findings in the folder.

    Raises:
        UnusableFileError: there are none.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    found = collect(results)
    environment = Environment(loader=PackageLoader("sim.lab.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.globals.update(wording=wording, text=text, picture=lambda part, figure: _picture(results / part / figure.stem))
    page = environment.get_template("index.html").render(
        claims=[findings for findings in found if claim_number(findings)],
        others=[findings for findings in found if not claim_number(findings)],
        colours={str(verdict): colour for verdict, colour in VERDICTS.items()},
        scales=sorted({str(findings.scale) for findings in found}),
        quick=any(findings.scale is Scale.QUICK for findings in found),
        confidence=CONFIDENCE,
        settled=SETTLED,
        most_rows=MOST_ROWS,
        runs=sum(findings.runs for findings in found),
        versions=_versions(found),
        conformance=_conformance(results),
        columns=COLUMNS,
        agreement={str(agreement): colour for agreement, colour in AGREEMENT.items()},
    )
    write_whole(results / PAGE, lambda file: file.write_text(page, encoding="utf-8"))
    return results / PAGE


def _conformance(results: Path) -> Conformance | None:
    """What `make conformance` left, if it has been run."""
    return load(results / FOLDER) if (results / FOLDER / FILE).exists() else None


def _picture(stem: Path) -> str:
    """A figure as part of the page."""
    return "data:image/svg+xml;base64," + base64.b64encode(stem.with_suffix(".svg").read_bytes()).decode()


def _versions(found: list[Findings]) -> list[dict[str, Any]]:
    """The different sets of versions that computed the results; more than one is worth a warning."""
    sets: list[dict[str, Any]] = []
    for findings in found:
        if findings.origin["versions"] not in sets:
            sets.append(findings.origin["versions"])
    return sets
