"""What is on the page, as one value: world, changes, seed, month. The page is a function of it: a link can bring it back."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from sim.economy.parameters import Parameters
from sim.economy.validation import ParameterError, flat, nearest, parameters
from sim.economy.worlds import WORLDS

MOST_FIRMS = 20_000  # what a browser can still draw
MOST_FIRM_MONTHS = 20_000_000  # what is replayed within some seconds
INDEPENDENT = "everyone independent"
NOTHING = "nothing"
TWINS: dict[str, dict[str, Any]] = {
    INDEPENDENT: {"population.small_interdependent": 0.0, "population.large_interdependent": 0.0, "dynamics.revision": 0.0},
    "little interacting and little changing": {"environment.complexity": 1, "environment.speed": 0.002},
}
BESIDE = (NOTHING, *TWINS, *WORLDS)
SHOCKS = "environment.shocks"


class Setting(NamedTuple):
    """A world, changes to it, the seed, how far it has been played, and the comparison run."""

    world: str = "today"
    changes: Mapping[str, Any] = MappingProxyType({})  # by full name, as one writes them
    seed: int = 1
    month: int = 0
    beside: str = NOTHING

    def change(self, name: str, value: Any) -> Setting:
        """Another value for one parameter, not yet checked; a change back to the world's own value leaves no trace."""
        own = flat(parameters(self.world))[name]
        kept = {key: old for key, old in self.changes.items() if key != name}
        return self._replace(changes=MappingProxyType(kept if value == own else {**kept, name: value}))

    def disrupt(self, magnitude: float) -> Setting:
        """A shock in the month that comes next."""
        shocks = [*flat(self.parameters())[SHOCKS], {"month": self.month, "magnitude": magnitude}]
        return self.change(SHOCKS, shocks)

    def from_the_beginning(self) -> Setting:
        """The same world before its first month, without the disruptions made by hand."""
        kept = {name: value for name, value in self.changes.items() if name != SHOCKS}
        return self._replace(month=0, changes=MappingProxyType(kept))

    def parameters(self) -> Parameters:
        """All parameters of the world shown.

        Raises:
            ParameterError: what is set is refused, or too much for a page.
        """
        return _shown(parameters(self.world, self.changes), self)

    def twin(self) -> Setting | None:
        """Return the comparison run: the same random draws and disruptions, another treatment."""
        if self.beside == NOTHING:
            return None
        kept = self.changes if self.beside in TWINS else {SHOCKS: self.changes[SHOCKS]} if SHOCKS in self.changes else {}
        sizes = {name: value for name, value in self.changes.items() if name in ("population.small", "population.large")}
        world = self.world if self.beside in TWINS else self.beside
        return self._replace(world=world, changes={**sizes, **kept, **TWINS.get(self.beside, {})}, beside=NOTHING)


def checked(setting: Setting) -> Setting:
    """The setting, if it can be shown.

    Raises:
        ParameterError: a part of it is refused.
    """
    setting.parameters()
    if setting.beside not in BESIDE:
        raise ParameterError(f"beside = {setting.beside!r}: must be one of {', '.join(BESIDE)}{nearest(setting.beside, BESIDE)}")
    twin = setting.twin()
    if twin:
        twin.parameters()
    return setting


def whole_number(name: str, text: str, largest: int) -> int:
    """A whole number from 0 to `largest`, from what somebody typed.

    Raises:
        ParameterError: it is none.
    """
    stripped = text.strip()
    if not (stripped.isascii() and stripped.isdecimal() and len(stripped) <= 20 and int(stripped) <= largest):
        raise ParameterError(f"{name} = {text[:40]!r}: must be a whole number from 0 to {largest}")
    return int(stripped)


def _shown(chosen: Parameters, setting: Setting) -> Parameters:
    firms = chosen.population.small + chosen.population.large
    if firms > MOST_FIRMS:
        raise ParameterError(f"{firms:,} firms: the page shows at most {MOST_FIRMS:,}; `interfirm run` takes more")
    if firms * setting.month > MOST_FIRM_MONTHS:
        raise ParameterError(
            f"month = {setting.month}: with {firms:,} firms the page plays at most {MOST_FIRM_MONTHS // firms:,} months; "
            "`interfirm run` takes more"
        )
    return chosen
