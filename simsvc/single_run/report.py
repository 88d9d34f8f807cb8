"""The report of a single run."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from simsvc.errors import InputError
from simsvc.runs.metrics import FURTHER, GROUPS, METRICS
from simsvc.scenario.writing import change_words
from simsvc.show.axes import course
from simsvc.show.html.figures import courses
from simsvc.show.html.files import note_of, table_of
from simsvc.show.html.parts import Headline, Report, Row, Section, Table, cell, typeset, word
from simsvc.show.html.settings import scenario_of, scenario_title
from simsvc.show.html.words import closing
from simsvc.show.numbers import counted, decimals, level, level_unit, listed, number
from simsvc.single_run.result import run_sentence, run_title
from simsvc.single_run.views import by_month, days_of_a_point

_LED_BY = ("retention", "satisfaction", "morale", "profit")
_MOVED = (("satisfaction", "customers' satisfaction"), ("loyalty", "their loyalty"), ("morale", "staff morale"))
_READING = (
    "This is one run: one draw of people, work and luck. Another seed gives another story, and nothing here says how "
    "much of it is chance. Compare structures over many pairs of runs before you draw a conclusion.",
    "Metrics are taken over the days after settling, when the first days' numbers no longer act. 'First' and 'last' "
    "are means over a month.",
)


def figures(folder: Path) -> dict[str, Callable[[], Figure]]:
    """What draws the figures of the folder again, by name."""
    note, days = note_of(folder), table_of(folder, "days")
    structure = str(note["structure"])
    return {"course": lambda: course({structure: days}, run_title(structure, note["seed"]))}


def report(folder: Path) -> Report:
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
        *closing(
            note,
            {str(note.get("scenario_name", "")) or name: scenario},
            {structure: scenario.structure},
            _READING,
            facts=[("Days", f"{len(days):,} (250 are a year)"), ("Seed", str(note["seed"]))],
            intervals=False,
        ),
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
                typeset(f"{level(one, metrics[one])} {level_unit(one).name}".strip()),
                detail="after settling",
            )
            for one in _LED_BY
        ],
        ["One run is one story: no intervals, no conclusion."],
    )


def _answer(metrics: dict[str, float], days: pd.DataFrame, structure: str) -> list[str]:
    month = days_of_a_point(len(days))
    moved = []
    for series, label in _MOVED:
        first, last = float(days[series][:month].mean()), float(days[series][-month:].mean())
        way = "rises" if last - first > 0.005 else "falls" if last - first < -0.005 else "stays"
        ends = f"from {number(first, 2)} to {number(last, 2)}"
        moved.append(f"{label} {way} {ends}" if way != "stays" else f"{label} stays at {number(last, 2)}")
    return [
        run_sentence(structure, metrics),
        f"In the course of the run {listed(moved)}, on scales from 0 to 1.",
    ]


def _metrics(metrics: dict[str, float]) -> Table:
    rows = []
    for group, names in {**GROUPS, "Further": FURTHER}.items():
        rows.append(Row(group))
        for name in names:
            of, unit = METRICS[name], level_unit(name).name or METRICS[name].unit
            rows.append(Row(of.label, [cell(level(name, metrics[name])), word(unit), word(of.meaning, "prose")]))
    return Table("Every metric of the run", ["metric", "value", "unit", "meaning"], rows)


def _course(days: pd.DataFrame) -> Table:
    rows = []
    for label, span, values in by_month(days):
        finite = [value for value in values if math.isfinite(value)]
        if not finite:
            continue
        digits = decimals(span / 20, 0)
        ends = (finite[0], min(finite), max(finite), finite[-1])
        rows.append(Row(label, [cell(number(value, digits)) for value in ends]))
    count = counted(len(by_month(days)[0][2]), "month")
    return Table(
        f"The course in numbers, over {count if len(days) >= 252 else 'twelfths of the run'}",
        ["series", "first", "lowest", "highest", "last"],
        rows,
    )
