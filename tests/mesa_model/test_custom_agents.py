"""Custom agents: they are asked at the right moment, and change nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from conformance.support.kernels import from_python
from sim.economy import chance
from sim.mesa_model import Firm, LargeFirm, MarketModel, SmallFirm
from tests.support import strategies


class Ordinary:
    """What firms do anyway, in Python: every method is called, and no bit may change."""

    def accepts(self, other: Firm) -> bool:
        return isinstance(other, Firm)

    def step(self) -> None:
        key = random_key(np.uint64(self.model.seed), self.model.month, chance.IDEA)
        of_first_attempt = np.uint64(random_bits(np.uint64(key), np.uint64(0)))
        self.idea = 1 << random_index(of_first_attempt, self.arrays.identity[self.row], self.model.parameters.environment.decisions)


class OrdinarySmall(Ordinary, SmallFirm):
    pass


class OrdinaryLarge(Ordinary, LargeFirm):
    pass


class Loner(SmallFirm):
    def accepts(self, other: Firm) -> bool:  # noqa: ARG002
        return False


random_key, random_bits, random_index = from_python(chance.key), from_python(chance.bits), from_python(chance.index)


def frame(model: MarketModel) -> np.ndarray:
    return model.datacollector.get_model_vars_dataframe().to_numpy()


@settings(max_examples=25)
@given(strategies.overrides, st.integers(0, 1000))
def test_agents_that_do_what_firms_do_anyway_change_no_bit(overrides: dict, seed: int) -> None:
    compiled, python = MarketModel(rng=seed, **overrides), MarketModel(rng=seed, **overrides)
    for kind, number in ((OrdinarySmall, "population.small"), (OrdinaryLarge, "population.large")):
        for k in range(overrides[number]):
            kind(python, k)
    for model in (compiled, python):
        model.run(8)
    np.testing.assert_array_equal(frame(python), frame(compiled))


def test_an_alliance_needs_the_consent_of_both_sides() -> None:
    model = MarketModel(rng=2, small_interdependent=1.0)
    loners = [Loner(model, number) for number in range(0, 100, 2)]
    met = 0
    for _ in range(24):
        model.step()
        assert all(firm.alliance is None for firm in loners)
        met += sum(firm.alliance is not None for firm in model.agents)
    assert met > 0


def test_a_newcomer_and_every_member_are_asked_about_each_other() -> None:
    asked = set()

    class Curious(SmallFirm):
        def accepts(self, other: Firm) -> bool:
            asked.add((self.row, other.row))
            return True

    model = MarketModel(rng=2, large=0, small_interdependent=1.0)
    for number in range(100):
        Curious(model, number)
    model.run(12)
    assert all((firm.row, ally.row) in asked for firm in model.agents for ally in firm.allies)
    assert any(len(firm.allies) > 1 for firm in model.agents)


def test_an_idea_lasts_for_one_month() -> None:
    model = MarketModel(rng=1, small=4, large=0, small_interdependent=0.0, noise=0.0, speed=0.0)
    firm, other, *_ = model.agents
    other.idea = 0b11
    before = firm.business_model
    firm.idea = (1 << 12) - 1
    assert firm.idea == 4095
    model.step()
    assert firm.business_model in (before, before ^ 4095)
    assert (firm.idea, other.idea) == (0, 0)


def test_an_idea_is_judged_and_climbs_the_layers() -> None:
    model = MarketModel(rng=1, small=0, large=4, noise=0.0, speed=0.0, caution=0.0)
    worst, *_, best = model.agents.sort("fitness", ascending=True)
    while worst.proposal or worst.fitness == best.fitness or model.month == 0:
        model.step()
        worst, *_, best = model.agents.sort("fitness", ascending=True)
    change = best.business_model ^ worst.business_model
    target = best.fitness
    assert worst.layers == 2
    worst.idea = change
    seen = []
    for _ in range(3):
        model.step()
        seen.append((worst.proposal, worst.stage))
    assert seen == [(change, 2), (change, 1), (0, 0)]
    assert worst.fitness == target


def test_a_start_up_has_no_idea_of_its_predecessors() -> None:
    model = MarketModel(rng=1, small=20, large=0, noise=0.0)
    firm = next(iter(model.agents))
    firm.cash = -1e6
    model.step()
    assert firm.failed
    firm.idea = 4095
    model.step()
    assert firm.age == 1
    twin = MarketModel(rng=1, small=20, large=0, noise=0.0)
    same = next(iter(twin.agents))
    same.cash = -1e6
    twin.run(2)
    assert firm.business_model == same.business_model


def test_custom_steps_come_before_the_month_and_see_the_last_one() -> None:
    seen = []

    class Diarist(SmallFirm):
        def step(self) -> None:
            seen.append((self.model.month, self.cash))

    model = MarketModel(rng=1, small=20, large=0)
    diarist = Diarist(model, 7)
    cash = []
    for _ in range(5):
        cash.append((model.month, diarist.cash))
        model.step()
    assert seen == cash


def test_a_custom_agent_can_take_a_position_and_leave_it() -> None:
    model = MarketModel(rng=1, small=10, large=2)
    plain = list(model.agents)[3]
    mine = Loner(model, 3)
    assert plain not in model.agents
    assert mine in model.agents
    assert model.agents_by_type[Loner].get("name") == ["small 3"]
    assert len(model.agents) == 12
    mine.remove()
    assert mine not in model.agents
    assert len(model.agents) == 12
    assert len(model.agents_by_type[SmallFirm]) == 10
    model.run(20)
    twin = MarketModel(rng=1, small=10, large=2)
    twin.run(20)
    np.testing.assert_array_equal(frame(model), frame(twin))


def test_many_are_created_at_once_as_mesa_does() -> None:
    model = MarketModel(rng=1)
    assert Loner.create_agents(model, 30, list(range(30))).get("number") == list(range(30))
    assert len(model.agents_by_type[Loner]) == 30


@pytest.mark.parametrize(("kind", "number"), [(Loner, 10), (Loner, -1), (OrdinaryLarge, 2), (Loner, "3"), (Loner, 0.5)])
def test_an_agent_without_a_firm_is_refused(kind: type[Firm], number: object) -> None:
    with pytest.raises(sim.ParameterError, match=f"number = {number!r}: no (small|large) firm of this number trades"):
        kind(MarketModel(rng=1, small=10, large=2), number)


def test_an_agent_whose_firm_closed_is_not_asked_any_more() -> None:
    calls = []

    class Counting(SmallFirm):
        def step(self) -> None:
            calls.append(self.number)

    model = MarketModel(rng=1, small=10, large=1, entry="none")
    ruined, _ = Counting(model, 3), Counting(model, 4)
    ruined.cash = -1e6
    model.run(5)
    assert calls == [3, 4, 3, 4, 4, 4, 4]
    assert len(model.agents_by_type[Counting]) == 1


def test_an_error_in_a_custom_agent_is_raised_and_stops_the_run() -> None:
    class Broken(SmallFirm):
        def accepts(self, other: Firm) -> bool:
            raise LookupError(other.name)

    model = MarketModel(rng=1, small_interdependent=1.0, large=0)
    Broken.create_agents(model, 100, list(range(100)))
    with pytest.raises(LookupError, match="small"):
        model.run_model()
    assert not model.running


def test_after_an_error_in_a_custom_step_the_next_step_is_played() -> None:
    class Stumbling(SmallFirm):
        stumbled = False

        def step(self) -> None:
            if self.model.month == 2 and not self.stumbled:
                self.stumbled = True
                raise LookupError(self.name)

    model, plain = MarketModel(rng=1, small=10, large=1), MarketModel(rng=1, small=10, large=1)
    Stumbling(model)
    with pytest.raises(LookupError, match="small 0"):
        model.run(5)
    for _ in range(3):
        model.step()
    plain.run(5)
    assert model.month == 5
    np.testing.assert_array_equal(frame(model), frame(plain))
