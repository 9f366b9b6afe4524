"""`python -m tests.mutations.__main__`: faults put into a copy of the economy, one at a time, and the test that notices each.

A suite that lets a fault pass asserts too little. The snapshots would notice every change and say nothing, so they take no part;
the plain twin, which holds every rule a second time, is asked last. Writes docs/reference/mutations.md. Exit code 1: one survived.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from sim.lab.files import write_whole
from sim.lab.reference import markdown_table
from sim.lab.terminal import progress_bar

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "mutations.md"
COPIED = ("sim", "conformance", "tests", "docs", "experiments", "pyproject.toml")
TWIN = "tests/plain/test_equals_engine.py"
LEFT_OUT = (TWIN, "tests/economy/test_reproducibility.py", "tests/mutations/test_mutations.py")
FAST = ["tests/economy", "tests/conformance", *(f"--ignore={name}" for name in LEFT_OUT)]
NOBODY = "nobody"
LIMIT = 3600  # seconds for one selection of tests

ACCOUNTS, ALLIANCES, LANDSCAPE, SEARCH = (
    f"tests/economy/test_{name}.py" for name in ("accounts", "alliances", "landscape", "search")
)
ROWS, RELATIONS = "tests/conformance/test_rows.py", "tests/conformance/test_metamorphic.py"


class Mutation(NamedTuple):
    """A fault: in `file` of sim/economy, `old` (there exactly once) becomes `new`; `asked` are the tests that are tried first.

    Tests that play few months run interpreted: that takes less time than compiling.
    """

    fault: str
    file: str
    old: str
    new: str
    asked: tuple[str, ...]
    interpreted: bool = True


MUTATIONS = [
    Mutation(
        "the sign in the mark-up, for firms",
        "market.py",
        "perceived + (1.0 + z) / price_sensitivity",
        "perceived + (1.0 - z) / price_sensitivity",
        (ACCOUNTS, "-k", "large_firm_earns"),
    ),
    Mutation(
        "the sign in the mark-up, in sim.clear",
        "one_market.py",
        "c[i] + (1.0 + z[i]) / alpha",
        "c[i] + (1.0 - z[i]) / alpha",
        (ROWS, "-k", "monopolist"),
    ),
    Mutation(
        "sales focus makes dearer",
        "market.py",
        "z = firms.share[i]\n        perceived = (1.0 - firms.sales_focus[i])",
        "z = firms.share[i]\n        perceived = (1.0 + firms.sales_focus[i])",
        (ROWS, "-k", "what_must_move"),
        interpreted=False,
    ),
    Mutation(
        "the outside good does not grow with the market",
        "market.py",
        "log_of_any(demand.outside * markets.lines[m])",
        "log_of_any(demand.outside)",
        (ACCOUNTS, "-k", "large_firm_earns"),
    ),
    Mutation(
        "K+1 neighbours for K",
        "landscape.py",
        "for _ in range(environment.complexity):",
        "for _ in range(environment.complexity + 1):",
        (LANDSCAPE, "-k", "round_the_circle"),
    ),
    Mutation("the epoch does not advance", "landscape.py", "epoch[d] += 1", "epoch[d] += 0", (ROWS, "-k", "hill_climbing"), False),
    Mutation(
        "the environment depends on who is there",
        "month.py",
        "landscape.move(world.landscape, parameters.environment, seed, month)",
        "landscape.move(world.landscape, parameters.environment, seed + np.uint64(world.firms.identity.size), month)",
        (ALLIANCES, "-k", "same_shocks"),
        interpreted=False,
    ),
    Mutation(
        "a shock is drawn per firm",
        "search.py",
        "            firms.fitness[i] = fitness(landscape, firms.model[i])\n            if",
        "            landscape.key[0] = chance.bits(landscape.key[0], firms.identity[i])\n"
        "            firms.fitness[i] = fitness(landscape, firms.model[i])\n            if",
        (ROWS, "-k", "hill_climbing"),
        interpreted=False,
    ),
    Mutation(
        "gains are reckoned from last month's fitness",
        "search.py",
        "            firms.fitness[i] = fitness(landscape, firms.model[i])\n            if",
        "            if",
        (ROWS, "-k", "hill_climbing"),
        interpreted=False,
    ),
    Mutation(
        "noise on covered domains",
        "search.py",
        "count(affected(landscape, change) & ~firms.coverage[i])",
        "count(affected(landscape, change))",
        (RELATIONS, "-k", "in_any_world and wage"),
    ),
    Mutation(
        "one error of judgement for all firms",
        "search.py",
        "chance.normal(key, firms.identity[i])",
        "chance.normal(key, np.uint64(0))",
        (ROWS, "-k", "layers_pass"),
        interpreted=False,
    ),
    Mutation(
        "caution is not asked for",
        "search.py",
        "if gain <= organisation.caution:",
        "if gain <= 0.0:",
        (ROWS, "-k", "what_must_move"),
        interpreted=False,
    ),
    Mutation(
        "layers off by one",
        "beginning.py",
        "log(organisation.span) + 0.5 + HALVES_UP",
        "log(organisation.span) + 1.5 + HALVES_UP",
        (SEARCH, "-k", "half_a_layer"),
    ),
    Mutation(
        "an ally's practice of all domains at once",
        "search.py",
        "change = (firms.model[i] ^ seen[ally]) & domain",
        "change = firms.model[i] ^ seen[ally]",
        (RELATIONS, "-k", "one_domain"),
    ),
    Mutation(
        "firms see this month's business models",
        "search.py",
        "seen = world.firms.model.copy()",
        "seen = world.firms.model",
        (RELATIONS, "-k", "one_domain"),
    ),
    Mutation(
        "a club takes in whom it does not gain by",
        "alliances.py",
        "parameters) < before)",
        "parameters) <= before)",
        (RELATIONS, "-k", "in_any_world and wage"),
    ),
    Mutation(
        "the excluded go on looking for allies",
        "alliances.py",
        "firms.alliance[i] < 0 and firms.exclusion[i] == 0:",
        "firms.alliance[i] < 0:",
        (ALLIANCES, "-k", "expelled"),
    ),
    Mutation(
        "the excluded can be met",
        "alliances.py",
        "j >= 0 and world.firms.exclusion[j] == 0 and",
        "j >= 0 and",
        (ALLIANCES, "-k", "expelled"),
    ),
    Mutation(
        "shirkers are never found out",
        "lifecycle.py",
        "chance.uniform(key, firms.identity[i]) < monitoring",
        "chance.uniform(key, firms.identity[i]) < 0.0",
        (ROWS, "-k", "what_must_move"),
        interpreted=False,
    ),
    Mutation(
        "shirkers' competence is pooled",
        "staffing.py",
        "        if firms.keeps_word[i]:\n            alliances.keepers[a] += 1",
        "        if a >= 0 and competences:\n            alliances.contributed[a] |= firms.competence[i]\n"
        "        if firms.keeps_word[i]:\n            alliances.keepers[a] += 1",
        (ALLIANCES, "-k", "shirker_enjoys"),
    ),
    Mutation(
        "joint wages are not split",
        "staffing.py",
        "alliances.dues[a] = cost * hires / keepers",
        "alliances.dues[a] = cost * hires",
        (ALLIANCES, "-k", "dues"),
    ),
    Mutation(
        "coordination with oneself is paid too",
        "staffing.py",
        "alliances.dues[a] += collaboration.coordination * (members - 1)",
        "alliances.dues[a] += collaboration.coordination * members",
        (ALLIANCES, "-k", "dues"),
    ),
    Mutation(
        "one specialist more than can be afforded",
        "staffing.py",
        "if spent + cost > max(budget, 0.0):",
        "if spent > max(budget, 0.0):",
        (ROWS, "-k", "never_affordable"),
    ),
    Mutation(
        "trailing profits forget faster",
        "accounts.py",
        "TRAILING_WEIGHT = 0.2",
        "TRAILING_WEIGHT = 0.25",
        (ACCOUNTS, "-k", "trailing"),
    ),
    Mutation(
        "cash without a cap",
        "accounts.py",
        "firms.cash[i] = min(wealth, finance.reserve * overhead)",
        "firms.cash[i] = wealth",
        (ACCOUNTS, "-k", "named_world and today"),
    ),
    Mutation(
        "exit with cash left",
        "lifecycle.py",
        "firms.failed[i] = firms.cash[i] < 0.0",
        "firms.failed[i] = firms.cash[i] < firms.lines[i]",
        (ROWS, "-k", "gambler"),
        interpreted=False,
    ),
    Mutation(
        "start-ups with the whole reserve",
        "lifecycle.py",
        "start_up(firms, i, world.landscape, 0.5 * finance.reserve",
        "start_up(firms, i, world.landscape, 1.0 * finance.reserve",
        (ACCOUNTS, "-k", "named_world and today"),
    ),
    Mutation(
        "the sign of what persuades in a revision",
        "lifecycle.py",
        "exp(-dynamics.intensity * better)",
        "exp(dynamics.intensity * better)",
        (ROWS, "-k", "what_must_move"),
        interpreted=False,
    ),
]


class Outcome(NamedTuple):
    """Which test noticed a fault."""

    mutation: Mutation
    test: str
    seconds: float


def main() -> int:
    """Try all faults, or those whose description holds a word; 1 if one survives."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations.__main__", description=__doc__)
    parser.add_argument("--only", default="", metavar="WORD", help="faults whose description contains this; writes no page")
    word = parser.parse_args().only
    chosen = [mutation for mutation in MUTATIONS if word in mutation.fault]
    outcomes = []
    with progress_bar("faults,") as progress:
        task = progress.add_task("none", total=len(chosen) + 1)
        with fresh_copy() as copy:
            for arguments, interpreted in sorted({(mutation.asked, mutation.interpreted) for mutation in chosen}):
                if noticed := failing(Path(copy), list(arguments), interpreted):
                    print(f"{noticed} fails without any fault", file=sys.stderr)
                    return 1
        progress.advance(task)
        for mutation in chosen:
            progress.update(task, description=mutation.fault)
            outcomes.append(tried(mutation))
            progress.advance(task)
            print(f"{mutation.fault}: {outcomes[-1].test} ({outcomes[-1].seconds:.0f} s)", flush=True)
    if not word:
        write_whole(PAGE, lambda file: file.write_text(page(outcomes), encoding="utf-8"))
    survivors = [outcome.mutation.fault for outcome in outcomes if outcome.test == NOBODY]
    print(f"{len(outcomes) - len(survivors)} of {len(outcomes)} faults noticed" + "".join(f"; survived: {s}" for s in survivors))
    return 1 if survivors else 0


