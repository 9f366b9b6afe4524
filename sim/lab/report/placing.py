"""Labels beside the points of a plane, placed one after the other where they cover least."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation
    from matplotlib.transforms import Bbox

DISTANCES = (7.0, 15.0, 26.0, 40.0, 60.0)  # points from the middle of a point to its label
DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
ALIGNMENT = {1: ("left", "bottom"), 0: ("center", "center"), -1: ("right", "top")}
FAR = 10.0  # points, from which a line connects a label with its point
OUTSIDE, LABEL = 50.0, 20.0  # how much worse it is to leave the plane, or to cover a label, than to cover something else
PER_POINT = 4.0  # covered square pixels that one point less of distance is worth


class Label(NamedTuple):
    """A text and its point, in data coordinates."""

    text: str
    x: float
    y: float
    colour: str


class _Spot(NamedTuple):
    """A place for a label: its offset from the point, and on which sides of it the point is."""

    x: float
    y: float
    horizontal: str
    vertical: str

    @property
    def distance(self) -> float:
        """The distance from the point."""
        return max(abs(self.x), abs(self.y))


def place(plane: Axes, labels: Sequence[Label], obstacles: Sequence[Bbox]) -> None:
    """Write each label beside its point, away from the obstacles and from the other labels.

    Args:
        plane: whose figure has its final layout.
        labels: in the order in which they are placed.
        obstacles: what should not be covered, in pixels.
    """
    placed: list[Bbox] = []
    for text, x, y, colour in labels:
        written = plane.annotate(text, (x, y), (0, 0), textcoords="offset points", fontsize=7.5, color=colour, in_layout=False)

        def cost(spot: _Spot, written: Annotation = written) -> float:
            box = _moved(written, spot)
            covered = _covered(box, obstacles) + LABEL * _covered(box, placed) + OUTSIDE * _outside(box, plane)
            return covered + PER_POINT * spot.distance

        best = min(_spots(), key=cost)
        placed.append(_moved(written, best))
        if best.distance > FAR:
            line = {"arrowstyle": "-", "lw": 0.5, "color": colour}
            plane.annotate("", (x, y), (best.x, best.y), textcoords="offset points", arrowprops=line, in_layout=False)


def _spots() -> Iterator[_Spot]:
    for distance, (x, y) in itertools.product(DISTANCES, DIRECTIONS):
        yield _Spot(distance * x, distance * y, ALIGNMENT[x][0], ALIGNMENT[y][1])


def _moved(written: Annotation, spot: _Spot) -> Bbox:
    """Move a label, and return the pixels that it covers there."""
    written.xyann = (spot.x, spot.y)
    written.set(ha=spot.horizontal, va=spot.vertical)
    return written.get_window_extent()


def _covered(box: Bbox, others: Sequence[Bbox]) -> float:
    """Square pixels of the box that the others cover."""
    return sum(_common(box, other) for other in others)


def _outside(box: Bbox, plane: Axes) -> float:
    """Square pixels of the box that are not on the plane."""
    return _common(box, box) - _common(box, plane.get_window_extent())


def _common(box: Bbox, other: Bbox) -> float:
    from matplotlib.transforms import Bbox

    part = Bbox.intersection(box, other)
    return float(part.width * part.height) if part else 0.0
