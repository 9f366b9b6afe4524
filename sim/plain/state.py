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
    next_strategy: bool  # the one that it takes next
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
    from_ally: bool  # the proposal is an ally's practice
    looks: int  # at allies' practices, this month
    ideas_adopted: int  # this month
    practices_adopted: int  # this month
    proposals_rejected: int  # this month
    copied: int  # the decisions of the followed practice that it has not changed since
    copied_decisions: int  # how many decisions the followed practice had, 0 = none is followed
    copied_months: int  # since it put that practice into force

    # Its specialists.
    wanted: int  # how many it wants if it hires alone
    next_wanted: int  # how many it will want after the review
    specialists: set[int]  # domains of the specialists that it hires alone
    coverage: set[int]  # domains that it can judge without error

    # Its alliance, or the group of a field trial; `expelled` takes effect when the next month opens.
    alliance: "Alliance | None"
    left: bool  # its alliance by its own will as this month opened
    keeps_word: bool
    expelled: bool
    exclusion: int  # months of exclusion left

    # A field trial.
    assignment: str  # "treated", "control", or "" if it takes no part
    baseline: float  # ln revenue per line in the month before the trial
    peers: float  # mean baseline of the others in its group, NaN without

    # How the firm in this place deviates from the rules, whoever it is: only experiments with deviations set these.
    never_looks: bool  # at allies' practices
    never_allies: bool
    never_leaves: bool
    staffing_offset: int  # added to the specialists wanted when it hires, alone or as the head of an alliance

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
    reserve: float  # the most cash that it keeps
    cash: float
    trailing_operating_profit: float
    trailing_profit: float
