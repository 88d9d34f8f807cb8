"""Teach them to smile, or repair what is broken? Programmes compared per unit of money, in the usual chart.

    python experiments/smile_or_causes.py            # 12 replications of twelve arms, three years
    python experiments/smile_or_causes.py --quick    # 2 replications

Arms: smile training in two sizes, repairs of causes for the same money and for four times as much, one and two
more people at the front, better tools, and smile training for staff who are hospitable anyway. Programmes and
wages are paid in the model, so profit is net of them. Tools have no price in the model: what they bring a year
is what one might pay for them.
Writes smile_or_causes.png (effects), course.png (how the effects come and go), effects.csv, per_money.csv.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from simsvc.organization import ServiceOrganization
from simsvc.runs.statistics import contrast, interval, intervals
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.settings import DAYS_PER_YEAR
from simsvc.show.axes import clean, smooth, style
from simsvc.show.effects import dots
from simsvc.show.numbers import difference_unit, tell
from simsvc.studies.study import Point, Study

STUDY = Study(
    "smile_or_causes",
    "What do smile training, repairs, people and tools do for customers, staff and profit, per unit of money?",
    ["C15", "C16"],
    replications=12,
    quick=2,
)
USUAL = load_scenario("contact_centre")
SMILES = USUAL.economics.smile_cost * USUAL.workforce.frontline
"""Money a year that full smile training costs."""
HOSPITABLE = "hospitable staff"
WAGE = USUAL.economics.frontline_wage * DAYS_PER_YEAR
ARMS: dict[str, tuple[dict[str, float], float]] = {
    "as it is": ({}, 0.0),
    "smile training, half": ({"structure.smile_training": 0.5}, 0.5 * SMILES),
    "smile training, full": ({"structure.smile_training": 1.0}, SMILES),
    HOSPITABLE: ({"workforce.disposition": 0.85}, 0.0),
    "smiles, hospitable staff": ({"workforce.disposition": 0.85, "structure.smile_training": 1.0}, SMILES),
    "repairs, half the money": ({"operations.repair_budget": 0.5 * SMILES / DAYS_PER_YEAR}, 0.5 * SMILES),
    "repairs, same money": ({"operations.repair_budget": SMILES / DAYS_PER_YEAR}, SMILES),
    "repairs, four times": ({"operations.repair_budget": 4 * SMILES / DAYS_PER_YEAR}, 4 * SMILES),
    "one more person": ({"workforce.frontline": USUAL.workforce.frontline + 1}, WAGE),
    "two more people": ({"workforce.frontline": USUAL.workforce.frontline + 2}, 2 * WAGE),
    "better tools": ({"operations.tools": USUAL.operations.tools + 0.1}, 0.0),
    "much better tools": ({"operations.tools": USUAL.operations.tools + 0.2}, 0.0),
}
"""Settings of each arm and its price a year."""
METRICS = ("retention", "satisfaction", "morale", "exhaustion", "profit")


def first_quarter(model: ServiceOrganization, days: Any) -> dict[str, float]:
    """Satisfaction of customers and morale of staff in the first quarter."""
    return {
        f"first quarter: {name}": float(days[name][: DAYS_PER_YEAR // 4].mean()) for name in ("satisfaction", "morale")
    }


def main(study: Study) -> None:
    """Run all arms; compare with the organisation as it is, and with each other per unit of money."""
    points = [Point({"arm": arm}, load_scenario("contact_centre", settings)) for arm, (settings, _) in ARMS.items()]
    runs = study.runs(points, series=["satisfaction", "morale", "exhaustion"], probe=first_quarter)
    arms = [arm for arm in ARMS if arm not in ("as it is", HOSPITABLE)]
    bases = {arm: HOSPITABLE if "hospitable" in arm else "as it is" for arm in arms}
    gains = pd.concat(contrast(runs, "arm", arm, bases[arm]).assign(arm=arm) for arm in arms)
    table = intervals(gains, ["arm"], METRICS)
    study.table(table, "effects")
    title = f"Effect of each programme in the traditional chart ({study.replications} pairs of runs, 95 % intervals)"
    study.figure(dots(table, "arm", METRICS, title, what="effect"), "smile_or_causes")
    study.figure(course(study), "course")
    by_arm = {arm: gains[gains["arm"] == arm].sort_values("replication") for arm in arms}
    for arm, of in by_arm.items():
        claim = "C15" if "smile" in arm else "C16"
        for metric in METRICS:
            scale, unit = difference_unit(metric)
            meaning = "effect of the programme in the traditional chart; profit is net of its price, but for tools"
            study.answer(claim, f"{metric}: {arm}", of[metric] * scale, unit, meaning=meaning)
    smile = by_arm["smile training, full"]
    early = {}
    for name in ("satisfaction", "morale"):
        meaning = "effect of full smile training in the first quarter, before the strain has added up"
        values = smile[f"first quarter: {name}"] * 100
        early[name] = study.answer("C15", f"{name} in the first quarter", values, "points", meaning=meaning)
    per_money = pd.concat(
        (of[["replication", "retention", "satisfaction"]] / (ARMS[arm][1] / 10_000)).assign(arm=arm)
        for arm, of in by_arm.items()
        if ARMS[arm][1]
    )
    study.table(intervals(per_money, ["arm"], ["retention", "satisfaction"]), "per_money")
    for arm in ("repairs, same money", "one more person"):
        values = per_money[per_money["arm"] == arm]["retention"] * 100
        meaning = "retention gained per 10,000 spent a year in the traditional chart"
        study.answer("C16", f"retention per money: {arm}", values, "points per 10,000", meaning=meaning)
    words = []
    for metric in METRICS:
        scale, unit = difference_unit(metric)
        less = (by_arm["repairs, same money"][metric].to_numpy() - smile[metric].to_numpy()) * scale
        meaning = "repairs of causes less full smile training, for the same money; positive: more with repairs"
        found = study.answer("C15", f"{metric}: repairs less smiles", less, unit, meaning=meaning)
        words.append(f"{metric} {tell(found, f' {unit}')}")
    late = interval(smile["satisfaction"] * 100)
    study.finding(
        f"Full smile training changes satisfaction by {tell(early['satisfaction'], ' points')} in the first quarter "
        f"and by {tell(late, ' points')} after the first year."
    )
    study.finding(f"For the same money, repairing causes less training to smile gives: {'; '.join(words)}.")


def course(study: Study) -> Figure:
    """How satisfaction of customers, morale and exhaustion of staff differ from the organisation as it is."""
    figure = Figure(figsize=(11, 4), layout="constrained")
    shown = ("smile training, full", "repairs, same money", "one more person", "better tools")
    panels = (("satisfaction", "Satisfaction of customers"), ("morale", "Staff morale"), ("exhaustion", "Exhaustion"))
    daily = study.series.set_index("arm")
    for axes, (name, label) in zip(figure.subplots(1, 3), panels, strict=True):
        for k, arm in enumerate(shown):
            change = 100 * (daily.loc[arm][name].to_numpy() - daily.loc["as it is"][name].to_numpy())
            axes.plot(daily.loc[arm]["day"] / DAYS_PER_YEAR, smooth(change), label=arm, linewidth=1.6, **style(k))
        axes.axhline(0, color="black", linewidth=0.8)
        axes.set_title(label, fontsize=10, loc="left")
        axes.set_xlabel("year", fontsize=8)
        axes.set_ylabel("points more than as it is", fontsize=8)
        clean(axes)
    axes.legend(fontsize=8, frameon=False)
    title = f"How effects come and go, mean of {study.replications} pairs of runs"
    figure.suptitle(title, fontsize=10, x=0.01, ha="left")
    return figure


if __name__ == "__main__":
    STUDY.command(main)
