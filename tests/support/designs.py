"""Small designs of every kind, with odd names, and an invented economy whose outcomes are of any size, missing, or failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from hypothesis import strategies as st

from sim.lab.ensemble import RunResult
from sim.lab.execution.job import Executor, Job, failed_run
from sim.observation.outcomes import GROUP_OUTCOMES, GROUPS, MARKET, OUTCOMES

VALUES: dict[str, list[Any]] = {
    "environment.speed": [0, 0.1, 1e-9, 1],
    "environment.complexity": [0, 4, 11],
    "environment.interaction": ["random", "modular"],
    "collaboration.hiring": ["joint", "alone", "none"],
    "organisation.wage": [0, 0.5, 1e6, 0.1234567],
    "dynamics.months": [1, 12],
}
RANGES = {
    "environment.speed": {"from": 1e-6, "to": 1, "spacing": "log"},
    "environment.complexity": {"from": 0, "to": 11},
    "organisation.wage": {"from": 0, "to": 1e6},
}
WORDS = [
    "$x_{$",
    "wide " * 15 + "x",
    "W" * 80,
    "\U0001f680",
    "مرحبا",
    "<b>",
    "{0}%s",
    "'",
    '"',
    "seed",
    "group",
    "point",
    "error",
    "base",
    "0",
    "-",
]

printable = st.characters(categories=["L", "M", "N", "P", "S"])
names = st.sampled_from(WORDS) | st.text(printable, min_size=1, max_size=80).filter(
    lambda text: text.isprintable() and text[0] != "_"
)
parameters = st.sampled_from(sorted(VALUES))


def some(*parts: st.SearchStrategy) -> st.SearchStrategy:
    """Nothing, or one of the parts."""
    return st.one_of(st.just({}), *parts)


def values_of(name: str) -> st.SearchStrategy:
    return st.sampled_from(VALUES[name])


points_of_one = parameters.flatmap(lambda name: st.fixed_dictionaries({name: values_of(name)}))
sweeps = st.lists(parameters, unique=True, min_size=1, max_size=3).flatmap(
    lambda chosen: st.fixed_dictionaries({name: st.lists(values_of(name), unique=True, min_size=1, max_size=3) for name in chosen})
)
overrides = st.lists(points_of_one, max_size=2).map(lambda parts: {key: value for part in parts for key, value in part.items()})
designs_of_points = some(
    st.builds(lambda sweep: {"sweep": sweep}, sweeps),
    st.builds(lambda points: {"points": points}, st.lists(points_of_one, min_size=1, max_size=4)),
    st.builds(
        lambda method, size, ranges: {
            "sample": {"method": method, "size": size, "ranges": {name: RANGES[name] for name in ranges}}
        },
        st.sampled_from(["sobol", "morris", "latin hypercube"]),
        st.sampled_from([2, 4]),
        st.lists(st.sampled_from(sorted(RANGES)), unique=True, min_size=1, max_size=3),
    ),
)
treatments = some(
    st.builds(
        lambda arms: {"arms": arms},
        st.dictionaries(names, st.fixed_dictionaries({"overrides": overrides}), min_size=1, max_size=4),
    ),
    st.builds(lambda mechanisms: {"mechanisms": mechanisms}, st.dictionaries(names, overrides, min_size=1, max_size=3)),
)


@st.composite
def contrasts(draw: st.DrawFn, arms: list[str], swept: list[str]) -> dict[str, Any]:
    outcome = draw(st.sampled_from(OUTCOMES))
    groups = GROUPS[:-1] if outcome in GROUP_OUTCOMES else [MARKET]
    drawn: dict[str, Any] = {
        "name": draw(names),
        "outcome": outcome,
        "groups": draw(st.lists(st.sampled_from(groups), unique=True, min_size=1, max_size=2)),
    }
    if arms:
        drawn["arms"] = draw(st.lists(st.sampled_from(arms), unique=True, max_size=2))
    if len(swept) > 1 and draw(st.booleans()):
        kind = draw(st.sampled_from(["change", "interaction"]))
        drawn[kind] = swept[:2]
    if swept and not {"change", "interaction"} & drawn.keys() and draw(st.booleans()):
        shape = draw(st.sampled_from(["rise", "peak"]))
        return drawn | {"along": draw(st.sampled_from(swept)), "shape": shape, "at_least": draw(st.sampled_from([1e-9, 1e300]))}
    limit = draw(st.sampled_from(["", "at_least", "at_most"]))
    return drawn | ({limit: draw(st.sampled_from([0.0, -1.0, 1e300]))} if limit else {})


@st.composite
def designs(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the contents of an experiment file; most are accepted."""
    layout, arms = draw(designs_of_points), draw(treatments)
    swept = list(layout.get("sweep", {}))
    known = list(arms.get("arms", {}))
    drawn = draw(st.lists(contrasts(known, swept), max_size=3))
    fixed = {
        "title": draw(names),
        "question": draw(names),
        "overrides": {"dynamics.months": 12, "environment.shocks": [{"month": 3}]},
        **layout,
        **arms,
        "contrasts": drawn,
    }
    claim = {"claim": {"number": 1, "statement": draw(names)}} if any({"at_least", "at_most"} & c.keys() for c in drawn) else {}
    several = {"half_width": draw(st.sampled_from([1e-9, 1.0, 1e9])), "minimum": 8, "cap": 10}
    replications = draw(st.sampled_from([{"number": 2}, {"number": 9}, several]))
    return {
        **fixed,
        **claim,
        "replications": replications,
        "outcomes": draw(st.lists(st.sampled_from(OUTCOMES), unique=True, max_size=2)),
    }


def anything_goes(seed: int, scale: float, share_missing: float, share_failed: float) -> Executor:
    """An executor whose outcomes are random, of this size, partly missing, and whose runs partly fail."""

    def execute(jobs: Iterable[Job]) -> Iterator[RunResult]:
        for job in jobs:
            rng = np.random.default_rng([seed, job.seed, int(job.address[:8], 16)])
            table = scale * rng.normal(size=(len(GROUPS), len(OUTCOMES)))
            table[rng.random(table.shape) < share_missing] = np.nan
            failed = rng.random() < share_failed
            yield failed_run(job, ValueError("invented\n$x_{$")) if failed else RunResult(job.address, job.seed, table)

    return execute
