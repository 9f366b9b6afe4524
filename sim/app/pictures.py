"""The pictures on the page: each with a title, a plain sentence on how to read it, and its chart."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import solara
from solara import v

from sim.app import charts, flows, network
from sim.app.charts import Option
from sim.app.playing import Sight, history
from sim.app.show import Show
from sim.app.vue import Chart
from sim.app.words import last_values
from sim.economy.measures import GROUPS
from sim.mesa_model.model import MarketModel
from sim.observation.groups import group_numbers
from sim.observation.palette import COLOURS


class Picture(NamedTuple):
    """A chart with its words."""

    title: str
    reading: str
    option: Callable[[Sight], Option]
    said: Callable[[Sight], str] | None = None  # in words; without it, the last value of each line
    tall: bool = False


def _lines(draw: Callable[..., Option]) -> Callable[[Sight], Option]:
    return lambda sight: draw(sight.history, sight.twin, sight.shocks())


PICTURES = {
    "network": Picture(
        "Who is allied with whom",
        "Each dot is a firm; its area shows its product lines. Lines join allies, firms on the rim are alone. "
        "Choose a dot to follow that firm's money.",
        lambda sight: network.network(sight.model.state, sight.firm),
        lambda sight: network.described(sight.model.state),
        tall=True,
    ),
    "profit": Picture("Who earns most", "Profit on a product line in a month, mean of the last 12 months.", _lines(charts.profit)),
    "survival": Picture(
        "Who survives", "Of 100 firms, how many live through a year, at the rate of the last 12 months.", _lines(charts.living)
    ),
    "adaptation": Picture(
        "Who adapts how fast",
        "How good a firm's way of doing business is (fitness), in percent of the best that anybody has this month.",
        _lines(charts.adaptation),
    ),
    "specialists": Picture(
        "How many specialists firms want",
        "Mean over the firms of a group; an alliance wants them for all its members. Firms learn it from others that earn more.",
        _lines(charts.specialists),
    ),
    "prices": Picture("Prices", "What a customer pays, mean over the firms of a group.", _lines(charts.prices)),
    "shares": Picture(
        "Who serves the customers",
        "Percent of all customers, by the group they buy from.",
        lambda sight: charts.shares(sight.history, sight.model.parameters.market.markets),
        lambda sight: charts.described_shares(sight.history, sight.model.parameters.market.markets),
    ),
    "flows": Picture(
        "Where one firm's money goes",
        "One month of the firm chosen: what comes in on the left goes out on the right.",
        lambda sight: flows.sankey(sight.model.state, sight.model.parameters, sight.firm),
        lambda sight: flows.described(sight.model.state, sight.model.parameters, sight.firm),
    ),
}


def component(name: str, firm: int = 0) -> Callable[[MarketModel], solara.Element]:
    """A picture as a component of Mesa's own SolaraViz: `SolaraViz(MarketModel(), components=[component("network")])`."""
    return lambda model: _chart(PICTURES[name], Sight(model, history(model), None, firm), lambda _: None)


def _chart(picture: Picture, sight: Sight, selected: Callable[[int], None]) -> solara.Element:
    option = picture.option(sight)
    said = picture.said(sight) if picture.said else last_values(option)
    return Chart(option, f"{picture.title}. {said}", picture.title, selected)


@solara.component
def Pictures(show: Show, names: tuple[str, ...]) -> None:
    """Some of the pictures, side by side where there is room."""
    with v.Html(tag="div", class_="pictures"):
        for name in names:
            Card(show, name).key(name)


@solara.component
def Card(show: Show, name: str) -> None:
    """One picture."""
    show.picture.get()
    picture = PICTURES[name]
    with v.Html(tag="section", class_=f"card {'tall' if picture.tall else ''}", attributes={"data-card": name}):
        solara.HTML("h2", picture.title)
        solara.HTML("p", picture.reading, classes=["reading"])
        if name == "network":
            Legend(show)
        if name == "flows":
            Chooser(show)
        _chart(picture, show.pair.sight(show.firm.value), show.firm.set)


@solara.component
def Legend(show: Show) -> None:
    """Which colour is which group, and the cross."""
    group = group_numbers(show.pair.model.state.firms)
    with v.Html(tag="ul", class_="legend"):
        for g, name in enumerate(GROUPS):
            if (group == g).any():
                solara.HTML("li", f'<span class="dot" style="background:{COLOURS[name]}"></span>{name}')
        solara.HTML("li", '<span class="cross">✖</span>broke its word this month')
        solara.HTML("li", '<span class="ring"></span>firm chosen')


@solara.component
def Chooser(show: Show) -> None:
    """Which firm is followed: by its place in the list, or the best and the worst."""
    firms = show.pair.model.state.firms
    last = firms.identity.size - 1
    profit = firms.profit / firms.lines

    def by(step: int) -> None:
        show.firm.set((show.firm.value + step) % (last + 1))

    with v.Html(tag="div", class_="chooser"):
        solara.Button(icon_name="mdi-chevron-left", on_click=lambda: by(-1), attributes={"aria-label": "the firm before"})
        solara.HTML("strong", flows.firm_name(show.pair.model.state, show.firm.value))
        solara.Button(icon_name="mdi-chevron-right", on_click=lambda: by(1), attributes={"aria-label": "the next firm"})
        solara.Button("earns most", on_click=lambda: show.firm.set(int(profit.argmax())), text=True)
        solara.Button("earns least", on_click=lambda: show.firm.set(int(profit.argmin())), text=True)
