"""Which components, domains or levers of a difference between two charts do the work, or which stages of the model.

Both charts are taken apart (`parts_of`), charts in between are run as `simsvc.decomposition.worth` plans it, and
what each part is worth is told with intervals (`Decomposition`). By stages both charts stay whole: the worth of some
stages is the difference between the charts while the rules of these alone are on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Unpack

import pandas as pd

from simsvc.decomposition.result import NONE, Decomposition
from simsvc.decomposition.worth import MOST_FACTORIAL, Factorial, Group, Orders, Plan
from simsvc.errors import AllRunsFailed, InputError, check_range, nearest
from simsvc.runs.executors import spelt_out
from simsvc.runs.metrics import HEADLINES, check_metrics
from simsvc.runs.progress import Progress
from simsvc.scenario.loading import load_structure
from simsvc.scenario.settings import Scenario, setting_value
from simsvc.scenario.sources import short_name
from simsvc.scenario.stages import STAGES, strengths_of, without_stages
from simsvc.scenario.structure import COMPONENTS, DOMAINS, Structure
from simsvc.sweeps.block import Block
from simsvc.sweeps.design import Design
from simsvc.sweeps.kept import Analysis, Asked

WAYS = ("components", "domains", "levers")
"""How the charts can be taken apart."""
BY_STAGES = "stages"
"""The other way to take a difference apart: by what of the model makes it."""
TIME = "managers_time"
"""The part made of all levers of managers' time: turned one by one they could add up to more than a day."""
ORDERS = 2
"""Random orders in each replication, unless said otherwise."""
REPLICATIONS = 10


def parts_of(start: Structure, end: Structure, by: str) -> dict[str, dict[str, Any]]:
    """What differs between two charts, taken apart.

    Args:
        start: chart from which one goes.
        end: chart to which one goes.
        by: one of `WAYS`. The levers `share_*`, which share out managers' time, are one part, `managers_time`.

    Returns:
        By part, levers in which the charts differ with their values in `end`; parts without a difference are
        left out.

    Raises:
        InputError: for an unknown way to take them apart, or charts that do not differ.
    """
    if by not in WAYS:
        ways = (*WAYS, BY_STAGES)
        raise InputError(f"by = '{by}': there is no such way{nearest(by, ways)}; have: {', '.join(ways)}")
    old, new = start.model_dump(), end.model_dump()
    different = {lever: value for lever, value in new.items() if value != old[lever]}
    if not different:
        raise InputError("the two structures have the same levers: there is no difference to take apart")
    order: Iterable[str]
    if by == "levers":
        homes = {lever: TIME if lever.startswith("share_") else lever for lever in different}
        order = dict.fromkeys(homes.values())
    else:
        home_of, order = {
            "domains": (Structure.domain_of, DOMAINS), "components": (Structure.component_of, COMPONENTS),
        }[by]  # fmt: skip
        homes = {lever: home_of(lever) for lever in different}
    parts = {name: {lever: value for lever, value in different.items() if homes[lever] == name} for name in order}
    return {name: levers for name, levers in parts.items() if levers}


