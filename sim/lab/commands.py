"""The lab's part of the command line."""

from __future__ import annotations

import contextlib
import itertools
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.lab.design.scale import Scale
from sim.lab.reference import Format, experiment_page, experiment_schema, plain
from sim.lab.terminal import progress_bar

app = typer.Typer()
ResultsOption = Annotated[Path, typer.Option(metavar="FOLDER", help="where each experiment has a folder of its own")]


@app.command()
def experiment(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="experiment files (TOML)")],
    results: ResultsOption = Path("results"),
    scale: Annotated[Scale, typer.Option(help="quick for a first look, full for a paper")] = Scale.STANDARD,
    threads: Annotated[int | None, typer.Option(min=1, help="runs side by side; default: one per core")] = None,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="run on a Dask scheduler (host:port), or 'local' for worker processes")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="forget finished runs instead of going on from them")] = False,
) -> None:
    """Run experiments, or go on with interrupted ones, and write data, tables and figures.

    Examples:

      interfirm experiment experiments/complexity_and_speed.toml

      interfirm experiment experiments/*.toml --scale quick

      interfirm experiment experiments/*.toml --cluster tcp://scheduler:8786
    """
    from sim.lab.execution.cluster import on_cluster
    from sim.lab.execution.threads import on_threads
    from sim.lab.pipeline import prepare

    tasks = prepare(files, results, scale)
    with contextlib.ExitStack() as stack:
        execute = stack.enter_context(on_cluster(cluster)) if cluster else on_threads(threads)
        try:
            _run_all(tasks, execute, fresh)
        except KeyboardInterrupt:
            print("interfirm: interrupted; finished runs are kept, the same command goes on from there", file=sys.stderr)
            raise SystemExit(130) from None


def _run_all(tasks: list[Any], execute: Any, fresh: bool) -> None:
    """Experiment by experiment, with the time left for each and for the whole."""
    from sim.lab.pipeline import planned, run_experiment

    with progress_bar("runs,") as progress:
        whole = progress.add_task("all experiments", total=None) if len(tasks) > 1 else None
        totals = {task.folder: planned(task) for task in tasks}
        for task in tasks:
            own = progress.add_task(task.folder.name, total=totals[task.folder])

            def report(there: int, needed: int, own: Any = own, folder: Path = task.folder) -> None:
                progress.update(own, completed=there, total=needed)
                if whole is not None:
                    finished = sum(totals[done] for done in itertools.takewhile(lambda f: f != folder, totals))
                    totals[folder] = needed
                    progress.update(whole, completed=finished + there, total=sum(totals.values()))

            found = run_experiment(task, execute, report, fresh)
            progress.update(own, visible=False)
            verdict = f": {found.verdict}" if found.verdict else ""
            failed = f"; {len(found.failures)} runs failed, see failures.csv" if found.failures else ""
            progress.console.print(f"{task.folder}{verdict} ({found.runs:,} runs{failed})", highlight=False)


@app.command()
def report(results: ResultsOption = Path("results")) -> None:
    """Make the report (index.html) from everything that stands in the results folder."""
    from sim.lab.report.page import write_report

    typer.echo(f"Wrote {write_report(results)}")


@app.command()
def claims(results: ResultsOption = Path("results")) -> None:
    """List the claims and what the runs say about them."""
    from sim.lab.report.claims import claim_table

    typer.echo(plain(claim_table(results)))


@app.command()
def schema(
    form: Annotated[Format, typer.Option("--format", help="text is the JSON schema, markdown a reference page")] = Format.TEXT,
) -> None:
    """Print the JSON schema of experiment files, for editors that complete and check TOML."""
    typer.echo(experiment_page() if form is Format.MARKDOWN else experiment_schema())


@app.command()
def calibrate(
    results: ResultsOption = Path("results"),
    form: Annotated[Format, typer.Option("--format", help="text for a terminal, markdown for a page")] = Format.TEXT,
) -> None:
    """Look for the parameters that come closest to the published facts about firms (some minutes)."""
    from sim.lab.calibration import fit

    with progress_bar("generations,") as progress:
        task = progress.add_task("calibration", total=fit.GENERATIONS)
        found = fit.calibrate(lambda done: progress.update(task, completed=done))
    path = fit.save(found, results)
    if form is Format.MARKDOWN:
        typer.echo(fit.page(found))
    else:
        typer.echo(f"{plain(fit.value_table(found))}\n\n{plain(fit.distance_table(found))}\nWrote {path}")
