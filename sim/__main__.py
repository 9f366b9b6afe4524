"""The command line: `interfirm`, also `python -m sim`."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from pydantic import ValidationError
from typer.exceptions import TyperException

from sim.economy.measures import GROUPS
from sim.economy.messages import one_line, printable, shown
from sim.economy.simulation import NotClearedError
from sim.economy.validation import ParameterError, checked_seed, flat, parameters, rule_of
from sim.economy.worlds import WORLDS
from sim.lab import commands, reference, studies
from sim.lab.design.toml_text import ExcessError, parse_value
from sim.lab.execution.connection import ClusterError
from sim.lab.files import UnusableFileError, check_writable, reason, write_or_rescue_table
from sim.lab.terminal import show_messages

if TYPE_CHECKING:
    import pandas as pd

app = typer.Typer(
    help="Interfirm: when does it pay for firms to be less independent?",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
INTERRUPTED = 130  # the exit code of a program that Ctrl+C ended
SUMMARY = ("firms", "profit_per_line", "price", "fitness", "coverage", "alliance_members", "exit_rate")

FormatOption = Annotated[reference.Format, typer.Option("--format", help="text for a terminal, markdown for a page")]

app.registered_commands += commands.app.registered_commands + studies.app.registered_commands


def main() -> None:
    """Run the command line; bad input gives one line on standard error and exit code 2."""
    show_messages()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that knows ASCII only
    try:
        code = app(sys.argv[1:] or ["--help"], prog_name="interfirm", standalone_mode=False)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except TyperException as error:
        _end(2, _usage(error))
    except (ParameterError, UnusableFileError, ClusterError) as error:
        _end(2, str(error))
    except NotClearedError as error:
        _end(1, str(error))
    except MemoryError:
        _end(2, "the memory of this machine does not suffice for this")
    except OSError as error:
        _end(2, f"{error.filename or 'standard output'}: {reason(error)}")
    if code == INTERRUPTED:
        _end(code, "interrupted")
    raise SystemExit(code)


def _usage(error: TyperException) -> str:
    """A fault of the command line in one sentence, with the option, its value and the rule, and where to read more."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "interfirm"
    text, cause = error.format_message().rstrip("."), error.__cause__
    if isinstance(error, typer.BadParameter) and error.param and isinstance(cause, ValidationError):
        fault = cause.errors()[0]
        text = f"{max(error.param.opts, key=len)} = {shown(fault['input'])}: {rule_of(fault)}"
    return f"{text}; see `{command} --help`"


@app.command()
def run(
    world: Annotated[str, typer.Argument(help=f"one of: {', '.join(WORLDS)}")] = "today",
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="change a parameter; may be given several times")
    ] = None,
    seed: Annotated[int, typer.Option(help="with the same seed, all worlds have the same random draws")] = 1,
    months: Annotated[int | None, typer.Option(help="short for --set dynamics.months=...")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="write the monthly table to a .parquet or .csv file")] = None,
) -> None:
    """Run one world and print the averages of each group.

    Examples:

      interfirm run

      interfirm run turbulent --seed 7 --out turbulent.parquet

      interfirm run "web 2.0" --set collaboration.meeting=0.9 --months 120
    """
    overrides = dict(_assignment(change) for change in changes or [])
    if months is not None:
        overrides["dynamics.months"] = months
    values, seed = parameters(world, overrides), checked_seed("seed", seed)
    if out is not None:
        check_writable(out)
    from sim.lab.provenance import as_text
    from sim.lab.terminal import progress_bar
    from sim.observation.run import simulate

    with progress_bar("months,") as progress:
        task = progress.add_task(world, total=values.dynamics.months)
        result = simulate(values, seed, lambda month: progress.update(task, completed=month))
    typer.echo(_summary_text(result.summary()))
    if out is not None:
        write_or_rescue_table(out, result.monthly().reset_index(), as_text(parameters=flat(values), seed=seed))
        typer.echo(f"Wrote {printable(str(out))}")


@app.command("parameters")
def list_parameters(form: FormatOption = reference.Format.TEXT) -> None:
    """List every parameter with default, range, unit and meaning."""
    _print_table("Parameters", reference.parameter_table(), form)


@app.command("measures")
def list_measures(form: FormatOption = reference.Format.TEXT) -> None:
    """List all measures with unit and meaning."""
    _print_table("Measures", reference.measure_table(), form)


@app.command("worlds")
def list_worlds(form: FormatOption = reference.Format.TEXT) -> None:
    """List the named worlds and the defaults that each changes."""
    _print_table("Named worlds", reference.world_table(), form)


@app.command("app")
def open_app(
    port: Annotated[int, typer.Option(min=1, max=65535, help="port of the page, which only this machine can open")] = 8765,
    browser: Annotated[bool, typer.Option(help="open it in the browser")] = True,
) -> None:
    """Show the market in the browser, to explore and to teach; needs no internet."""
    from sim.app.serve import NotServedError, serve

    try:
        serve(port, browser)
    except NotServedError as error:
        _end(2, str(error))


def _assignment(change: str) -> tuple[str, Any]:
    """Split NAME=VALUE; the value is TOML or, if it is not, a word."""
    name, sign, text = change.partition("=")
    if not sign:
        raise ParameterError(f"--set {shown(change)}: must be NAME=VALUE, as in environment.speed=0.1")
    try:
        return name.strip(), parse_value(text)
    except ExcessError as error:
        raise ParameterError(f"--set {shown(change)}: {error}") from None


def _summary_text(summary: pd.DataFrame) -> str:
    """The main averages of the groups that have firms."""
    groups = summary.loc[list(GROUPS), list(SUMMARY)]
    return groups[groups["firms"] > 0].round(3).to_string(index_names=False)


def _print_table(title: str, table: reference.Table, form: reference.Format) -> None:
    typer.echo(reference.markdown(title, table) if form is reference.Format.MARKDOWN else reference.plain(table))


def _end(code: int, message: str) -> NoReturn:
    print(f"interfirm: {one_line(message)}", file=sys.stderr)
    raise SystemExit(code)


if __name__ == "__main__":
    main()
