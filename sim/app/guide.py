"""The lessons as a guided tour: predict, run, explain."""

from __future__ import annotations

import solara
from solara import v

from sim.app.lessons import LESSONS, MONTHS, Lesson, tally
from sim.app.show import Show

OTHERS = 20  # seeds
RARE = "With this seed the result differs from that of most seeds. Try other seeds below to see how often."


@solara.component
def Lessons(show: Show) -> None:
    """The choice of a lesson."""
    with v.Html(tag="nav", class_="lessons", attributes={"aria-label": "Lessons"}):
        for number, lesson in enumerate(LESSONS, 1):
            chosen = show.lesson.value == lesson.name
            solara.Button(
                f"{number}. {lesson.title}",
                on_click=lambda lesson=lesson: show.open_lesson(lesson.name),
                classes=["tab chosen" if chosen else "tab"],
                attributes={"aria-pressed": str(chosen).lower()},
            )
        explore = not show.lesson.value
        solara.Button(
            "Explore freely",
            on_click=lambda: show.open_lesson(""),
            classes=["tab chosen" if explore else "tab"],
            attributes={"aria-pressed": str(explore).lower()},
        )


@solara.component
def Guide(show: Show, lesson: Lesson) -> None:
    """One lesson, step by step."""
    show.picture.get()
    with v.Html(tag="section", class_="guide", attributes={"aria-label": f"Lesson: {lesson.title}"}):
        solara.HTML("h2", lesson.title)
        solara.HTML("p", lesson.story)
        Predict(show, lesson)
        if show.prediction.value is not None:
            Watch(show)
            if show.lesson_over():
                Explain(show, lesson)


@solara.component
def Predict(show: Show, lesson: Lesson) -> None:
    """The question, to be answered before anything is seen."""
    show.picture.get()
    solara.HTML("h3", f"1. Predict: {lesson.question}")
    fixed = show.month > 0 and show.prediction.value is not None
    with v.Html(tag="div", class_="choices", attributes={"role": "group", "aria-label": lesson.question}):
        for number, choice in enumerate(lesson.choices):
            chosen = show.prediction.value == number
            solara.Button(
                ("✓ " if chosen else "") + choice,
                on_click=lambda number=number: show.prediction.set(number),
                disabled=fixed,
                classes=["choice chosen" if chosen else "choice"],
                attributes={"aria-pressed": str(chosen).lower()},
            )


@solara.component
def Watch(show: Show) -> None:
    """The button that lets it happen."""
    show.picture.get()
    solara.HTML("h3", f"2. Watch: {MONTHS} months, twenty years")
    with v.Html(tag="div"):
        if show.month == 0:
            solara.Button("Run it", icon_name="mdi-play", on_click=lambda: show.run_lesson(MONTHS), classes=["main-button"])
        elif not show.lesson_over():
            solara.HTML("p", f"Month {show.month} of {MONTHS}. Who is ahead? Is it what you expected?")


@solara.component
def Explain(show: Show, lesson: Lesson) -> None:
    """Say what happened in this run, why, and how often it happens."""
    counts, set_counts = solara.use_state([])

    def count() -> None:
        set_counts(tally(lesson, others(show.setting.value.seed)))

    found = lesson.found(show.pair)
    right = "Your prediction was right." if found == show.prediction.value else "You predicted otherwise."
    solara.HTML("h3", f"3. What happened: {lesson.choices[found].lower()}. {right}")
    solara.HTML("p", lesson.seen(show.pair))
    if found != lesson.expected:
        solara.HTML(
            "p",
            RARE,
            classes=["rare"],
        )
    solara.HTML("p", f"<b>Why</b> most seeds give “{lesson.choices[lesson.expected].lower()}”: {lesson.why}")
    solara.HTML("p", f"<b>Go on.</b> {lesson.beyond}")
    with v.Html(tag="div", class_="again"):
        solara.Button(
            f"Try {OTHERS} other seeds",
            on_click=count,
            classes=["plain"],
        )
        solara.Button("Once more, with the next seed", on_click=lambda: show.lesson_again(), classes=["plain"])
    if counts:
        said = "; ".join(f"{choice.lower()} {count}" for choice, count in zip(lesson.choices, counts, strict=True))
        solara.HTML("p", f"Of {OTHERS} other seeds: {said}.", classes=["tally"])


def others(seed: int) -> range:
    """Return the seeds that are tried besides the one on the screen."""
    return range(seed + 1, seed + 1 + OTHERS) if seed < 2**63 else range(OTHERS)
