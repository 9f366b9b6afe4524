"""The old name of `sim.mesa_model` and `sim.app`; it will be removed in the next release."""

raise ImportError(
    "sim.stage has been renamed: the Mesa model and its agents are in sim.mesa_model "
    "(from sim.mesa_model import MarketModel, SmallFirm), the app in the browser is sim.app"
)
