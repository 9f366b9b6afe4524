"""Where the money of one firm goes in one month, as a Sankey diagram; inflows equal outflows."""

from __future__ import annotations

from typing import NamedTuple

from sim.app.charts import FONT, TEXT, Option
from sim.economy.parameters import Parameters
from sim.economy.state import State
from sim.observation.decoding import size_and_number
from sim.observation.labels import number
from sim.observation.palette import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION

SMALLEST = 1e-9  # flows below are not drawn


class Flow(NamedTuple):
    """One flow of money in a month: its name, amount and colour."""

    name: str
    amount: float
    colour: str


def flows(state: State, parameters: Parameters, i: int) -> tuple[list[Flow], list[Flow]]:
    """Return the inflows and outflows of the last month: revenue = variable cost + overhead + promotion + wages + dues + profit."""
    firms = state.firms
    overhead = parameters.finance.overhead * float(firms.lines[i])
    variable = float(firms.revenue[i] - firms.operating_profit[i] - firms.promotion[i]) - overhead
    profit = float(firms.profit[i])
    coming = [Flow("customers pay", float(firms.revenue[i]), BLUE), Flow("out of its cash (a loss)", max(-profit, 0.0), VERMILION)]
    going = [
        Flow("cost of what is sold", variable, GREY),
        Flow("overhead", overhead, SKY),
        Flow("promotion", float(firms.promotion[i]), PURPLE),
        Flow("specialists' wages", float(firms.specialist_cost[i]), ORANGE),
        Flow("dues to its alliance", float(firms.dues[i]), "#F0E442"),
        Flow("profit", max(profit, 0.0), GREEN),
    ]
    return [f for f in coming if f.amount > SMALLEST], [f for f in going if f.amount > SMALLEST]


def firm_name(state: State, i: int) -> str:
    """Return size class and number of firm i: "small firm 17"."""
    size, k = size_and_number(state.firms.identity[i])
    return f"{size} firm {k}"


def sankey(state: State, parameters: Parameters, i: int) -> Option:
    """Return a chart of the flows of firm i, as ribbons whose breadth is money."""
    coming, going = flows(state, parameters, i)
    centre = firm_name(state, i)
    label = {flow.name: _said(flow) for flow in (*coming, *going)}
    nodes = [{"name": label[flow.name], "itemStyle": {"color": flow.colour}} for flow in (*coming, *going)]
    links = [{"source": label[flow.name], "target": centre, "value": flow.amount} for flow in coming]
    links += [{"source": centre, "target": label[flow.name], "value": flow.amount} for flow in going]
    return {
        "animation": False,
        "textStyle": {"fontFamily": FONT, "color": TEXT},
        "series": [
            {
                "type": "sankey",
                "data": [*nodes, {"name": centre, "itemStyle": {"color": TEXT}, "label": {"show": False}}] if nodes else [],
                "links": links,
                "draggable": False,
                "silent": True,
                "layoutIterations": 0,
                "left": 8,
                "right": 175,
                "top": 10,
                "bottom": 10,
                "nodeGap": 14,
                "nodeWidth": 18,
                "label": {"fontSize": 14, "color": TEXT},
                "lineStyle": {"color": "gradient", "opacity": 0.45},
            }
        ],
    }


def described(state: State, parameters: Parameters, i: int) -> str:
    """Return the flows of firm i in words."""
    coming, going = flows(state, parameters, i)
    return f"{firm_name(state, i)}: {', '.join(map(_said, (*coming, *going)))}"


def _said(flow: Flow) -> str:
    return f"{flow.name} {number(flow.amount, 2)}"
