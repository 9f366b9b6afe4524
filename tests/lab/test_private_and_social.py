"""The plane of private and social gains: settings are in the quadrant that both intervals settle, and labels are legible."""

import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from sim.lab.analysis.findings import ContrastResult, Findings, PointResult
from sim.lab.design.contrast import Contrast
from sim.lab.design.points import Point
from sim.lab.design.scale import Scale
from sim.lab.report.placing import Label, place
from sim.lab.report.private_and_social import draw
from sim.lab.statistics.paired import Estimate
from tests.support.experiments import experiment

NAMES = ["each", "all"]
SETTINGS = {"good": (1, 1), "trap": (1, -1), "gift": (-1, 1), "bad": (-1, -1), "open": (1, 0)}


def estimate(mean: float) -> Estimate:
    """An estimate with an interval of ±0.5, which contains zero if the mean is 0."""
    intervals = {
        f"{kind}{end}": mean + half for kind in ("", "single_", "bootstrap_") for end, half in (("low", -0.5), ("high", 0.5))
    }
    return Estimate(n=8, mean=mean, p=0.5, q=0.5, effect=0.0, superiority=0.5, variance_saved=0.0, **intervals)


def findings(settings: Sequence[tuple[str, Point, float, float]]) -> Findings:
    """Findings with these settings: arm, point, and what each and all gain there."""
    contrasts = []
    for number, name in enumerate(NAMES, 2):
        contrast = Contrast(name=name, outcome="profit_per_line", groups=["small"])
        points = [PointResult(setting[0], setting[1], estimate(setting[number]), None) for setting in settings]
        contrasts.append(ContrastResult(contrast, points, None, False, []))
    design = experiment(private_and_social=NAMES, contrasts=[result.contrast.model_dump() for result in contrasts])
    return Findings(name="x", file="x.toml", design=design, scale=Scale.QUICK, runs=1, seeds=(8, 8), contrasts=contrasts)


def test_the_caption_puts_every_setting_where_both_intervals_settle_it(tmp_path: Path) -> None:
    (figure,) = draw(findings([(arm, {}, *gains) for arm, gains in SETTINGS.items()]), tmp_path)
    for sentence in (
        "Pays for each and for all: good.",
        "A dilemma: pays for each, not for all: trap.",
        "Pays for all, not for each: gift.",
        "Pays for nobody: bad.",
        "Not settled: open.",
    ):
        assert sentence in figure.caption


def test_with_one_arm_the_settings_are_the_design_points(tmp_path: Path) -> None:
    points = [("base", {"trial.group": size}, 1.0, 1.0) for size in (2, 3)]
    (figure,) = draw(findings(points), tmp_path)
    assert "Pays for each and for all: trial group = 2, trial group = 3." in figure.caption


def test_a_setting_without_values_is_left_out_and_no_setting_makes_no_figure(tmp_path: Path) -> None:
    found = findings([(arm, {}, *gains) for arm, gains in SETTINGS.items()])
    private, social = found.contrasts
    missing = [p._replace(estimate=p.estimate._replace(n=0)) if p.arm == "good" else p for p in social.points]
    (figure,) = draw(found.model_copy(update={"contrasts": [private, social._replace(points=missing)]}), tmp_path)
    assert "good" not in figure.caption
    assert draw(found.model_copy(update={"contrasts": [private, social._replace(points=[])]}), tmp_path) == []


@pytest.mark.parametrize("seed", range(5))
def test_labels_of_near_points_cover_neither_each_other_nor_what_is_in_the_way(seed: int) -> None:
    canvas = Canvas(figsize=(7, 5), layout="constrained")
    plane = canvas.subplots()
    plane.set(xlim=(0, 1), ylim=(0, 1))
    canvas.draw_without_rendering()
    points = np.random.default_rng(seed).uniform(0.4, 0.6, size=(8, 2))
    obstacles = [Bbox([at - 3, at + 3]) for at in plane.transData.transform(points)]
    place(plane, [Label(f"setting {k}", x, y, "black") for k, (x, y) in enumerate(points)], obstacles)
    texts = [text for text in plane.texts if isinstance(text, Annotation) and text.get_text()]
    boxes = [text.get_window_extent() for text in texts]
    assert len(boxes) == len(points)
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
    assert not any(box.overlaps(obstacle) for box, obstacle in itertools.product(boxes, obstacles))


def test_a_label_at_the_edge_stays_inside_the_plane() -> None:
    canvas = Canvas(figsize=(4, 3), layout="constrained")
    plane = canvas.subplots()
    plane.set(xlim=(0, 1), ylim=(0, 1))
    canvas.draw_without_rendering()
    corners = list(itertools.product((0.0, 1.0), repeat=2))
    place(plane, [Label("a long name", x, y, "black") for x, y in corners], [])
    frame = plane.get_window_extent().padded(1)
    for text in plane.texts:
        box = text.get_window_extent()
        assert frame.contains(*box.min)
        assert frame.contains(*box.max)
