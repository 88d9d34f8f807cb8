"""The transition: how to turn the chart, how long until it pays, what keeps it alive, whether it can be undone.

    python experiments/transition.py            # full size
    python experiments/transition.py --quick    # the same with two runs per way

A traditional contact centre turns its chart after a year: at once, department by department, component by component,
only the decisions that face the customer or only the others; with full upkeep, without, with upkeep that stops after a
year; and one organisation turns back after two years. Each is compared with the same organisation that never turns.
Writes to results/transition a figure, `differences.csv` (fifth year against never turning), `break_even.csv`, answers
and a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.comparison.horizons import STEP, cumulated_profit, stays_above
from simsvc.organization import ServiceOrganization
from simsvc.runs.statistics import Interval, contrast, interval, intervals
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.structure import COMPONENTS
from simsvc.scenario.timeline import Change
from simsvc.show.axes import clean, smooth, style
from simsvc.show.numbers import difference_unit, tell
from simsvc.studies.study import Point, Study

DAYS, TURN, BACK = 1250, 250, 750
METRICS = ("retention", "loyalty", "morale", "skill", "customers", "profit")
NEVER, AT_ONCE = "never", "at once"
FACING, BEHIND = "only decisions facing the customer", "only direction and management"
BY_DEPARTMENT, BY_COMPONENT = "department by department", "component by component"
FULL, NONE, STOPS, UNDONE = "full upkeep", "no upkeep", "upkeep stops after a year", "turned back after two years"

STUDY = Study(
    "transition",
    "How is the chart best turned, when does that pay, and does it last?",
    ["C4", "C8", "C37"],
    replications=14,
    quick=2,
    timed=True,
)


def dated(day: int, **what: Any) -> Change:
    """A change on a day."""
    return Change.model_validate({"day": day, **what})


def turned(day: int = TURN, **how: Any) -> Change:
    """The chart is turned on a day."""
    return dated(day, structure="inverted", **how)


WAYS: dict[str, tuple[Change, ...]] = {
    NEVER: (),
    AT_ONCE: (turned(),),
    BY_DEPARTMENT: tuple(turned(TURN + 125 * d, departments=(d,)) for d in range(3)),
    BY_COMPONENT: tuple(turned(TURN + 62 * k, components=(c,)) for k, c in enumerate(COMPONENTS)),
    FACING: (turned(domains=("remedies", "solutions")),),
    BEHIND: (turned(domains=("priorities", "people")),),
    FULL: (turned(set={"structure.upkeep": 1.0}),),
    NONE: (turned(set={"structure.upkeep": 0.0}),),
    STOPS: (turned(), dated(TURN + 250, set={"structure.upkeep": 0.0})),
    UNDONE: (turned(), dated(BACK, structure="traditional")),
}


def profits(model: ServiceOrganization, rows: Any) -> Mapping[str, float]:
    """Profit cumulated from the day of turning on, money, every `STEP` days."""
    return {f"profit_by_{TURN + STEP * k}": float(sum_) for k, sum_ in enumerate(cumulated_profit(rows, TURN), 1)}


def plot(study: Study, courses: dict[str, Any]) -> Figure:
    """Ways of turning above, what lasts below: cumulated gain, loyalty, morale."""
    figure = Figure(figsize=(11, 7), layout="constrained")
    rows = figure.subplots(2, 3)
    names = list(WAYS)
    for panels, ways in zip(rows, (names[:6], [NEVER, AT_ONCE, *names[6:]]), strict=True):
        for k, way in enumerate(ways):
            mean = np.mean(courses[way], axis=0) / 1e3
            panels[0].plot((TURN + STEP * (1 + np.arange(len(mean)))) / 250, mean, label=way, **style(k))
            mine = study.series[study.series["way"] == way]
            for axes, name in zip(panels[1:], ("loyalty", "morale"), strict=True):
                axes.plot(mine["day"] / 250, smooth(mine[name]), label=way, **style(k))
        for axes, title, unit in zip(
            panels,
            ("Profit cumulated, less never turning", "Loyalty of customers", "Morale of the front line"),
            ("thousand", "0-1", "0-1"),
            strict=True,
        ):
            axes.set_title(title, fontsize=10, loc="left")
            axes.set_ylabel(unit, fontsize=8)
            axes.set_xlabel("year", fontsize=8)
            axes.axvline(TURN / 250, color="#999999", linewidth=0.8)
            clean(axes)
        panels[0].axhline(0, color="black", linewidth=0.8)
        panels[0].legend(fontsize=7.5, frameon=False)
    title = (
        f"Turning the chart after one year: ways of going (above), what lasts (below); {study.replications} runs each"
    )
    figure.suptitle(title, fontsize=10, x=0.01, ha="left")
    return figure


def main(study: Study) -> None:
    """Turn in every way, compare with never turning."""
    base = load_scenario("contact_centre", {"run.settling": 1 - 250 / DAYS})  # metrics are those of the fifth year
    points = [Point({"way": way}, base.model_copy(update={"timeline": dates}), DAYS) for way, dates in WAYS.items()]
    runs = study.runs(points, series=("loyalty", "morale"), probe=profits)
    gains = {way: contrast(runs, "way", way, NEVER) for way in WAYS}
    steps = [name for name in runs.columns if name.startswith("profit_by_")]
    courses = {way: frame[steps].to_numpy() for way, frame in gains.items()}
    study.figure(plot(study, courses), "transition")
    everything = pd.concat([frame.assign(way=way) for way, frame in gains.items() if way != NEVER])
    study.table(intervals(everything, ["way"], METRICS), "differences")

    pays = []
    for way in list(WAYS)[1:]:
        years = [stays_above(gain) for gain in courses[way]]
        found, hole = interval(years), interval(courses[way].min(axis=1) / 1e3)
        share = float(np.mean(np.isfinite(years)))
        pays.append((way, found.mean, found.low, found.high, share, hole.mean, hole.low, hole.high))
    columns = ["way", "years", "low", "high", "share_that_pays", "deepest_loss_thousand", "loss_low", "loss_high"]
    study.table(pd.DataFrame(pays, columns=columns), "break_even")
    years = [stays_above(gain) for gain in courses[AT_ONCE]]
    pays_after = study.answer(
        "C4", "years until turning at once has paid", years, "years",
        meaning="Years after turning from which on cumulated profit stays above that of never turning; only runs in "
        "which it does so by the end of the fifth year count.",
    )  # fmt: skip
    study.answer(
        "C4", "runs in which turning at once has paid", 100.0 * np.isfinite(years), "% of runs",
        meaning="Share of runs in which turning at once has paid by the end of the fifth year.",
    )  # fmt: skip

    def between(claim: str, way: str, other: str, metric: str, meaning: str) -> Interval:
        scale, unit = difference_unit(metric)
        values = (gains[way] - gains[other])[metric] * scale
        return study.answer(claim, f"{metric} in the fifth year, {way} less {other}", values, unit, meaning=meaning)

    part = "Positive: the part does better than the whole."
    staged = "Positive: going by stages ends up ahead of turning at once."
    parts = {}
    for metric in ("retention", "profit"):
        parts[FACING, metric] = between("C8", FACING, AT_ONCE, metric, part)
        parts[BEHIND, metric] = between("C8", BEHIND, AT_ONCE, metric, part)
        between("C8", BY_DEPARTMENT, AT_ONCE, metric, staged)
        between("C8", BY_COMPONENT, AT_ONCE, metric, staged)
    kept = between("C37", FULL, NONE, "retention", "Positive: without upkeep the new ways are lost.")
    between("C37", FULL, NONE, "profit", "Positive: upkeep is worth the managers' time it takes.")
    stopped = between("C37", STOPS, AT_ONCE, "retention", "Negative: practices decay once upkeep stops.")
    left = {
        metric: between("C37", UNDONE, NEVER, metric, "What is left of the turn in the second year after turning back.")
        for metric in ("customers", "loyalty", "skill", "profit")
    }
    paid = np.mean(np.isfinite(years))
    when = f"after {pays_after.mean:.1f} years [{pays_after.low:.1f}, {pays_after.high:.1f}]" if paid else "never"
    facing, behind = (tell(parts[way, "retention"], " points") for way in (FACING, BEHIND))
    study.finding(
        f"Turning the chart at once has paid in {paid:.0%} of runs within four years, {when}. In the fifth year, "
        f"turning only the decisions that face the customer gives retention {facing} against turning everything, only "
        f"direction and management {behind}. Full upkeep against none is worth in retention {tell(kept, ' points')}; "
        f"upkeep that stops after a year, against going on: {tell(stopped, ' points')}. In the second year after "
        f"turning back, what is left against never having turned: customers {tell(left['customers'], '', 0)}, loyalty "
        f"{tell(left['loyalty'], ' points')}, skill of the front line {tell(left['skill'], ' points')}."
    )


if __name__ == "__main__":
    STUDY.command(main)
