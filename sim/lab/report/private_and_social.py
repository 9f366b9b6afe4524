"""What each gains by doing something, against what all gain when all do it: a plane with four quadrants."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.lab.analysis.findings import Figure, Findings, PointResult
from sim.lab.design.points import point_label
from sim.lab.report.style import ARMS, LINE_HEIGHT, WIDTH, canvas, save, wrapped
from sim.lab.statistics.paired import Estimate
from sim.observation.labels import outcome_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = 4.6
LABEL_WIDTH = 34  # characters of a line of the list beside the plane
MARGIN = 0.12  # of the range of each axis, for the names of the quadrants
CAPTION = (
    "To the right: {private}. Upward: {social}. Bars: 95 % intervals of single settings. Above the dotted diagonal all gain more "
    "when all do it than each gains alone at the expense of others. The numbers stand for the settings in the list."
)
QUADRANTS = {
    (1, 1): "pays for each and for all",
    (1, -1): "a dilemma: pays for each, not for all",
    (-1, 1): "pays for all, not for each",
    (-1, -1): "pays for nobody",
}


class _Setting(NamedTuple):
    """One point of the plane."""

    label: str
    private: Estimate
    social: Estimate


def draw(findings: Findings, folder: Path) -> list[Figure]:
    """The figure, if the experiment names two contrasts for it that have estimates in the same settings."""
    names = getattr(findings.design, "private_and_social", [])
    if not names:
        return []
    private, social = (next(result for result in findings.contrasts if result.contrast.name == name) for name in names)
    settings = _settings(private.points, social.points)
    if not settings:
        return []
    with canvas(WIDTH, HEIGHT) as figure:
        plane, side = figure.subplots(1, 2, width_ratios=[2.1, 1])
        _draw_plane(plane, settings)
        plane.set_xlabel(wrapped(f"{private.contrast.name}: {outcome_label(private.contrast.outcome)}", 60))
        plane.set_ylabel(wrapped(f"{social.contrast.name}: {outcome_label(social.contrast.outcome)}", 52))
        lines = _list_settings(side, settings)
        figure.set_figheight(max(HEIGHT, LINE_HEIGHT * lines + 0.4))
        save(figure, folder / "private_and_social")
    return [Figure("private_and_social", CAPTION.format(private=private.contrast.name, social=social.contrast.name))]


def _settings(private: list[PointResult], social: list[PointResult]) -> list[_Setting]:
    """The settings that both contrasts have, in their order: arms, or design points if there is one arm."""
    if len(private) != len(social):
        return []
    pairs = [(one, other) for one, other in zip(private, social, strict=True) if one.estimate.n and other.estimate.n]
    by_arm = len({one.arm for one, _ in pairs}) > 1
    return [_Setting(one.arm if by_arm else point_label(one.point), one.estimate, other.estimate) for one, other in pairs]


def _draw_plane(plane: Axes, settings: list[_Setting]) -> None:
    """Every setting with its two intervals, and the names of the quadrants that are in sight."""
    for number, setting in enumerate(settings, 1):
        colour = ARMS[(number - 1) % len(ARMS)]
        x, y = setting.private, setting.social
        plane.plot([x.single_low, x.single_high], [y.mean, y.mean], color=colour, lw=1)
        plane.plot([x.mean, x.mean], [y.single_low, y.single_high], color=colour, lw=1)
        plane.plot(x.mean, y.mean, "o", ms=10, color=colour, mec="white", mew=0.6)
        plane.annotate(str(number), (x.mean, y.mean), color="white", ha="center", va="center", fontsize=6.5, weight="bold")
    plane.axvline(0, color="black", lw=0.6)
    plane.axhline(0, color="black", lw=0.6)
    plane.margins(MARGIN)
    (left, right), (bottom, top) = plane.get_xlim(), plane.get_ylim()
    plane.axline((0, 0), slope=1, color="#999999", lw=0.8, ls=":")
    plane.set(xlim=(min(left, 0), max(right, 0)), ylim=(min(bottom, 0), max(top, 0)))
    for (side, level), name in QUADRANTS.items():
        in_sight = (right > 0 if side > 0 else left < 0) and (top > 0 if level > 0 else bottom < 0)
        if in_sight:
            where = (0.99 if side > 0 else 0.01, 0.985 if level > 0 else 0.015)
            placed: dict[str, Any] = {"ha": "right" if side > 0 else "left", "va": "top" if level > 0 else "bottom"}
            plane.text(*where, name, transform=plane.transAxes, fontsize=7, color="#555555", style="italic", **placed)


def _list_settings(side: Axes, settings: list[_Setting]) -> int:
    """List what the numbers stand for, and return how many lines that takes."""
    side.set_axis_off()
    entries = [wrapped(f"{number}  {setting.label}", LABEL_WIDTH) for number, setting in enumerate(settings, 1)]
    side.text(0, 1, "\n".join(entries), transform=side.transAxes, va="top", fontsize=7.5, linespacing=1.35)
    return sum(entry.count("\n") + 1 for entry in entries)
