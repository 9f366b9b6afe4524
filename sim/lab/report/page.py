"""The report, results/index.html: one file with all findings and figures, for reading offline and for printing."""

from __future__ import annotations

import base64
from pathlib import Path

from sim.lab.analysis.findings import Figure, Findings
from sim.lab.conformance import COLUMNS, FILE, FOLDER, Agreement, Conformance, load
from sim.lab.design.points import point_label
from sim.lab.design.scale import Scale
from sim.lab.deviations.findings import load_all, table
from sim.lab.files import UnusableFileError, digest, reason, write_text
from sim.lab.report import designs, universes, wording
from sim.lab.report.claims import claim_number, collect
from sim.lab.report.style import VERDICTS
from sim.lab.statistics.paired import CONFIDENCE
from sim.lab.statistics.verdicts import SETTLED, Verdict
from sim.observation import labels

PAGE = "index.html"
AGREEMENT = {
    Agreement.MET: VERDICTS[Verdict.SUPPORTED],
    Agreement.MISSED: VERDICTS[Verdict.CONTRADICTED],
    Agreement.NOT_MET: VERDICTS[Verdict.DEPENDS],
    Agreement.UNSETTLED: VERDICTS[Verdict.UNSETTLED],
}
MOST_ROWS = 14  # of one contrast; the CSV file has the others


def write_report(results: Path) -> Path:
    """Write the report from all findings in the folder.

    Raises:
        UnusableFileError: there are no findings, a file is missing or damaged, or the report cannot be written.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    all_findings = collect(results)
    environment = Environment(loader=PackageLoader("sim.lab.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.globals.update(
        wording=wording,
        designs=designs,
        universes=universes,
        labels=labels,
        point_label=point_label,
        image=lambda folder, figure, remedy: _image(results / folder, figure, remedy),
    )
    page = environment.get_template("index.html").render(
        claims=[findings for findings in all_findings if claim_number(findings)],
        others=[findings for findings in all_findings if not claim_number(findings)],
        colours={str(verdict): colour for verdict, colour in VERDICTS.items()},
        scales=sorted({str(findings.scale) for findings in all_findings}),
        quick=any(findings.scale is Scale.QUICK for findings in all_findings),
        confidence=CONFIDENCE,
        settled=SETTLED,
        most_rows=MOST_ROWS,
        runs=sum(findings.runs for findings in all_findings),
        versions=_versions(all_findings),
        conformance=_conformance(results),
        columns=COLUMNS,
        deviations=[(found, table(found)) for found in load_all(results)],
        agreement={str(agreement): colour for agreement, colour in AGREEMENT.items()},
    )
    write_text(results / PAGE, page)
    return results / PAGE


def _conformance(results: Path) -> Conformance | None:
    """The results of `make conformance`, if it has been run."""
    return load(results / FOLDER) if (results / FOLDER / FILE).exists() else None


def _image(folder: Path, figure: Figure, remedy: str) -> str:
    """A figure as a data URL, so that the page needs no other file; `remedy` is the advice in the error."""
    path = figure.file(folder)
    try:
        contents = path.read_bytes()
    except OSError as error:
        raise UnusableFileError(f"{path}: {reason(error)}; {remedy}") from None
    if digest(contents) != figure.digest:
        raise UnusableFileError(f"{path}: is damaged or was edited, its digest is another; {remedy}")
    return "data:image/svg+xml;base64," + base64.b64encode(contents).decode()


def _versions(all_findings: list[Findings]) -> list[dict[str, str]]:
    """The different sets of versions that computed the results; the report warns if there is more than one."""
    sets: list[dict[str, str]] = []
    for findings in all_findings:
        if findings.origin["versions"] not in sets:
            sets.append(findings.origin["versions"])
    return sets
