"""The economy as a Mesa model: `step()` is one month, in the order of docs/ODD.md."""

import math

import mesa

from sim.economy import chance as purposes
from sim.economy.parameters import Parameters
from sim.plain.alliance import Alliance
from sim.plain.firm import Firm, LargeFirm, SmallFirm
from sim.plain.landscape import Landscape
from sim.plain.learning import reconsider_membership, reconsider_strategy, review_staffing
from sim.plain.market import Market
from sim.plain.meeting import looks_for_allies, meet
from sim.plain.search import search
from sim.plain.staffing import staff_alliance, staff_firm
from sim.plain.trial import begin_or_end_trial


class PlainEconomy(mesa.Model):  # type: ignore[misc]
    """Firms that search, ally and compete. All random numbers follow from the seed; Mesa's own generator is not used.

    Args:
        parameters: what `sim.parameters` returns.
        seed: 0 to 2^64 - 1.

    >>> import sim
    >>> from sim.plain import PlainEconomy
    >>> economy = PlainEconomy(sim.parameters("today", {"population.small": 20}), seed=1)
    >>> economy.step()
    >>> economy.month, len(economy.agents), sum(firm.interdependent for firm in economy.agents)
    (1, 25, 4)
    """

    def __init__(self, parameters: Parameters, seed: int) -> None:
        super().__init__(rng=0)
        people, market = parameters.population, parameters.market
        self.parameters, self.seed, self.month = parameters, seed, 0
        self.landscape = Landscape(parameters.environment, seed)
        sizes = [(SmallFirm, people.small, people.small_lines), (LargeFirm, people.large, people.large_lines)]
        lines = [sum(lines * len(range(m, n, market.markets)) for _, n, lines in sizes) for m in range(market.markets)]
        self.alliances: list[Alliance] = []  # and the groups of a field trial
        self.dissolved = 0  # alliances that ended as this month opened
        self.markets = [Market(market, lines_here) for lines_here in lines]
        for kind, n, lines_each in sizes:
            kind.create_agents(self, n, list(range(n)), lines_each)
        self.firms: dict[tuple[int, int], Firm] = {(firm.size, firm.number): firm for firm in self.agents}
        for kind, share in ((SmallFirm, people.small_interdependent), (LargeFirm, people.large_interdependent)):
            for firm in self._lot(kind, share, purposes.STRATEGY):
                firm.interdependent = True
            for firm in self._lot(kind, people.sales_focused, purposes.SALES_FOCUS):
                firm.sales_focus = people.sales_focus

    def _lot(self, kind: type[Firm], share: float, purpose: int) -> list[Firm]:
        """Draw exactly round(share·n) firms of a kind at random."""
        firms = sorted((firm for firm in self.agents if isinstance(firm, kind)), key=lambda firm: firm.bits(purpose))
        return firms[: math.floor(share * len(firms) + 0.5)]

    def step(self) -> None:
        """Simulate one month."""
        self.landscape.move(self.month)
        self.open_month()
        self.form_alliances()
        self.agents.do("show").do(search)
        self.clear_markets()
        self.agents.do("settle").do("close_month")
        self.month += 1

    def open_month(self) -> None:
        """Replace firms that failed; let firms learn from each other, and members leave; keep alliances and the trial in order."""
        self.agents.do("open_month")
        self.agents.do(reconsider_strategy).do("change_strategy")
        self.agents.do(reconsider_membership).do("part")
        lonely = [alliance for alliance in self.alliances if len(alliance.members) < 2]
        for alliance in lonely:
            alliance.dissolve()
        self.dissolved = sum(not alliance.trial for alliance in lonely)
        begin_or_end_trial(self)
        review_staffing(self)

    def form_alliances(self) -> None:
        """Let firms meet one after the other in random order; then draw who keeps their word, and hire specialists."""
        meeting = self.agents.select(looks_for_allies)
        meeting.sort(lambda firm: firm.bits(purposes.ORDER), ascending=True).do(meet)
        self.agents.do("keep_word")
        for alliance in self.alliances:
            staff_alliance(alliance)
        self.agents.do(staff_firm)

    def clear_markets(self) -> None:
        """Set the prices and shares of all markets."""
        self.agents.do("promote")
        for market in self.markets:
            market.clear([firm for firm in self.agents if firm.market is market])
