"""The rules that tie the parts of an experiment together; each fault is one line with key, value, rule and nearest valid name."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from sim.economy.messages import shown
from sim.economy.validation import ParameterError, checked, fields, nearest
from sim.economy.worlds import WORLDS
from sim.lab.design.cells import count_cells, settings, subset_name, subsets, world_and_overrides_by_arm
from sim.lab.design.contrast import Contrast
from sim.lab.design.limits import faults_of_size, look_alikes
from sim.lab.design.points import Point, as_kind, months_since_start, parameter_names, points
from sim.lab.design.ranges import Range
from sim.lab.design.schema import Experiment
from sim.observation import outcomes
from sim.observation.labels import MONTH

MOST_MECHANISMS = 8
FEWEST_ON_A_CURVE, MOST_ON_A_CURVE = 3, 50  # values of the parameter along which a contrast has a shape


def faults(experiment: Experiment) -> Iterator[str]:
    """All faults, the most basic first; each check relies on those before it, and nothing is run while there are any."""
    yield from _layout(experiment)
    yield from _parameters(experiment)
    yield from faults_of_size(count_cells(experiment), experiment.replications)
    yield from _lineages(experiment)
    yield from _names(experiment)
    yield from _settings(experiment)


def _layout(experiment: Experiment) -> Iterator[str]:
    """Parts that exclude each other, and parts that are missing."""
    if experiment.by_month and (experiment.points or experiment.sample or experiment.first_month is not None):
        yield "by_month: excludes first_month, points and sample"
    ways = [name for name in ("sweep", "points", "sample") if getattr(experiment, name)]
    if len(ways) > 1:
        yield f"{ways[1]}: only one of sweep, points and sample can define the design points, and {ways[0]} is already given"
    if experiment.mechanisms and experiment.arms:
        yield "mechanisms: define arms themselves, so [arms] cannot be given too"
    if len(experiment.mechanisms) > MOST_MECHANISMS:
        count = len(experiment.mechanisms)
        yield f"mechanisms: {count} mechanisms need 2^{count} arms; at most {MOST_MECHANISMS} are possible"
    if (experiment.mechanisms or experiment.replications.half_width or experiment.sample) and not experiment.contrasts:
        yield "contrasts: mechanisms, sample and half_width need a first contrast that they apply to"
    elif experiment.replications.half_width and not experiment.contrasts[0].pointwise:
        yield "contrasts.0: half_width needs a first contrast without change, interaction or shape"
    if experiment.claim and all(contrast.limit is None for contrast in experiment.contrasts):
        yield "claim: needs at least one contrast with a rule, at_least or at_most"


def _parameters(experiment: Experiment) -> Iterator[str]:
    """Parameters that do not exist, and ranges with an end outside of their parameter's range."""
    tables = [experiment.overrides, *(arm.overrides for arm in experiment.arms.values()), *experiment.mechanisms.values()]
    for name in [*itertools.chain.from_iterable(tables), *parameter_names(experiment)]:
        if name not in fields() and not (name == MONTH and experiment.by_month):
            group = next((full for full in fields() if full.startswith(f"{name}.")), "")
            hint = f' (write the full name in quotes, as in "{group}" = ...)' if group else nearest(name, fields())
            yield f"unknown parameter {shown(name)}{hint}"
    ranges = experiment.sample.ranges if experiment.sample else experiment.sweep
    ends = [(name, end) for name, r in ranges.items() if isinstance(r, Range) for end in (r.start, r.stop)]
    for name, end in ends:
        try:
            checked(fields()[name], as_kind(name, end))
        except ParameterError as error:
            yield str(error)


def _lineages(experiment: Experiment) -> Iterator[str]:
    """Arms that are based on an unknown arm or, directly or indirectly, on themselves."""
    for name, arm in experiment.arms.items():
        lineage = [name]
        while arm.based_on:
            if arm.based_on not in experiment.arms:
                yield _unknown(f"arms.{name}.based_on", arm.based_on, experiment.arms)
                return
            if arm.based_on in lineage:
                yield f"arms.{name}.based_on = {shown(arm.based_on)}: goes in a circle: {' -> '.join([*lineage, arm.based_on])}"
                return
            lineage.append(arm.based_on)
            arm = experiment.arms[arm.based_on]


