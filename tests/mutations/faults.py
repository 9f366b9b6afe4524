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
        "            firms.fitness[i] = fitness(landscape, firms.model[i])\n    for",
        "            landscape.key[0] = chance.bits(landscape.key[0], firms.identity[i])\n"
        "            firms.fitness[i] = fitness(landscape, firms.model[i])\n    for",
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
        (SEARCH, "-k", "copied_practice"),
    ),
    Fault(
        "firms see this month's business models",
        "search.py",
        "last_month = state.firms, state.landscape, state.room.models",
        "last_month = state.firms, state.landscape, state.firms.model",
        (SEARCH, "-k", "copied_practice"),
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
        "firms.exclusion[j] > 0 or firms.habits[j]",
        "firms.habits[j]",
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
        "        if a >= 0 and not alliances.trial[a]:\n            alliances.contributed[a] |= firms.competence[i]\n"
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
        "alliances.dues[a] += parameters.collaboration.coordination * (members - 1)",
        "alliances.dues[a] += parameters.collaboration.coordination * members",
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
        (ACCOUNTS, "-k", "named_world and today"),
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
        (ACCOUNTS, "-k", "named_world and today"),
    ),
    Fault(
        "the sign of the difference in a revision",
        "learning.py",
        "persuasion(better, dynamics.intensity):",
        "persuasion(-better, dynamics.intensity):",
        (ROWS, "-k", "what_must_move"),
        interpreted=False,
    ),
    Fault(
        "whoever looks tries its own idea too",
        "search.py",
        "landscape, parameters, keys)\n            else:\n                _consider_idea",
        "landscape, parameters, keys)\n            if firms.proposal[i] == NOTHING:\n                _consider_idea",
        (SEARCH, "-k", "look_is_an_attempt"),
    ),
    Fault(
        "whose proposal was rejected looks in the same attempt",
        "search.py",
        "            _judge_proposal(firms, i, landscape, parameters.organisation, keys)\n        else:",
        "            _judge_proposal(firms, i, landscape, parameters.organisation, keys)\n        if firms.proposal[i] == NOTHING:",
        (SEARCH, "-k", "proposal_is_judged"),
    ),
    Fault(
        "all attempts of a month have the same draws",
        "search.py",
        "parameters, _keys(seed, month, attempt))",
        "parameters, _keys(seed, month, 0))",
        (SEARCH, "-k", "n_times_as_fast"),
        interpreted=False,
    ),
    Fault(
        "a look takes over one domain too many",
        "search.py",
        "int(parameters.collaboration.breadth * domains + 0.5)",
        "int(parameters.collaboration.breadth * domains + 1.5)",
        (SEARCH, "-k", "so_many_domains"),
    ),
    Fault(
        "the placebo is ignored",
        "search.py",
        "if parameters.collaboration.placebo:",
        "if False:",
        (SEARCH, "-k", "placebo"),
    ),
    Fault(
        "what a firm changes later counts as kept",
        "search.py",
        "firms.copied[i] &= ~change",
        "firms.copied[i] &= ~NOTHING",
        (SEARCH, "-k", "kept_of_a_practice"),
    ),
    Fault(
        "members that hire alone learn from unallied firms how many specialists pay",
        "learning.py",
        "1 + 2 * int(firms.large[i]) + int(allied)",
        "1 + 2 * int(firms.large[i])",
        (LEARNING, "-k", "own_kind_only"),
    ),
    Fault(
        "groups of a trial learn from alliances how many specialists pay",
        "learning.py",
        "GROUP_HEADS if alliances.trial[a] else HEADS",
        "HEADS",
        (LEARNING, "-k", "own_kind_only"),
    ),
    Fault(
        "alliances compare sums of profits",
        "learning.py",
        "state.alliances.profit[a] / state.alliances.members[a]",
        "state.alliances.profit[a]",
        (LEARNING, "-k", "members_earn_most"),
    ),
    Fault(
        "variation beyond the number of domains",
        "learning.py",
        "wanted = min(max(wanted, 0), state.landscape.domain.size)",
        "wanted = max(wanted, 0)",
        (LEARNING, "-k", "variation_is_one"),
    ),
    Fault(
        "members leave by the rule for strategies",
        "learning.py",
        "2.0 * persuasion(better, parameters.dynamics.intensity) - 1.0",
        "persuasion(better, parameters.dynamics.intensity)",
        (LEARNING, "-k", "hyperbolic_tangent"),
    ),
    Fault(
        "whoever leaves is excluded",
        "alliances.py",
        "            firms.alliance[i] = -1\n        elif a >= 0:\n            alliances.members[a] += 1",
        "            firms.alliance[i], firms.exclusion[i] = -1, 12\n        elif a >= 0:\n            alliances.members[a] += 1",
        (LEARNING, "-k", "may_look_for_new_allies"),
    ),
    Fault(
        "start-ups inherit from a firm that failed",
        "lifecycle.py",
        "            firms.model[i] = firms.model[j]",
        "            firms.model[i] = firms.model[firms.model.size - 1 - j]",
        (ENTRY, "-k", "chance_to_inherit"),
    ),
    Fault(
        "start-ups always inherit",
        "lifecycle.py",
        "chance.INHERITANCE), firms.identity[i]) < parameters.dynamics.inheritance:",
        "chance.INHERITANCE), firms.identity[i]) < 1.0:",
        (ENTRY, "-k", "chance_to_inherit"),
    ),
    Fault(
        "the reserve does not grow faster than lines",
        "initialisation.py",
        "exp(finance.reserve_elasticity * log(float(lines)))",
        "exp((finance.reserve_elasticity - 1.0) * log(float(lines)))",
        (ACCOUNTS, "-k", "reserve_grows"),
    ),
    Fault(
        "the offset of an alliance's head is ignored",
        "staffing.py",
        "_at_most(alliances.wanted[a], alliances.offset[a], domains)",
        "_at_most(alliances.wanted[a], 0, domains)",
        (ALLIANCES, "-k", "head_adds"),
    ),
    Fault(
        "alliances grow beyond the most members",
        "alliances.py",
        "return bool(members < parameters.collaboration.most_members)",
        "return bool(members <= parameters.collaboration.most_members)",
        (ALLIANCES, "-k", "most_members"),
    ),
    Fault(
        "dissolved groups of a trial count as alliances",
        "alliances.py",
        "alliances.dissolved[a] and ends and not alliances.trial[a]",
        "alliances.dissolved[a] and alliances.trial[a]",
        (ALLIANCES, "-k", "those_of_last_month"),
    ),
    Fault(
        "interdependent firms are in a trial too",
        "trial.py",
        "not firms.large[i] and not firms.interdependent[i] and firms.alliance[i] < 0:",
        "not firms.large[i] and firms.alliance[i] < 0:",
        (TRIAL, "-k", "exactly_the_share"),
    ),
    Fault(
        "the first firms are treated, and not those that the lot chose",
        "trial.py",
        "    put_in_random_order(state.room, eligible, state.firms, chance.key(seed, month, chance.TRIAL))\n",
        "",
        (TRIAL, "-k", "lot_decides"),
        interpreted=False,
    ),
    Fault(
        "groups of a trial pay for coordination",
        "staffing.py",
        "paid_coordination and not alliances.trial[a]:",
        "paid_coordination:",
        (TRIAL, "-k", "share_joint_wages"),
    ),
    Fault(
        "a trial never ends",
        "trial.py",
        "trial.first_month <= month < trial.first_month + trial.months",
        "trial.first_month <= month and trial.months > 0",
        (TRIAL, "-k", "groups_live"),
    ),
    Fault(
        "start-ups always keep the assignment of their place",
        "lifecycle.py",
        "    if not parameters.trial.successors:",
        "    if False:",
        (TRIAL, "-k", "start_ups_keep"),
    ),
    Fault(
        "the slope on peers without the own baseline",
        "trial.py",
        "return float((xy * zz - zy * xz) / determinant)",
        "return float(xy / xx)",
        (TRIAL, "-k", "least_squares"),
    ),
]
