"""The policy ratchet: do rules from above make staff do less and less for the customer, and what does that cost?

    python experiments/policy_ratchet.py            # full size
    python experiments/policy_ratchet.py --quick    # the same with two runs per point

Policy that reacts to costly concessions tightens the limits in force. It has something to bite on where the front line
starts generously, with a high limit and more than the fair remedy paid; a tight start is tried too, both under managers
who steer by cost or by customers. Writes to results/policy_ratchet a figure, `levels.csv` (every cell), answers and a
finding.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from simsvc.runs.statistics import Interval, contrast, intervals
from simsvc.scenario.loading import load_scenario
from simsvc.show.axes import clean, smooth, style
from simsvc.show.numbers import difference_unit, tell
from simsvc.studies.study import Point, Study

STARTS = {
    "tight start": {"structure.frontline_limit": 20, "structure.generosity": 0.0},
    "generous start": {"structure.frontline_limit": 150, "structure.generosity": 0.3},
}
KPI = {"steered by cost": 0.0, "steered by customers": 1.0}
RATCHET = (0.0, 0.5, 1.0)
METRICS = ("retention", "escalation_rate", "refused_justified", "granted_unjustified", "grant_cost", "morale", "profit")
COURSES = (
    ("tightness", "Tightness of policy", "0-1"),
    ("asked", "Cases passed up", "% of served"),
)

STUDY = Study(
    "policy_ratchet",
    "Does policy that reacts to costly concessions do harm, and does it matter what managers steer by?",
    ["C7", "C11"],
    replications=14,
    quick=2,
)


def plot(study: Study) -> Figure:
    """Tightness and refusals day by day, one column per start."""
    figure = Figure(figsize=(11, 6.5), layout="constrained")
    panels = figure.subplots(2, 2, sharex=True, sharey="row")
    daily = study.series
    daily = daily.assign(asked=100 * daily["asked"] / daily["served"])
    for column, start in enumerate(STARTS):
        mine = daily[daily["start"] == start]
        for k, ((kpi, ratchet), line) in enumerate(mine.groupby(["steering", "strength"], sort=False)):
            for axes, (name, title, unit) in zip(panels[:, column], COURSES, strict=True):
                axes.plot(line["day"] / 250, smooth(line[name], 40), label=f"{kpi}, ratchet {ratchet:g}", **style(k))
                axes.set_title(f"{title}, {start}", fontsize=10, loc="left")
                axes.set_ylabel(unit, fontsize=8)
                clean(axes)
        panels[1, column].set_xlabel("year", fontsize=8)
    panels[0, 0].legend(fontsize=7.5, frameon=False)
    title = (
        f"Policy that reacts to costly concessions, by start and by what managers steer by ({study.replications} runs)"
    )
    figure.suptitle(title, fontsize=10, x=0.01, ha="left")
    return figure


def main(study: Study) -> None:
    """Ratchet by start by steering."""
    points = [
        Point(
            {"start": start, "steering": steering, "strength": ratchet},
            load_scenario(
                "contact_centre",
                {**settings, "structure.kpi": kpi, "structure.ratchet": ratchet},
            ),
        )
        for start, settings in STARTS.items()
        for steering, kpi in KPI.items()
        for ratchet in RATCHET
    ]
    runs = study.runs(points, series=("tightness", "asked", "served"))
    study.table(intervals(runs, ["start", "steering", "strength"], METRICS), "levels")
    study.figure(plot(study), "policy_ratchet")

    ratcheting = contrast(runs, "strength", RATCHET[-1], RATCHET[0], by=["start", "steering"])
    found: dict[tuple[str, str, str], Interval] = {}
    for (start, steering), mine in ratcheting.groupby(["start", "steering"], sort=False):
        for metric in ("retention", "escalation_rate", "profit"):
            scale, unit = difference_unit(metric)
            found[str(start), str(steering), metric] = study.answer(
                "C7", f"{metric}, {start}, {steering}, ratchet 1 less 0", mine[metric] * scale, unit,
                meaning="What policy that reacts fully to costly concessions does; C7 expects less retention.",
            )  # fmt: skip
    steered = contrast(runs, "steering", "steered by customers", "steered by cost", by=["start", "strength"])
    kpi: dict[tuple[str, str], Interval] = {}
    for start in STARTS:
        mine = steered[(steered["start"] == start) & np.isclose(steered["strength"], 0.5)]
        for metric in ("retention", "profit"):
            scale, unit = difference_unit(metric)
            kpi[start, metric] = study.answer(
                "C11", f"{metric}, {start}, steered by customers less by cost", mine[metric] * scale, unit,
                meaning="Managers who steer by customers against managers who steer by cost, ratchet 0.5.",
            )  # fmt: skip
    parts = [
        f"{start}, {steering}: {tell(found[start, steering, 'retention'], ' points')} and "
        f"{tell(found[start, steering, 'profit'], ' thousand a year')}"
        for start in STARTS
        for steering in KPI
    ]
    told = [
        f"{start}: {tell(kpi[start, 'retention'], ' points')} and {tell(kpi[start, 'profit'], ' thousand a year')}"
        for start in STARTS
    ]
    study.finding(
        f"A full ratchet against none changes retention and profit by ({'; '.join(parts)}). Steering by customers "
        f"instead of by cost changes them by ({'; '.join(told)})."
    )


if __name__ == "__main__":
    STUDY.command(main)
