"""Alliances: clubs whose members pool their competences and hire specialists together (Buchanan 1965)."""

from typing import TYPE_CHECKING

from sim.economy.choices import Hiring

if TYPE_CHECKING:
    from sim.plain.firm import Firm


class Alliance:
    """The members, and what they share this month: competences and specialists (both as domains), and the costs."""

    trial = False  # a group of a field trial; see trial.py
    has_record = True  # whoever is in it has traded before, see learning.py

    def __init__(self, founders: list["Firm"]) -> None:
        self.model = founders[0].model
        self.members: list[Firm] = []
        self.founded = self.model.month
        self.wanted: int = founders[0].wanted  # specialists
        self.next_wanted = self.wanted
        self.hired: set[int] = set()
        self.contributed: set[int] = set()
        self.dues = 0.0
        for firm in founders:
            self.admit(firm)
        self.model.alliances.append(self)

    def admit(self, firm: "Firm") -> None:
        """Add a member."""
        self.members.append(firm)
        firm.alliance = self

    def dismiss(self, firm: "Firm") -> None:
        """Remove a member."""
        self.members.remove(firm)
        firm.alliance = None

    def dissolve(self) -> None:
        """Let all members go."""
        for firm in list(self.members):
            self.dismiss(firm)
        self.model.alliances.remove(self)

    # What members agree on; a group of a field trial has terms of its own.

    @property
    def maturity(self) -> float:
        """The chance that a member keeps its word in a month."""
        return self.model.parameters.population.maturity

    @property
    def exchange(self) -> float:
        """The chance that an attempt of a member is a look at an ally's practice."""
        return self.model.parameters.collaboration.exchange

    @property
    def pools_competence(self) -> bool:
        """Whether the competences of members who keep their word count for all."""
        return self.model.parameters.collaboration.pooled_competence

    @property
    def hiring(self) -> Hiring:
        """Who hires for the members: the alliance, each alone, or nobody."""
        return self.model.parameters.collaboration.hiring

    @property
    def coordination(self) -> float:
        """What each member who keeps its word pays for coordination."""
        collaboration = self.model.parameters.collaboration
        return collaboration.coordination * (len(self.members) - 1) if collaboration.paid_coordination else 0.0

    # The alliance as a unit that hires, see staffing.py.

    @property
    def head(self) -> "Firm":
        """The member under whose identity the alliance draws its random numbers."""
        return min(self.members, key=lambda firm: firm.identity)

    @property
    def kind(self) -> object:
        """With what kind of unit it compares itself: alliances with alliances, groups of a trial with groups."""
        return type(self)

    @property
    def success(self) -> float:
        """The mean over the members of trailing profit per line."""
        return sum(firm.success for firm in self.members) / len(self.members)

    @property
    def keepers(self) -> list["Firm"]:
        """The members who keep their word this month."""
        return [firm for firm in self.members if firm.keeps_word]
