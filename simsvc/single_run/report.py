"""The report of a single run."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd

from simsvc.errors import InputError
from simsvc.runs.metrics import METRICS
from simsvc.scenario.writing import change_words
from simsvc.show.html.figures import courses
from simsvc.show.html.files import note_of, table_of
from simsvc.show.html.parts import (
    Cell,
    Headline,
    Report,
    Row,
    Section,
    Table,
    counted,
    level,
    listed,
    plain_number,
    unit_of_level,
    word,
)
from simsvc.show.html.settings import provenance_section, scenario_of, scenario_title, settings_section
from simsvc.show.html.words import reading
from simsvc.show.numbers import GROUPS, decimals
from simsvc.single_run.views import by_month

_LED_BY = ("retention", "satisfaction", "morale", "profit")
_MOVED = (("satisfaction", "customers' satisfaction"), ("loyalty", "their loyalty"), ("morale", "staff morale"))
_READING = (
    "This is one run: one draw of people, work and luck. Another seed gives another story, and nothing here says how "
    "much of it is chance. Compare structures over many pairs of runs before you draw a conclusion.",
    "Metrics are taken over the days after settling, when the first days' numbers no longer act. 'First' and 'last' "
    "are means over a month.",
)


def run_report(folder: Path) -> Report:
    """The report of a folder written by `simsvc run --out`."""
    note = note_of(folder)
    scenario, days = scenario_of(note), table_of(folder, "days")
    found = table_of(folder, "summary").to_dict("records")
    if not found or not METRICS.keys() <= found[0].keys() or days.empty:
        raise InputError(f"{folder}: the results are not complete: a metric or every day is missing")
    metrics = {str(key): float(value) for key, value in found[0].items()}
    structure, name = str(note["structure"]), scenario_title(str(note.get("scenario_name", "")), scenario)
    settling = int(len(days) * scenario.run.settling)
    happened = [change for change in scenario.timeline if change.day < len(days)]
    text = ["Smoothed over some days."]
    text += [f"Day {change.day}: {change.note or change_words(change)}." for change in happened]
    sections = [
        Section("How it went", text, courses({structure: days}, happened), [_course(days)]),
        Section(
            "All metrics",
            (f"Measured on days {settling + 1:,} to {len(days):,}, after settling.",) if settling else (),
            tables=[_metrics(metrics)],
        ),
        settings_section({str(note.get("scenario_name", "")) or name: scenario}, {structure: scenario.structure}),
        reading(_READING, intervals=False),
        provenance_section(note, [("Days", f"{len(days):,} (250 are a year)"), ("Seed", str(note["seed"]))]),
    ]
    return Report(
        "A single run",
        f"{name} under '{structure}'",
        f"How does {name} fare under the structure '{structure}', day by day?",
        _answer(metrics, days, structure),
        sections,
        [
            Headline(
                METRICS[one].label,
                f"{level(one, metrics[one]).text} {unit_of_level(one)}".strip(),
                detail="after settling",
            )
            for one in _LED_BY
        ],
        ["One run is one story: no intervals, no conclusion."],
    )


def _answer(metrics: dict[str, float], days: pd.DataFrame, structure: str) -> list[str]:
    month = max(1, min(21, len(days) // 12))
    moved = []
    for series, label in _MOVED:
        first, last = float(days[series][:month].mean()), float(days[series][-month:].mean())
        digits = 2
        way = "rises" if last - first > 0.005 else "falls" if last - first < -0.005 else "stays"
        ends = f"from {plain_number(first, digits)} to {plain_number(last, digits)}"
        moved.append(f"{label} {way} {ends}" if way != "stays" else f"{label} stays at {plain_number(last, digits)}")
    waits = f"{level('mean_wait', metrics['mean_wait']).text} minutes"
    kept, profit = level("retention", metrics["retention"]).text, level("profit", metrics["profit"]).text
    return [
        f"Under '{structure}', {kept} % of customers would still be there a year later, callers wait {waits} in the "
        f"mean, and profit is {profit} thousand a year.",
        f"In the course of the run {listed(moved)}, on scales from 0 to 1.",
    ]


def _metrics(metrics: dict[str, float]) -> Table:
    rows = []
    shown = {name for names in GROUPS.values() for name in names}
    groups: dict[str, Any] = {**GROUPS, "Further": [name for name in METRICS if name not in shown]}
    for group, names in groups.items():
        rows.append(Row(group))
        for name in names:
            unit = unit_of_level(name) or METRICS[name].unit
            rows.append(
                Row(METRICS[name].label, [level(name, metrics[name]), word(unit), word(METRICS[name].meaning, "prose")])
            )
    return Table("Every metric of the run", ["metric", "value", "unit", "meaning"], rows)


def _course(days: pd.DataFrame) -> Table:
    rows = []
    for label, span, values in by_month(days):
        finite = [value for value in values if math.isfinite(value)]
        if not finite:
            continue
        digits = decimals(span / 20, 0)
        ends = (finite[0], min(finite), max(finite), finite[-1])
        rows.append(Row(label, [Cell(plain_number(value, digits), kind="number") for value in ends]))
    count = counted(len(by_month(days)[0][2]), "month")
    return Table(
        f"The course in numbers, over {count if len(days) >= 252 else 'twelfths of the run'}",
        ["series", "first", "lowest", "highest", "last"],
        rows,
    )
