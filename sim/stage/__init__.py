"""How the economy is shown: a Mesa model whose agents are views on the economy's rows. The only folder that imports Mesa."""

from sim.stage.collector import MonthCollector
from sim.stage.firms import Firm, LargeFirm, SmallFirm
from sim.stage.model import MarketModel

__all__ = ["Firm", "LargeFirm", "MarketModel", "MonthCollector", "SmallFirm"]
