"""Whether the claims' contrasts keep their signs in other universes: a table as a figure, and a sentence for each claim."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.lab.analysis.findings import Figure, Findings, UniverseResult
from sim.lab.design.universes import AS_IT_IS
from sim.lab.report.style import WIDTH, canvas, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CAPTION = (
    "Do the claims' contrasts keep their signs? Numbers: of the points at which a contrast with a rule has a settled sign "
    f"“{AS_IT_IS}”, those that have the same sign / are not settled / have the opposite sign (95 % intervals of single points, at "
    f"the ends of each sweep; the sign of a shape is whether the curve has it). In “{AS_IT_IS}”: settled / not settled. "
    "The letter is the verdict with these few seeds: s supported, c contradicted, d depends, n not settled."
)
KEPT, UNSETTLED, REVERSED = "#009E73", "#8C8C8C", "#D55E00"


def draw(findings: Findings, folder: Path) -> list[Figure]:
    """A row for each claim, a column for each universe."""
    claims = list(dict.fromkeys(row.claim for row in findings.universes))
    names = list(dict.fromkeys(row.universe for row in findings.universes))
    with canvas(max(WIDTH, 0.5 * len(names)), 0.34 * len(claims) + max(1.6, 0.045 * max(map(len, names)))) as figure:
        axes = figure.subplots()
        for row in findings.universes:
            _cell(axes, names.index(row.universe), claims.index(row.claim), row)
        axes.set(xlim=(-0.5, len(names) - 0.5), ylim=(len(claims) - 0.5, -0.5))
        axes.set_xticks(range(len(names)), names, rotation=40, ha="left", rotation_mode="anchor")
        axes.xaxis.tick_top()
        axes.set_yticks(range(len(claims)), [f"claim {claim}" for claim in claims])
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        from matplotlib.patches import Patch

        meaning = {KEPT: "signs kept where settled", REVERSED: "a sign is reversed", UNSETTLED: "nothing settled"}
        handles = [Patch(facecolor=colour, label=label) for colour, label in meaning.items()]
        figure.legend(handles=handles, loc="outside lower center", ncols=len(handles), fontsize=7.5)
        save(figure, folder / "robustness")
    return [Figure("robustness", CAPTION + _summary(findings.universes))]


def _cell(axes: Axes, x: int, y: int, row: UniverseResult) -> None:
    from matplotlib.patches import Rectangle

    colour = REVERSED if row.reversed else KEPT if row.kept else UNSETTLED
    axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=colour, edgecolor="white", lw=1.5))
    counts = f"{row.kept}/{row.unsettled}/{row.reversed} {row.verdict[0]}"
    axes.text(x, y, counts, ha="center", va="center", fontsize=6.5, color="white")


def _summary(rows: Sequence[UniverseResult]) -> str:
    """How many signs are settled and kept in the universes other than AS_IT_IS."""
    others = [row for row in rows if row.universe != AS_IT_IS]
    kept, unsettled, turned = (sum(getattr(row, name) for row in others) for name in ("kept", "unsettled", "reversed"))
    total = kept + unsettled + turned
    share = f" ({kept / total:.0%})" if total else ""
    return f" Elsewhere {kept} of {total} such signs{share} are kept, {unsettled} are not settled, {turned} are reversed."


def sentences(findings: Findings) -> list[str]:
    """For each claim, what decides its signs: the universes in which one turns, or is no longer settled."""
    claims = dict.fromkeys(row.claim for row in findings.universes)
    return [_sentence([row for row in findings.universes if row.claim == claim]) for claim in claims]


def _sentence(rows: Sequence[UniverseResult]) -> str:
    base, *others = rows
    turned = [row.universe for row in others if row.reversed]
    lost = [row.universe for row in others if row.unsettled and not row.reversed]
    changes = {"one turns": turned, "one or more are no longer settled": lost}
    parts = [f"{change} in {', '.join(f'“{name}”' for name in names)}" for change, names in changes.items() if names]
    signs = f"{base.kept} of {base.kept + base.unsettled} signs are settled “{base.universe}”"
    if not base.kept:
        return f"Claim {base.claim}: {signs}, so there is none to keep."
    return f"Claim {base.claim}: {signs}; {'; '.join(parts) or 'every universe keeps them'}."
