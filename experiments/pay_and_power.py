"""Pay, power and what drives morale: which of them moves staff, customers and money, one at a time.

    python experiments/pay_and_power.py            # full size
    python experiments/pay_and_power.py --quick    # the same with two runs per arm

Arms of the traditional contact centre: pay and authority apart and together, drivers of morale switched off one by one
or turned up, customers who meet the staff they know, effort ordered or volunteered, and units under strain. Managers'
time for coaching comes from control and goes back to it. Writes to results/pay_and_power figures, `effects.csv`,
`levels.csv`, answers and a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from simsvc.organization import ServiceOrganization
from simsvc.runs.statistics import contrast, intervals
from simsvc.scenario.loading import load_scenario, load_structure
from simsvc.show.axes import COLOURS, clean
from simsvc.show.effects import dots
from simsvc.show.numbers import difference_unit, tell
from simsvc.studies.study import Point, Study

DAYS = 500
ANSWERING = {
    "C5": ("morale", "retention", "profit"),
    "C13": ("loyalty", "retention", "profit"),
    "C17": ("morale", "csat", "profit"),
    "C19": ("morale", "grave_errors", "retention"),
    "C20": ("commitment", "staff_turnover", "csat"),
    "C21": ("morale", "staff_turnover", "retention"),
}
"""Metrics that answer each claim; the table of effects has all."""
METRICS = ("morale", "staff_turnover", "csat", "retention", "profit")
BASE = "as it is"


def levers(chart: Mapping[str, Any]) -> dict[str, Any]:
    """Levers as settings of a scenario."""
    return {f"structure.{name}": value for name, value in chart.items()}


INVERTED = load_structure("inverted")
AUTHORITY = levers(INVERTED.component("authority"))
PAY = {"structure.pay": 1.2}
COACHING = levers({"share_coaching": 0.4, "share_control": 0.35})
CONTROL = levers({"share_control": 0.8, "share_coaching": 0.0, "share_floor": 0.0})
KNOWN, QUITS_HALVED = {"operations.continuity": 0.8}, {"workforce.quit_rate": 0.23}
NEGLECT = CONTROL | levers({"recognition": 0.0, "information_share": 0.1, "reports_answered": 0.0})
CARE = levers({k: v for name in ("attention", "voice", "people") for k, v in INVERTED.component(name).items()})
TWIN = levers({**INVERTED.model_dump(), "selectivity": 0.2})
LOADS = {"lightest load": 7.0, "heaviest load": 11.0}  # needs per customer and year, around the 9.0 of the base

TRAINING = {"structure.training_days": 12}

ARMS: dict[str, dict[str, Any]] = {
    BASE: {},
    "pay up by a fifth": PAY,
    "authority at the front": AUTHORITY,
    "authority and pay": AUTHORITY | PAY,
    "customers meet whom they know": KNOWN,
    "staff stay twice as long": QUITS_HALVED,
    "both": KNOWN | QUITS_HALVED,
    "inverted chart, selecting as before": TWIN,
    "smiling ordered": {"structure.smile_training": 1.0},
    "more control": CONTROL,
    "more coaching": COACHING,
    "no effort volunteered": {"rules.effort": 0},
    "more coaching, no effort volunteered": COACHING | {"rules.effort": 0},
    "neglected staff": NEGLECT,
    "cared for staff": CARE,
    **{name: {"demand.contacts_per_year": load} for name, load in LOADS.items()},
    "no pride": {"rules.pride": 0},
    "pride double": {"rules.pride": 2},
    "more coaching, no support": COACHING | {"rules.support": 0},
    "cared for staff, no colleagues": CARE | {"rules.colleagues": 0},
    "authority at the front, no challenge": AUTHORITY | {"rules.challenge": 0},
    "three times the training": TRAINING,
    "three times the training, none felt": TRAINING | {"rules.training": 0},
}
"""Settings that differ from the traditional contact centre, by arm."""
# claim, what is compared, arm, reference
COMPARED = (
    ("C5", "pay up by a fifth", "pay up by a fifth", BASE),
    ("C5", "authority at the front", "authority at the front", BASE),
    ("C5", "authority where pay is up", "authority and pay", "pay up by a fifth"),
    ("C13", "customers meet whom they know", "customers meet whom they know", BASE),
    ("C13", "staff stay twice as long", "staff stay twice as long", BASE),
    ("C13", "staff stay, where customers know them", "both", "customers meet whom they know"),
    ("C17", "smiling ordered", "smiling ordered", BASE),
    ("C17", "more control", "more control", BASE),
    ("C17", "more coaching", "more coaching", BASE),
    (
        "C17", "more coaching, where no effort is volunteered", "more coaching, no effort volunteered",
        "no effort volunteered",
    ),
    ("C19", "neglected staff", "neglected staff", BASE),
    ("C19", "cared for staff", "cared for staff", BASE),
    *(("C19", name, name, BASE) for name in LOADS),
    ("C20", "pride double against none", "pride double", "no pride"),
    ("C21", "support, where there is more coaching", "more coaching", "more coaching, no support"),
    ("C21", "colleagues, where staff are cared for", "cared for staff", "cared for staff, no colleagues"),
    ("C21", "challenge, where there is authority", "authority at the front", "authority at the front, no challenge"),
    (
        "C21", "training felt, where there is three times as much", "three times the training",
        "three times the training, none felt",
    ),
    ("C21", "three times the training in all", "three times the training", BASE),
)  # fmt: skip

STUDY = Study(
    "pay_and_power",
    "What do pay, power, relationships, orders, pride and the drivers of morale each do?",
    ["C5", "C13", "C17", "C19", "C20", "C21"],
    replications=16,
    quick=2,
)


def applicants(model: ServiceOrganization, rows: Any) -> Mapping[str, float]:
    """Mean hospitable disposition of those hired during the run, 0-1."""
    staff = model.state.staff
    hired = staff["disposition"][(staff["present"] == 1) & (staff["since"] > 0)]
    return {"disposition": float(hired.mean()) if len(hired) else float("nan")}


def plot(runs: pd.DataFrame) -> Figure:
    """Grave errors against morale and exhaustion, one mark per run of the arms on strain."""
    figure = Figure(figsize=(9, 3.8), layout="constrained")
    panels = figure.subplots(1, 2, sharey=True)
    for axes, state in zip(panels, ("morale", "exhaustion"), strict=True):
        for k, arm in enumerate((BASE, *LOADS, "neglected staff", "cared for staff")):
            mine = runs[runs["arm"] == arm]
            axes.plot(mine[state], 1000 * mine["grave_errors"], "oDs^v"[k], color=COLOURS[k], markersize=4, label=arm)
        axes.set_title(f"Grave errors by {state} of the front line", fontsize=10, loc="left")
        axes.set_xlabel("0-1", fontsize=8)
        clean(axes)
    panels[0].set_ylabel("per 1000 contacts", fontsize=8)
    panels[1].legend(fontsize=8, frameon=False)
    return figure


def main(study: Study) -> None:
    """Run all arms; compare each with its own reference."""
    points = [Point({"arm": arm}, load_scenario("contact_centre", settings), DAYS) for arm, settings in ARMS.items()]
    runs = study.runs(points, probe=applicants)
    study.table(intervals(runs, ["arm"], (*METRICS, "commitment", "exhaustion", "grave_errors", "skill")), "levels")
    study.figure(plot(runs), "grave_errors")
    found, effects = {}, []
    for claim, what, arm, reference in COMPARED:
        effect = contrast(runs, "arm", arm, reference)
        effects.append(effect.assign(compared=f"{what} ({claim})"))
        for metric in ANSWERING[claim]:
            scale, unit = difference_unit(metric)
            found[what, metric] = study.answer(
                claim, f"{metric}, {what}", scale * effect[metric], unit, meaning=f"'{arm}' less '{reference}'."
            )
    applying = study.answer(
        "C13", "disposition of those hired, inverted chart, selecting as before",
        100 * contrast(runs, "arm", "inverted chart, selecting as before", BASE)["disposition"], "points",
        meaning="Positive: people of better disposition apply where customers are served better.",
    )  # fmt: skip
    low, middle, high = (
        runs[runs["arm"] == arm].set_index("replication") for arm in ("neglected staff", BASE, "cared for staff")
    )
    depressed = study.answer(
        "C19", "grave errors, neglected over cared for", low["grave_errors"] / high["grave_errors"], "times",
        meaning="Ratio of grave errors per contact between units of low and of high morale.",
    )  # fmt: skip
    slopes = [
        (worse["grave_errors"] - better["grave_errors"]) / (better["morale"] - worse["morale"])
        for worse, better in ((low, middle), (middle, high))
    ]
    curved = study.answer(
        "C19", "rise of grave errors per loss of morale, below over above the ordinary", slopes[0] / slopes[1], "times",
        meaning="From ordinary to neglected over from cared for to ordinary; above 1: convex.",
    )  # fmt: skip
    title = (
        f"What one change at a time does to the traditional contact centre ({study.replications} runs of {DAYS} days, "
        "95 % intervals)"
    )
    table = intervals(pd.concat(effects), ["compared"], METRICS)
    study.table(table, "effects")
    study.figure(dots(table, "compared", METRICS, title, what="change"), "pay_and_power")

    def said(what: str, metric: str) -> str:
        return tell(found[what, metric], f" {difference_unit(metric).name}")

    apart = [said(what, metric) for what in ("pay up by a fifth", "authority at the front") for metric in METRICS[-2:]]
    ordered = [f"{what} {said(what, 'csat')}" for what in ("smiling ordered", "more control", "more coaching")]
    drivers = [f"{what} {said(what, 'morale')}" for claim, what, _, _ in COMPARED if claim == "C21"]
    study.finding(
        f"Pay up by a fifth changes retention by {apart[0]} and profit by {apart[1]}; authority at unchanged pay by "
        f"{apart[2]} and {apart[3]}. Satisfied contacts: {', '.join(ordered)}. Customers who meet whom they know "
        f"change retention by {said('customers meet whom they know', 'retention')}. The disposition of those hired "
        f"changes by {tell(applying, ' points')} under the inverted chart. Neglected units make "
        f"{depressed.mean:.1f} times [{depressed.low:.1f}, {depressed.high:.1f}] as many grave errors as cared for "
        f"ones; a loss of morale costs {curved.mean:.1f} times [{curved.low:.1f}, {curved.high:.1f}] as many below the "
        f"ordinary as above it. Morale: {'; '.join(drivers)}."
    )


if __name__ == "__main__":
    STUDY.command(main)
