"""Where hierarchy wins: the counter-claims of research one by one, each made weak and strong.

    python experiments/counter_claims.py            # full size
    python experiments/counter_claims.py --quick    # the same with two runs per point

Research gives hierarchy advantages. Each is a mechanism of the model with a setting of its own. The difference between
the inverted and the traditional chart is taken with one mechanism at a time weak, as it is, and strong, and once
with all set against the inverted chart, there and in a production line: fast food with needs as standard as can be,
hardly any failures, immediate approvals, a rush, and staff who want no autonomy. That last place was looked for, to see
whether the whole flip can lose at all. Writes to results/counter_claims a figure, `differences.csv` (the
difference at each level), `shifts.csv` (what the mechanism does to the difference), answers and a finding.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from simsvc.runs.statistics import contrast, interval, intervals
from simsvc.scenario.loading import load_scenario, with_structure
from simsvc.show.effects import dots
from simsvc.show.numbers import difference_unit, tell
from simsvc.studies.study import Point, Study

DAYS = 500
METRICS = ("retention", "profit")
PRICES = ("economics.training_cost", "economics.selection_cost", "economics.gesture_cost")
LEVELS = ("weak", "as it is", "strong")
BASE = "none changed"
ALL = "all against the inverted chart at once"
LINE = "all against it, in a production line"
PRODUCTION_LINE = {
    "demand.idiosyncrasy": 0.03,
    "demand.contacts_per_year": 22.0,
    "demand.failure_share": 0.02,
    "operations.cause_prevalence": 0.005,
    "workforce.growth_need": 0.0,
}
"""Fast food at its most routine."""

# claim, what is varied, settings as (weak, strong), None: as it is; sign that research expects of more of it
VARIED: tuple[tuple[str, str, dict[str, tuple[Any, Any]], int], ...] = (
    ("H2", "specialists know more", {"rules.specialists": (0, 2)}, -1),
    ("H3", "illegitimate claims", {"demand.illegitimate_share": (0.05, 0.45)}, -1),
    ("H3", "hassle screens out weak claims", {"rules.hassle": (0, 2)}, -1),
    ("H4", "authority is work", {"rules.authority_load": (0, 2)}, -1),
    ("H5", "customers mind unequal treatment", {"rules.consistency": (0, 2)}, -1),
    ("H6", "bosses teach", {"rules.coaching": (0, 2)}, -1),
    ("H6", "more managers, smaller spans", {"workforce.managers": (1, 6)}, -1),
    ("H6", "near managers coordinate", {"rules.coordination": (0, 2), "workforce.managers": (6, 6)}, -1),
    ("H9", "price of training, selection, gestures", dict.fromkeys(PRICES, (0, 2)), -1),
    ("H10", "churn for reasons of one's own", {"market.neutral_churn": (0.02, 0.2)}, -1),
    ("H11", "approvals slow", {"operations.approval_delay": (0, 60)}, 1),
    ("H11", "approvers misaligned", {"workforce.misalignment": (None, 0.6)}, 1),
    ("H12", "over-compensation harms", {"rules.overcompensation": (0, 2)}, -1),
    ("H12", "second failures weigh more", {"rules.second_failure": (0, 2)}, -1),
)

STUDY = Study(
    "counter_claims",
    "How much does each advantage of hierarchy take from the inverted chart?",
    ["C4", "H2", "H3", "H4", "H5", "H6", "H9", "H10", "H11", "H12"],
    replications=7,
    quick=2,
)


def worlds() -> dict[tuple[str, str], dict[str, Any]]:
    """Settings that differ from the contact centre, by what is varied and level."""
    found: dict[tuple[str, str], dict[str, Any]] = {(BASE, "as it is"): {}}
    against: dict[str, Any] = {}
    start = load_scenario("contact_centre").model_dump()
    for claim, what, settings, favours in VARIED:
        for side, level in enumerate(("weak", "strong")):
            values = {name: pair[side] for name, pair in settings.items() if pair[side] is not None}
            if claim == "H9":  # prices as multiples of what they are
                values = {name: times * start["economics"][name.split(".")[1]] for name, times in values.items()}
            if values:
                found[f"{claim} {what}", level] = values
            if (side == 1) == (favours < 0):
                against |= values
    found[ALL, "strong"] = against
    # as many managers as fast food has: with six for eight people, they would only get in each other's way
    found[LINE, "strong"] = {k: v for k, v in against.items() if k != "workforce.managers"} | PRODUCTION_LINE
    return found


def main(study: Study) -> None:
    """Run every world under both charts and compare."""
    points = [
        Point(
            {"varied": what, "level": level, "structure": structure},
            with_structure(load_scenario("fast_food" if what == LINE else "contact_centre", settings), structure),
            DAYS,
        )
        for (what, level), settings in worlds().items()
        for structure in ("traditional", "inverted")
    ]
    runs = study.runs(points)
    gains = contrast(runs, "structure", "inverted", "traditional", by=["varied", "level"])
    as_it_is = gains[gains["varied"] == BASE].set_index("replication")[list(METRICS)]
    shown, shifts, turned = [], [], []
    for claim, what, settings, favours in VARIED:
        name = f"{claim} {what}"
        by_level = {
            level: mine.set_index("replication")[list(METRICS)]
            for level, mine in gains[gains["varied"] == name].groupby("level")
        }
        if all(weak != strong for weak, strong in settings.values()):  # else it is another organisation
            by_level = {level: by_level.get(level, as_it_is) for level in LEVELS}
        else:
            by_level["as it is"] = as_it_is * float("nan")
        shown += [frame.reset_index().assign(varied=name, level=level) for level, frame in by_level.items()]
        shift = by_level["strong"] - by_level["weak"]
        for metric in METRICS:
            scale, unit = difference_unit(metric)
            found = study.answer(
                claim, f"{metric}, {what}", shift[metric] * scale, unit,
                meaning=f"How the difference in {metric} (inverted less traditional) moves when "
                f"{' and '.join(settings)} goes from weak to strong; negative: it takes from the inverted chart.",
            )  # fmt: skip
            shifts.append((claim, what, metric, found.mean, found.low, found.high, found.n, unit, favours))
            strong = interval(by_level["strong"][metric])
            if strong.high < 0:
                turned.append(f"{what} ({metric} {tell(interval(by_level['strong'][metric] * scale), f' {unit}')})")
    totals = []
    for where in (ALL, LINE):
        everything = gains[gains["varied"] == where]
        shown.append(everything)
        told = []
        for metric in METRICS:
            scale, unit = difference_unit(metric)
            found = study.answer(
                "C4", f"{metric}, {where}", everything[metric].to_numpy() * scale, unit,
                meaning=f"Difference in {metric}, inverted less traditional, with every counter-claim strong",
            )  # fmt: skip
            told.append(f"{metric} {tell(found, f' {unit}', 1)}")
        totals.append(f"With {where}, inverted less traditional is: {'; '.join(told)}.")
    table = intervals(pd.concat(shown), ["varied", "level"], METRICS)
    study.table(table, "differences")
    columns = ["claim", "varied", "metric", "mean", "low", "high", "n", "unit", "expected_sign"]
    changes = pd.DataFrame(shifts, columns=columns)
    study.table(changes, "shifts")
    title = (
        "Difference between the inverted and the traditional chart with one advantage of hierarchy at a time weak, "
        f"as it is and strong ({study.replications} pairs of {DAYS} days, 95 % intervals)"
    )
    study.figure(dots(table, "varied", METRICS, title, series="level", what="inverted less traditional"), "differences")
    takes = changes[(changes["metric"] == "retention") & (changes["high"] < 0)]["varied"].tolist()
    gives = changes[(changes["metric"] == "retention") & (changes["low"] > 0)]["varied"].tolist()
    study.finding(
        f"More of these takes customer retention from the inverted chart: {', '.join(takes) or 'none'}; more of these "
        f"adds: {', '.join(gives) or 'none'}. Strong, these alone turn the sign against it: "
        f"{', '.join(turned) or 'none'}. {' '.join(totals)}"
    )


if __name__ == "__main__":
    STUDY.command(main)
