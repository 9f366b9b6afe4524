"""A firm, and what it does in a month. How it learns, meets others, hires and searches is in the modules of these names."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import mesa

from sim.economy import chance as purposes
from sim.economy.choices import Entry
from sim.plain import chance
from sim.plain.search import grow_older
from sim.plain.staffing import first_wanted
from sim.plain.state import FirmState

if TYPE_CHECKING:
    from sim.plain.model import PlainEconomy

TRAILING_WEIGHT = 0.2
LEAST_REVENUE = 1e-250


class Firm(FirmState, mesa.Agent):  # type: ignore[misc]
    """A firm. Small and large firms differ only in their number of product lines."""

    size = 0

    def __init__(self, model: "PlainEconomy", number: int, lines: int) -> None:
        super().__init__(model)
        demand, finance = model.parameters.market, model.parameters.finance
        self.number, self.lines = number, lines
        self.identity = (self.size << 40) + number
        self.market = model.markets[number % demand.markets]
        self.interdependent, self.sales_focus = False, 0.0
        self.layers = int(math.log(lines) / math.log(model.parameters.organisation.span) + 0.5 + 1e-12)  # halves go up
        self.marginal_cost = demand.marginal_cost * lines**-demand.scale_elasticity
        self.overhead = finance.overhead * lines
        self.reserve = finance.reserve * finance.overhead * lines * math.exp(finance.reserve_elasticity * math.log(lines))
        self.alliance, self.entered = None, False
        self.never_looks = self.never_allies = self.never_leaves = False
        self.staffing_offset = 0
        self.leave_trial()
        self.start_up()

    def start_up(self, ancestor: "Firm | None" = None) -> None:
        """Start with half the reserve and no past, with business model and staffing of an ancestor, or random ones."""
        environment = self.model.parameters.environment
        self.competence = self.index(purposes.COMPETENCE, environment.domains)
        self.business_model = self.bits(purposes.BUSINESS_MODEL) % 2**environment.decisions
        self.wanted = first_wanted(self)
        if ancestor:
            self.business_model, self.wanted = ancestor.business_model, ancestor.wanted
        self.proposal = self.copied = self.copied_decisions = self.copied_months = 0
        self.failed = self.expelled = self.left = self.keeps_word = False
        self.exclusion = self.age = 0
        self.cash = 0.5 * self.reserve
        self.revenue = self.trailing_operating_profit = self.trailing_profit = 0.0

    def leave_trial(self) -> None:
        """Take no part in a field trial, or no longer."""
        self.assignment, self.baseline, self.peers = "", math.nan, math.nan

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
        self.entered = self.failed and entry != Entry.NONE
        stays = self.alliance and self.alliance.trial and self.entered and self.model.parameters.trial.successors
        if (self.expelled or self.failed) and not stays:
            self.leave()
        self.expelled = False
        grow_older(self)
        if self.entered:
            self.replace(imitate=entry == Entry.IMITATE)
        elif self.failed:
            del self.model.firms[self.size, self.number]
            self.remove()

    def replace(self, imitate: bool) -> None:
        """Become a start-up, which perhaps takes its strategy, and perhaps business model and staffing, from survivors."""
        parameters = self.model.parameters
        role_model = self.find(purposes.ENTRANT_STRATEGY, self.could_learn_from) if imitate else None
        self.interdependent = (role_model or self).interdependent
        inherits = self.uniform(purposes.INHERITANCE) < parameters.dynamics.inheritance
        self.start_up(self.find(purposes.ANCESTOR, self.could_learn_from) if inherits else None)
        if not parameters.trial.successors:
            self.leave_trial()

    @property
    def has_record(self) -> bool:
        """Whether it has traded and is still in business."""
        return self.age > 0 and not self.failed

    def could_learn_from(self, other: "Firm") -> bool:
        """Return whether the other firm is of its size and has a record."""
        return other is not self and other.size == self.size and other.has_record

    @property
    def success(self) -> float:
        """What firms compare: trailing profit per line, after all costs."""
        return self.trailing_profit / self.lines

    @property
    def head(self) -> "Firm":
        """Itself: as a unit that hires, a firm is its own head (see staffing.py)."""
        return self

    @property
    def kind(self) -> object:
        """With what kind of unit it compares its staffing: with firms of its size that are allied, or not, like itself."""
        return self.size, self.is_allied

    def change_strategy(self) -> None:
        """Take the strategy that it wants."""
        self.interdependent = self.next_strategy

    def part(self) -> None:
        """Leave the alliance if it decided to, or turned independent."""
        if self.left or (self.is_allied and not self.interdependent):
            self.leave()

    def leave(self) -> None:
        """Leave the alliance or the trial group, if it is in one."""
        if self.alliance:
            self.alliance.dismiss(self)

    # Alliances form, firms search.

    @property
    def is_allied(self) -> bool:
        """Whether it is in an alliance; the group of a field trial is none."""
        return self.alliance is not None and not self.alliance.trial

    def keep_word(self) -> None:
        """Draw whether it keeps its word this month."""
        self.keeps_word = self.alliance is not None and self.uniform(purposes.KEEPS_WORD) < self.alliance.maturity

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
        self.cash = min(self.cash + self.profit, self.reserve)

    @property
    def log_revenue(self) -> float:
        """The logarithm of the latest month's revenue per line; a revenue that vanishes counts as LEAST_REVENUE."""
        return math.log(max(self.revenue / self.lines, LEAST_REVENUE))

    def close_month(self) -> None:
        """Perhaps be found out as a shirker, and fail without cash; both take effect when the next month opens."""
        shirks = self.is_allied and not self.keeps_word
        self.expelled = shirks and self.uniform(purposes.MONITORING) < self.model.parameters.collaboration.monitoring
        self.failed = self.cash < 0
        self.age += 1


class SmallFirm(Firm):
    """A firm of few product lines."""


class LargeFirm(Firm):
    """A firm of many product lines, and therefore with layers of management."""

    size = 1
