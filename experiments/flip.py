"""The flip itself: what turning the chart does to retention, loyalty and profit, and which part of it.

    python experiments/flip.py                  # 30 pairs of three years, power and management apart
    python experiments/flip.py --quick          # 4 pairs
    python experiments/flip.py --replications 100 --out somewhere

Writes the course of both organisations, with power and management apart (flip.png), all levels
(levels.png), tables of levels, differences and factors, and who earns, works and decides at
which level of both charts (by_level.csv). The finding is the sentence that the README quotes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from simsvc.comparison.factors import FULL, QUEUEING, effects_of, variants
from simsvc.comparison.result import Comparison
from simsvc.model.rows import DAY
from simsvc.organization import ServiceOrganization
from simsvc.runs.metrics import HEADLINES, measured
from simsvc.runs.statistics import contrast, interval
from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.scenario.loading import load_scenario, load_structure
from simsvc.show.numbers import difference_unit
from simsvc.studies.study import Point, Study

STUDY = Study(
    "flip",
    "What does turning the chart upside down do to retention, loyalty and profit, and which part of it does so?",
    ["C1", "C3", "C4", "C8", "C30", "H1"],
    replications=30,
    quick=2,
    timed=True,
)
SCENARIO = "contact_centre"
CHARTS = ("traditional", "inverted")


def who_earns_works_decides(model: ServiceOrganization, days: Any) -> dict[str, float]:
    """Pay, time with the firm or in office, workload, money limit, share of cases decided, by level, at a run's end."""
    settings, now = model.settings, measured(days, model.settings.run.settling)
    staff = model.state.staff[model.state.staff["present"] == 1]
    managers = model.state.managers

    def in_office(level: int) -> float:
        return float((model.day - managers["since"][managers["level"] == level]).mean()) / DAYS_PER_YEAR

    total = {name: float(now[name].sum()) for name in ("served", "asked", "escalated_1", "escalated_2", "busy")}
    return {
        "front line: pay": settings.economics.frontline_wage * settings.structure.pay,
        "front line: years with the firm": float((model.day - staff["since"]).mean()) / DAYS_PER_YEAR,
        "front line: share of the day at work on cases": total["busy"] / float(now["scheduled"].sum()),
        "front line: money limit": float(staff["limit"].mean()),
        "front line: share of cases decided": 1 - total["asked"] / total["served"],
        "team managers: pay": settings.economics.manager_wage,
        "team managers: years in office": in_office(1),
        "team managers: money limit": settings.structure.manager_limit,
        "team managers: share of cases decided": (total["asked"] - total["escalated_2"]) / total["served"],
        "directors: pay": settings.economics.director_wage,
        "directors: years in office": in_office(2),
        "directors: share of cases decided": total["escalated_2"] / total["served"],
        "managers: share of the day on approvals": float(now["approvals"].sum() / now["manager_time"].sum()),
    }


def main(study: Study) -> None:
    """Both charts, power and management apart, queueing alone; the frame of a comparison around them."""
    scenario = load_scenario(SCENARIO)
    charts = {name: load_structure(name) for name in CHARTS}
    points = [Point({"part": part, "structure": name}, settings) for part, name, settings in variants(scenario, charts)]
    runs = study.runs(points, series=[name for name in DAY.names or () if name != "day"], probe=who_earns_works_decides)
    course = study.series[study.series["part"] == FULL]
    full = runs["part"] == FULL
    result = Comparison(
        scenario_name=SCENARIO,
        scenario=scenario,
        structures=charts,
        seed=study.seed,
        days=scenario.run.days,
        runs=runs[full].drop(columns="part").reset_index(drop=True),
        parts=runs[~full].reset_index(drop=True),
        course={str(name): frame.reset_index(drop=True) for name, frame in course.groupby("structure", sort=False)},
    )
    for name, draw in result.figures().items():
        study.figure(draw(), name)
    study.table(result.levels, "levels")
    study.table(result.differences, "differences")
    study.table(result.factors, "factors")
    study.table(result.planning, "planning")
    answer_total(study, result)
    answer_factors(study, result)
    answer_by_level(study, result)
    study.finding(result.sentence())


