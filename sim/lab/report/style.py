"""One style for all figures: the same colours for the same things, told apart also by colour-blind readers and in print."""

from __future__ import annotations

import textwrap
import warnings
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
LABEL_WIDTH = 66  # characters of a label that leave room for what it labels
LINE_HEIGHT = 0.15  # inches of a line of a label
LEGEND_WIDTH = 110  # characters of all columns of a legend
MOST_COLUMNS = 4
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
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
}


@contextmanager
def canvas(width: float, height: float) -> Iterator[Figure]:
    """An empty figure in the project's style; it must be saved inside the `with` block."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # the figure shows a box, the caption the character
        warnings.filterwarnings("ignore", "constrained_layout not applied")  # labels of 80 wide letters leave no room
        yield Figure(figsize=(width, height), layout="constrained")


def wrapped(label: str, width: int = LABEL_WIDTH) -> str:
    """The label in lines of this width."""
    return textwrap.fill(label, width)


def add_legend(figure: Figure, handles: list[Any], labels: list[str]) -> None:
    """One legend for all panels, above them, where it covers no data; a long one makes the figure higher."""
    columns = max(1, min(MOST_COLUMNS, len(labels), LEGEND_WIDTH // (max(map(len, labels)) + 6)))
    lines = -(-len(labels) // columns)
    figure.set_figheight(figure.get_figheight() + LINE_HEIGHT * max(0, lines - 2))
    figure.legend(handles, labels, loc="outside upper center", ncols=columns, fontsize=7.5)


def save(figure: Figure, stem: Path) -> None:
    """Write PNG and SVG; the same figure gives the same bytes."""
    write_whole(stem.with_suffix(".png"), partial(figure.savefig, format="png"))
    write_whole(stem.with_suffix(".svg"), partial(figure.savefig, format="svg", metadata={"Date": None}))
