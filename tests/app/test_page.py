"""The app in the browser, as a user meets it."""

from __future__ import annotations

import io
import re
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pandas as pd
import pytest

import sim
from sim.economy.measures import GROUPS
from sim.economy.parameters import Trial
from sim.economy.validation import fields, flat
from tests.support.browser import Tab, serving

PICTURES = 8


def test_the_page_opens_without_internet_and_without_errors(tab) -> None:
    page = tab()
    assert page.page.locator(".chart-place").count() == PICTURES
    assert page.month() == 0
    assert "Press Play" in page.sentences()


def test_play_goes_on_until_pause(tab) -> None:
    page = tab()
    page.press("Play")
    page.until_month(5)
    page.press("Pause")
    page.page.get_by_role("button", name="Play", exact=True).wait_for()
    month = page.month()
    page.page.wait_for_timeout(700)
    assert page.month() == month
    assert "small interdependent" in page.sentences()


def test_step_plays_a_month_and_reset_goes_back_to_the_first(tab) -> None:
    page = tab("month=24")
    before = page.seen()
    page.press("Step")
    page.until_other(before)
    assert page.month() == 25
    page.press("Reset")
    page.until("document.querySelector('.clock b').innerText === 'Month 0'")


def open_group(page: Tab, name: str) -> None:
    page.page.locator(".group-head", has_text=name).first.click()


@pytest.mark.parametrize(
    ("group", "name"),
    [("environment", "environment.speed"), pytest.param("population", "population.small", marks=pytest.mark.thorough)],
)
def test_a_slider_moved_by_key_plays_the_same_months_again(tab, group: str, name: str) -> None:
    page = tab("month=60")
    before = page.seen()
    open_group(page, group)
    slider = page.page.locator(f'[data-parameter="{name}"] [role=slider]')
    slider.focus()
    slider.press("PageUp")  # a single step of speed is so small that it need not redraw anything in 60 months
    assert page.until_other(before) != before
    assert page.month() == 60
    changed = float(parse_qs(page.query())[name][0])
    assert changed > fields()[name].default
    after = page.seen()
    page.page.get_by_role("button", name="Undo 1 change", exact=True).click()
    page.until_other(after)
    assert page.seen() == before


def test_another_number_of_firms_is_a_new_market(tab) -> None:
    page = tab("month=12")
    before = page.seen("Who is allied with whom")
    open_group(page, "population")
    box = page.page.locator('[data-parameter="population.small"] input[type=text]')
    box.fill("40")
    box.press("Enter")
    page.until_other(before, "Who is allied with whom")
    assert "45 firms" in page.seen("Who is allied with whom")


def test_a_refused_value_gives_a_message_and_leaves_the_run(tab) -> None:
    page = tab("month=12")
    before = page.seen()
    open_group(page, "environment")
    box = page.page.locator('[data-parameter="environment.domains"] input[type=text]')
    for nonsense, message in (("5", "must divide"), ("many", "must be a whole number")):
        box.fill(nonsense)
        box.press("Enter")
        page.page.locator(".message", has_text=message).wait_for()
    assert page.seen() == before


def test_a_preset_changes_the_world_and_keeps_the_seed(tab) -> None:
    page = tab("seed=3&month=48")
    before = page.seen()
    page.press("turbulent")
    page.until_other(before)
    assert parse_qs(page.query()) == {"world": ["turbulent"], "seed": ["3"], "month": ["48"]}


def test_a_seed_is_taken_and_nonsense_gets_a_message(tab) -> None:
    page = tab("month=24")
    before = page.seen()
    box = page.page.locator(".seed input")
    box.fill("7")
    box.press("Enter")
    other = page.until_other(before)
    assert parse_qs(page.query())["seed"] == ["7"]
    for nonsense in ("abc", "-1", "1e9", "99999999999999999999999"):
        box.fill(nonsense)
        box.press("Enter")
        page.page.get_by_text("must be a whole number from 0 to").wait_for()
        page.press("Step")  # the message goes with the next thing that works
        page.page.get_by_text("must be a whole number from 0 to").wait_for(state="detached")
    assert page.seen() != other


NONSENSE = [
    ("world=atlantis", "unknown world 'atlantis'"),
    ("environment.spede=1", "did you mean 'environment.speed'?"),
    ("environment.speed=fast", "must be a number"),
    ("environment.speed=7", "must be a number >= 0 and <= 1"),
    ("seed=seven", "seed = 'seven'"),
    ("month=-3", "month = '-3'"),
    ("month=99999999", "must be a whole number"),
    ("month=2000000", "plays at most"),
    ("population.small=20000000", "shows at most"),
    ("beside=hell", "beside = 'hell'"),
    ("environment.shocks=soon", "environment.shocks"),
    ("lesson=astrology", "lesson = 'astrology'"),
    ("%ff%00=%3Cscript%3E", "unknown parameter"),
    ("population.small=0&population.large=0", "at least one firm"),
]


