"""Reference tables of parameters, measures, worlds and experiment files, generated from their definitions."""

from __future__ import annotations

import json
from enum import StrEnum

from sim.economy.messages import printable
from sim.economy.validation import fields, worlds, written
from sim.lab.design.contrast import Contrast, Published
from sim.lab.design.ranges import Part, Range, Sample, Steps
from sim.lab.design.schema import Arm, ByMonth, Claim, Experiment, Replications, Robustness
from sim.observation import outcomes
from sim.observation.labels import value_label

Table = tuple[list[str], list[list[str]]]
"""The heads of the columns, and the rows."""


class Format(StrEnum):
    """How a reference table is printed."""

    TEXT = "text"
    MARKDOWN = "markdown"


# The tables of experiment files, by the heading of their section.
TABLES: dict[str, type[Part]] = {
    "the file": Experiment,
    "[claim]": Claim,
    "[arms.NAME]": Arm,
    "a range in [sweep]": Steps,
    "[sample]": Sample,
    "a range in [sample.ranges]": Range,
    "[replications]": Replications,
    "[by_month]": ByMonth,
    "[[contrasts]]": Contrast,
    "a published number in [[contrasts]]": Published,
    "a robustness file": Robustness,
}


def parameter_table() -> Table:
    """Name, default, admitted values, unit and meaning of every parameter."""
    rows = [
        [field.name, value_label(written(field.default)), field.rule, field.doc.unit, field.doc.meaning]
        for field in fields().values()
    ]
    return ["parameter", "default", "must be", "unit", "meaning"], rows


def measure_table() -> Table:
    """Name, kind, unit and meaning of every measure."""
    rows = [[m.name, m.kind, m.unit, m.meaning] for m in outcomes.DEFINITIONS]
    return ["measure", "kind", "unit", "meaning"], rows


def world_table() -> Table:
    """Name of every world, and the defaults that it changes."""
    rows = [
        [name, ", ".join(f"{key} = {value}" for key, value in changes.items()) or "the defaults"]
        for name, changes in worlds().items()
    ]
    return ["world", "changes"], rows


def experiment_schema() -> str:
    """The JSON schema of experiment files, with the names of all parameters, outcomes, groups and worlds."""
    schema = Experiment.model_json_schema(by_alias=True)
    names = {"enum": list(fields())}
    for table in ("sweep", "overrides"):
        schema["properties"][table]["propertyNames"] = names
    schema["$defs"]["Arm"]["properties"]["overrides"]["propertyNames"] = names
    schema["$defs"]["Contrast"]["properties"]["outcome"]["enum"] = list(outcomes.OUTCOMES)
    schema["$defs"]["Contrast"]["properties"]["groups"]["items"]["enum"] = list(outcomes.GROUPS)
    schema["properties"]["world"]["enum"] = list(worlds())
    return json.dumps(schema, indent=1, ensure_ascii=False)


def experiment_page() -> str:
    """All keys of experiment files, table by table, as a Markdown page."""
    head = ["key", "default", "meaning"]
    parts = [markdown_table((head, _keys(part))) for part in TABLES.values()]
    titles = [f"## {title}\n\n{part.__doc__}" for title, part in TABLES.items()]
    body = "\n\n".join(f"{title}\n\n{table}" for title, table in zip(titles, parts, strict=True))
    return f"# Experiment files\n\nGenerated from the definitions by `make docs`.\n\n{body}"


def _keys(part: type[Part]) -> list[list[str]]:
    return [
        [field.alias or name, "must be given" if field.is_required() else _default(field.get_default()), field.description or ""]
        for name, field in part.model_fields.items()
    ]


def _default(value: object) -> str:
    return str(value.number) if isinstance(value, Replications) else "none" if value in (None, [], {}) else str(value)


def plain(table: Table) -> str:
    """A table for a terminal, which obeys nothing that a cell says."""
    head, rows = table[0], [[printable(cell) for cell in row] for row in table[1]]
    widths = [max(len(row[k]) for row in (head, *rows)) for k in range(len(head))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in (head, *rows))


def markdown(title: str, table: Table) -> str:
    """A table as a Markdown page."""
    return f"# {title}\n\nGenerated from the definitions by `make docs`.\n\n{markdown_table(table)}"


def markdown_table(table: Table) -> str:
    """A table in Markdown."""
    head, rows = table
    cells = [[cell.replace("|", "\\|") for cell in row] for row in (head, ["---"] * len(head), *rows)]
    return "\n".join("| " + " | ".join(row) + " |" for row in cells)
