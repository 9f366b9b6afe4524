"""The finished runs as one Parquet file: the same bytes, however often the sweep was interrupted and wherever it ran."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.lab.design.cells import Cell
from sim.lab.execution.job import RunResult
from sim.lab.execution.store import Store
from sim.lab.files import write_whole
from sim.observation.outcomes import GROUPS, OUTCOMES

if TYPE_CHECKING:
    import pyarrow as pa

RUNS_PER_CHUNK = 1000


def export(path: Path, worlds: Sequence[Cell], seeds: Mapping[int, range], store: Store, origin: str) -> None:
    """Write one row per run and group, world by world and seed by seed; never more than a chunk is in memory."""
    import pyarrow.parquet as pq

    schema = _schema(worlds, origin)

    def write(file: Path) -> None:
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for chunk in _chunks(worlds, seeds, store):
                writer.write_table(_table(chunk, schema))

    write_whole(path, write)


def _chunks(worlds: Sequence[Cell], seeds: Mapping[int, range], store: Store) -> Iterator[list[tuple[Cell, RunResult]]]:
    chunk: list[tuple[Cell, RunResult]] = []
    for cell in worlds:
        for done in store.runs(cell.address, seeds[cell.number]):
            chunk.append((cell, done))
            if len(chunk) == RUNS_PER_CHUNK:
                yield chunk
                chunk = []
    if chunk:
        yield chunk


def _schema(worlds: Sequence[Cell], origin: str) -> pa.Schema:
    import pyarrow as pa

    swept = {name: _kind([cell.point.get(name) for cell in worlds]) for cell in worlds for name in cell.point}
    plain = {"point": pa.int64(), "arm": pa.string(), "seed": pa.int64(), **swept, "group": pa.string()}
    columns = plain | dict.fromkeys(OUTCOMES, pa.float64()) | {"error": pa.string()}
    return pa.schema(list(columns.items()), metadata={b"interfirm": origin.encode()})


def _kind(values: list[Any]) -> pa.DataType:
    import pyarrow as pa

    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return pa.bool_()
    if kinds == {int}:
        return pa.int64()
    return pa.float64() if kinds <= {int, float} else pa.string()


def _table(chunk: list[tuple[Cell, RunResult]], schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    columns: dict[str, Any] = {
        "point": [cell.number for cell, _ in chunk],
        "arm": [cell.arm for cell, _ in chunk],
        "seed": [done.seed for _, done in chunk],
        "error": [done.error for _, done in chunk],
    }
    for name in schema.names:
        if name not in columns and name not in OUTCOMES and name != "group":
            columns[name] = [_as_stored(cell.point.get(name), schema.field(name).type) for cell, _ in chunk]
    repeated = {name: [value for value in values for _ in GROUPS] for name, values in columns.items()}
    numbers = np.concatenate([done.outcomes for _, done in chunk])
    measured = {name: pa.array(numbers[:, k], from_pandas=True) for k, name in enumerate(OUTCOMES)}
    data = repeated | {"group": list(GROUPS) * len(chunk)} | measured
    return pa.table({name: data[name] for name in schema.names}, schema=schema)


def _as_stored(value: Any, kind: pa.DataType) -> Any:
    import pyarrow as pa

    return str(value) if value is not None and pa.types.is_string(kind) else value
