"""The command line: `interfirm`, also `python -m sim`."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from sim.economy.measures import GROUPS
from sim.economy.parameters import WORLDS
from sim.economy.simulation import NotClearedError
from sim.economy.validation import ParameterError, flat, parameters
from sim.lab import commands, reference
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


FormatOption = Annotated[reference.Format, typer.Option("--format", help="text for a terminal, markdown for a page")]

app.registered_commands += commands.app.registered_commands


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
    from sim.lab.terminal import progress_bar
    from sim.observation.run import simulate

    with progress_bar("months,") as progress:
        task = progress.add_task(world, total=chosen.dynamics.months)
        finished = simulate(chosen, seed, lambda month: progress.update(task, completed=month))
    typer.echo(_summary_text(finished.summary()))
    if out is not None:
        write_table(out, finished.monthly().reset_index(), as_text(parameters=flat(chosen), seed=seed))
        typer.echo(f"Wrote {out}")


@app.command("parameters")
def list_parameters(form: FormatOption = reference.Format.TEXT) -> None:
    """List every parameter with default, range, unit and meaning."""
    _print_table("Parameters", reference.parameter_table(), form)


@app.command("measures")
def list_measures(form: FormatOption = reference.Format.TEXT) -> None:
    """List everything that is measured."""
    _print_table("Measures", reference.measure_table(), form)


@app.command("worlds")
def list_worlds(form: FormatOption = reference.Format.TEXT) -> None:
    """List the named worlds and what each changes in the defaults."""
    _print_table("Named worlds", reference.world_table(), form)


@app.command("app")
def open_page(
    port: Annotated[int, typer.Option(min=1, max=65535, help="where the page is served, on this machine only")] = 8765,
    browser: Annotated[bool, typer.Option(help="open it in the browser")] = True,
) -> None:
    """Show the market in the browser, to play with and for class; works without internet."""
    from sim.app.serve import NotServedError, serve

    try:
        serve(port, browser)
    except NotServedError as error:
        _refuse(str(error))


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


def _print_table(title: str, table: reference.Table, form: reference.Format) -> None:
    typer.echo(reference.markdown(title, table) if form is reference.Format.MARKDOWN else reference.plain(table))


def _refuse(message: str) -> NoReturn:
    print(f"interfirm: {message}", file=sys.stderr)
    raise SystemExit(2)


if __name__ == "__main__":
    main()
