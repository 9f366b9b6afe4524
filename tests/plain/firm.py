"""A firm, and what it does in a month, in the order in which it does it."""

import math

import mesa

from sim.economy import chance as purposes
from sim.economy.parameters import Entry, Scope
from tests.plain import chance
from tests.plain.alliance import Alliance, club_cost, hire, specialist_cost

TRAILING_WEIGHT = 0.2


class Firm(mesa.Agent):
    """A firm. Nothing but its number of product lines distinguishes a large one from a small one."""

    size = 0
    price = share = profit = operating_profit = revenue = promotion = 0.0

    def __init__(self, model: mesa.Model, number: int, lines: int) -> None:
        super().__init__(model)
        people, finance, demand = model.parameters.population, model.parameters.finance, model.parameters.market
        self.number, self.lines = number, lines
        self.identity = (self.size << 40) + number  # the name under which it draws its luck
        self.market = model.markets[number % demand.markets]
        self.interdependent, self.sales_focus, self.maturity = False, 0.0, people.maturity
        self.layers = int(math.log(lines) / math.log(model.parameters.organisation.span) + 0.5)
        self.marginal_cost = demand.marginal_cost * lines**-demand.scale_elasticity
        self.overhead = finance.overhead * lines
        self.alliance: Alliance | None = None
        self.failed = self.entered = False
        self.start_up()

    def start_up(self) -> None:
        """Begin: a random competence and business model, half the reserve in cash, no past."""
        self.competence = self.index(purposes.COMPETENCE, self.model.parameters.environment.domains)
        self.business_model = self.bits(purposes.BUSINESS_MODEL) % 2**self.model.parameters.environment.decisions
        self.proposal, self.stage, self.practice = 0, 0, False
        self.failed = self.expelled = self.keeps_word = False
        self.exclusion = self.age = 0
        self.cash = 0.5 * self.model.parameters.finance.reserve * self.overhead
        self.revenue = self.trailing_operating_profit = self.trailing_profit = 0.0

    # Chance: everybody's own, this month's, for one purpose.

    def bits(self, purpose: int) -> int:
        """64 random bits."""
        return chance.bits(chance.key(self.model.seed, self.model.month, purpose), self.identity)

    def uniform(self, purpose: int) -> float:
        """A number between 0 and 1."""
        return chance.unit(self.bits(purpose))

    def index(self, purpose: int, n: int) -> int:
        """One of 0..n-1."""
        return int(self.uniform(purpose) * n)

    # The month opens.

    def open_month(self) -> None:
        """Serve the exclusion, and begin anew after a failure, or close for ever."""
        collaboration, entry = self.model.parameters.collaboration, self.model.parameters.dynamics.entry
        self.entered = self.failed and entry != Entry.NONE
        self.exclusion = collaboration.exclusion if self.expelled else max(self.exclusion - 1, 0)
        if self.expelled or self.failed:
            self.leave()
        self.expelled = False
        if self.failed and entry == Entry.NONE:
            del self.model.firms[self.size, self.number]
            self.remove()
        elif self.failed:
            role_model = self.find(purposes.ENTRANT_STRATEGY, self.could_teach) if entry == Entry.IMITATE else None
            self.interdependent = (role_model or self).interdependent
            self.start_up()

    def reconsider(self) -> None:
        """Compare trailing profit per line with another firm of the size, and perhaps want its strategy (Fermi rule)."""
        self.wanted = self.interdependent
        if self.has_record and self.uniform(purposes.REVISION) < self.model.parameters.dynamics.revision:
            other = self.find(purposes.ROLE_MODEL, self.could_teach)
            if other:
                better = other.trailing_profit / other.lines - self.trailing_profit / self.lines
                exponent = min(-self.model.parameters.dynamics.intensity * better, 709.0)
                if self.uniform(purposes.ADOPTION) < 1 / (1 + math.exp(exponent)):
                    self.wanted = other.interdependent

    def change_strategy(self) -> None:
        """All at once; whoever turns independent leaves its alliance."""
        self.interdependent = self.wanted
        if not self.interdependent:
            self.leave()

    @property
    def has_record(self) -> bool:
        """Whether it has traded and is still in business."""
        return self.age > 0 and not self.failed

    def could_teach(self, other: "Firm") -> bool:
        """Whether it would take the other's strategy for a model."""
        return other is not self and other.size == self.size and other.has_record

    def find(self, purpose: int, suits) -> "Firm | None":
        """One of the firms that suit, all equally likely."""
        if not any(suits(other) for other in self.model.agents):
            return None
        firms, people = self.model.firms, self.model.parameters.population
        name = chance.first_to_ring(
            self.bits(purpose), (people.small, people.large), lambda *name: name in firms and suits(firms[name])
        )
        return firms[name]

    # Alliances.

    def looks_for_allies(self) -> bool:
        """Whether it is free, and goes out this month."""
        free = self.interdependent and self.alliance is None and self.exclusion == 0
        return free and self.uniform(purposes.MEETING) < self.model.parameters.collaboration.meeting

    def could_meet(self, other: "Firm") -> bool:
        """Whether the other firm is willing to ally and within scope."""
        scope = self.model.parameters.collaboration.scope
        in_scope = {
            Scope.ANY: True,
            Scope.SAME_SIZE: other.size == self.size,
            Scope.OTHER_MARKET: other.market is not self.market,
        }
        return other is not self and other.interdependent and in_scope[scope]

    def meet(self) -> None:
        """Join the firm one meets, or its alliance, if full coverage becomes cheaper for those who are there."""
        other = self.find(purposes.PARTNER, self.could_meet) if self.alliance is None else None
        if other and other.exclusion == 0:
            incumbents = other.alliance.members if other.alliance else [other]
            if club_cost([*incumbents, self], self.model.parameters) < club_cost(incumbents, self.model.parameters):
                (other.alliance or Alliance(other)).admit(self)

    def leave(self) -> None:
        """Leave the alliance, if there is one."""
        if self.alliance:
            self.alliance.dismiss(self)

    def keep_word(self) -> None:
        """Draw whether it keeps its word this month."""
        self.keeps_word = self.alliance is not None and self.uniform(purposes.KEEPS_WORD) < self.maturity

    def staff(self) -> None:
        """Enjoy what the alliance offers, pay for it if one keeps one's word, and hire alone where nobody hires jointly."""
        organisation, domains = self.model.parameters.organisation, self.model.parameters.environment.domains
        self.coverage, self.specialists, self.specialist_cost, self.dues = {self.competence}, set(), 0.0, 0.0
        if self.alliance:
            self.coverage |= self.alliance.contributed(self.model.parameters) | self.alliance.hired
            self.dues = self.alliance.dues if self.keeps_word else 0.0
        if not self.alliance or not self.model.parameters.collaboration.joint_hiring:
            cost, budget = specialist_cost(1, organisation), organisation.affordability * self.trailing_operating_profit
            self.specialists = hire(self.coverage, self.competence + 1, cost, budget, domains)
            self.specialist_cost = cost * len(self.specialists)
            self.coverage |= self.specialists

    # Search.

    def look(self) -> None:
        """What others see of it this month: last month's business model."""
        self.seen = self.business_model

    def search(self) -> None:
        """Judge the open proposal; or an ally's practice; or, if that was not taken up, an idea of one's own."""
        self.outcome, self.fitness = None, self.model.landscape.fitness(self.business_model)
        if self.proposal:
            self.judge_proposal()
        elif not self.consider_practice():
            change = 1 << self.index(purposes.IDEA, self.model.parameters.environment.decisions)
            if self.perceived_gain(change, purposes.JUDGE_IDEA) > 0:
                self.propose(change, practice=False)

    def perceived_gain(self, change: int, purpose: int) -> float:
        """The true gain, and an error for every contribution that changes in a domain that it does not cover."""
        landscape = self.model.landscape
        gain = landscape.fitness(self.business_model ^ change) - self.fitness
        unjudged = sum(landscape.domain(d) not in self.coverage for d in landscape.affected(change))
        error = self.model.parameters.organisation.noise * math.sqrt(unjudged) / len(landscape.decisions)
        return gain + error * chance.STANDARD_NORMAL.inv_cdf(self.uniform(purpose)) if error > 0 else gain

    def consider_practice(self) -> bool:
        """Look at a random ally's decisions of a random domain; True if they seem better."""
        if not self.keeps_word or self.uniform(purposes.EXCHANGE) >= self.model.parameters.collaboration.exchange:
            return False
        key, allies = self.bits(purposes.ALLY), [firm for firm in self.alliance.keepers if firm is not self]
        if not allies:
            return False
        ally = min(allies, key=lambda firm: chance.bits(key, firm.identity))
        domain = self.index(purposes.DOMAIN, self.model.parameters.environment.domains)
        change = (self.business_model ^ ally.seen) & self.model.landscape.decisions_of(domain)
        if not change or self.perceived_gain(change, purposes.JUDGE_PRACTICE) <= 0:
            return False
        self.propose(change, practice=True)
        return True

    def propose(self, change: int, practice: bool) -> None:
        """Send the change up the layers of management; without layers it is implemented at once."""
        self.proposal, self.practice, self.stage = change, practice, self.layers
        if self.stage == 0:
            self.implement()

    def judge_proposal(self) -> None:
        """The next layer judges afresh, on today's landscape."""
        if self.perceived_gain(self.proposal, purposes.JUDGE_PROPOSAL) <= self.model.parameters.organisation.caution:
            self.proposal, self.outcome = 0, "proposal rejected"
            return
        self.stage -= 1
        if self.stage == 0:
            self.implement()

    def implement(self) -> None:
        """Put the proposal into force."""
        self.business_model ^= self.proposal
        self.fitness = self.model.landscape.fitness(self.business_model)
        self.proposal, self.outcome = 0, "practice adopted" if self.practice else "idea adopted"

    # Accounts, and the month closes.

    def promote(self) -> None:
        """Spend a part of last month's revenue on promotion, if sales matter."""
        self.promotion = self.model.parameters.market.promotion * self.sales_focus * self.revenue

    def settle(self) -> None:
        """Book the month; what exceeds the reserve is paid out."""
        sold = self.market.customers * self.share
        self.revenue = sold * self.price
        self.operating_profit = sold * (self.price - self.marginal_cost) - self.overhead - self.promotion
        self.profit = self.operating_profit - self.specialist_cost - self.dues
        weight = TRAILING_WEIGHT if self.age > 0 else 1.0
        self.trailing_operating_profit += weight * (self.operating_profit - self.trailing_operating_profit)
        self.trailing_profit += weight * (self.profit - self.trailing_profit)
        self.cash = min(self.cash + self.profit, self.model.parameters.finance.reserve * self.overhead)

    def close_month(self) -> None:
        """Be found out if one did not keep one's word, and fail without cash; both take effect when the next month opens."""
        shirks = self.alliance is not None and not self.keeps_word
        self.expelled = shirks and self.uniform(purposes.MONITORING) < self.model.parameters.collaboration.monitoring
        self.failed = self.cash < 0
        self.age += 1


class SmallFirm(Firm):
    """A firm of few product lines."""


class LargeFirm(Firm):
    """A firm of many product lines, and so of layers of management."""

    size = 1
