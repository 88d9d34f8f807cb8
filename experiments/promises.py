"""What does promising more than is delivered do to customers, staff and profit?

    python experiments/promises.py            # 12 pairs at each of six promises, three years
    python experiments/promises.py --quick    # 2 pairs

The promise made to the market is swept from modest to boastful under both charts. What is delivered is what
customers experience in the mean at the end of a run. Writes promises.png, levels.csv, effects.csv.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from simsvc.organization import ServiceOrganization
from simsvc.runs.metrics import METRICS as ALL
from simsvc.runs.statistics import contrast, crossing, intervals
from simsvc.scenario.loading import load_scenario, with_structure
from simsvc.show.axes import COLOURS, clean
from simsvc.show.numbers import difference_unit, tell
from simsvc.studies.study import Point, Study

STUDY = Study(
    "promises",
    "What does promising more than is delivered do to customers, staff and profit?",
    ["C22"],
    replications=12,
    quick=2,
)
PROMISES = (0.45, 0.55, 0.62, 0.7, 0.8, 0.9)
MODEST, BOASTFUL = 0.62, 0.9
"""The promise of the contact centre as it is, and the boldest one."""
METRICS = ("customers", "satisfaction", "retention", "morale", "staff_turnover", "profit")


def delivered(model: ServiceOrganization, days: Any) -> dict[str, float]:
    """What customers experience in the mean at the end of a run, and how many joined a year."""
    return {
        "delivered": float(model.state.organisation["delivered"][0]),
        "joined": float(days["joined"].mean()) * 250,
    }


def main(study: Study) -> None:
    """Sweep the promise under both charts."""
    points = [
        Point(
            {"promised": promise, "structure": structure},
            with_structure(load_scenario("contact_centre", {"market.promise": promise}), structure),
        )
        for structure in ("traditional", "inverted")
        for promise in PROMISES
    ]
    runs = study.runs(points, probe=delivered)
    levels = intervals(runs, ["structure", "promised"], [*METRICS, "delivered", "joined"])
    study.table(levels, "levels")
    study.figure(figure(study, levels), "promises")
    effects = contrast(runs, "promised", BOASTFUL, MODEST, ["structure"])
    study.table(intervals(effects, ["structure"], [*METRICS, "delivered", "joined"]), "effects")
    for structure in ("traditional", "inverted"):
        mine, at = effects[effects["structure"] == structure], runs[runs["structure"] == structure]
        words = []
        for metric in METRICS:
            scale, unit = difference_unit(metric)
            meaning = f"promise {BOASTFUL} less promise {MODEST}, {structure} chart"
            found = study.answer("C22", f"{metric}, {structure}", mine[metric] * scale, unit, meaning=meaning)
            words.append(f"{ALL[metric].label.lower()} {tell(found, f' {unit}')}")
        study.answer("C22", f"joined, {structure}", mine["joined"], "people/year", meaning=meaning)
        gap = at.pivot(index="replication", columns="promised", values="delivered").to_numpy() - PROMISES
        kept = [crossing(PROMISES, values) for values in gap]
        meaning = f"promise at which just what was promised is delivered, {structure} chart"
        study.answer("C22", f"promise that is kept, {structure}", kept, "0-1", meaning=meaning)
        study.finding(f"Promise {BOASTFUL} less {MODEST} gives in the {structure} chart: {', '.join(words)}.")


def figure(study: Study, levels: pd.DataFrame) -> Figure:
    """Level of each metric over the promise; the band is what is promised beyond what is delivered."""
    drawn = Figure(figsize=(11, 6.4), layout="constrained")
    for axes, metric in zip(drawn.subplots(2, 3).ravel(), METRICS, strict=True):
        scale, unit = difference_unit(metric)
        for k, structure in enumerate(("traditional", "inverted")):
            mine = levels[levels["structure"] == structure]
            rows = mine[mine["metric"] == metric]
            mean = rows["mean"] * scale
            reach = [mean - rows["low"] * scale, rows["high"] * scale - mean]
            axes.errorbar(
                rows["promised"], mean, yerr=reach, color=COLOURS[k], fmt="o-" if k == 0 else "D--", markersize=4,
                capsize=2, linewidth=1.5, label=structure,
            )  # fmt: skip
            given = mine[mine["metric"] == "delivered"]
            kept = crossing(PROMISES, given["mean"].to_numpy() - PROMISES)
            axes.axvline(kept, color=COLOURS[k], linestyle=":", linewidth=1.2)
        axes.set_title(ALL[metric].label, fontsize=10, loc="left")
        axes.set_ylabel("%" if ALL[metric].percent else unit.replace("points", "of 100"), fontsize=8)
        axes.set_xlabel("quality promised (dotted: promise that is just kept)", fontsize=8)
        clean(axes)
    handles, labels = axes.get_legend_handles_labels()
    drawn.legend(handles, labels, loc="outside lower center", ncols=2, fontsize=9, frameon=False)
    title = f"Promises and what becomes of them ({study.replications} runs at each point, 95 % intervals)"
    drawn.suptitle(title, fontsize=10, x=0.01, ha="left")
    return drawn


if __name__ == "__main__":
    STUDY.command(main)
