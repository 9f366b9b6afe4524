"""The finished runs as one Parquet file: bit-identical, however often the sweep was interrupted and wherever it ran."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from sim.lab.design.cells import Cell
from sim.lab.design.ranges import Value
from sim.lab.ensemble import Ensemble, RunResult
from sim.lab.files import write_whole
from sim.observation.outcomes import GROUPS, OUTCOMES

if TYPE_CHECKING:
    import pyarrow as pa

RUNS_PER_CHUNK = 1000

Chunk = list[tuple[Cell, RunResult]]


def export(path: Path, ensemble: Ensemble, origin: str) -> None:
    """Write one row per run and group, cell by cell and seed by seed, with at most RUNS_PER_CHUNK runs in memory."""
    import pyarrow.parquet as pq

    schema = _schema(ensemble, origin)

    def write(file: BinaryIO) -> None:
        with pq.ParquetWriter(file, schema, compression="zstd", write_page_checksum=True) as writer:
            for chunk in _chunks(ensemble):
                writer.write_table(_table(chunk, schema))

    write_whole(path, write)


def _chunks(ensemble: Ensemble) -> Iterator[Chunk]:
    runs = ((cell, result) for cell in ensemble.cells for result in ensemble.runs(cell))
    while chunk := list(itertools.islice(runs, RUNS_PER_CHUNK)):
        yield chunk


def _schema(ensemble: Ensemble, origin: str) -> pa.Schema:
    import pyarrow as pa

    points = [cell.point for cell in ensemble.cells]
    names = dict.fromkeys(name for point in points for name in point)
    swept = {name: _kind([point.get(name) for point in points]) for name in names}
    plain = {"point": pa.int64(), "arm": pa.string(), "seed": pa.int64(), **swept, "group": pa.string()}
    columns = plain | dict.fromkeys(OUTCOMES, pa.float64()) | {"error": pa.string()}
    return pa.schema(list(columns.items()), metadata={b"interfirm": origin.encode()})


def _kind(values: list[Value | None]) -> pa.DataType:
    """The type of a column that holds these values; None = a point that does not name the parameter."""
    import pyarrow as pa

    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return pa.bool_()
    if kinds == {int}:
        return pa.int64()
    return pa.float64() if kinds <= {int, float} else pa.string()


def _table(chunk: Chunk, schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    columns: dict[str, list[Any]] = {
        "point": [cell.number for cell, _ in chunk],
        "arm": [cell.arm for cell, _ in chunk],
        "seed": [result.seed for _, result in chunk],
        "error": [result.error for _, result in chunk],
    }
    for name in schema.names:
        if name not in columns and name not in OUTCOMES and name != "group":
            columns[name] = [_as_stored(cell.point.get(name), schema.field(name).type) for cell, _ in chunk]
    repeated = {name: [value for value in values for _ in GROUPS] for name, values in columns.items()}
    numbers = np.concatenate([result.outcomes for _, result in chunk])
    measured = {name: pa.array(numbers[:, k], from_pandas=True) for k, name in enumerate(OUTCOMES)}
    data = repeated | {"group": list(GROUPS) * len(chunk)} | measured
    return pa.table({name: data[name] for name in schema.names}, schema=schema)


def _as_stored(value: Value | None, kind: pa.DataType) -> Value | None:
    import pyarrow as pa

    return str(value) if value is not None and pa.types.is_string(kind) else value
