"""How the economy is shown: a Mesa model whose agents are views on the economy's rows. The only folder that imports Mesa."""

from sim.mesa_model.agents import Firm, LargeFirm, SmallFirm
from sim.mesa_model.datacollector import MonthCollector
from sim.mesa_model.model import MarketModel

__all__ = ["Firm", "LargeFirm", "MarketModel", "MonthCollector", "SmallFirm"]
