"""What belongs to a firm: its attributes, in the order of `Firms` in sim/economy/state.py."""

from typing import TYPE_CHECKING

from sim.plain.chance import OwnDraws

if TYPE_CHECKING:
    from sim.plain.alliance import Alliance
    from sim.plain.market import Market


class FirmState(OwnDraws):
    """The attributes of a firm; `firm.py` gives them their values."""

    # Who it is.
    size: int  # 0 = small, 1 = large
    number: int  # within its size
    identity: int  # size and number: the name under which it draws random numbers
    market: "Market"
    lines: int  # product lines
    layers: int  # of management

    # What it is like.
    interdependent: bool  # its strategy
    wants_allies: bool  # the strategy that it takes next
    sales_focus: float  # β
    competence: int  # the domain in which it needs no specialist

    # Whether it trades; `failed` takes effect when the next month opens.
    failed: bool  # ends this month without cash
    entered: bool  # opened this month
    age: int  # months of trading

    # What it does: business model and search. Masks have a bit for each decision.
    business_model: int
    shown_model: int  # what others see of it: last month's business model
    fitness: float
    proposal: int  # the decisions that an idea under judgement would flip, 0 = none
    stage: int  # layers that have still to judge the proposal
    hoped_for: str  # the outcome if the proposal passes all layers
    outcome: str  # what came of this month's search
    specialists: set[int]  # domains of the specialists that it hires alone
    coverage: set[int]  # domains that it can judge without error

    # Its alliance; `expelled` takes effect when the next month opens.
    alliance: "Alliance | None"
    keeps_word: bool
    expelled: bool
    exclusion: int  # months of exclusion left

    # Its market.
    marginal_cost: float
    price: float
    share: float  # of the customers of its market

    # Its money, this month.
    revenue: float
    overhead: float
    operating_profit: float
    promotion: float
    specialist_cost: float
    dues: float
    profit: float

    # Its money, over time.
    cash: float
    trailing_operating_profit: float
    trailing_profit: float
