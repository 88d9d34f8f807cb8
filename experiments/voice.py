"""Voice: what happens when staff are asked to speak up, with and without the capacity to act; power and information.

    python experiments/voice.py            # full size
    python experiments/voice.py --quick    # the same with two runs per point

The traditional contact centre answers none, half or all of its reports, and its managers move time from control to
removing what is reported, or do not. A second part gives the front line power with and without information. Writes
to results/voice a figure, `levels.csv` (every cell), `power_and_information.csv`, answers and a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from simsvc.organization import ServiceOrganization
from simsvc.runs.metrics import measured
from simsvc.runs.statistics import contrast, intervals
from simsvc.scenario.loading import load_scenario, load_structure
from simsvc.show.axes import clean, style
from simsvc.show.numbers import difference_unit, tell
from simsvc.studies.study import Point, Study

ANSWERED = (0.0, 0.5, 1.0)
CAPACITY = {"no time to act": 0.0, "some time to act": 0.15, "much time to act": 0.3}
TO_SHARE = 0.7  # of managers' time, for control and for removing causes together: as much as the chart has
METRICS = ("retention", "morale", "staff_turnover", "causes_open", "profit")
POWER = {"little power": "traditional", "power": "inverted"}
INFORMATION = {"little information": 0.1, "information": 0.9}

STUDY = Study(
    "voice",
    "What does it do to ask staff to speak up, with and without the capacity to act on it?",
    ["C25", "C26", "H7"],
    replications=14,
    quick=2,
)


def reports(model: ServiceOrganization, rows: Any) -> Mapping[str, float]:
    """Reports per member of staff and year, and readiness to report, 0-1, over the measured days."""
    mine = measured(rows, model.settings.run.settling)
    return {"reports": float(mine["reports"].sum() / mine["present"].sum() * 250), "voice": float(mine["voice"].mean())}


def by_label(frame: pd.DataFrame, label: str) -> dict[str, pd.DataFrame]:
    """Differences by value of a label, indexed by replication."""
    return {str(value): mine.set_index("replication") for value, mine in frame.groupby(label)}


def plot(table: pd.DataFrame) -> Figure:
    """What answering does, one line per capacity to act."""
    figure = Figure(figsize=(11, 3.6), layout="constrained")
    shown = (
        ("reports", "Reports", "per head and year", 1.0),
        ("causes_open", "Needs spoiled by known causes", "% per department", 100.0),
        ("staff_turnover", "Staff turnover", "% a year", 100.0),
        ("retention", "Customer retention", "% a year", 100.0),
    )
    for axes, (metric, title, unit, scale) in zip(figure.subplots(1, 4), shown, strict=True):
        mine = table[table["metric"] == metric]
        for k, (capacity, line) in enumerate(mine.groupby("capacity", sort=False)):
            reach = [scale * (line["mean"] - line["low"]), scale * (line["high"] - line["mean"])]
            axes.errorbar(line["answered"], scale * line["mean"], yerr=reach, capsize=3, label=capacity, **style(k))
        axes.set_title(title, fontsize=10, loc="left")
        axes.set_ylabel(unit, fontsize=8)
        axes.set_xlabel("share of reports answered", fontsize=8)
        clean(axes)
        if metric == "reports":
            axes.legend(fontsize=8, frameon=False)
    figure.suptitle(
        "Answering reports, by managers' time to act on them (95 % intervals)", fontsize=10, x=0.01, ha="left"
    )
    return figure


def main(study: Study) -> None:
    """Answers by capacity, then power by information."""
    cells = [
        Point(
            {"answered": answered, "capacity": capacity},
            load_scenario("contact_centre", {
                "structure.reports_answered": answered,
                "structure.share_causes": share,
                "structure.share_control": TO_SHARE - share,
            }),
        )
        for capacity, share in CAPACITY.items()
        for answered in ANSWERED
    ]  # fmt: skip
    runs = study.runs(cells, probe=reports)
    levels = intervals(runs, ["capacity", "answered"], (*METRICS, "reports", "voice"))
    study.table(levels, "levels")
    study.figure(plot(levels), "voice")
    asked = by_label(contrast(runs, "answered", 1.0, 0.0, by=["capacity"]), "capacity")
    none, some, much = CAPACITY
    more = study.answer(
        "C26", "reports per head and year, all answered less none", asked[some]["reports"], "reports",
        meaning="Positive: answered reports keep coming.",
    )  # fmt: skip
    kept = study.answer(
        "C26", "retention, all answered less none", 100 * asked[some]["retention"], "points",
        meaning="Positive: answering keeps customers, where managers have some time to act.",
    )  # fmt: skip
    left = {}
    for capacity in (none, much):
        for metric in ("staff_turnover", "morale", "retention"):
            scale, unit = difference_unit(metric)
            left[capacity, metric] = study.answer(
                "H7", f"{metric}, all answered less none, {capacity}", scale * asked[capacity][metric], unit,
                meaning="What answering every report does where managers have that much time to act; H7 expects more "
                "turnover where there is none.",
            )  # fmt: skip
    gap = study.answer(
        "H7", "staff_turnover, answering without less answering with capacity",
        100 * (asked[none]["staff_turnover"] - asked[much]["staff_turnover"]), "points",
        meaning="Positive: answering drives more people out where nothing can be done.",
    )  # fmt: skip
    study.finding(
        f"Answering all reports instead of none changes reports per head and year by {tell(more)} and retention by "
        f"{tell(kept, ' points')}. Without time to act it changes staff turnover by "
        f"{tell(left[none, 'staff_turnover'], ' points')}, with much time by "
        f"{tell(left[much, 'staff_turnover'], ' points')} (difference: {tell(gap, ' points')})."
    )
    power_and_information(study)


def power_and_information(study: Study) -> None:
    """Power at the front, with and without information: part two."""
    points = [
        Point(
            {"power": power, "information": information},
            load_scenario(
                "contact_centre",
                {f"structure.{lever}": value for lever, value in load_structure(chart).component("authority").items()}
                | {"structure.information_share": share},
            ),
        )
        for power, chart in POWER.items()
        for information, share in INFORMATION.items()
    ]
    runs = study.runs(points, probe=reports)
    study.table(intervals(runs, ["power", "information"], (*METRICS, "reports")), "power_and_information")
    powered = by_label(contrast(runs, "power", "power", "little power", by=["information"]), "information")
    found = {}
    for metric in ("retention", "morale", "profit"):
        scale, unit = difference_unit(metric)
        for information, effect in powered.items():
            found[metric, information] = study.answer(
                "C25", f"{metric}, power with {information}", scale * effect[metric], unit,
                meaning="What authority at the front does where the front line has that much information.",
            )  # fmt: skip
        found[metric, "gap"] = study.answer(
            "C25", f"{metric}, power with less power without information",
            scale * (powered["information"][metric] - powered["little information"][metric]), unit,
            meaning="Positive: power needs information.",
        )  # fmt: skip
    study.finding(
        f"Authority at the front changes retention by {tell(found['retention', 'information'], ' points')} with "
        f"information and by {tell(found['retention', 'little information'], ' points')} with little (difference: "
        f"{tell(found['retention', 'gap'], ' points', 2)})."
    )


if __name__ == "__main__":
    STUDY.command(main)
