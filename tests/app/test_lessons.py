"""What the lessons say is true of the model, for as many seeds as the answer key tells."""

import re
from pathlib import Path

import pytest

from sim.app.lessons import LESSONS, Lesson, tally

KEY = (Path(__file__).parents[2] / "docs" / "how-to" / "teach_with_the_lessons.md").read_text()
SEEDS = range(1, 41)


def test_a_lesson_has_an_answer_and_a_section_in_the_key() -> None:
    for lesson in LESSONS:
        assert 0 <= lesson.expected < len(lesson.choices)
        assert f"## {lesson.title}" in KEY
        assert lesson.choices[lesson.expected].lower() in KEY.lower()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_as_many_seeds_as_the_key_says_agree_with_a_lesson(lesson: Lesson) -> None:
    counts = tally(lesson, SEEDS)
    section = KEY.split(f"## {lesson.title}")[1].split("\n## ")[0]
    said = re.search(r"In (\d+) of 40 seeds", section)
    assert said
    assert counts[lesson.expected] == int(said.group(1))
    assert counts[lesson.expected] >= 32


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_lesson_describes_the_run_in_its_numbers(lesson: Lesson) -> None:
    first, second = (lesson.seen(lesson.played(seed)) for seed in (1, 2))
    assert first != second