def fresh_copy() -> tempfile.TemporaryDirectory[str]:
    """The tree once more, in a temporary folder."""
    folder = tempfile.TemporaryDirectory(prefix="mutation-")
    for name in COPIED:
        source, target = ROOT / name, Path(folder.name) / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return folder


def tried(mutation: Mutation) -> Outcome:
    """Put one fault into a copy and ask: the likely tests, all fast ones, the twin."""
    start = time.monotonic()
    with fresh_copy() as copy:
        path = Path(copy) / "sim" / "economy" / mutation.file
        path.write_text(path.read_text(encoding="utf-8").replace(mutation.old, mutation.new), encoding="utf-8")
        for arguments, interpreted in ((list(mutation.asked), mutation.interpreted), (FAST, False), ([TWIN], False)):
            if test := failing(Path(copy), arguments, interpreted):
                return Outcome(mutation, test, time.monotonic() - start)
    return Outcome(mutation, NOBODY, time.monotonic() - start)


def failing(copy: Path, arguments: list[str], interpreted: bool) -> str | None:
    """The first test that fails in a copy; what cannot be collected is an error of ours."""
    environment = {
        **os.environ,
        "NUMBA_CACHE_DIR": str(copy / "kernels"),
        "NUMBA_DISABLE_JIT": str(int(interpreted)),
        "HYPOTHESIS_PROFILE": "any failure",
    }
    command = [sys.executable, "-m", "pytest", "-x", "-rf", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False)
    if done.returncode == 0 or done.returncode == 5:  # passed, or nothing was selected
        return None
    found = re.search(r"^FAILED (\S.*?)(?: - .*)?$", done.stdout, flags=re.MULTILINE)
    if done.returncode != 1 or found is None:
        raise RuntimeError(
            f"pytest {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return found[1]


def page(outcomes: list[Outcome]) -> str:
    """The table as a page."""
    rows = [[o.mutation.fault, f"`{o.mutation.file}`", f"`{o.test.removeprefix('tests/')}`"] for o in outcomes]
    noticed = sum(outcome.test != NOBODY for outcome in outcomes)
    return f"""# Faults on purpose

Made by `make mutations`: each fault is put into a copy of `sim/economy/`, alone, and the fast tests run until one notices.
The snapshots of results, which would notice anything, take no part; the plain twin is asked last.

**{noticed} of {len(outcomes)} noticed.**

{markdown_table((["fault", "in", "noticed by"], rows))}
"""


if __name__ == "__main__":
    sys.exit(main())
