"""From a checked experiment to its folder of results: run what is missing, analyse, draw, write."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sim.lab import provenance
from sim.lab.analysis import estimation
from sim.lab.analysis.findings import Findings, save
from sim.lab.analysis.robustness import RobustnessResult, count_worlds, survey
from sim.lab.design.cells import Cell, cells, treated
from sim.lab.design.points import parameter_names, points
from sim.lab.design.reading import read, read_claims
from sim.lab.design.scale import Scale, scaled
from sim.lab.design.schema import Experiment, Robustness, as_written
from sim.lab.execution.export import export
from sim.lab.execution.job import Executor
from sim.lab.execution.sampling import OnProgress, Seeds, capped, sample
from sim.lab.execution.store import Store
from sim.lab.files import UnusableFileError, write_table, write_whole
from sim.lab.report import figures
from sim.lab.report.tables import tables
from sim.lab.statistics.leaders import OUTCOME
from sim.lab.statistics.verdicts import over_contrasts

RUNS, MANIFEST = "runs.parquet", "manifest.json"


class Task(NamedTuple):
    """An experiment that is ready to run: its file, its design at the chosen scale, and its folder."""

    file: Path
    design: Experiment | Robustness
    scale: Scale
    folder: Path


def prepare(files: Sequence[Path], results: Path, scale: Scale) -> list[Task]:
    """Read and check all files, then make all folders, before anything is computed.

    Raises:
        UnusableFileError: a file breaks a rule, two have the same name, or a folder cannot be made or written.
    """
    designs = [scaled(read(file), scale) for file in files]
    names = [file.stem for file in files]
    for name in names:
        if names.count(name) > 1:
            raise UnusableFileError(f"{name}: two files have this name, so their results would mix")
    return [Task(file, design, scale, _folder(results / name)) for file, design, name in zip(files, designs, names, strict=True)]


def planned(task: Task) -> int:
    """How many runs the design asks for at least, finished ones included."""
    design = task.design
    first = design.replications.number or design.replications.minimum
    if isinstance(design, Robustness):
        return first * count_worlds(design, read_claims(design, task.file))
    return first * len(points(design)) * len(treated(design))


def run_experiment(task: Task, execute: Executor, report: OnProgress, fresh: bool = False) -> Findings:
    """Run what the store does not hold yet, and write data, tables, figures, findings and manifest."""
    started = datetime.now(UTC)
    with Store(task.folder, fresh) as store:
        found = (
            _robustness(task, store, execute, report)
            if isinstance(task.design, Robustness)
            else _experiment(task, store, execute, report)
        )
    for name, table in tables(found):
        write_table(task.folder / f"{name}.csv", table, json.dumps(found.origin))
    save(found, task.folder)
    _write_manifest(task, found, started)
    return found


def _experiment(task: Task, store: Store, execute: Executor, report: OnProgress) -> Findings:
    design = task.design
    assert isinstance(design, Experiment)
    worlds = cells(design)
    main = design.contrasts[0] if design.contrasts else None
    seeds = sample(worlds, design.replications, main, design.seed, store, execute, report)
    _forget_other_results(task.folder)
    origin = provenance.origin(as_written(design))
    export(task.folder / RUNS, worlds, seeds, store, json.dumps(origin))
    compared = estimation.compare(design, worlds, seeds, store)
    failures = list(estimation.failures(worlds, seeds, store))
    judged = estimation.judge(compared, complete=not failures)
    verdicts = [part.verdict for part in judged if part.verdict]
    found = Findings(
        name=task.folder.name,
        file=task.file.name,
        design=design,
        scale=task.scale,
        runs=sum(len(seeds[cell.number]) for cell in worlds),
        seeds=(min(map(len, seeds.values())), max(map(len, seeds.values()))),
        judged=judged,
        verdict=over_contrasts(verdicts) if verdicts and design.claim else None,
        crossings=list(estimation.crossings(design, compared)),
        contributions=estimation.shares_of_mechanisms(design, compared),
        sensitivity=estimation.indices(design, compared),
        failures=failures,
        capped=[worlds_of_point.point for worlds_of_point in _first_cells(worlds, capped(seeds, design.replications))],
        origin=origin,
    )
    return _with_figures(found, task, worlds, seeds, store, compared)


def _with_figures(
    found: Findings, task: Task, worlds: list[Cell], seeds: Seeds, store: Store, compared: estimation.Compared
) -> Findings:
    design = task.design
    assert isinstance(design, Experiment)
    means = estimation.means(design, worlds, seeds, store)
    swept = parameter_names(design)
    origin = json.dumps(found.origin)
    drawn = []
    if len(means):
        write_table(task.folder / "means.csv", means, origin)
        drawn = figures.draw(found, compared, means, swept if design.sweep else [], task.folder)
    if len(design.sweep) == 2 and not design.arms and not design.mechanisms:
        map_of_leaders, table = figures.draw_leaders(estimation.by_seed(worlds, seeds, store, OUTCOME), swept, task.folder)
        drawn = [*map_of_leaders, *drawn]
        if len(table):
            write_table(task.folder / "leaders.csv", table, origin)
    return found.model_copy(update={"figures": drawn})


def _robustness(task: Task, store: Store, execute: Executor, report: OnProgress) -> Findings:
    design = task.design
    assert isinstance(design, Robustness)
    result: RobustnessResult = survey(design, read_claims(design, task.file), store, execute, report)
    _forget_other_results(task.folder)
    origin = provenance.origin(as_written(design))
    number = design.replications.number or design.replications.minimum
    found = Findings(
        name=task.folder.name,
        file=task.file.name,
        design=design,
        scale=task.scale,
        runs=result.runs,
        seeds=(number, number),
        survival=result.survival,
        failures=result.failures,
        origin=origin,
    )
    return found.model_copy(update={"figures": figures.draw_survival(found, task.folder)})


def _first_cells(worlds: list[Cell], numbers: list[int]) -> list[Cell]:
    return list({cell.number: cell for cell in worlds if cell.number in numbers}.values())


def _folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableFileError(f"{folder}: cannot be made: {(error.strerror or '').lower()}") from None
    if not os.access(folder, os.W_OK):
        raise UnusableFileError(f"{folder}: cannot be written")
    return folder


def _forget_other_results(folder: Path) -> None:
    """Tables and figures of an earlier design must not stand beside the new ones."""
    for path in folder.iterdir():
        if path.suffix in {".csv", ".png", ".svg"} or path.name.endswith(".csv.json"):
            path.unlink()


def _write_manifest(task: Task, found: Findings, started: datetime) -> None:
    """What was run, with what, on what, when."""
    contents: Mapping[str, object] = {
        "file": task.file.name,
        "design_digest": hashlib.blake2b(json.dumps(found.origin["design"], sort_keys=True).encode(), digest_size=16).hexdigest(),
        "scale": task.scale,
        "runs": found.runs,
        "seeds": found.seeds,
        "failed": len(found.failures),
        "machine": provenance.machine(),
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        **found.origin,
    }
    text = json.dumps(contents, indent=1, ensure_ascii=False)
    write_whole(task.folder / MANIFEST, lambda file: file.write_text(text + "\n", encoding="utf-8"))
