"""The faults that `make mutations` puts into the economy, one at a time.

A fault is a replacement of text, so an edit of the economy may make it impossible: test_mutations.py notices.
"""

from __future__ import annotations

from typing import NamedTuple

ACCOUNTS, ALLIANCES, LANDSCAPE, SEARCH = (
    f"tests/economy/test_{name}.py" for name in ("accounts", "alliances", "landscape", "search")
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
        "            firms.fitness[i] = fitness(landscape, firms.model[i])\n            if",
        "            landscape.key[0] = chance.bits(landscape.key[0], firms.identity[i])\n"
        "            firms.fitness[i] = fitness(landscape, firms.model[i])\n            if",
        (ROWS, "-k", "hill_climbing"),
        interpreted=False,
    ),
    Fault(
        "gains are measured from last month's fitness",
        "search.py",
        "            firms.fitness[i] = fitness(landscape, firms.model[i])\n            if",
        "            if",
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
        "change = (firms.model[i] ^ last_month[ally]) & domain",
        "change = firms.model[i] ^ last_month[ally]",
        (SEARCH, "-k", "copied_practice"),
    ),
    Fault(
        "firms see this month's business models",
        "search.py",
        "last_month = state.firms.model.copy()",
        "last_month = state.firms.model",
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
        "j >= 0 and state.firms.exclusion[j] == 0 and",
        "j >= 0 and",
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
        "alliances.dues[a] += collaboration.coordination * (members - 1)",
        "alliances.dues[a] += collaboration.coordination * members",
        (ALLIANCES, "-k", "dues"),
    ),
    Fault(
        "one specialist more than can be afforded",
        "staffing.py",
        "if spent + cost > max(budget, 0.0):",
        "if spent > max(budget, 0.0):",
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
        "firms.cash[i] = min(wealth, finance.reserve * overhead)",
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
        "lifecycle.py",
        "start_up(firms, i, state.landscape, 0.5 * finance.reserve",
        "start_up(firms, i, state.landscape, 1.0 * finance.reserve",
        (ACCOUNTS, "-k", "named_world and today"),
    ),
    Fault(
        "the sign of the difference in a revision",
        "lifecycle.py",
        "exp(-dynamics.intensity * better)",
        "exp(dynamics.intensity * better)",
        (ROWS, "-k", "what_must_move"),
        interpreted=False,
    ),
]
