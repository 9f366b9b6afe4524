"""From a checked experiment to its folder of results: run what is missing, analyse, draw, write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sim.lab import provenance, results_folder
from sim.lab.analysis import deciding, estimation
from sim.lab.analysis.counterparts import counterparts
from sim.lab.analysis.findings import Figure, Findings, save
from sim.lab.analysis.robustness import compare_universes
from sim.lab.design.cells import cells, count_runs
from sim.lab.design.points import axes, parameter_names
from sim.lab.design.reading import read, read_claims
from sim.lab.design.scale import Scale
from sim.lab.design.schema import Experiment, Replications, Robustness, as_written
from sim.lab.design.universes import count_needed_cells
from sim.lab.ensemble import Ensemble
from sim.lab.execution.export import export
from sim.lab.execution.job import Executor
from sim.lab.execution.sampling import OnProgress, capped, sample
from sim.lab.execution.store import Store
from sim.lab.files import make_folder, write_table
from sim.lab.manifest import manifest
from sim.lab.report import figures
from sim.lab.report.tables import tables
from sim.lab.statistics.leaders import OUTCOME
from sim.lab.statistics.power import Need, need

RUNS = "runs.parquet"
PILOT_SEED = 2**40  # above the seeds that an experiment can have


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
    names = results_folder.names(files)
    designs = [read(file, scale) for file in files]
    folders = [make_folder(results / name) for name in names]
    return [Task(file, design, scale, folder) for file, design, folder in zip(files, designs, folders, strict=True)]


def planned(task: Task) -> int:
    """The least number of runs that the design asks for, finished ones included."""
    design = task.design
    first = design.replications.number or design.replications.minimum
    if isinstance(design, Robustness):
        return first * count_needed_cells(design, read_claims(design, task.file))
    return first * count_runs(design)


def run_experiment(task: Task, execute: Executor, on_progress: OnProgress, fresh: bool = False) -> Findings:
    """Run what the store does not have yet, and write data, tables, figures, findings and manifest."""
    started = datetime.now(UTC)
    with results_folder.held(task.folder), results_folder.staging(task.folder) as staged:
        with Store(task.folder, fresh) as store:
            if isinstance(task.design, Robustness):
                findings = _analyse_robustness(task, task.design, store, staged, execute, on_progress)
            else:
                findings = _analyse(task, task.design, store, staged, execute, on_progress)
        for name, table in tables(findings):
            write_table(staged / f"{name}.csv", table, json.dumps(findings.origin))
        save(findings, staged)
        results_folder.publish(staged, task.folder, manifest(findings, started))
    return findings


def run_pilot(task: Task, seeds: int, execute: Executor, on_progress: OnProgress) -> list[Need]:
    """Run an experiment with a few seeds of its own, and return the seeds that each rule needs; none for a robustness file.

    The runs are kept in the store of the experiment, which does not use their seeds.
    """
    if isinstance(task.design, Robustness):
        return []
    few = Replications(number=seeds)
    with results_folder.held(task.folder), Store(task.folder) as store:
        ensemble = sample(cells(task.design), few, None, PILOT_SEED, store, execute, on_progress)
        needs = [need(comparisons) for comparisons in estimation.compare_all(task.design, ensemble)]
    return [found for found in needs if found]


def _analyse(task: Task, design: Experiment, store: Store, staged: Path, execute: Executor, on_progress: OnProgress) -> Findings:
    """Run an experiment, export its runs, and make its findings with their figures."""
    main = design.contrasts[0] if design.contrasts else None
    ensemble = sample(cells(design), design.replications, main, design.seed, store, execute, on_progress)
    origin = provenance.origin(design=as_written(design))
    export(staged / RUNS, ensemble, json.dumps(origin))
    comparisons = estimation.compare_all(design, ensemble)
    failures = list(estimation.failures(ensemble))
    contrasts = estimation.estimate_all(comparisons, complete=not failures)
    counts = [len(seeds) for seeds in ensemble.seeds.values()]
    findings = Findings(
        name=task.folder.name,
        file=task.file.name,
        design=design,
        scale=task.scale,
        runs=ensemble.size,
        seeds=(min(counts), max(counts)),
        contrasts=contrasts,
        verdict=deciding.verdict_on_claim(contrasts) if design.claim else None,
        crossings=list(estimation.crossings(design, comparisons)),
        counterparts=list(counterparts(comparisons)),
        contributions=estimation.contributions_of_mechanisms(design, comparisons),
        sensitivity=estimation.indices(design, comparisons),
        failures=failures,
        capped=capped(ensemble, design.replications),
        origin=origin,
    )
    leaders = _draw_leaders(design, ensemble, staged, json.dumps(origin))
    others = _draw_contrasts(findings, design, ensemble, comparisons, staged)
    return findings.model_copy(update={"figures": [*leaders, *others]})


def _draw_leaders(design: Experiment, ensemble: Ensemble, folder: Path, origin: str) -> list[Figure]:
    """The map of who earns most and its table, for a grid of two parameters with one arm."""
    if len(design.sweep) != 2 or design.by_month or design.arms or design.mechanisms:
        return []
    drawn, table = figures.draw_leaders(estimation.by_seed(ensemble, OUTCOME), parameter_names(design), folder)
    if len(table):
        write_table(folder / "leaders.csv", table, origin)
    return drawn


def _draw_contrasts(
    findings: Findings, design: Experiment, ensemble: Ensemble, comparisons: deciding.Comparisons, folder: Path
) -> list[Figure]:
    """The table of means, and the figures of contrasts and means."""
    means = estimation.means(design, ensemble)
    if not len(means):
        return []
    write_table(folder / "means.csv", means, json.dumps(findings.origin))
    return figures.draw(findings, comparisons, means, list(axes(design)), folder)


def _analyse_robustness(
    task: Task, design: Robustness, store: Store, staged: Path, execute: Executor, on_progress: OnProgress
) -> Findings:
    """Run all claims in all universes, and make the findings with their figure."""
    result = compare_universes(design, read_claims(design, task.file), store, execute, on_progress)
    number = design.replications.number or design.replications.minimum
    findings = Findings(
        name=task.folder.name,
        file=task.file.name,
        design=design,
        scale=task.scale,
        runs=result.runs,
        seeds=(number, number),
        universes=result.universes,
        failures=result.failures,
        origin=provenance.origin(design=as_written(design)),
    )
    return findings.model_copy(update={"figures": figures.draw_universes(findings, staged)})
