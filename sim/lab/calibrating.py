"""A calibration from start to end: search, progress, and the files in results/calibration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sim.lab.calibration import evaluation, fit
from sim.lab.files import make_folder
from sim.lab.report import calibration as report
from sim.lab.results_folder import held
from sim.lab.terminal import progress_bar, show_line

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

SECONDS = 300.0  # of the latest runs, whose speed tells the time left


def run_calibration(results: Path) -> fit.Calibration:
    """Calibrate, or continue where an interrupted calibration was, and write the result, the page and the figure.

    Raises:
        UnusableFileError: the folder cannot be made or written.
    """
    folder = make_folder(results / evaluation.FOLDER)
    with held(folder), progress_bar("runs,", SECONDS) as progress:
        task = progress.add_task("calibration", total=fit.RUNS)
        show_line(f"{fit.RUNS:,} runs; the first waits until the model is compiled (up to two minutes, once)")
        with evaluation.evaluator(folder, _on_progress(progress, task)) as evaluate:
            calibration = fit.calibrate(evaluate, lambda text: show_line(f"{text}{_time_left(progress, task)}"))
        fit.save(calibration, folder)
        report.write(calibration, folder)
    return calibration


def _on_progress(progress: Progress, task: TaskID) -> Callable[[int, int], None]:
    """Update the bar; runs that are in the store are taken off it, so that the time left is that of the others."""
    needed = fit.RUNS

    def update(finished: int, stored: int) -> None:
        nonlocal needed
        needed -= stored
        progress.update(task, advance=finished, total=needed)

    return update


def _time_left(progress: Progress, task: TaskID) -> str:
    """Minutes that the rest takes at the speed of the last runs."""
    seconds = next(each.time_remaining for each in progress.tasks if each.id == task)
    return "" if seconds is None else f"; about {seconds / 60:.0f} minutes left"
