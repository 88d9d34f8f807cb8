"""The report of a single run."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from simsvc.errors import InputError
from simsvc.runs.horizon import phrase
from simsvc.runs.metrics import FURTHER, GROUPS, METRICS
from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.scenario.words import spoken
from simsvc.scenario.writing import change_words
from simsvc.show.axes import course
from simsvc.show.html.figures import courses
from simsvc.show.html.files import note_of, table_of
from simsvc.show.html.parts import Headline, Report, Row, Section, Table, cell, typeset, word
from simsvc.show.html.settings import scenario_of, scenario_title
from simsvc.show.html.words import closing
from simsvc.show.numbers import counted, level, level_unit, listed, with_unit
from simsvc.single_run.result import run_sentence, run_title
from simsvc.single_run.views import in_parts, parts_of

_LED_BY = ("retention", "satisfaction", "morale", "profit")
_MOVED = (("satisfaction", "customers' satisfaction"), ("loyalty", "their loyalty"), ("morale", "staff morale"))
_READING = (
    "This is one run: one draw of people, work and luck. Another seed gives another story, and nothing here says how "
    "much of it is chance. Compare structures over many pairs of runs before you draw a conclusion.",
    "Metrics are taken over the days after settling, when the first days' numbers no longer act. 'First' and 'last' "
    "are the first and the last of the parts that the table of the course names.",
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
        f"{name}, {spoken(structure)} structure",
        f"How does {name} fare under the structure '{structure}', day by day?",
        _answer(metrics, days, structure, phrase(scenario, len(days))),
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


def _answer(metrics: dict[str, float], days: pd.DataFrame, structure: str, when: str) -> list[str]:
    moved = []
    for name, label in _MOVED:
        ends = in_parts(days)[name]
        first, last = (level(name, end).number for end in (ends[0], ends[-1]))
        way = "rises" if ends[-1] - ends[0] > 0.005 else "falls" if ends[-1] - ends[0] < -0.005 else "stays"
        moved.append(f"{label} {way} from {first} to {last}" if way != "stays" else f"{label} stays at {last}")
    return [
        run_sentence(structure, metrics, when),
        f"In the course of the run {listed(moved)}, on scales from 0 to 100.",
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
    for name, values in in_parts(days).items():
        finite = [value for value in values if math.isfinite(value)]
        if finite:
            ends = (finite[0], min(finite), max(finite), finite[-1])
            rows.append(Row(with_unit(name), [cell(level(name, value)) for value in ends]))
    count = counted(parts_of(len(days)), "month" if len(days) >= DAYS_PER_YEAR else "part")
    return Table(
        f"The course in numbers: means over each of {count}", ["series", "first", "lowest", "highest", "last"], rows
    )
