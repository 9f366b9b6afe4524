"""The faults that `make mutations` puts into the economy, one at a time.

A fault is a replacement of text, so an edit of the economy may make it impossible: test_mutations.py notices.
"""

from __future__ import annotations

from typing import NamedTuple

ACCOUNTS, ALLIANCES, ENTRY, LANDSCAPE, LEARNING, SEARCH, TRIAL = (
    f"tests/economy/test_{name}.py" for name in ("accounts", "alliances", "entry", "landscape", "learning", "search", "trial")
)
ROWS, RELATIONS = "tests/conformance/test_rows.py", "tests/conformance/test_metamorphic.py"


class Fault(NamedTuple):
    """A fault in one file of sim/economy.

    Args:
        name: what is wrong, as the documents print it.
        file: the module that is changed.
        old: a text that occurs there exactly once.
        new: what replaces it.
        first: arguments of pytest that select the tests most likely to notice; they run first.
        interpreted: whether these tests run without compiling, which is faster for tests of few months.
    """

    name: str
    file: str
    old: str
    new: str
    first: tuple[str, ...]
    interpreted: bool = True


FAULTS = [
    Fault(
        "the sign in the mark-up, for firms",
        "market.py",
        "perceived + (1.0 + z) / price_sensitivity",
        "perceived + (1.0 - z) / price_sensitivity",
        (ACCOUNTS, "-k", "profit_per_line_differs"),
    ),
    Fault(
        "the sign in the mark-up, in sim.clear",
        "one_market.py",
        "c[i] + (1.0 + z[i]) / alpha",
        "c[i] + (1.0 - z[i]) / alpha",
        (ROWS, "-k", "monopolist"),
    ),
    Fault(
        "a sales focus raises the perceived cost",
        "market.py",
        "z = firms.odds[i]\n        perceived = (1.0 - firms.sales_focus[i])",
        "z = firms.odds[i]\n        perceived = (1.0 + firms.sales_focus[i])",
        (ROWS, "-k", "what_must_move"),
        interpreted=False,
    ),
    Fault(
        "the outside good does not grow with the market",
        "market.py",
        "log_of_any(demand.outside * markets.lines[m])",
        "log_of_any(demand.outside)",
        (ACCOUNTS, "-k", "profit_per_line_differs"),
    ),
    Fault(
        "K+1 neighbours instead of K",
        "landscape.py",
        "for _ in range(environment.complexity):",
        "for _ in range(environment.complexity + 1):",
        (LANDSCAPE, "-k", "in_circular_order"),
    ),
    Fault("the epoch does not advance", "landscape.py", "epoch[d] += 1", "epoch[d] += 0", (ROWS, "-k", "hill_climbing"), False),
    Fault(
        "the environment depends on the number of firms",
        "month.py",
        "landscape.move(state.landscape, parameters.environment, seed, month)",
        "landscape.move(state.landscape, parameters.environment, seed + np.uint64(state.firms.identity.size), month)",
        (ALLIANCES, "-k", "same_shocks"),
        interpreted=False,
    ),
    Fault(
        "each firm changes the landscape for the next",
        "search.py",
        "        if firms.proposal[i] != NOTHING:\n",
        "        landscape.key[0] = chance.bits(landscape.key[0], firms.identity[i])\n        if firms.proposal[i] != NOTHING:\n",
        (ROWS, "-k", "hill_climbing"),
        interpreted=False,
    ),
    Fault(
        "gains are measured from last month's fitness",
        "search.py",
        "            firms.fitness[i] = fitness(landscape, firms.model[i])\n    for",
        "            pass\n    for",
        (ROWS, "-k", "hill_climbing"),
        interpreted=False,
    ),
    Fault(
        "noise in covered domains too",
        "search.py",
        "count(affected(landscape, change) & ~firms.coverage[i])",
        "count(affected(landscape, change))",
        (RELATIONS, "-k", "for_any_parameters and wage"),
    ),
    Fault(
        "the same error of judgement for all firms",
        "search.py",
        "chance.normal(key, firms.identity[i])",
        "chance.normal(key, np.uint64(0))",
        (ROWS, "-k", "layers_pass"),
        interpreted=False,
    ),
    Fault(
        "layers ignore the caution asked of them",
        "search.py",
        "if gain <= organisation.caution:",
        "if gain <= 0.0:",
        (ROWS, "-k", "what_must_move"),
        interpreted=False,
    ),
    Fault(
        "one layer too many",
        "initialisation.py",
        "log(organisation.span) + 0.5 + HALVES_UP",
        "log(organisation.span) + 1.5 + HALVES_UP",
        (SEARCH, "-k", "half_a_layer"),
    ),
    Fault(
        "an ally's practices in all domains are copied at once",
        "search.py",
        "change = (firms.model[i] ^ practice) & looked_at",
        "change = firms.model[i] ^ practice",
        (SEARCH, "-k", "as_many_domains"),
    ),
    Fault(
        "firms see this month's business models",
        "search.py",
        "_attempt_each(firms, state.alliances, last_month,",
        "_attempt_each(firms, state.alliances, firms.model,",
        (SEARCH, "-k", "as_many_domains"),
    ),
    Fault(
        "a club admits a firm that saves it nothing",
        "alliances.py",
        "parameters) < before)",
        "parameters) <= before)",
        (RELATIONS, "-k", "for_any_parameters and wage"),
    ),
    Fault(
        "excluded firms go on looking for allies",
        "alliances.py",
        "firms.alliance[i] < 0 and firms.exclusion[i] == 0:",
        "firms.alliance[i] < 0:",
        (ALLIANCES, "-k", "expelled"),
    ),
    Fault(
        "excluded firms can be met",
        "alliances.py",
        "if firms.exclusion[j] > 0 or firms.habits[j]",
        "if firms.habits[j]",
        (ALLIANCES, "-k", "expelled"),
    ),
    Fault(
        "shirkers are never found out",
        "lifecycle.py",
        "chance.uniform(key, firms.identity[i]) < monitoring",
        "chance.uniform(key, firms.identity[i]) < 0.0",
        (ROWS, "-k", "what_must_move"),
        interpreted=False,
    ),
    Fault(
        "shirkers' competence is pooled",
        "staffing.py",
        "        if firms.keeps_word[i]:\n            alliances.keepers[a] += 1",
        "        if a >= 0 and competences:\n            alliances.contributed[a] |= firms.competence[i]\n"
        "        if firms.keeps_word[i]:\n            alliances.keepers[a] += 1",
        (ALLIANCES, "-k", "shirker_enjoys"),
    ),
    Fault(
        "joint wages are not split",
        "staffing.py",
        "alliances.dues[a] = cost * hires / keepers",
        "alliances.dues[a] = cost * hires",
        (ALLIANCES, "-k", "dues"),
    ),
    Fault(
        "coordination with oneself is paid too",
        "staffing.py",
        "parameters.collaboration.coordination * (members - 1)",
        "parameters.collaboration.coordination * members",
        (ALLIANCES, "-k", "dues"),
    ),
    Fault(
        "one specialist more than can be afforded",
        "staffing.py",
        "spent + cost > max(budget, 0.0):",
        "spent > max(budget, 0.0):",
        (ROWS, "-k", "never_affordable"),
    ),
    Fault(
        "trailing profits have another weight",
        "accounts.py",
        "TRAILING_WEIGHT = 0.2",
        "TRAILING_WEIGHT = 0.25",
        (ACCOUNTS, "-k", "trailing"),
    ),
    Fault(
        "cash without a cap",
        "accounts.py",
        "firms.cash[i] = min(wealth, firms.reserve[i])",
        "firms.cash[i] = wealth",
        (ACCOUNTS, "-k", "reserve_grows"),
    ),
    Fault(
        "firms fail with cash left",
        "lifecycle.py",
        "firms.failed[i] = firms.cash[i] < 0.0",
        "firms.failed[i] = firms.cash[i] < firms.lines[i]",
        (ROWS, "-k", "gambler"),
        interpreted=False,
    ),
    Fault(
        "start-ups with the whole reserve",
        "initialisation.py",
        "firms.cash[i] = 0.5 * firms.reserve[i]",
        "firms.cash[i] = 1.0 * firms.reserve[i]",
        (ACCOUNTS, "-k", "reserve_grows"),
    ),
    Fault(
        "the sign of the difference that persuades",
        "learning.py",
        "exp(-intensity * difference)",
        "exp(intensity * difference)",
        (LEARNING, "-k", "hyperbolic"),
    ),
    Fault(
        "members leave with the probability with which they imitate",
        "learning.py",
        "2.0 * persuasion(better, parameters.dynamics.intensity) - 1.0",
        "persuasion(better, parameters.dynamics.intensity)",
        (LEARNING, "-k", "hyperbolic"),
    ),
    Fault(
        "who leaves is excluded",
        "alliances.py",
        "            firms.alliance[i] = -1\n        elif a >= 0:\n            alliances.members[a] += 1",
        "            firms.alliance[i], firms.exclusion[i] = -1, parameters.collaboration.exclusion\n"
        "        elif a >= 0:\n            alliances.members[a] += 1",
        (LEARNING, "-k", "hyperbolic"),
    ),
    Fault(
        "members compare themselves with firms of any size",
        "partners.py",
        "if wanted != Peer.COLLEAGUE or firms.unit[i] < HEADS:",
        "if wanted == Peer.PARTNER:",
        (LEARNING, "-k", "own_size"),
    ),
    Fault(
        "staffing is learnt from hiring units of other kinds",
        "partners.py",
        "firms.unit[j] == firms.unit[search.seeker]",
        "firms.unit[j] > 0",
        (LEARNING, "-k", "own_kind and joint"),
    ),
    Fault(
        "alliances follow the one with the largest total profit",
        "learning.py",
        "state.alliances.profit[a] / state.alliances.members[a]",
        "state.alliances.profit[a]",
        (LEARNING, "-k", "on_average"),
    ),
    Fault(
        "firms learn from what others have just learnt",
        "learning.py",
        "            return _wanted_before(state, j)",
        "            return int(state.firms.wanted[j])",
        (LEARNING, "-k", "whom_a_firm_learns_from"),
    ),
    Fault(
        "variation without bounds",
        "learning.py",
        "            wanted = min(max(wanted, 0), state.landscape.domain.size)\n",
        "",
        (LEARNING, "-k", "variation"),
    ),
    Fault(
        "the offset of an alliance's head is ignored",
        "staffing.py",
        "alliances.offset[a] = firms.staffing_offset[i]",
        "alliances.offset[a] = 0",
        (ALLIANCES, "-k", "head_adds"),
    ),
    Fault(
        "an alliance of one goes on",
        "alliances.py",
        "ends = alliances.members[a] < 2",
        "ends = alliances.members[a] < 1",
        (ALLIANCES, "-k", "alliance_of_one"),
    ),
    Fault(
        "one member more than the most",
        "alliances.py",
        "members < parameters.collaboration.most_members",
        "members <= parameters.collaboration.most_members",
        (ALLIANCES, "-k", "members_than_the_most"),
    ),
    Fault(
        "a look is free of charge",
        "search.py",
        "            else:\n                _consider_idea(",
        "            if firms.proposal[i] == NOTHING:\n                _consider_idea(",
        (SEARCH, "-k", "takes_the_place"),
    ),
    Fault(
        "who has just rejected a proposal looks in the same attempt",
        "search.py",
        "            _judge_proposal(firms, i, landscape, parameters.organisation, keys)\n        else:",
        "            _judge_proposal(firms, i, landscape, parameters.organisation, keys)\n        if firms.proposal[i] == NOTHING:",
        (SEARCH, "-k", "never_two_of_them"),
    ),
    Fault(
        "all attempts of a month are the same",
        "search.py",
        "np.uint64(attempt))",
        "np.uint64(0))",
        (SEARCH, "-k", "takes_the_place"),
    ),
    Fault(
        "a look takes over one domain too many",
        "search.py",
        "parameters.collaboration.breadth * domains + 0.5",
        "parameters.collaboration.breadth * domains + 1.5",
        (SEARCH, "-k", "as_many_domains"),
    ),
    Fault(
        "a placebo is ignored",
        "search.py",
        "if parameters.collaboration.placebo:",
        "if False:",
        (SEARCH, "-k", "placebo"),
    ),
    Fault(
        "a practice is followed for eleven months",
        "search.py",
        "FOLLOWED = 12",
        "FOLLOWED = 11",
        (SEARCH, "-k", "followed_practice"),
    ),
    Fault(
        "the reserve grows with lines once too often",
        "initialisation.py",
        "exp(finance.reserve_elasticity * log(",
        "exp((1.0 + finance.reserve_elasticity) * log(",
        (ACCOUNTS, "-k", "reserve_grows"),
    ),
    Fault(
        "a start-up inherits from a firm that failed",
        "partners.py",
        "firms.active[i] and not firms.failed[i] and",
        "firms.active[i] and",
        (ENTRY, "-k", "nobody_inherits"),
    ),
    Fault(
        "a trial is assigned without regard to strategy",
        "trial.py",
        "and not firms.interdependent[i] and",
        "and",
        (TRIAL, "-k", "exactly_the_share"),
    ),
    Fault(
        "a trial treats the firms with the lowest numbers",
        "trial.py",
        "    put_in_random_order(state.room, eligible, state.firms, chance.key(seed, month, chance.TRIAL))\n",
        "",
        (TRIAL, "-k", "the_lot_decides"),
        interpreted=False,
    ),
    Fault(
        "a trial lasts a month too long",
        "trial.py",
        "<= month < trial.first_month + trial.months",
        "<= month <= trial.first_month + trial.months",
        (TRIAL, "-k", "ends_after"),
    ),
    Fault(
        "groups of a trial pay for coordination",
        "staffing.py",
        "paid_coordination and not alliances.trial[a]:",
        "paid_coordination:",
        (TRIAL, "-k", "joint_wages"),
    ),
    Fault(
        "a firm is one of its own peers",
        "trial.py",
        "(total - firms.baseline[rows[k]]) / (members - 1)",
        "total / members",
        (TRIAL, "-k", "least_squares"),
    ),
    Fault(
        "the peer slope ignores the own baseline",
        "trial.py",
        "(xy * zz - zy * xz) / determinant",
        "xy / xx",
        (TRIAL, "-k", "least_squares"),
    ),
]
