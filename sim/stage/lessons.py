"""Four lessons for class, each defined once: a question, a world to run, what happened in it, and why.

What happened is read off the run on the screen, so that it is right for any seed; how often it comes out that way is counted by
playing other seeds when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import NamedTuple

from sim.economy.measures import CONSUMERS, TOTAL
from sim.economy.month import History
from sim.stage.playing import Pair
from sim.stage.setting import INDEPENDENT, SIMPLE_AND_SLOW, Setting
from sim.stage.words import means, money

MONTHS = 240
KEPT = slice(60, None)  # the first quarter is left out, as in experiments
TIE = 0.01
SMALL, ALLIED, LARGE = "small independent", "small interdependent", "large independent"


class Lesson(NamedTuple):
    """A guided tour: predict, run, explain."""

    name: str
    title: str
    story: str
    question: str
    choices: tuple[str, ...]
    expected: int  # the choice that most seeds bear out; the tests count
    setting: Setting
    found: Callable[[Pair], int]  # the choice that this run bears out
    seen: Callable[[Pair], str]  # what was seen, in numbers of this run
    why: str
    beyond: str  # what to try next
    charts: tuple[str, ...]  # which pictures it needs

    def played(self, seed: int) -> Pair:
        """The lesson's world after its last month."""
        return Pair(self.setting._replace(seed=seed, month=MONTHS))


def profits(history: History) -> dict[str, float]:
    """Profit per line and month of each group, mean over the months that count."""
    return means(history, "profit_per_line", KEPT)


def _highest(values: dict[str, float], groups: tuple[str, ...]) -> int:
    """Which group has the highest value; one more than the last where the lead is too small to be one."""
    ranked = sorted(groups, key=lambda group: -values.get(group, float("-inf")))
    if values[ranked[0]] - values.get(ranked[1], float("-inf")) < TIE:
        return len(groups)
    return groups.index(ranked[0])


def _listed(values: dict[str, float], groups: tuple[str, ...] = (SMALL, ALLIED, LARGE)) -> str:
    return ", ".join(f"{group} firms {money(values[group])}" for group in groups if group in values)


def _who_earns_most(pair: Pair) -> int:
    return _highest(profits(pair.history), (SMALL, ALLIED, LARGE))


def _yesterday_seen(pair: Pair) -> str:
    allied = means(pair.history, "allied", KEPT)[ALLIED]
    return (
        f"Profit a line and month, mean of months 61 to {MONTHS}: {_listed(profits(pair.history))}. "
        f"Of the firms willing to ally, {allied:.0%} were in an alliance in a month."
    )


def _losses(pair: Pair) -> dict[str, float]:
    there, here = profits(_twin(pair)), profits(pair.history)
    return {group: there[group] - here[group] for group in (SMALL, ALLIED, LARGE)}


def _losses_seen(pair: Pair) -> str:
    lost = {group: -loss for group, loss in _losses(pair).items()}
    return f"Change in profit a line and month against the simple and slow world (dashed), months 61 to {MONTHS}: {_listed(lost)}."


def _does_allying_pay(pair: Pair) -> int:
    values = profits(pair.history)
    gain = values[ALLIED] - values[SMALL]
    return 0 if gain >= TIE else 2 if gain <= -TIE else 1


def _allying_seen(pair: Pair) -> str:
    known, fit = (means(pair.history, name, KEPT) for name in ("coverage", "fitness"))
    return (
        f"Profit a line and month, mean of months 61 to {MONTHS}: {_listed(profits(pair.history))}. "
        f"A firm willing to ally could judge {known[ALLIED]:.1f} of 6 fields, one alone {known[SMALL]:.1f}; "
        f"its way of doing business was worth {fit[ALLIED]:.2f} against {fit[SMALL]:.2f} (fitness, 0 to 1)."
    )


def _shared(pair: Pair) -> tuple[float, float]:
    """What customers and what all firms together gain a month against the world beside."""
    here, there = (h.by_month[KEPT].mean(axis=0) for h in (pair.history, _twin(pair)))
    customers = float(here[CONSUMERS] - there[CONSUMERS])
    return customers, float(here[TOTAL] - there[TOTAL]) - customers


def _who_gains(pair: Pair) -> int:
    customers, firms = _shared(pair)
    if max(customers, firms) <= 0:
        return 2
    return 0 if firms > customers else 1


def _shared_seen(pair: Pair) -> str:
    customers, firms = _shared(pair)
    return (
        f"Against the same luck with everyone independent (dashed), a month, months 61 to {MONTHS}: customers "
        f"{'gain' if customers > 0 else 'lose'} {money(abs(customers))}, all firms together {'gain' if firms > 0 else 'lose'} {money(abs(firms))}."
    )


def _twin(pair: Pair) -> History:
    assert pair.twin is not None
    return pair.twin


