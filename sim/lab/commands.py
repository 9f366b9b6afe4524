"""The commands of the lab: experiment, pilot, report, claims, schema, calibrate."""

from __future__ import annotations

import contextlib
import itertools
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.economy.messages import printable
from sim.lab.design.scale import Scale
from sim.lab.reference import Format, experiment_page, experiment_schema, plain
from sim.lab.terminal import progress_bar, show_line

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from sim.lab.analysis.findings import Findings
    from sim.lab.execution.job import Executor
    from sim.lab.execution.sampling import OnProgress
    from sim.lab.pipeline import Task

app = typer.Typer()
ResultsOption = Annotated[Path, typer.Option(metavar="FOLDER", help="each experiment gets a folder of its own here")]


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


@app.command()
def pilot(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="experiment files (TOML)")],
    results: ResultsOption = Path("results"),
    seeds: Annotated[int, typer.Option(min=8, max=1000, help="number of seeds, which no experiment uses")] = 24,
    threads: Annotated[int | None, typer.Option(min=1, max=1024, help="number of runs in parallel; default: one per core")] = None,
) -> None:
    """Run a few seeds of each experiment, and list how many seeds its rules need.

    Each rule is then settled with probability 0.9 if the effect is a margin away from its limit.
    """
    from sim.lab.execution.threads import on_threads
    from sim.lab.pipeline import prepare, run_pilot
    from sim.lab.report.wording import replications
    from sim.observation.labels import number

    rows = []
    with progress_bar("runs,") as progress:
        for task in prepare(files, results, Scale.STANDARD):
            bar = progress.add_task(printable(task.folder.name), total=None)
            for need in run_pilot(task, seeds, on_threads(threads), partial(_show, progress, bar)):
                numbers = [number(need.deviation), number(need.margin), str(need.intervals), str(need.seeds)]
                rows.append([task.folder.name, need.contrast, *numbers, replications(task.design.replications)])
            progress.update(bar, visible=False)
    typer.echo(plain((["experiment", "contrast", "SD", "margin", "intervals", "seeds needed", "in the file"], rows)))


def _show(progress: Progress, bar: TaskID, finished: int, needed: int) -> None:
    progress.update(bar, completed=finished, total=needed)


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


@app.command()
def calibrate(results: ResultsOption = Path("results")) -> None:
    """Find the parameters that come closest to published facts about firms, or continue an interrupted search.

    What it finds must become the defaults in sim/economy/parameters.py.
    """
    from sim.lab.calibration import evaluation, fit
    from sim.lab.files import make_folder
    from sim.lab.report import calibration as report
    from sim.lab.results_folder import held

    folder = make_folder(results / evaluation.FOLDER)
    try:
        with held(folder), progress_bar("runs,", seconds=300) as progress:
            task = progress.add_task("calibration", total=fit.RUNS)
            show_line(f"{fit.RUNS:,} runs; the first waits until the model is compiled (up to two minutes, once)")
            with evaluation.evaluator(folder, lambda runs: progress.advance(task, runs)) as evaluate:
                calibration = fit.calibrate(evaluate, lambda text: show_line(f"{text}{_time_left(progress, task)}"))
            fit.save(calibration, folder)
            report.write(calibration, folder)
    except KeyboardInterrupt:
        print("interfirm: interrupted; finished runs are kept, and the same command continues from there", file=sys.stderr)
        raise SystemExit(130) from None
    tables = (report.value_table(calibration), report.fact_table(calibration, True), report.fact_table(calibration, False))
    typer.echo("\n\n".join(plain(table) for table in tables) + f"\n\nWrote {printable(str(folder / report.PAGE))}")


def _time_left(progress: Progress, task: TaskID) -> str:
    """Minutes that the rest takes at the speed of the last runs."""
    seconds = next(each.time_remaining for each in progress.tasks if each.id == task)
    return "" if seconds is None else f"; about {seconds / 60:.0f} minutes left"
