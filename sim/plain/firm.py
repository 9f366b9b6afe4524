"""A firm, and what it does in a month, in the order of the month; how it searches is in `search.py`."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import mesa

from sim.economy import chance as purposes
from sim.economy.choices import Entry, Scope
from sim.plain import chance
from sim.plain.alliance import Alliance, club_cost, hire, specialist_cost
from sim.plain.state import FirmState

if TYPE_CHECKING:
    from sim.plain.model import PlainEconomy

TRAILING_WEIGHT = 0.2


class Firm(FirmState, mesa.Agent):  # type: ignore[misc]
    """A firm. Small and large firms differ only in their number of product lines."""

    size = 0

    def __init__(self, model: "PlainEconomy", number: int, lines: int) -> None:
        super().__init__(model)
        demand = model.parameters.market
        self.number, self.lines = number, lines
        self.identity = (self.size << 40) + number
        self.market = model.markets[number % demand.markets]
        self.interdependent, self.sales_focus = False, 0.0
        self.layers = int(math.log(lines) / math.log(model.parameters.organisation.span) + 0.5 + 1e-12)  # halves go up
        self.marginal_cost = demand.marginal_cost * lines**-demand.scale_elasticity
        self.overhead = model.parameters.finance.overhead * lines
        self.alliance = None
        self.entered = False
        self.start_up()

    def start_up(self) -> None:
        """Start with a random competence and business model, half the reserve in cash, and no past."""
        environment, finance = self.model.parameters.environment, self.model.parameters.finance
        self.competence = self.index(purposes.COMPETENCE, environment.domains)
        self.business_model = self.bits(purposes.BUSINESS_MODEL) % 2**environment.decisions
        self.proposal = 0
        self.failed = self.expelled = self.keeps_word = False
        self.exclusion = self.age = 0
        self.cash = 0.5 * finance.reserve * finance.overhead * self.lines
        self.revenue = self.trailing_operating_profit = self.trailing_profit = 0.0

    def find(self, purpose: int, suits: "Callable[[Firm], bool]") -> "Firm | None":
        """Return one of the firms that suit, all equally likely, or None."""
        if not any(suits(other) for other in self.model.agents):
            return None
        firms, people = self.model.firms, self.model.parameters.population
        return chance.first_to_ring(self.bits(purpose), (people.small, people.large), firms, suits)

    # The month opens.

    def open_month(self) -> None:
        """Count down the exclusion; after a failure start up again, or close for good."""
        collaboration, entry = self.model.parameters.collaboration, self.model.parameters.dynamics.entry
        self.exclusion = collaboration.exclusion if self.expelled else max(self.exclusion - 1, 0)
        if self.expelled or self.failed:
            self.leave()
        self.expelled, self.entered = False, self.failed and entry != Entry.NONE
        if self.entered:
            role_model = self.find(purposes.ENTRANT_STRATEGY, self.could_follow) if entry == Entry.IMITATE else None
            self.interdependent = (role_model or self).interdependent
            self.start_up()
        elif self.failed:
            del self.model.firms[self.size, self.number]
            self.remove()

    def reconsider(self) -> None:
        """Compare trailing profit per line with another firm of the same size, and perhaps want its strategy (Fermi rule)."""
        self.wants_allies, dynamics = self.interdependent, self.model.parameters.dynamics
        if self.has_record and self.uniform(purposes.REVISION) < dynamics.revision:
            other = self.find(purposes.ROLE_MODEL, self.could_follow)
            if other:
                better = other.trailing_profit / other.lines - self.trailing_profit / self.lines
                if self.uniform(purposes.ADOPTION) < 1 / (1 + math.exp(min(-dynamics.intensity * better, 709))):
                    self.wants_allies = other.interdependent

    def change_strategy(self) -> None:
        """Take the strategy that it wants; a firm that turns independent leaves its alliance."""
        self.interdependent = self.wants_allies
        if not self.interdependent:
            self.leave()

    @property
    def has_record(self) -> bool:
        """Whether it has traded and is still in business."""
        return self.age > 0 and not self.failed

    def could_follow(self, other: "Firm") -> bool:
        """Return whether the other firm can be its role model."""
        return other is not self and other.size == self.size and other.has_record

    # Alliances form and staff.

    def looks_for_allies(self) -> bool:
        """Return whether it may ally and looks for allies this month."""
        free = self.interdependent and self.alliance is None and self.exclusion == 0
        return free and self.uniform(purposes.MEETING) < self.model.parameters.collaboration.meeting

    def could_meet(self, other: "Firm") -> bool:
        """Return whether the other firm is interdependent and within scope."""
        scope = self.model.parameters.collaboration.scope
        same_size = scope != Scope.SAME_SIZE or other.size == self.size
        other_market = scope != Scope.OTHER_MARKET or other.market is not self.market
        return other is not self and other.interdependent and same_size and other_market

    def meet(self) -> None:
        """Join the firm that it meets, or its alliance, if full coverage becomes cheaper for the incumbents."""
        other = self.find(purposes.PARTNER, self.could_meet) if self.alliance is None else None
        if other and other.exclusion == 0:
            incumbents = other.alliance.members if other.alliance else [other]
            if club_cost([*incumbents, self], self.model.parameters) < club_cost(incumbents, self.model.parameters):
                (other.alliance or Alliance(other)).admit(self)

    def leave(self) -> None:
        """Leave the alliance, if it is in one."""
        if self.alliance:
            self.alliance.dismiss(self)

    def keep_word(self) -> None:
        """Draw whether it keeps its word this month."""
        self.keeps_word = (
            self.alliance is not None and self.uniform(purposes.KEEPS_WORD) < self.model.parameters.population.maturity
        )

    def staff(self) -> None:
        """Get coverage from the alliance, pay dues if it keeps its word, and hire alone where nobody hires jointly."""
        organisation, domains = self.model.parameters.organisation, self.model.parameters.environment.domains
        self.coverage, self.specialists, self.specialist_cost, self.dues = {self.competence}, set(), 0.0, 0.0
        if self.alliance:
            self.coverage |= self.alliance.contributed | self.alliance.hired
            self.dues = self.alliance.dues if self.keeps_word else 0.0
        if not self.alliance or not self.model.parameters.collaboration.joint_hiring:
            cost, budget = specialist_cost(1, organisation), organisation.affordability * self.trailing_operating_profit
            self.specialists = hire(self.coverage, self.competence + 1, cost, budget, domains)
            self.specialist_cost = cost * len(self.specialists)
            self.coverage |= self.specialists

    def show(self) -> None:
        """Show last month's business model to the others, because all firms search at the same time."""
        self.shown_model = self.business_model

    # Markets clear, accounts are settled, the month closes.

    def promote(self) -> None:
        """Spend a part of last month's revenue on promotion, if the firm is sales-focused."""
        self.promotion = self.model.parameters.market.promotion * self.sales_focus * self.revenue

    def settle(self) -> None:
        """Settle the accounts of the month; cash beyond the reserve is paid out."""
        sold = self.market.customers * self.share
        self.revenue = sold * self.price
        self.operating_profit = sold * (self.price - self.marginal_cost) - self.overhead - self.promotion
        self.profit = self.operating_profit - self.specialist_cost - self.dues
        weight = TRAILING_WEIGHT if self.age > 0 else 1.0
        self.trailing_operating_profit += weight * (self.operating_profit - self.trailing_operating_profit)
        self.trailing_profit += weight * (self.profit - self.trailing_profit)
        self.cash = min(self.cash + self.profit, self.model.parameters.finance.reserve * self.overhead)

    def close_month(self) -> None:
        """Perhaps be found out as a shirker, and fail without cash; both take effect when the next month opens."""
        shirks = self.alliance is not None and not self.keeps_word
        self.expelled = shirks and self.uniform(purposes.MONITORING) < self.model.parameters.collaboration.monitoring
        self.failed = self.cash < 0
        self.age += 1


class SmallFirm(Firm):
    """A firm of few product lines."""


class LargeFirm(Firm):
    """A firm of many product lines, and therefore with layers of management."""

    size = 1
