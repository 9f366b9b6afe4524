"""The commands of the lab: experiment, pilot, deviations, report, claims, schema, calibrate."""

from __future__ import annotations

import contextlib
import itertools
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.economy.messages import printable
from sim.economy.validation import parameters
from sim.economy.worlds import WORLDS
from sim.lab.design.scale import Scale, scaled_seeds
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
    seeds: Annotated[int, typer.Option(min=8, max=1000, help="number of seeds, which no experiment uses")] = 48,
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


@app.command()
def deviations(
    world: Annotated[str, typer.Argument(help=f"one of: {', '.join(WORLDS)}")] = "today",
    results: ResultsOption = Path("results"),
    scale: Annotated[Scale, typer.Option(help="quick for a first look, full for a paper")] = Scale.STANDARD,
) -> None:
    """Find out which rule a few firms could break alone, and gain; what is known already is not run again."""
    from sim.lab.deviations.findings import FOLDER, known, save, table
    from sim.lab.deviations.gains import SEEDS, find_deviations, origin_of
    from sim.lab.files import make_folder

    parameters(world)
    make_folder(results / FOLDER)
    seeds = range(1, scaled_seeds(SEEDS, scale) + 1)
    found = known(world, origin_of(world, seeds), results)
    if found is None:
        with progress_bar("runs,") as progress:
            bar = progress.add_task(f"deviations, {world}", total=None)
            found = find_deviations(world, seeds, partial(_show, progress, bar))
    path = save(found, results)
    typer.echo(f"{plain(table(found))}\nWrote {printable(str(path))}")


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
def calibrate(
    results: ResultsOption = Path("results"),
    form: Annotated[Format, typer.Option("--format", help="text for a terminal, markdown for a page")] = Format.TEXT,
) -> None:
    """Find the parameters that come closest to the published facts about firms (takes some minutes)."""
    from sim.lab.calibration import fit
    from sim.lab.files import make_folder

    make_folder(results / fit.FOLDER)
    with progress_bar("generations,") as progress:
        task = progress.add_task("calibration", total=fit.GENERATIONS)
        calibration = fit.calibrate(lambda generation: progress.update(task, completed=generation))
    path = fit.save(calibration, results)
    if form is Format.MARKDOWN:
        typer.echo(fit.page(calibration))
    else:
        typer.echo(
            f"{plain(fit.value_table(calibration))}\n\n{plain(fit.distance_table(calibration))}\nWrote {printable(str(path))}"
        )
