"""Promotion: does it take the best people away from the customer, and what if managers come from outside?

    python experiments/promotion_drain.py            # full size
    python experiments/promotion_drain.py --quick    # the same with two runs per point

Managers leave, rarely or often, and their places go to the best of the front line, to people from outside, or half to
each. Five years of the traditional contact centre. Writes to results/promotion_drain a figure, `levels.csv`, answers
and a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simsvc.organization import ServiceOrganization
from simsvc.runs.statistics import Interval, contrast, intervals
from simsvc.scenario.loading import load_scenario
from simsvc.show.effects import courses
from simsvc.show.numbers import difference_unit, tell
from simsvc.studies.study import Point, Study

DAYS = 1250
SHARES = {"all from outside": 0.0, "half from the front": 0.5, "all from the front": 1.0}
LEAVING = {"managers stay": 0.1, "managers leave": 0.4}
METRICS = ("retention", "skill", "staff_turnover", "morale", "people_cost", "profit")

STUDY = Study(
    "promotion_drain",
    "Does filling managers' places from the front line drain it of skill, and what does that cost or save?",
    ["C2"],
    replications=16,
    quick=2,
)


def managers(model: ServiceOrganization, rows: Any) -> Mapping[str, float]:
    """Mean skill of team managers at hard cases on the last day, 0-1, and promotions per year."""
    rows_of = model.state.managers
    return {
        "manager_skill": float(rows_of["skill"][rows_of["level"] == 1].mean()),
        "promotions": float(rows["promoted"].sum() / len(rows) * 250),
    }


def main(study: Study) -> None:
    """Promotion by how often managers leave."""
    points = [
        Point(
            {"places filled": filled, "managers": managers_do},
            load_scenario("contact_centre", {"structure.promotion": share, "workforce.manager_quit_rate": rate}),
            DAYS,
        )
        for managers_do, rate in LEAVING.items()
        for filled, share in SHARES.items()
    ]
    runs = study.runs(points, series=("skill", "tenure", "loyalty"), probe=managers)
    study.table(intervals(runs, ["managers", "places filled"], (*METRICS, "manager_skill", "promotions")), "levels")
    shown = {
        "skill": "Skill of the front line",
        "tenure": "Tenure of the front line, years",
        "loyalty": "Loyalty of customers",
    }
    title = f"Managers' places filled from the front line or from outside (mean of {study.replications} runs)"
    study.figure(courses(study.series, ["managers", "places filled"], shown, title), "promotion_drain")

    drained = contrast(runs, "places filled", "all from the front", "all from outside", by=["managers"])
    found: dict[tuple[str, str], Interval] = {}
    for managers_do, mine in drained.groupby("managers", sort=False):
        for metric in (*METRICS, "manager_skill"):
            scale, unit = (100.0, "points") if metric == "manager_skill" else difference_unit(metric)
            found[str(managers_do), metric] = study.answer(
                "C2", f"{metric}, all from the front less all from outside, {managers_do}", scale * mine[metric], unit,
                meaning="What promotion from the front line does, against managers who come from outside; "
                "the model has no ladder with pay for experts. C2 expects less skill at the front.",
            )  # fmt: skip
    said = {"skill": "skill of the front line", "manager_skill": "skill of managers", "retention": "retention"}
    parts = [
        f"{managers_do}: "
        + ", ".join(f"{words} {tell(found[managers_do, metric], ' points', 2)}" for metric, words in said.items())
        + f", profit {tell(found[managers_do, 'profit'], ' thousand a year')}"
        for managers_do in LEAVING
    ]
    study.finding(f"Filling managers' places from the front line instead of from outside changes: {'; '.join(parts)}.")


if __name__ == "__main__":
    STUDY.command(main)