@pytest.mark.parametrize(
    ("query", "message"), [NONSENSE[0], *(pytest.param(*case, marks=pytest.mark.thorough) for case in NONSENSE[1:])]
)
def test_a_nonsense_address_gives_a_message_and_a_working_page(tab, query: str, message: str) -> None:
    page = tab(query)
    assert message in page.page.locator(".message").inner_text()
    page.press("Step")
    page.until_month(1)


def test_a_disruption_strikes_and_the_link_brings_the_screen_back(tab) -> None:
    page = tab("seed=2&month=60")
    page.press("Disrupt the market")
    page.page.get_by_text("Disrupted in month 61").wait_for()
    for _ in range(3):
        page.press("Step")
    page.until_month(64)
    shown, link = page.all_seen(), page.query()
    assert parse_qs(link)["environment.shocks"] == ["60:1.0"]
    assert tab(link).all_seen() == shown


@pytest.mark.thorough
def test_a_disruption_made_by_hand_is_the_one_that_is_scheduled(tab) -> None:
    page = tab("seed=2&month=60")
    page.press("Disrupt the market")
    page.until_month(61)
    table = pd.read_csv(io.BytesIO(page.download("Save all months as a table (CSV)")))
    scheduled = sim.simulate(sim.parameters("today", {"environment.shocks": [{"month": 60, "magnitude": 1.0}]}), 2).monthly()
    last = scheduled.loc[60, "fitness"].loc[list(GROUPS)]
    assert np.array_equal(table[table["month"] == 60]["fitness"].to_numpy(), last.to_numpy(), equal_nan=True)


def test_a_comparison_run_is_drawn_beside_the_first(tab) -> None:
    page = tab("month=36")
    assert "(beside)" not in page.seen()
    page.page.locator(".beside").click()
    page.page.get_by_role("option", name="everyone independent").click()
    page.until_other(page.seen())
    assert "small independent (beside)" in page.seen()
    assert "small firms earn" in page.sentences()
    table = pd.read_csv(io.BytesIO(page.download("Save all months as a table (CSV)")))
    alone = {"population.small_interdependent": 0.0, "population.large_interdependent": 0.0}
    expected = sim.simulate(sim.parameters("today", {**alone, "dynamics.months": 36}), 1).monthly()["profit"]
    beside = table[table["world"] == "beside: everyone independent"]["profit"]
    assert np.array_equal(beside.to_numpy(), expected.to_numpy(), equal_nan=True)


def test_the_table_holds_the_run_and_the_picture_is_a_png(tab) -> None:
    page = tab("world=turbulent&seed=5&month=30&organisation.noise=0.4")
    table = pd.read_csv(io.BytesIO(page.download("Save all months as a table (CSV)")))
    run = sim.simulate(sim.parameters("turbulent", {"organisation.noise": 0.4, "dynamics.months": 30}), 5).monthly()
    assert list(table.columns) == ["world", "month", "group", *run.columns]
    assert np.array_equal(table.iloc[:, 3:].to_numpy(), run.to_numpy(), equal_nan=True)
    picture = page.download("Save what is drawn as a picture (PNG)")
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000


CANVASES = "[...document.querySelectorAll('.chart-place canvas')].map(canvas => canvas.toDataURL())"


def test_the_picture_shows_charts_out_of_sight_in_the_current_month(tab) -> None:
    page = tab("month=30", size=(1000, 500))
    page.press("Step")
    page.until_month(31)
    page.rest()
    before = page.page.evaluate(CANVASES)
    page.download("Save what is drawn as a picture (PNG)")
    saved = page.page.evaluate(CANVASES)
    for place in page.page.locator(".chart-place").all():
        place.scroll_into_view_if_needed()
        page.page.wait_for_timeout(200)
    assert page.page.evaluate(CANVASES) == saved
    assert before != saved


def play_lesson(page: Tab, choice: str) -> str:
    page.press(choice)
    page.press("Run it")
    page.page.get_by_text("3. What happened").wait_for(timeout=90_000)
    return page.page.locator(".guide").inner_text()


