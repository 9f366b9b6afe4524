"""What the command line shows on standard error: the progress bar, and messages of one line each."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim.economy.messages import one_line

CONSOLE = Console(stderr=True)
ResultsOption = Annotated[Path, typer.Option(metavar="FOLDER", help="each experiment gets a folder of its own here")]


def progress_bar(unit: str, seconds: float = 30.0) -> Progress:
    """Bars that show the time left at the speed of the last seconds, on standard error, so that results can be piped.

    There are none if that is no terminal.
    """
    name = TextColumn("{task.description}", markup=False)
    columns = (name, BarColumn(), MofNCompleteColumn(), TextColumn(unit), TimeRemainingColumn())
    left = TextColumn("left")
    return Progress(*columns, left, console=CONSOLE, transient=True, disable=not CONSOLE.is_terminal, speed_estimate_period=seconds)


def show_line(text: str) -> None:
    """Show a line above the progress bar, as it is: names of files are no markup."""
    CONSOLE.print(text, markup=False, highlight=False, soft_wrap=True)


class _Lines(logging.Handler):
    """Shows each message above the progress bar."""

    def emit(self, record: logging.LogRecord) -> None:
        show_line(f"interfirm: {one_line(record.getMessage())}")


def show_messages() -> None:
    """Show what the program's loggers say."""
    logger = logging.getLogger("sim")
    logger.handlers = [_Lines()]
    logger.setLevel(logging.INFO)
