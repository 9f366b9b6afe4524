"""The economy as a Mesa model, whose agents are views of the economy's arrays."""

from sim.mesa_model.agents import Firm, LargeFirm, SmallFirm
from sim.mesa_model.datacollector import MonthCollector
from sim.mesa_model.model import MarketModel

__all__ = ["Firm", "LargeFirm", "MarketModel", "MonthCollector", "SmallFirm"]
