"""Which part of the flip works? Full factorial of its five components, and customer focus against empowerment.

    python experiments/components.py            # 8 replications of all 32 combinations, two years
    python experiments/components.py --quick    # 2 replications

Every combination of the components turned or not (authority, attention, voice, people, boundaries) is run.
A component's share (Shapley value) is what it adds in the mean over all orders in which components could be
turned; shares add up to the whole difference. An interaction of two is what both give beyond what each gives
alone, in the mean over the others. Customer focus against empowerment (C30) is a design of its own: what
managers steer by and what is recognised, against the component authority.
Writes shares.png, interactions.png and tables of the same names, and combinations.csv.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from simsvc.decomposition.compute import mixed, parts_of
from simsvc.decomposition.worth import Factorial
from simsvc.runs.horizon import phrase
from simsvc.runs.statistics import Interval, contrast, intervals, subsets
from simsvc.scenario.loading import load_scenario, load_structure, with_structure
from simsvc.scenario.structure import COMPONENTS
from simsvc.show.effects import dots
from simsvc.show.numbers import difference_unit, numbers, tell
from simsvc.studies.study import Point, Study

STUDY = Study(
    "components",
    "Which components of the flip work, which need each other, and does customer focus work without empowerment?",
    ["C4", "C8", "C30"],
    replications=8,
    quick=2,
    timed=True,
)
DAYS = 500
METRICS = ["retention", "loyalty", "profit"]
NAMES = {group: " + ".join(c for c in COMPONENTS if c in group) or "nothing" for group in subsets(COMPONENTS)}
"""Labels of the combinations of components that are turned."""
FOCUS = ("kpi", "recognition")
"""Levers of customer focus: what managers steer by, what is recognised."""


def points() -> list[Point]:
    """All combinations of components, and customer focus without and with authority."""
    usual, turned = load_structure("traditional"), load_structure("inverted")
    focus = {lever: getattr(turned, lever) for lever in FOCUS}
    parts = parts_of(usual, turned, "components")
    charts = {name: mixed(usual, parts, group) for group, name in NAMES.items()}
    authority = charts["authority"]
    charts |= {"focus": usual.model_copy(update=focus), "focus + authority": authority.model_copy(update=focus)}
    scenario = load_scenario("contact_centre")
    return [Point({"turned": name}, with_structure(scenario, chart), DAYS) for name, chart in charts.items()]


def main(study: Study) -> None:
    """Run all combinations and both designs; answer what each part is worth."""
    runs = study.runs(points())
    gains = pd.concat(contrast(runs, "turned", name, "nothing").assign(turned=name) for name in runs["turned"].unique())
    study.table(intervals(gains[gains["turned"] != "nothing"], ["turned"], METRICS), "combinations")
    worth = {group: of(gains, name) for group, name in NAMES.items()}
    plan = Factorial(COMPONENTS)
    shares = plan.effects(worth)["shapley"]
    pairs = {f"{one} and {other}": value for (one, other), value in plan.interactions(worth).items()}
    for name, values, title in (
        ("shares", shares, "Share of each component in the whole difference"),
        ("interactions", pairs, "What two components give together beyond each alone"),
    ):
        frame = pd.concat(pd.DataFrame(each, columns=METRICS).assign(what=what) for what, each in values.items())
        table = intervals(frame, ["what"], METRICS)
        study.table(table, name)
        about = f"{title} ({study.replications} replications of all 32 combinations, {DAYS} days, 95 % intervals)"
        study.figure(dots(table, "what", METRICS, about, what="effect"), name)
    for k, metric in enumerate(METRICS):
        answer_shares(study, metric, {name: values[:, k] for name, values in shares.items()})
        alone = worth[frozenset({"authority"})][:, k] - worth[frozenset(COMPONENTS)][:, k]
        scale, unit = difference_unit(metric)
        meaning = "turning authority alone, the decisions that face the customer, less turning all five components"
        study.answer("C8", f"{metric}: authority alone less all", alone * scale, unit, meaning=meaning)
    words = [
        f"{metric} {tell(answer_focus(study, gains, metric), ' ' + difference_unit(metric).name)}" for metric in METRICS
    ]
    when = phrase(load_scenario("contact_centre"), DAYS)
    study.finding(f"Customer focus and authority together, beyond each alone: {'; '.join(words)}. All this: {when}.")


def of(gains: pd.DataFrame, name: str) -> Any:
    """Gains over the traditional chart of one combination: array (replications, metrics)."""
    return gains[gains["turned"] == name].sort_values("replication")[METRICS].to_numpy()


def answer_shares(study: Study, metric: str, shares: dict[str, Any]) -> None:
    """What each component adds (C4); the largest and the smallest share in words."""
    scale, unit = difference_unit(metric)
    found = {}
    for name, values in shares.items():
        meaning = f"what turning {name} adds, in the mean over all orders of turning the five components"
        found[name] = study.answer("C4", f"{metric}: share of {name}", values * scale, unit, meaning=meaning)
    order = sorted(found, key=lambda name: found[name].mean)
    most, least = (f"{name} ({numbers(found[name])})" for name in (order[-1], order[0]))
    study.finding(f"Of {metric}, in {unit}, {most} gives most and {least} least.")


def answer_focus(study: Study, gains: pd.DataFrame, metric: str) -> Interval:
    """Customer focus with and without empowerment (C30); returns their interaction."""
    scale, unit = difference_unit(metric)
    k = METRICS.index(metric)
    focus, authority, both = (of(gains, name)[:, k] * scale for name in ("focus", "authority", "focus + authority"))
    for name, values in (("focus alone", focus), ("authority alone", authority), ("both", both)):
        meaning = "gain over the traditional chart; focus: what managers steer by, what is recognised"
        study.answer("C30", f"{metric}: {name}", values, unit, meaning=meaning)
    meaning = "what both give beyond the sum of each alone; positive: they need each other"
    return study.answer("C30", f"{metric}: interaction", both - focus - authority, unit, meaning=meaning)


if __name__ == "__main__":
    STUDY.command(main)
