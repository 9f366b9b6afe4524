"""The commands for studies beside the experiments: pilot, deviations, calibrate."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.economy.messages import printable
from sim.economy.validation import parameters
from sim.economy.worlds import WORLDS
from sim.lab.design.scale import Scale, scaled_seeds
from sim.lab.reference import plain
from sim.lab.terminal import ResultsOption, progress_bar

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


app = typer.Typer()


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
    from sim.lab.report.designs import replications
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
        with progress_bar("seeds,") as progress:
            bar = progress.add_task(f"deviations, {world}", total=None)
            found = find_deviations(world, seeds, partial(_show, progress, bar))
    path = save(found, results)
    typer.echo(f"{plain(table(found))}\nWrote {printable(str(path))}")


def _show(progress: Progress, bar: TaskID, finished: int, needed: int) -> None:
    progress.update(bar, completed=finished, total=needed)


@app.command()
def calibrate(results: ResultsOption = Path("results")) -> None:
    """Find the parameters that come closest to published facts about firms, or continue an interrupted search.

    What it finds must become the defaults in sim/economy/parameters.py.
    """
    from sim.lab.calibrating import run_calibration
    from sim.lab.report.calibration import fact_table, value_table

    try:
        calibration = run_calibration(results)
    except KeyboardInterrupt:
        print("interfirm: interrupted; finished runs are kept, and the same command continues from there", file=sys.stderr)
        raise SystemExit(130) from None
    tables = (value_table(calibration), fact_table(calibration, fitted=True), fact_table(calibration, fitted=False))
    typer.echo("\n\n".join(plain(table) for table in tables))
