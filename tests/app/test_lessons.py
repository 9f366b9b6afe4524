"""What the lessons say is true of the model."""

import re
from pathlib import Path

import pytest

from sim.app.lessons import LESSONS, Lesson, tally

KEY = (Path(__file__).parents[2] / "docs" / "how-to" / "teach_with_the_lessons.md").read_text()
SEEDS = range(1, 41)


def test_a_lesson_has_an_answer_and_the_key_has_its_section() -> None:
    for lesson in LESSONS:
        assert 0 <= lesson.expected < len(lesson.choices)
        assert f"## {lesson.title}" in KEY
        assert lesson.choices[lesson.expected].lower() in KEY.lower()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_most_seeds_bear_out_what_a_lesson_says_as_often_as_the_key_tells(lesson: Lesson) -> None:
    counts = tally(lesson, SEEDS)
    section = KEY.split(f"## {lesson.title}")[1].split("\n## ")[0]
    said = re.search(r"In (\d+) of 40 seeds", section)
    assert said
    assert counts[lesson.expected] == int(said.group(1))
    assert counts[lesson.expected] >= 32


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_what_was_seen_is_told_in_numbers_of_the_run(lesson: Lesson) -> None:
    first, second = (lesson.seen(lesson.played(seed)) for seed in (1, 2))
    assert first != second
