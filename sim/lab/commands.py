"""The commands of the lab for experiments: experiment, report, claims, schema."""

from __future__ import annotations

import contextlib
import itertools
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.economy.messages import printable
from sim.lab.design.scale import Scale
from sim.lab.reference import Format, experiment_page, experiment_schema, plain
from sim.lab.terminal import ResultsOption, progress_bar, show_line

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from sim.lab.analysis.findings import Findings
    from sim.lab.execution.job import Executor
    from sim.lab.execution.sampling import OnProgress
    from sim.lab.pipeline import Task

app = typer.Typer()


@app.command()
def experiment(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="experiment files (TOML)")],
    results: ResultsOption = Path("results"),
    scale: Annotated[Scale, typer.Option(help="quick for a first look, full for a paper")] = Scale.STANDARD,
    threads: Annotated[int | None, typer.Option(min=1, max=1024, help="number of runs in parallel; default: one per core")] = None,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="run on a Dask scheduler (host:port), or 'local' for one in this process")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="delete finished runs and start again")] = False,
) -> None:
    """Run experiments, or continue interrupted ones, and write data, tables and figures.

    Examples:

      interfirm experiment experiments/complexity_and_speed.toml

      interfirm experiment experiments/*.toml --scale quick

      interfirm experiment experiments/*.toml --cluster tcp://scheduler:8786
    """
    from sim.lab.execution.cluster import on_cluster
    from sim.lab.execution.threads import on_threads
    from sim.lab.pipeline import prepare

    tasks = prepare(files, results, scale)
    try:
        with on_cluster(cluster) if cluster else contextlib.nullcontext(on_threads(threads)) as execute:
            _run_all(tasks, execute, fresh)
    except KeyboardInterrupt:
        print("interfirm: interrupted; finished runs are kept, and the same command continues from there", file=sys.stderr)
        raise SystemExit(130) from None


def _run_all(tasks: list[Task], execute: Executor, fresh: bool) -> None:
    """Run one experiment after the other, and show the time left for each and for all."""
    from sim.lab.pipeline import planned, run_experiment

    with progress_bar("runs,") as progress:
        needed = {task.folder: planned(task) for task in tasks}
        total = progress.add_task("all experiments", total=None) if len(tasks) > 1 else None
        for task in tasks:
            own = progress.add_task(printable(task.folder.name), total=needed[task.folder])
            findings = run_experiment(task, execute, _on_progress(progress, own, total, task.folder, needed), fresh)
            progress.update(own, visible=False)
            show_line(f"{printable(str(task.folder))}{_result_text(findings)}")


def _on_progress(progress: Progress, own: TaskID, total: TaskID | None, folder: Path, needed: dict[Path, int]) -> OnProgress:
    """Update the bar of one experiment and, if there is one, the bar of all; `needed` runs are corrected as sampling goes on."""

    def update(finished: int, needed_here: int) -> None:
        progress.update(own, completed=finished, total=needed_here)
        if total is not None:
            needed[folder] = needed_here
            before = sum(needed[earlier] for earlier in itertools.takewhile(lambda other: other != folder, needed))
            progress.update(total, completed=before + finished, total=sum(needed.values()))

    return update


def _result_text(findings: Findings) -> str:
    """Verdict, number of runs, and number of failed runs."""
    verdict = f": {findings.verdict}" if findings.verdict else ""
    failed = f"; {len(findings.failures)} runs failed, see failures.csv" if findings.failures else ""
    return f"{verdict} ({findings.runs:,} runs{failed})"


@app.command()
def report(results: ResultsOption = Path("results")) -> None:
    """Make the report (index.html) from all results in the folder."""
    from sim.lab.manifest import warn_of_changes
    from sim.lab.report.page import write_report

    page = write_report(results)
    warn_of_changes(results)
    typer.echo(f"Wrote {printable(str(page))}")


@app.command()
def claims(results: ResultsOption = Path("results")) -> None:
    """List the claims and their verdicts."""
    from sim.lab.report.claims import claim_table

    table = claim_table(results)
    typer.echo(plain(table) if table[1] else "No experiment here tests a claim.")


@app.command()
def schema(
    form: Annotated[Format, typer.Option("--format", help="text for the JSON schema, markdown for a reference page")] = Format.TEXT,
) -> None:
    """Print the JSON schema of experiment files, with which editors complete and check TOML."""
    typer.echo(experiment_page() if form is Format.MARKDOWN else experiment_schema())
