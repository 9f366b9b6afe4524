"""What a business model is worth (Kauffman 1993), and how the environment changes that. Bit d of a business model is decision d."""

from sim.economy import chance as purposes
from sim.economy.choices import Interaction
from sim.economy.parameters import Environment
from sim.plain import chance


class Landscape:
    """An NK landscape: each decision contributes a random number that depends on itself, on K other decisions, and on its epoch."""

    def __init__(self, environment: Environment, seed: int) -> None:
        self.environment, self.seed = environment, seed
        self.decisions = range(environment.decisions)
        self.width = environment.decisions // environment.domains  # decisions in a domain
        self.depends_on = [self._depends_on(d) for d in self.decisions]
        self.epoch = [0 for _ in self.decisions]

    def _depends_on(self, d: int) -> int:
        """Return the bits of decision d and of the K others with the lowest draws."""
        key = chance.key(self.seed, d, purposes.INTERACTIONS)

        def draw(j: int) -> float:
            if self.environment.interaction == Interaction.ADJACENT:
                return (j - d) % self.environment.decisions
            own_domain_first = self.environment.interaction == Interaction.MODULAR and self.domain(j) == self.domain(d)
            return chance.uniform(key, j) - own_domain_first

        others = sorted((j for j in self.decisions if j != d), key=draw)
        return sum(1 << j for j in (d, *others[: self.environment.complexity]))

    def domain(self, decision: int) -> int:
        """Return the domain that a decision belongs to."""
        return decision // self.width

    def decisions_of(self, domain: int) -> int:
        """Return the bits of a domain's decisions."""
        return sum(1 << d for d in self.decisions if self.domain(d) == domain)

    def move(self, month: int) -> None:
        """Start new epochs of random decisions, whose contributions are then redrawn: by drift, and when a shock strikes."""
        self._redraw(self.environment.speed, chance.key(self.seed, month, purposes.DRIFT))
        for shock in self.environment.shocks:
            if shock.month == month:
                self._redraw(shock.magnitude, chance.key(self.seed, month, purposes.SHOCK))

    def _redraw(self, probability: float, key: int) -> None:
        for d in self.decisions:
            self.epoch[d] += chance.uniform(key, d) < probability

    def contribution(self, d: int, business_model: int) -> float:
        """Return what decision d contributes, given the decisions that it depends on."""
        key = chance.bits(chance.key(self.seed, self.epoch[d], purposes.CONTRIBUTION), d)
        return chance.unit(chance.mix(key + (business_model & self.depends_on[d]) * chance.GAMMA & chance.ALL_BITS))

    def fitness(self, business_model: int) -> float:
        """Return the mean contribution; a loop adds them up, because `sum` rounds differently from Python 3.12 on."""
        total = 0.0
        for d in self.decisions:
            total += self.contribution(d, business_model)
        return total / len(self.decisions)

    def affected(self, change: int) -> list[int]:
        """Return the contributions that can change when the decisions in `change` do."""
        return [d for d in self.decisions if self.depends_on[d] & change]
