"""The plain twin: the whole economy a second time, as ordinary Mesa agents, to be read in class and to prove the engine right.

It has no arrays and nothing compiled; it is slow, but states every rule plainly and uses the same random draws as the engine. Read
`model.py` first, then `firm.py`. See docs/explanation/plain_twin.md.

>>> import sim
>>> from sim.plain import PlainEconomy, by_group
>>> economy = PlainEconomy(sim.parameters("today", {"population.small": 20, "population.large": 1}), seed=1)
>>> for month in range(6):
...     economy.step()
>>> by_group(economy)["small interdependent"]["firms"]
4
>>> allied = economy.agents.select(lambda firm: firm.alliance is not None)
>>> all(firm.interdependent for firm in allied)
True
"""

from sim.plain.alliance import Alliance
from sim.plain.firm import Firm, LargeFirm, SmallFirm
from sim.plain.landscape import Landscape
from sim.plain.market import Market
from sim.plain.measures import by_group, by_month
from sim.plain.model import PlainEconomy

__all__ = ["Alliance", "Firm", "Landscape", "LargeFirm", "Market", "PlainEconomy", "SmallFirm", "by_group", "by_month"]
