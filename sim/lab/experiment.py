"""A question in a TOML file -> a checked design, and the design -> runs side by side on threads."""

from __future__ import annotations

import itertools
import os
import tomllib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import Ge, Le, MinLen
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from sim.economy import measures
from sim.economy.month import NotClearedError
from sim.economy.parameters import Parameters
from sim.economy.validation import ParameterError, nearest, parameters
from sim.lab.files import UnusableFileError
from sim.lab.run import simulate, summarise

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = (*measures.GROUP_NAMES, "exit_rate", "profit_sd")


def _all_different(values: list[Any]) -> list[Any]:
    if len(set(values)) < len(values):
        raise ValueError("the same value stands there twice")
    return values


class Design(BaseModel):
    """What an experiment file says: every point of the sweep's grid is run with the same seeds."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    title: Annotated[str, MinLen(1)]
    question: Annotated[str, MinLen(1)]
    sweep: Annotated[dict[str, Annotated[list[int | float | str], MinLen(1), AfterValidator(_all_different)]], MinLen(1)]
    world: str = "today"
    overrides: dict[str, Any] = {}
    replications: Annotated[int, Ge(2), Le(100_000)] = 24
    seed: Annotated[int, Ge(0), Le(2**32)] = 1

    def points(self) -> list[dict[str, Any]]:
        """The points of the grid: values by the parameter's full name."""
        return [dict(zip(self.sweep, values, strict=True)) for values in itertools.product(*self.sweep.values())]

    def parameters_at(self, point: Mapping[str, Any]) -> Parameters:
        """The world at one point of the grid."""
        return parameters(self.world, {**self.overrides, **point})


def read(path: Path) -> Design:
    """Read and check an experiment file.

    Raises:
        UnusableFileError: the file cannot be read, is not TOML, or breaks a rule; the message names the file, the key and the rule.
    """
    try:
        with path.open("rb") as file:
            design = Design.model_validate(tomllib.load(file))
        for point in design.points():
            design.parameters_at(point)
    except OSError as error:
        raise UnusableFileError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnusableFileError(f"{path}: is not TOML: {error}") from None
    except ValidationError as error:
        faults = sorted(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")  # a typo explains what is missing
        key = ".".join(str(part) for part in faults[0]["loc"])
        if faults[0]["type"] == "extra_forbidden":
            raise UnusableFileError(f"{path}: unknown key {key!r}{nearest(key, Design.model_fields)}") from None
        raise UnusableFileError(f"{path}: {key}: {faults[0]['msg'].lower()}") from None
    except ParameterError as error:
        raise UnusableFileError(f"{path}: {error}") from None
    return design


def run(design: Design, report: Callable[[], None] = lambda: None, threads: int | None = None) -> pd.DataFrame:
    """One row per (replication, point, group) with the point's values, the outcomes, and `error` ('' = none).

    Replication by replication, so that what an interrupted sweep has done is balanced; `report` is called after each run.
    All points of a replication share a seed, hence shocks, meetings and ideas (common random numbers). The rows do not depend
    on `threads`.
    """
    import pandas as pd

    jobs = [(seed, point) for seed in range(design.seed, design.seed + design.replications) for point in design.points()]
    rows: list[list[dict[str, Any]]] = [[] for _ in jobs]
    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        waiting = {pool.submit(_rows, design, seed, point): number for number, (seed, point) in enumerate(jobs)}
        try:
            for future in as_completed(waiting):
                rows[waiting[future]] = future.result()
                report()
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
    return pd.DataFrame(list(itertools.chain.from_iterable(rows)))


def _rows(design: Design, seed: int, point: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of one run; one that failed has its error in place of outcomes."""
    start = {"seed": seed, **point}
    try:
        outcomes = summarise(simulate(design.parameters_at(point), seed).history.by_group)
    except (NotClearedError, MemoryError) as error:
        missing = dict.fromkeys(OUTCOMES)
        return [{**start, "group": group, **missing, "error": f"{type(error).__name__}: {error}"} for group in measures.GROUPS]
    named = [dict(zip(OUTCOMES, map(float, row), strict=True)) for row in outcomes]
    return [{**start, "group": group, **row, "error": ""} for group, row in zip(measures.GROUPS, named, strict=True)]