def test_a_lesson_asks_runs_and_explains(tab) -> None:
    page = tab()
    page.press("1. Yesterday's market")
    page.page.get_by_role("button", name="Run it").wait_for(state="detached")  # first a prediction
    said = play_lesson(page, "Small interdependent firms")
    assert page.month() == 240
    assert "What happened: small firms that stay alone. You predicted otherwise." in said
    page.press("Try 20 other seeds")
    page.page.get_by_text("Of 20 other seeds: small firms that stay alone").wait_for()


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "choice"),
    [
        ("2. Faster and more complex", "Large firms"),
        ("3. Banding together", "Yes, more"),
        ("4. Everybody does it", "The customers"),
    ],
)
def test_every_lesson_can_be_taken(tab, name: str, choice: str) -> None:
    page = tab()
    page.press(name)
    assert "Your prediction was right." in play_lesson(page, choice)
    shown, link = page.all_seen(), page.query()
    assert tab(link).all_seen() == shown


def test_two_tabs_do_not_disturb_each_other(tab) -> None:
    first, second = tab("seed=1&month=10"), tab("seed=2&month=20&world=yesterday")
    shown = second.all_seen()
    first.press("Play")
    first.until_month(16)
    assert second.month() == 20
    assert second.all_seen() == shown
    second.press("Step")
    second.until_month(21)
    first.press("Pause")
    assert parse_qs(first.query()).get("seed") is None


def test_the_page_fits_a_phone_and_can_be_played_by_keyboard(tab) -> None:
    page = tab("month=3", size=(390, 844))
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 390
    for _ in range(10):
        page.page.keyboard.press("Tab")
        if page.page.evaluate("document.activeElement.innerText.trim()") == "Play":
            break
    page.page.keyboard.press("Enter")
    page.until_month(6)
    page.press("Pause")


@pytest.mark.thorough
def test_a_firm_chosen_shows_where_its_money_goes(tab) -> None:
    page = tab("month=24")
    before = page.seen("Where one firm's money goes")
    page.press("earns least")
    said = page.until_other(before, "Where one firm's money goes")
    assert "overhead" in said
    page.press("the next firm")
    page.until_other(said, "Where one firm's money goes")


@pytest.mark.thorough
def test_the_pictures_work_in_solara_viz_as_the_tutorial_says(browser, tmp_path) -> None:
    tutorial = Path(__file__).parents[2] / "docs" / "tutorials" / "explore_the_market.md"
    (example,) = re.findall(r"```python\n(.*?)```", tutorial.read_text(), flags=re.DOTALL)
    (tmp_path / "mine.py").write_text(example)
    quiet = {"SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False"}
    with serving("-m", "solara", "run", str(tmp_path / "mine.py"), "--no-open", "--port", env=quiet) as (address, _):
        page = Tab(browser, address, waiting="text=Model Parameters")
        page.press("Step")
        page.until_other(page.seen())
        page.close()


# What a parameter needs to make a difference, where the defaults switch it off.
NEEDS = {
    "population.sales_focus": "population.sales_focused=0.5",
    "market.promotion": "population.sales_focused=0.5",
    "market.promotion_effect": "population.sales_focused=0.5&market.promotion=0.2",
    "dynamics.intensity": "dynamics.revision=0.3",
    "organisation.capacity": "organisation.contract=0.02",
    "collaboration.exclusion": "population.maturity=0.7",
    "collaboration.monitoring": "population.maturity=0.7",
    "collaboration.scope": "market.markets=3",
    "collaboration.most_members": "collaboration.most_members=2",
    "finance.reserve_elasticity": "finance.reserve=2",
    **{f"trial.{name}": "trial.first_month=12&trial.months=48" for name in Trial._fields},
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", [name for name in fields() if name not in ("environment.shocks", "dynamics.months")])
def test_every_control_changes_the_run(tab, name: str) -> None:
    page = tab("month=60" + (f"&{NEEDS[name]}" if name in NEEDS else ""))
    before = page.all_seen()
    open_group(page, name.split(".")[0])
    control = page.page.locator(f'[data-parameter="{name}"]')
    field = fields()[name]
    if field.choices:
        control.locator(".v-select").click()
        page.page.get_by_role("option", name=field.choices[-1]).click()
    elif isinstance(field.default, bool):
        control.locator("input[role=switch]").press("Space")
    else:
        box = control.locator("input[type=text]")
        box.fill(str(other_value(name)))
        box.press("Enter")
    page.until(f"location.search.includes('{name}=')")
    page.page.wait_for_timeout(300)
    assert page.all_seen() != before
    assert page.page.locator(".message").count() == 0


def other_value(name: str) -> float:
    """A value that is far from the default, and admitted."""
    default = flat(sim.parameters())[name]
    candidates = [default * 2, default / 3, default + 1, 0.5] if isinstance(default, float) else [default * 2, default + 1]
    for value in candidates:
        try:
            sim.parameters("today", {name: value})
        except sim.ParameterError:
            continue
        if value != default:
            return value
    raise AssertionError(name)
