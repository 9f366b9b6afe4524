"""What each gains by doing something, against what all gain when all do it: a plane with four quadrants."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.lab.analysis.findings import ContrastResult, Figure, Findings, PointResult
from sim.lab.design.points import point_label
from sim.lab.report.placing import Label, place
from sim.lab.report.style import WIDTH, canvas, save, wrapped
from sim.lab.statistics.paired import FEWEST, Estimate
from sim.observation.labels import outcome_label
from sim.observation.palette import BLACK, GREEN, PURPLE, VERMILION

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas
    from matplotlib.transforms import Bbox

LOWEST, HIGHEST = 3.6, 6.5  # inches of the figure
MARGIN = 0.13  # of the range of each axis
LEAST_SHARE = 0.2  # of each axis on each side of zero, so that all quadrants have room for their names
UNSETTLED = "#707070"
POINT, BAR, LINE = 5.0, 4.0, 2.0  # half the widths, in pixels, of what labels should not cover
STEPS = 20  # pieces of the line between two points
CAPTION = (
    "To the right: {private}. Upward: {social}. Bars: 95 % intervals of single settings; a point is grey if one of its intervals "
    "contains zero. Below the dotted diagonal, part of what each gains is lost by others."
)
QUADRANTS = {
    (1, 1): ("pays for each\nand for all", GREEN),
    (1, -1): ("a dilemma: pays for\neach, not for all", VERMILION),
    (-1, 1): ("pays for all,\nnot for each", PURPLE),
    (-1, -1): ("pays for\nnobody", BLACK),
}


class _Setting(NamedTuple):
    """One point of the plane."""

    label: str
    private: Estimate
    social: Estimate

    @property
    def quadrant(self) -> tuple[int, int]:
        """The signs of both gains, 0 where an interval contains zero."""
        return _sign(self.private), _sign(self.social)

    @property
    def colour(self) -> str:
        """The colour of its quadrant."""
        return QUADRANTS[self.quadrant][1] if self.quadrant in QUADRANTS else UNSETTLED


def draw(findings: Findings, folder: Path) -> list[Figure]:
    """The figure, if the experiment names two contrasts for it that have estimates in the same settings."""
    names = getattr(findings.design, "private_and_social", [])
    if not names:
        return []
    private, social = (next(result for result in findings.contrasts if result.contrast.name == name) for name in names)
    settings = _settings(private, social)
    if not settings:
        return []
    with canvas(WIDTH, HIGHEST) as figure:
        plane = figure.subplots()
        joined = len(private.arms) == 1  # by a line along a swept parameter
        if joined:
            plane.plot([s.private.mean for s in settings], [s.social.mean for s in settings], color=UNSETTLED, lw=0.7, zorder=1)
        _draw_plane(plane, settings)
        plane.set_xlabel(wrapped(f"{private.contrast.name}: {outcome_label(private.contrast.outcome)}"))
        plane.set_ylabel(wrapped(f"{social.contrast.name}: {outcome_label(social.contrast.outcome)}", 40))
        if private.contrast.outcome == social.contrast.outcome:
            _draw_to_scale(figure, plane)
        names_of_quadrants = _name_quadrants(plane)
        figure.draw_without_rendering()
        obstacles = [*(text.get_window_extent() for text in names_of_quadrants), *_boxes(plane, settings, joined)]
        place(plane, [Label(s.label, s.private.mean, s.social.mean, s.colour) for s in settings], obstacles)
        save(figure, folder / "private_and_social")
    caption = CAPTION.format(private=private.contrast.name, social=social.contrast.name)
    return [Figure("private_and_social", caption + _summary(settings))]


def _draw_to_scale(figure: Canvas, plane: Axes) -> None:
    """Make a step as long on one axis as on the other."""
    (left, right), (bottom, top) = plane.get_xlim(), plane.get_ylim()
    plane.set_aspect("equal")
    figure.set_figheight(min(HIGHEST, max(LOWEST, WIDTH * (top - bottom) / (right - left))))


def _settings(private: ContrastResult, social: ContrastResult) -> list[_Setting]:
    """The settings that both contrasts have, in their order: arms, or design points if there is one arm."""
    by_arm = len(private.arms) > 1

    def label(point: PointResult) -> str:
        return point.arm if by_arm else point_label(point.point)

    known, others = ({label(p): p.estimate for p in c.estimated if p.estimate.n >= FEWEST} for c in (private, social))
    return [_Setting(name, estimate, others[name]) for name, estimate in known.items() if name in others]


def _sign(estimate: Estimate) -> int:
    return int(estimate.single_low > 0) - int(estimate.single_high < 0)


def _draw_plane(plane: Axes, settings: Sequence[_Setting]) -> None:
    """Every setting with its two intervals, zero on both axes, and the diagonal."""
    for setting in settings:
        x, y, colour = setting.private, setting.social, setting.colour
        plane.plot([x.single_low, x.single_high], [y.mean, y.mean], color=colour, lw=1)
        plane.plot([x.mean, x.mean], [y.single_low, y.single_high], color=colour, lw=1)
        plane.plot(x.mean, y.mean, "o", ms=5, color=colour, mec="white", mew=0.6)
    plane.axvline(0, color="black", lw=0.6)
    plane.axhline(0, color="black", lw=0.6)
    plane.axline((0, 0), slope=1, color="#999999", lw=0.8, ls=":")
    plane.set_xlim(_limits([end for s in settings for end in (s.private.single_low, s.private.single_high)]))
    plane.set_ylim(_limits([end for s in settings for end in (s.social.single_low, s.social.single_high)]))


def _limits(ends: Sequence[float]) -> tuple[float, float]:
    """Limits of an axis that show all values, and both sides of zero."""
    low, high = min(0.0, *ends), max(0.0, *ends)
    margin = MARGIN * (high - low) or 1.0
    least = LEAST_SHARE / (1 - LEAST_SHARE)
    return min(low - margin, -least * high), max(high + margin, -least * low)


def _name_quadrants(plane: Axes) -> list[Any]:
    """Write the name of each quadrant in its outer corner."""
    return [
        plane.text(
            0.99 if right > 0 else 0.01,
            0.985 if up > 0 else 0.015,
            name,
            transform=plane.transAxes,
            ha="right" if right > 0 else "left",
            va="top" if up > 0 else "bottom",
            fontsize=7.5,
            color=colour,
            style="italic",
            multialignment="right" if right > 0 else "left",
        )
        for (right, up), (name, colour) in QUADRANTS.items()
    ]


def _boxes(plane: Axes, settings: Sequence[_Setting], joined: bool) -> list[Bbox]:
    """The pixels of the points, their bars and the lines, which labels should not cover."""
    from matplotlib.transforms import Bbox

    def box(start: tuple[float, float], stop: tuple[float, float], half_width: float) -> Bbox:
        return Bbox(plane.transData.transform([start, stop])).padded(half_width)

    (left, right), (bottom, top) = plane.get_xlim(), plane.get_ylim()
    boxes = [box((left, 0), (right, 0), LINE), box((0, bottom), (0, top), LINE)]
    for _, x, y in settings:
        boxes.append(box((x.mean, y.mean), (x.mean, y.mean), POINT))
        boxes.append(box((x.single_low, y.mean), (x.single_high, y.mean), BAR))
        boxes.append(box((x.mean, y.single_low), (x.mean, y.single_high), BAR))
    means = [(s.private.mean, s.social.mean) for s in settings] if joined else []
    for start, stop in itertools.pairwise(means):
        pieces = list(zip(*(np.linspace(a, b, STEPS) for a, b in zip(start, stop, strict=True)), strict=True))
        boxes += [box(piece, piece, LINE) for piece in pieces]
    return boxes


def _summary(settings: Sequence[_Setting]) -> str:
    """The settings in each quadrant, and those that are in none for sure."""
    sentences = []
    for signs, name in [*((signs, name.replace("\n", " ")) for signs, (name, _) in QUADRANTS.items()), (None, "not settled")]:
        inside = [s.label for s in settings if s.quadrant == signs or (signs is None and s.quadrant not in QUADRANTS)]
        if inside:
            sentences.append(f" {name[0].upper()}{name[1:]}: {', '.join(inside)}.")
    return "".join(sentences)