def answer_total(study: Study, result: Comparison) -> None:
    """The whole difference (C4), what becomes of passing cases up (C3), and what queueing alone does (H1)."""
    whole = contrast(result.runs, "structure", "inverted", "traditional")
    for name in HEADLINES:
        scale, unit = difference_unit(name)
        meaning = "inverted less traditional, all levers flipped at once; positive: more under the inverted chart"
        study.answer("C4", name, whole[name] * scale, unit, meaning=meaning)
    for name in ("escalation_rate", "mean_wait", "refused_justified"):
        scale, unit = difference_unit(name)
        meaning = "inverted less traditional; negative: authority at the front spares it"
        study.answer("C3", name, whole[name] * scale, unit, meaning=meaning)
    passed = result.runs[result.runs["structure"] == "traditional"]["escalation_rate"]
    study.answer(
        "C3", "cases passed up", passed * 100, "%", meaning="share of contacts served passed up, traditional chart"
    )
    queueing = contrast(result.parts[result.parts["part"] == QUEUEING], "structure", "inverted", "traditional")
    for name in ("retention", "profit", "mean_wait"):
        scale, unit = difference_unit(name)
        meaning = "inverted less traditional with decisions and behaviour switched off: who waits for whom, no more"
        study.answer("H1", f"{name}, queueing only", queueing[name] * scale, unit, meaning=meaning)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = 100 * queueing["retention"] / whole["retention"]
    meaning = "part of the whole difference in retention that queueing alone gives"
    study.answer("H1", "share of retention due to queueing", share, "%", meaning=meaning)


def answer_factors(study: Study, result: Comparison) -> None:
    """What is who decides (C8), what is how people are led (C4), and do the two need each other (C30)?"""
    effects = effects_of(result.runs, result.parts, *CHARTS)
    asked = {
        "power_old_management": ("C8", "power alone", "who decides turned, people led as in 'traditional'"),
        "power_new_management": ("C8", "power, led well", "who decides turned where people are led as in 'inverted'"),
        "management_old_power": ("C4", "management alone", "people led as in 'inverted', all decisions left above"),
        "interaction": ("C30", "power and management", "what both do beyond the sum of what each does alone"),
    }
    for effect, (claim, words, meaning) in asked.items():
        for name in HEADLINES:
            scale, unit = difference_unit(name)
            study.answer(claim, f"{words}: {name}", effects[effect][name] * scale, unit, meaning=meaning)


def answer_by_level(study: Study, result: Comparison) -> None:
    """Who earns, works and decides at which level (C1)."""
    rows = []
    kept = [column for column in result.runs.columns if ": " in column]
    for structure in CHARTS:
        mine = result.runs[result.runs["structure"] == structure]
        for column in kept:
            found = interval(mine[column])
            level, what = column.split(": ")
            rows.append((structure, level, what, found.mean, found.low, found.high))
    study.table(pd.DataFrame(rows, columns=["structure", "level", "what", "mean", "low", "high"]), "by_level")
    for structure in CHARTS:
        decided = result.runs[result.runs["structure"] == structure]["front line: share of cases decided"]
        meaning = f"share of contacts settled without asking anybody above, {structure} chart"
        study.answer("C1", f"decided at the front, {structure}", decided * 100, "%", meaning=meaning)
    usual = result.runs[result.runs["structure"] == "traditional"]
    pay = usual["front line: pay"] / usual["directors: pay"]
    study.answer("C1", "pay at the front", 100 * pay, "% of directors'", meaning="a setting, the same in both charts")
    work = usual["front line: share of the day at work on cases"]
    study.answer("C1", "workload of the front", 100 * work, "% of the day", meaning="occupancy, traditional chart")


if __name__ == "__main__":
    STUDY.command(main)