def _world(world: str, changes: dict[str, float], beside: str = "nothing") -> Setting:
    return Setting(world=world, changes=MappingProxyType(changes), beside=beside)


LESSONS = (
    Lesson(
        name="yesterday",
        title="Yesterday's market",
        story="Little interacts, little changes, and working together is dear: partners are hard to find and each costs much coordination. "
        "There are 100 small firms, half of them willing to ally, and 5 large ones.",
        question="Who will earn most on a product line?",
        choices=("Small firms that stay alone", "Small firms that are willing to ally", "Large firms", "No clear winner"),
        expected=0,
        setting=_world("yesterday", {}),
        found=_who_earns_most,
        seen=_yesterday_seen,
        why="Where little interacts and little changes, one soon finds a good way of doing business alone, and it stays good. "
        "All groups end up about equally fit (look at 'Who adapts how fast'). Knowledge of more fields has little left to improve, but "
        "specialists and partners cost money every month. So those who pay for neither keep more.",
        beyond="Close the lesson and lower 'coordination' and raise 'meeting' under collaboration. Does allying pay in a simple world when it is cheap?",
        charts=("profit", "adaptation", "network"),
    ),
    Lesson(
        name="faster",
        title="Faster and more complex",
        story="Two worlds with the same firms and the same luck. In one, decisions hardly interact and knowledge lasts (dashed). "
        "In the other, everything depends on everything, and in a month one decision in ten must be thought anew.",
        question="Which firms will lose most by the change, on a product line?",
        choices=("Small firms that stay alone", "Small firms that are willing to ally", "Large firms", "No clear loser"),
        expected=2,
        setting=_world("today", {"environment.complexity": 11, "environment.speed": 0.1}, SIMPLE_AND_SLOW),
        found=lambda pair: _highest(_losses(pair), (SMALL, ALLIED, LARGE)),
        seen=_losses_seen,
        why="It is the speed more than the complexity. In a large firm every idea climbs through layers of management, one a month, and is judged anew "
        "on each: in a fast world it is outdated when it arrives. With their profits the large lose their specialists too, and more of them close. "
        "Small firms put an idea into force in the month they have it. They know less than before as well, but so do their rivals, and in a market it "
        "counts to be better than the others.",
        beyond="Close the lesson and put 'speed' back to 0.002 under environment: what is left of the loss? Or raise 'span' under organisation to 50, which "
        "means fewer layers.",
        charts=("profit", "survival", "adaptation"),
    ),
    Lesson(
        name="banding",
        title="Banding together",
        story="Today's market: interacting decisions, steady change. Half of the small firms are willing to ally. Allies pool what they know and hire "
        "specialists together. It costs dues every month, and now and then a partner breaks its word (red cross).",
        question="Will the small firms that are willing to ally earn more than those that stay alone?",
        choices=("Yes, more", "About the same", "No, less"),
        expected=0,
        setting=_world("today", {}),
        found=_does_allying_pay,
        seen=_allying_seen,
        why="Alone, a small firm knows one field and can seldom pay a specialist. Three or four allies who each know another field can judge most of "
        "an idea before they try it, and share a specialist's wage for the rest. So they adopt better ideas, not more of them, draw more customers, and "
        "that is worth more than the dues. A part of the gain has a plainer reason: firms alone hire as much as they can afford, more than pays.",
        beyond="Close the lesson and switch 'pooled competence' off under collaboration. Then try joint hiring. Which one carries the advantage?",
        charts=("network", "profit", "flows"),
    ),
    Lesson(
        name="everybody",
        title="Everybody does it",
        story="Allying paid for those who did it. Now all firms, small and large, are willing to ally. Beside it, dashed, the same luck with everyone "
        "independent.",
        question="Who gains most when everybody does it, against a world in which nobody does?",
        choices=("The firms", "The customers", "Nobody"),
        expected=1,
        setting=_world("today", {"population.small_interdependent": 1.0, "population.large_interdependent": 1.0}, INDEPENDENT),
        found=_who_gains,
        seen=_shared_seen,
        why="When one firm becomes better, it takes customers from others. When all become better, there is nobody left to take them from: better offers at about "
        "the same prices go to the customers, and rivalry keeps the firms' profits nearly where they were. What paid for the few does not pay the same for all. "
        "Yet no firm has a reason to stay behind alone.",
        beyond="Close the lesson and lower 'small interdependent' under population step by step. What does an ally gain when few do it?",
        charts=("profit", "shares", "network"),
    ),
)
"""In the order in which a class takes them."""


def lesson(name: str) -> Lesson | None:
    """The lesson of this name."""
    return next((found for found in LESSONS if found.name == name), None)


def tally(chosen: Lesson, seeds: range) -> list[int]:
    """How many of these seeds bear out each choice."""
    outcomes = [chosen.found(chosen.played(seed)) for seed in seeds]
    return [outcomes.count(choice) for choice in range(len(chosen.choices))]
