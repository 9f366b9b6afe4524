"""How firms learn from what others earn: which strategy, whether to stay in an alliance, how many specialists.

All firms learn at the same time, when the month opens. What they compare is trailing profit per line, after all costs.
"""

import math
from typing import TYPE_CHECKING

from sim.economy import chance as purposes
from sim.economy.choices import Staffing
from sim.plain.staffing import hiring_unit

if TYPE_CHECKING:
    from sim.plain.alliance import Alliance
    from sim.plain.firm import Firm
    from sim.plain.model import PlainEconomy


def reconsider_strategy(firm: "Firm") -> None:
    """Compare itself with another firm of the same size, and perhaps want its strategy."""
    firm.next_strategy, dynamics = firm.interdependent, firm.model.parameters.dynamics
    if firm.has_record and firm.uniform(purposes.REVISION) < dynamics.revision:
        other = firm.find(purposes.ROLE_MODEL, firm.could_learn_from)
        if other and firm.uniform(purposes.ADOPTION) < persuasion(other.success - firm.success, dynamics.intensity):
            firm.next_strategy = other.interdependent


def reconsider_membership(firm: "Firm") -> None:
    """Compare itself, as a member, with an unallied firm of the same size, and perhaps decide to leave."""
    firm.left, parameters = False, firm.model.parameters
    may_leave = firm.is_allied and not firm.never_leaves
    if may_leave and firm.uniform(purposes.RECONSIDER) < parameters.collaboration.reconsider:
        other = firm.find(purposes.COMPARISON, lambda other: firm.could_learn_from(other) and not other.is_allied)
        if other:
            push = math.tanh(parameters.dynamics.intensity * (other.success - firm.success) / 2)
            firm.left = firm.uniform(purposes.LEAVING) < push


def persuasion(better: float, intensity: float) -> float:
    """Return the chance that somebody who earns more by `better` is followed: 1/(1 + exp(-intensity·better)) (Fermi rule)."""
    return 1 / (1 + math.exp(min(-intensity * better, 709)))


def review_staffing(model: "PlainEconomy") -> None:
    """Let those who hire, firms and alliances, learn how many specialists to want."""
    if model.parameters.organisation.staffing != Staffing.LEARNED:
        return
    units = dict.fromkeys(map(hiring_unit, model.agents))
    by_head = {unit.head: unit for unit in units if unit and unit.has_record}
    for unit in by_head.values():
        unit.next_wanted = _reviewed(unit, by_head)
    for unit in by_head.values():
        unit.wanted = unit.next_wanted


def _reviewed(unit: "Firm | Alliance", by_head: "dict[Firm, Firm | Alliance]") -> int:
    """Return how many specialists a unit wants next: perhaps as many as another one of its kind, perhaps one more or less."""
    head, wanted, parameters = unit.head, unit.wanted, unit.model.parameters
    if head.uniform(purposes.REVIEW) < parameters.organisation.review:
        found = head.find(purposes.REVIEWED, lambda firm: firm is not head and firm in by_head and by_head[firm].kind == unit.kind)
        if found:
            other = by_head[found]
            if head.uniform(purposes.REVIEW_ADOPTION) < persuasion(other.success - unit.success, parameters.dynamics.intensity):
                wanted = other.wanted
    if head.uniform(purposes.VARIATION) < parameters.organisation.variation:
        wanted += 1 if head.bits(purposes.VARIATION_SIGN) & 1 else -1
    return min(max(wanted, 0), parameters.environment.domains)