def _names(experiment: Experiment) -> Iterator[str]:
    """Worlds, outcomes, groups, arms and parameters that do not exist, and names that cannot be told apart."""
    named = {"world": experiment.world, **{f"arms.{name}.world": arm.world for name, arm in experiment.arms.items()}}
    for key, world in named.items():
        if world is not None and world not in WORLDS:
            yield _unknown(key, world, WORLDS)
    for outcome in experiment.outcomes:
        if outcome not in outcomes.OUTCOMES:
            yield _unknown("outcomes", outcome, outcomes.OUTCOMES)
    yield from look_alikes("arms", experiment.arms)
    yield from look_alikes("mechanisms", [subset_name(on, experiment) for on in subsets(list(experiment.mechanisms))])
    yield from look_alikes("contrasts", [contrast.name for contrast in experiment.contrasts])
    names = [contrast.name for contrast in experiment.contrasts]
    if len(experiment.private_and_social) == 1:
        yield "private_and_social: must name two contrasts"
    for name in experiment.private_and_social:
        if name not in names:
            yield _unknown("private_and_social", name, names)
    arms, design_points = list(world_and_overrides_by_arm(experiment)), points(experiment)
    for number, contrast in enumerate(experiment.contrasts):
        yield from _contrast_names(f"contrasts.{number}", contrast, arms)
        yield from _contrast_points(f"contrasts.{number}", contrast, experiment, design_points)


def _contrast_names(key: str, contrast: Contrast, arms: list[str]) -> Iterator[str]:
    if contrast.outcome not in outcomes.OUTCOMES:
        yield _unknown(f"{key}.outcome", contrast.outcome, outcomes.OUTCOMES)
        return
    for group in contrast.groups:
        if group not in outcomes.GROUPS:
            yield _unknown(f"{key}.groups", group, outcomes.GROUPS)
        elif (group == outcomes.MARKET) != (contrast.outcome not in outcomes.GROUP_OUTCOMES):
            yield f"{key}.groups = {group!r}: has no {contrast.outcome!r}; market-wide outcomes belong to the group 'market' only"
    for arm in contrast.arms:
        if arm not in arms:
            yield _unknown(f"{key}.arms", arm, arms)


def _contrast_points(key: str, contrast: Contrast, experiment: Experiment, design_points: list[Point]) -> Iterator[str]:
    """Parameters that are not swept, and values at which there is no design point."""
    swept = parameter_names(experiment)
    along = [contrast.along] if contrast.along else []
    parts = {"where": contrast.where, "change": contrast.change, "interaction": contrast.interaction, "along": along}
    for part, names in parts.items():
        for name in names:
            if name not in swept:
                yield f"{key}.{part}: {shown(name)} is not swept{nearest(name, swept)}"
    if not contrast.pointwise and not (experiment.sweep or experiment.by_month):
        yield f"{key}: change, interaction and shape need a sweep"
    yield from _published_months(key, contrast, experiment)
    if contrast.where and not any(contrast.holds_at(point) for point in design_points):
        yield f"{key}.where = {shown(contrast.where)}: no point has these values"
    elif contrast.along in swept:
        values = list(dict.fromkeys(point[contrast.along] for point in design_points if contrast.holds_at(point)))
        numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
        if not numbers or not FEWEST_ON_A_CURVE <= len(values) <= MOST_ON_A_CURVE:
            rule = f"a shape needs {FEWEST_ON_A_CURVE} to {MOST_ON_A_CURVE} values that are numbers"
            yield f"{key}.along = {shown(contrast.along)}: {rule}; there are {len(values)} values here"


def _published_months(key: str, contrast: Contrast, experiment: Experiment) -> Iterator[str]:
    """Published numbers without means by month, or about other months than a number of whole stretches."""
    if contrast.published and not (contrast.pointwise and experiment.by_month):
        yield f"{key}.published: is shown beside a contrast by month, so the file needs by_month"
    elif experiment.by_month:
        ends = [0, *months_since_start(experiment.by_month)]
        for number, published in enumerate(contrast.published):
            if published.start not in ends or published.stop not in ends or published.stop <= published.start:
                months = f"from = {published.start}, to = {published.stop}"
                yield f"{key}.published.{number}: {months}: must begin and end with a stretch of by_month, at one of {ends}"


def _settings(experiment: Experiment) -> Iterator[str]:
    """Values that are refused, a first month beyond the end of a run, and recovery without a shock."""
    first, by_month = experiment.first_month, experiment.by_month
    wanted = {contrast.outcome for contrast in experiment.contrasts} | set(experiment.outcomes)
    after_shock = [measure.name for measure in outcomes.AFTER_SHOCK if measure.name in wanted]
    try:
        for setting in settings(experiment):
            months = setting.parameters.dynamics.months
            if first is not None and first >= months:
                yield f"first_month = {first}: must be below dynamics.months = {months}"
            if by_month and by_month.stop > months:
                yield f"by_month.to = {by_month.stop}: must not exceed dynamics.months = {months}"
            if after_shock and not setting.parameters.environment.shocks:
                yield f"environment.shocks: the outcome {after_shock[0]!r} needs one (arm {setting.arm!r})"
    except ParameterError as error:
        yield str(error)


def _unknown(key: str, name: str, known: Iterable[str]) -> str:
    return f"{key} = {shown(name)}: is not known{nearest(name, known)}; known: {', '.join(known)}"
