"""A bad day: does loyalty outlive a single encounter as bad as can be, in loyal and in new customers?

    python experiments/bad_day.py            # full size
    python experiments/bad_day.py --quick    # the same with two runs per chart

After two years some loyal and some new customers have one encounter in which everything goes wrong; they are followed
for a year against the same customers without it. How they feel is compared among those who are still there in both.
Writes to results/bad_day a figure, `bad_day.csv`, answers and a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.model.rows import LOYAL
from simsvc.model.rules.expectation import learning_rate, satisfaction_after
from simsvc.model.rules.loyalty import loyalty_after
from simsvc.organization import ServiceOrganization
from simsvc.runs.statistics import intervals
from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.loading import load_scenario, with_structure
from simsvc.show.axes import clean, style
from simsvc.show.numbers import tell
from simsvc.studies.study import Point, Study

DAYS = 500
AFTER = (1, 10, 25, 50, 75, 100, 125, 150, 175, 200, 225, 250)  # days after the bad one
CHARTS = ("traditional", "inverted")
GROUPS = ("loyal", "new")
WHAT = {
    "satisfaction": "Satisfaction of those who stay in both",
    "loyalty": "Loyalty of those who stay in both",
    "kept": "Customers kept",
}
EACH = 300  # customers of a group who have a bad day

STUDY = Study("bad_day", "Does loyalty outlive a single bad day?", ["C10"], replications=20, quick=2, timed=True)


def bad_encounter(model: ServiceOrganization, i: int) -> None:
    """Let customer i have an encounter that is worth nothing to them."""
    row, strength, assumed = model.state.customers[i], model.settings.rules, model.settings.assumptions
    weight = learning_rate(row["uncertainty"], plain_numbers(assumed.expectation))
    row["satisfaction"] = satisfaction_after(row["satisfaction"], 0.0, weight, strength.loss_aversion)
    attitude = plain_numbers(assumed.loyalty)
    row["loyalty"] = loyalty_after(row["loyalty"], row["satisfaction"], 0.0, strength.loyalty, attitude)
    model.settle(i)


def follow(model: ServiceOrganization, rows: Any) -> Mapping[str, float]:
    """Give a bad encounter to some loyal customers of a year or more and some of at most 60 days; follow them.

    A second run of the same goes on without it. Feelings are compared among those who are still there in both runs:
    the means of different people would differ by who left.

    Returns:
        What is lost by each group at each day after: mean satisfaction and loyalty, 0-1, and the share kept.
    """
    without = ServiceOrganization(**model.origin)
    without.advance(model.day)
    customers, start = model.state.customers, model.day
    there = customers["since"] >= 0
    groups = {
        "loyal": np.flatnonzero(there & (customers["type"] == LOYAL) & (customers["since"] <= start - 250))[:EACH],
        "new": np.flatnonzero(there & (customers["since"] > start - 60))[:EACH],
    }
    spells = {group: customers["spell"][people].copy() for group, people in groups.items()}
    for people in groups.values():
        for i in people:
            bad_encounter(model, int(i))
    taken = {}
    for after in AFTER:
        for run in (model, without):
            run.advance(start + after - run.day)
        for group, people in groups.items():
            mine, same = model.state.customers[people], without.state.customers[people]
            kept, kept_without = ((now["since"] >= 0) & (now["spell"] == spells[group]) for now in (mine, same))
            both = kept & kept_without
            for name in ("satisfaction", "loyalty"):
                taken[f"{name} {group} {after}"] = float((mine[name] - same[name])[both].mean())
            taken[f"kept {group} {after}"] = float(kept.mean() - kept_without.mean())
    return taken


def plot(course: pd.DataFrame) -> Figure:
    """What the bad encounter leaves behind, one line per chart and group."""
    figure = Figure(figsize=(11, 4), layout="constrained")
    panels = figure.subplots(1, len(WHAT))
    for axes, (what, title) in zip(panels, WHAT.items(), strict=True):
        mine = course[course["what"] == what]
        for k, (labels, line) in enumerate(mine.groupby(["chart", "group"], sort=False)):
            axes.fill_between(line["days"], 100 * line["low"], 100 * line["high"], alpha=0.15, color=style(k)["color"])
            axes.plot(line["days"], 100 * line["mean"], label=", ".join(map(str, labels)), **style(k))
        axes.axhline(0, color="black", linewidth=0.8)
        axes.set_title(title, fontsize=10, loc="left")
        axes.set_xlabel("days after", fontsize=8)
        axes.set_ylabel("points", fontsize=8)
        clean(axes)
    figure.legend(
        *panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, fontsize=8, frameon=False
    )
    title = "What one encounter as bad as can be leaves behind, against the same customers without it (95 % intervals)"
    figure.suptitle(title, fontsize=10, x=0.01, ha="left")
    return figure


def main(study: Study) -> None:
    """The same year with and without the bad day, in both charts."""
    points = [Point({"chart": chart}, with_structure(load_scenario("contact_centre"), chart), DAYS) for chart in CHARTS]
    runs = study.runs(points, probe=follow)
    lost = pd.concat(
        [
            runs[["chart", "replication"]].assign(
                group=group, what=what, days=after, lost=runs[f"{what} {group} {after}"]
            )
            for group in GROUPS
            for what in WHAT
            for after in AFTER
        ]
    )  # fmt: skip
    course = intervals(lost, ["chart", "group", "what", "days"], ["lost"]).drop(columns="metric")
    study.table(course, "bad_day")
    study.figure(plot(course), "bad_day")
    found = {}
    for chart in CHARTS:
        for group in GROUPS:
            mine = lost[(lost["chart"] == chart) & (lost["group"] == group)]
            for what, after in (("loyalty", AFTER[0]), ("loyalty", AFTER[-1]), ("kept", AFTER[-1])):
                values = mine[(mine["what"] == what) & (mine["days"] == after)]["lost"]
                found[chart, group, what, after] = study.answer(
                    "C10", f"{WHAT[what].lower()}, {group}, {after} days after a bad one, {chart}", 100 * values,
                    "points", meaning="One encounter as bad as can be, against the same customers without it; near "
                    "zero: it is outlived.",
                )  # fmt: skip
    said = [
        f"{group} customers: loyalty {tell(found[chart, group, 'loyalty', AFTER[0]], ' points')} at once and "
        f"{tell(found[chart, group, 'loyalty', AFTER[-1]], ' points')} a year later, customers kept "
        f"{tell(found[chart, group, 'kept', AFTER[-1]], ' points')}"
        for chart in CHARTS[:1]
        for group in GROUPS
    ]
    study.finding(f"What one encounter as bad as can be does under the {CHARTS[0]} chart: {'; '.join(said)}.")


if __name__ == "__main__":
    STUDY.command(main)