def stages_of(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Strengths of the rules by stage; stages of which no rule is ever on are left out.

    Raises:
        InputError: if none is left.
    """
    dated = {name for change in scenario.timeline for name, value in change.set.items() if value}
    parts = {stage: {name: setting_value(scenario, name) for name in strengths_of(stage)} for stage in STAGES}
    found = {stage: mine for stage, mine in parts.items() if any(mine.values()) or dated & set(mine)}
    if not found:
        raise InputError(f"by = '{BY_STAGES}': the rules of all stages ({', '.join(STAGES)}) are off")
    return found


def mixed(start: Structure, parts: Mapping[str, Mapping[str, Any]], group: Group) -> Structure:
    """The chart from which one starts with a group of parts turned."""
    levers = {lever: value for name in parts if name in group for lever, value in parts[name].items()}
    return start.model_copy(update=levers)


def in_between(
    start: Structure, parts: Mapping[str, Mapping[str, Any]], groups: Iterable[Group]
) -> tuple[dict[str, Structure], dict[Group, tuple[str, str]]]:
    """Charts between two by name, and the two whose difference is the worth of each group of parts turned."""
    names = {group: name_of_group(tuple(parts), group) for group in groups}
    charts = {name: mixed(start, parts, group) for group, name in names.items()}
    return charts, {group: (name, names[Group()]) for group, name in names.items()}


def on_stages(
    scenario: Scenario, charts: Sequence[Structure], parts: Iterable[str], groups: Iterable[Group]
) -> tuple[tuple[Block, ...], dict[Group, tuple[str, str]]]:
    """Both charts under a scenario for each group of stages, and their names: their difference is its worth."""
    blocks, worth = [], {}
    for group in groups:
        on = " + ".join(stage for stage in parts if stage in group) or "no stage"
        worth[group] = f"end, {on} on", f"start, {on} on"
        off = [stage for stage in parts if stage not in group]
        blocks.append(Block(without_stages(scenario, off), dict(zip(worth[group], charts[::-1], strict=True))))
    return tuple(blocks), worth


def name_of_group(parts: Sequence[str], group: Group) -> str:
    """Name of a chart in between: the parts turned, or what is not turned of nearly all; of many, their numbers."""
    inside = [name for name in parts if name in group]
    outside = [name for name in parts if name not in group]
    if not inside:
        return "start"
    if not outside:
        return "end"
    if len(inside) <= 3:
        return " + ".join(inside)
    if len(outside) <= 2:
        return "all but " + " + ".join(outside)
    return "parts " + " ".join(str(number) for number, name in enumerate(parts, 1) if name in group)


@spelt_out
def decompose(
    scenario: Scenario | str | Path = "contact_centre",
    start: str | Path | Structure = "traditional",
    end: str | Path | Structure = "inverted",
    *,
    by: str = "components",
    metrics: Sequence[str] = HEADLINES,
    replications: int = REPLICATIONS,
    orders: int | None = None,
    watch: Callable[[Progress], None] | None = None,
    **asked: Unpack[Asked],
) -> Decomposition:
    """Take the difference between two charts apart: which components, domains, levers or stages do the work?

    Args:
        scenario: preset name, file, or `Scenario`.
        start: structure from which one goes: a name, a file, or a `Structure`.
        end: structure to which one goes.
        by: `"components"`, `"domains"` or `"levers"` of the charts, or `"stages"` of the model. Up to five parts are
            run in all combinations, more of them along random orders of turning one after the other.
        metrics: names of `simsvc.runs.metrics.METRICS`.
        replications: runs of every chart, 2 or more.
        orders: random orders in each replication, even, 2 if left out; none where all combinations are run.
        watch: told about progress.
        asked: days, seed, own, out, workers, dask, executor, see `simsvc.sweeps.kept.Asked`.

    Raises:
        InputError: for wrong input, before anything runs.
        AllRunsFailed: if no replication came to its end.
    """
    work = Analysis("decomposition", scenario, watch, **asked)
    settings = work.scenario
    charts = [chart if isinstance(chart, Structure) else load_structure(chart) for chart in (start, end)]
    names = [("own " + what) if isinstance(chart, Structure) else short_name(chart)
             for what, chart in (("start", start), ("end", end))]  # fmt: skip
    check_metrics(metrics, settings)
    check_range("replications", replications, 2)
    levers = parts_of(charts[0], charts[1], "levers" if by == BY_STAGES else by)
    parts = stages_of(settings) if by == BY_STAGES else levers
    few = len(parts) <= MOST_FACTORIAL
    if few and orders is not None:
        raise InputError(f"orders = {orders}: {len(parts)} parts are run in all combinations; leave orders out")
    plan: Plan = (
        Factorial(tuple(parts)) if few else Orders(tuple(parts), ORDERS if orders is None else orders, work.seed)
    )
    groups = {k: plan.groups(k) for k in range(replications)}
    needed = dict.fromkeys(group for mine in groups.values() for group in mine)
    fixed: dict[str, Any] = {"replications": replications, "days": asked.get("days"), "seed": work.seed}
    if by == BY_STAGES:
        blocks, worth = on_stages(settings, charts, parts, needed)
        design = Design(blocks=blocks, **fixed)
    else:
        between, worth = in_between(charts[0], parts, needed)
        design = Design(settings, between, **fixed)
    design.check()
    charts_of = {k: tuple(dict.fromkeys(name for group in mine for name in worth[group])) for k, mine in groups.items()}
    work.planned = sum(map(len, charts_of.values()))
    with work, work.sweep(design, metrics) as sweep:
        sweep.perform(task for k, names in charts_of.items() for task in design.tasks([k], names))
        runs = sweep.runs()
    found = Decomposition(
        start_name=names[0],
        end_name=names[1],
        start=charts[0],
        end=charts[1],
        by=by,
        plan=plan,
        parts=parts,
        metrics=tuple(metrics),
        runs=runs,
        asked=replications,
        **work.about,
        **estimated(plan, {k: {group: worth[group] for group in mine} for k, mine in groups.items()}, runs, metrics),
    )
    if not found.replications:
        first = f"; the first: {found.failures[0]['message']}" if found.failures else ""
        raise AllRunsFailed(f"no replication came to its end in all charts{first}")
    return found


def estimated(
    plan: Plan, groups: Mapping[int, Mapping[Group, tuple[str, str]]], runs: pd.DataFrame, metrics: Sequence[str]
) -> dict[str, Any]:
    """Effects on metrics in every replication of which all runs came to their end, as fields of a `Decomposition`.

    Args:
        plan: what was run.
        groups: for each replication, groups of parts and the two charts whose difference is their worth.
        runs: one row each, as of a sweep.
        metrics: names.
    """
    columns = list(metrics)
    done = runs[runs["status"] == "done"].dropna(subset=columns)
    places = zip(done["replication"], done["structure"], strict=True)
    measured: dict[Any, Any] = dict(zip(places, done[columns].to_numpy(float), strict=True))
    effects, pairs, whole = [], [], []
    for k, charts in groups.items():
        if not all((k, name) in measured for names in charts.values() for name in names):
            continue
        worth = {group: measured[k, end] - measured[k, start] for group, (end, start) in charts.items()}
        for effect, found in plan.effects(worth, k).items():
            effects += [(part, effect, k, *value) for part, value in found.items()]
        if len(set(charts[Group()])) > 1:  # two charts that differ with no part on
            effects.append((NONE, "none", k, *worth[Group()]))
        pairs += [(one, other, k, *value) for (one, other), value in plan.interactions(worth).items()]
        whole.append((k, *worth[frozenset(plan.parts)]))
    return {
        "values": pd.DataFrame(effects, columns=["part", "effect", "replication", *columns]),
        "pairs": pd.DataFrame(pairs, columns=["one", "other", "replication", *columns]),
        "differences": pd.DataFrame(whole, columns=["replication", *columns]),
    }
