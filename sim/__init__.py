"""Interfirm: when does it pay for firms to be less independent?

>>> import sim
>>> run = sim.simulate(sim.parameters("today", {"dynamics.months": 24}), seed=1)
>>> list(run.summary().index)[:2]
['small independent', 'small interdependent']
"""

import sys

try:
    from sim.economy.one_market import Equilibrium, clear
    from sim.economy.parameters import Parameters
    from sim.economy.simulation import NotClearedError
    from sim.economy.validation import ParameterError, parameters, worlds
    from sim.observation.run import Run, simulate
except ModuleNotFoundError as error:
    if sys.argv[0] != "-m":  # what Python calls the program while it looks for the one in `python -m sim`
        raise
    raise SystemExit(f"interfirm: the package {error.name} is not installed: run `make install`") from None

__all__ = ["Equilibrium", "NotClearedError", "ParameterError", "Parameters", "Run", "clear", "parameters", "simulate", "worlds"]
