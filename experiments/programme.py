"""The programme: seven habits of a leader and five steps of empowerment, added and left out one by one.

    python experiments/programme.py            # full size
    python experiments/programme.py --quick    # the same with two runs per arm

Each item takes its levers over from the full programme (the inverted chart, with staff unsuited to service replaced):
added alone to the traditional chart, and left out alone of the full programme, where its levers stay as they were.
Programmes begin on the second morning, so that they have to take hold and are forgotten without upkeep. Managers' time
for an item comes from control and goes back to it. The items do not make up the whole inverted chart: strictness, ways
of escalation, coaching and what managers steer by stay out of them. Writes to results/programme a figure,
`effects.csv`, answers and a finding.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from simsvc.runs.statistics import contrast, intervals
from simsvc.scenario.loading import load_scenario, load_structure
from simsvc.scenario.timeline import Change
from simsvc.show.effects import dots
from simsvc.show.numbers import difference_unit, tell
from simsvc.studies.study import Point, Study

DAYS = 500
METRICS = ("retention", "morale", "profit")
ITEMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "walls come down (C31)": ("C31", ("permeability",)),
    "celebrate the extraordinary (C32)": ("C32", ("recognition",)),
    "hire for hospitality (C33)": ("C33", ("selectivity", "replace_unsuited")),
    "work on the floor (C34)": ("C34", ("share_floor",)),
    "let them improve each other (C35)": ("C35", ("peer_learning",)),
    "give more than expected (C36)": ("C36", ("generosity",)),
    "keep new ways alive (C37)": ("C37", ("upkeep",)),
    "improve for good (C38)": ("C38", ("share_causes",)),
    "share information (C25)": ("C25", ("information_share",)),
    "ask for feedback, answer it (C26)": ("C26", ("reports_answered", "report_weight")),
    "a clear vision (C27)": ("C27", ("clarity",)),
    "train and challenge (C28)": ("C28", ("training_days",)),
    "boundaries that widen (C29)": ("C29", ("adaptive_limits", "frontline_limit", "manager_limit", "latitude")),
}
"""Claim and levers of each item: habits of a leader (the seventh in two parts), then five steps of a programme."""
WAYS = {"added to the traditional chart": "added", "worth inside the full programme": "kept"}

STUDY = Study(
    "programme",
    "What is each habit of a leader and each step of an empowerment programme worth, alone and among the others?",
    ["C25", "C26", "C27", "C28", "C29", "C31", "C32", "C33", "C34", "C35", "C36", "C37", "C38", "H9"],
    replications=13,
    quick=2,
)


def charts() -> dict[tuple[str, str], dict[str, Any]]:
    """Levers by way and item; `-` is the chart that items are added to or left out of."""
    traditional = load_structure("traditional").model_dump()
    full = {**load_structure("inverted").model_dump(), "replace_unsuited": 0.5}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for way, (start, other) in zip(WAYS, ((traditional, full), (full, traditional)), strict=True):
        found[way, "-"] = start
        for item, (_, levers) in ITEMS.items():
            chart = {**start, **{lever: other[lever] for lever in levers}}
            for share in ("share_floor", "share_causes"):
                chart["share_control"] -= chart[share] - start[share]
            found[way, item] = chart
    return found


def main(study: Study) -> None:
    """Add each item to one chart, leave it out of the other."""
    before = load_scenario("contact_centre")
    points = []
    for (way, item), chart in charts().items():
        new = {f"structure.{lever}": value for lever, value in chart.items()}
        begin = Change.model_validate({"day": 1, "set": new, "note": "the programme begins"})
        points.append(Point({"way": way, "item": item}, before.model_copy(update={"timeline": (begin,)}), DAYS))
    runs = study.runs(points)
    effects = []
    for item in ITEMS:
        difference = contrast(runs, "item", item, "-", by=["way"]).assign(item=item)
        numbers = difference.columns.difference(["way", "item", "replication"])
        left_out = difference["way"] == "worth inside the full programme"
        difference.loc[left_out, numbers] *= -1  # what is missed when it is left out is what it is worth
        effects.append(difference)
    everything = pd.concat(effects)
    costs = ("grant_cost", "people_cost")
    table = intervals(everything, ["item", "way"], (*METRICS, *costs))
    study.table(table, "effects")
    title = (
        "What each habit of a leader (above) and step of a programme (below) is worth: added alone to the traditional "
        f"chart, and inside the full programme ({study.replications} runs of {DAYS} days, 95 % intervals)"
    )
    shown = table[table["metric"].isin(METRICS)]
    study.figure(dots(shown, "item", METRICS, title, series="way", what="worth"), "programme")

    told: dict[str, list[str]] = {way: [] for way in WAYS}
    for item, (claim, levers) in ITEMS.items():
        for way, word in WAYS.items():
            mine = everything[(everything["item"] == item) & (everything["way"] == way)]
            for metric in METRICS:
                scale, unit = difference_unit(metric)
                found = study.answer(
                    claim, f"{metric}, {item} {word}", scale * mine[metric], unit,
                    meaning=f"What {', '.join(levers)} is worth, {way}; positive is a gain.",
                )  # fmt: skip
                if metric == "retention" and (found.low > 0 or found.high < 0):
                    told[way].append(f"{item} {tell(found, ' points')}")
            cost = (mine["grant_cost"] + mine["people_cost"]) / 1e3
            study.answer(
                "H9", f"cost of {item} {word}", cost, "thousand a year",
                meaning="More paid to customers and for hiring and training, before what it brings.",
            )  # fmt: skip
    study.finding(
        " ".join(
            f"Customer retention, {way}: {'; '.join(parts) or 'no item makes a difference that is seen'}."
            for way, parts in told.items()
        )
    )


if __name__ == "__main__":
    STUDY.command(main)
