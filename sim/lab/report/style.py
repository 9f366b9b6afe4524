"""One style for all figures: the same colours for the same things, told apart also by colour-blind readers and in print."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.lab.files import write_whole
from sim.lab.statistics.verdicts import Verdict
from sim.observation.palette import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION

if TYPE_CHECKING:
    from matplotlib.figure import Figure

VERDICTS = {
    Verdict.SUPPORTED: GREEN,
    Verdict.CONTRADICTED: VERMILION,
    Verdict.DEPENDS: PURPLE,
    Verdict.UNSETTLED: "#8C8C8C",
}
NO_RULE = "#333333"
LINES: tuple[tuple[str, Any], ...] = (
    ("solid", "-"),
    ("dashed", "--"),
    ("dotted", ":"),
    ("dash-dotted", "-."),
    ("dash-dot-dotted", (0, (5, 1, 1, 1, 1, 1))),
)
ARMS = (BLUE, ORANGE, GREEN, PURPLE, VERMILION, SKY, BLACK, GREY)
RULE: dict[str, Any] = {"color": VERMILION, "lw": 0.9, "ls": (0, (4, 2))}
WIDTH = 7.6  # inches; fits the report and a printed page
STYLE: dict[Any, Any] = {
    "font.size": 8.5,
    "axes.titlesize": 9,
    "axes.labelsize": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "svg.hashsalt": "interfirm",
    "figure.dpi": 150,
}


@contextmanager
def canvas(width: float, height: float) -> Iterator[Figure]:
    """An empty figure in the project's style; it must be saved inside the `with` block."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        yield Figure(figsize=(width, height), layout="constrained")


def save(figure: Figure, stem: Path) -> None:
    """Write PNG and SVG; the same figure gives the same bytes."""
    write_whole(stem.with_suffix(".png"), partial(figure.savefig, format="png"))
    write_whole(stem.with_suffix(".svg"), partial(figure.savefig, format="svg", metadata={"Date": None}))
