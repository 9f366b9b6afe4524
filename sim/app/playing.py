"""The models behind one screen: the run shown and, if wanted, the comparison run, always in the same month."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.app.setting import Setting
from sim.economy.measures import ALL_GROUPS, GROUP_NAMES
from sim.economy.simulation import History
from sim.mesa_model.datacollector import COLUMNS
from sim.mesa_model.model import MarketModel


class Sight(NamedTuple):
    """What pictures are drawn from."""

    model: MarketModel
    history: History  # all months of the model
    twin: History | None  # all months of the comparison run
    firm: int  # the row of the firm that is followed

    def shocks(self) -> list[int]:
        """The months in which disruptions struck or will strike, 0 = the first."""
        return [shock.month for shock in self.model.parameters.environment.shocks]


def history(model: MarketModel) -> History:
    """All that the model's DataCollector has recorded, as arrays (months x groups x measures, months x measures)."""
    columns = model.datacollector.model_vars
    recorded = np.array([columns[name] for name in COLUMNS]).T
    groups = len(ALL_GROUPS) * len(GROUP_NAMES)
    return History(recorded[:, :groups].reshape(-1, len(ALL_GROUPS), len(GROUP_NAMES)), recorded[:, groups:])


class Pair:
    """A run, and perhaps a comparison run with the same random draws."""

    def __init__(self, setting: Setting) -> None:
        """Play the setting up to its month."""
        twin = setting.twin()
        self.setting = setting._replace(month=0)
        self.model = _model(setting)
        self._beside = _model(twin) if twin else None
        self._play(setting)

    def go(self, setting: Setting) -> Pair:
        """The pair in this setting: played on if only the month is later, else played anew from the first month."""
        if setting.month < self.setting.month or setting._replace(month=0) != self.setting._replace(month=0):
            return Pair(setting)
        self._play(setting)
        return self

    def sight(self, firm: int = 0) -> Sight:
        """What is to be seen now."""
        return Sight(self.model, self.history, self.twin, firm)

    def _play(self, setting: Setting) -> None:
        months = setting.month - self.setting.month
        for model in (self.model, self._beside):
            if model is not None and months:
                model.run(months)
        self.setting = setting
        self.history = history(self.model)
        self.twin = history(self._beside) if self._beside else None


def _model(setting: Setting) -> MarketModel:
    setting.parameters()  # what the model would accept may still be too much for a page
    return MarketModel(world=setting.world, rng=setting.seed, **setting.changes)
