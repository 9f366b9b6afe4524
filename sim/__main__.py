"""The command line: `interfirm`, also `python -m sim`."""

from __future__ import annotations

import contextlib
import itertools
import sys
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from sim.economy.measures import GROUPS
from sim.economy.month import NotClearedError
from sim.economy.parameters import WORLDS
from sim.economy.validation import ParameterError, flat, parameters
from sim.lab import reference
from sim.lab.design.scale import Scale
from sim.lab.execution.cluster import ClusterError
from sim.lab.files import UnusableFileError, check_writable, write_table

app = typer.Typer(
    help="Interfirm: when does it pay for firms to be less independent?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
SHOWN = ("firms", "profit_per_line", "price", "fitness", "coverage", "alliance_members", "exit_rate")


class Format(StrEnum):
    """How a reference table is printed."""

    TEXT = "text"
    MARKDOWN = "markdown"


ResultsOption = Annotated[Path, typer.Option(metavar="FOLDER", help="where each experiment has a folder of its own")]
FormatOption = Annotated[Format, typer.Option("--format", help="text for a terminal, markdown for a page")]


def main() -> None:
    """Run the command line; bad input gives one line and exit code 2."""
    try:
        app(prog_name="interfirm")
    except (ParameterError, UnusableFileError, ClusterError) as error:
        _refuse(str(error))
    except NotClearedError as error:
        print(f"interfirm: {error}", file=sys.stderr)
        raise SystemExit(1) from None


@app.command()
def run(
    world: Annotated[str, typer.Argument(help=f"one of: {', '.join(WORLDS)}")] = "today",
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="change a parameter; may be given several times")
    ] = None,
    seed: Annotated[int, typer.Option(help="the luck: same seed, same shocks, meetings and ideas in every world")] = 1,
    months: Annotated[int | None, typer.Option(help="short for --set dynamics.months=...")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="write the monthly table to a .parquet or .csv file")] = None,
) -> None:
    """Play one world and print each group's averages.

    Examples:

      interfirm run

      interfirm run turbulent --seed 7 --out turbulent.parquet

      interfirm run "web 2.0" --set collaboration.meeting=0.9 --months 120
    """
    overrides = dict(_assignment(change) for change in changes or [])
    if months is not None:
        overrides["dynamics.months"] = months
    chosen = parameters(world, overrides)
    if out is not None:
        check_writable(out)
    from sim.lab.provenance import as_text
    from sim.lab.run import simulate

    with _progress("months,") as progress:
        task = progress.add_task(world, total=chosen.dynamics.months)
        finished = simulate(chosen, seed, lambda month: progress.update(task, completed=month))
    typer.echo(_summary_text(finished.summary()))
    if out is not None:
        write_table(out, finished.monthly().reset_index(), as_text(parameters=flat(chosen), seed=seed))
        typer.echo(f"Wrote {out}")


@app.command("parameters")
def list_parameters(form: FormatOption = Format.TEXT) -> None:
    """List every parameter with default, range, unit and meaning."""
    _print_table("Parameters", reference.parameter_table(), form)


@app.command("measures")
def list_measures(form: FormatOption = Format.TEXT) -> None:
    """List everything that is measured."""
    _print_table("Measures", reference.measure_table(), form)


@app.command("worlds")
def list_worlds(form: FormatOption = Format.TEXT) -> None:
    """List the named worlds and what each changes in the defaults."""
    _print_table("Named worlds", reference.world_table(), form)


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
    from sim.lab.carry_out import prepare
    from sim.lab.execution.cluster import on_cluster
    from sim.lab.execution.threads import on_threads

    tasks = prepare(files, results, scale)
    with contextlib.ExitStack() as stack:
        execute = stack.enter_context(on_cluster(cluster)) if cluster else on_threads(threads)
        try:
            _carry_out_all(tasks, execute, fresh)
        except KeyboardInterrupt:
            print("interfirm: interrupted; finished runs are kept, the same command goes on from there", file=sys.stderr)
            raise SystemExit(130) from None


def _carry_out_all(tasks: list[Any], execute: Any, fresh: bool) -> None:
    """Experiment by experiment, with the time left for each and for the whole."""
    from sim.lab.carry_out import carry_out, planned

    with _progress("runs,") as progress:
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

            found = carry_out(task, execute, report, fresh)
            progress.update(own, visible=len(tasks) == 1)
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

    _print_table("Claims", claim_table(results), Format.TEXT)


@app.command()
def schema() -> None:
    """Print the JSON schema of experiment files, for editors that complete and check TOML."""
    from sim.lab.reference import experiment_schema

    typer.echo(experiment_schema())


def _progress(unit: str) -> Any:
    """A bar with the time left, on standard error, so that results can be piped."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn(unit), TimeRemainingColumn())
    return Progress(*columns, TextColumn("left"), console=Console(stderr=True), transient=unit == "months,")


def _assignment(change: str) -> tuple[str, Any]:
    """NAME=VALUE with the value in TOML; what is not TOML is a word."""
    name, sign, text = change.partition("=")
    if not sign:
        raise ParameterError(f"--set {change!r}: must be NAME=VALUE, as in environment.speed=0.1")
    try:
        return name.strip(), tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return name.strip(), text.strip()


def _summary_text(summary: Any) -> str:
    """The main averages of the groups that exist."""
    present = [group for group in GROUPS if summary.loc[group, "firms"] > 0]
    return str(summary.loc[present, list(SHOWN)].round(3).to_string(index_names=False))


def _print_table(title: str, table: reference.Table, form: Format) -> None:
    if form is Format.MARKDOWN:
        typer.echo(reference.markdown(title, table))
        return
    head, rows = table
    widths = [max(len(row[k]) for row in (head, *rows)) for k in range(len(head))]
    for row in (head, *rows):
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _refuse(message: str) -> NoReturn:
    print(f"interfirm: {message}", file=sys.stderr)
    raise SystemExit(2)


if __name__ == "__main__":
    main()
