"""The report of a validation against published findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from matplotlib.figure import Figure

from simsvc.errors import InputError
from simsvc.evidence.figures import against_ranges
from simsvc.evidence.findings import MET, MISSED, VERDICTS, Measured, findings
from simsvc.evidence.views import told_range, told_value
from simsvc.runs.statistics import Interval
from simsvc.show.html.files import json_of, note_of, table_of
from simsvc.show.html.parts import Report, Row, Section, Table, cell, word
from simsvc.show.html.settings import scenario_of
from simsvc.show.html.words import closing, facts_of, failures_section, figures_of
from simsvc.show.numbers import Said

_MARKS = {MET: "better", MISSED: "worse"}


def _measured(folder: Path) -> list[Measured]:
    """What a folder holds, with the ranges that it was compared with."""
    known, found = {one.name: one for one in findings()}, []
    for row in table_of(folder, "findings").to_dict("records"):
        if row["name"] not in known:
            raise InputError(f"{folder}: this version knows no finding '{row['name']}'")
        finding = replace(known[row["name"]], low=float(row["range_low"]), high=float(row["range_high"]))
        found.append(Measured(finding, row["chart"], Interval(row["value"], row["low"], row["high"], int(row["n"]))))
    return found


def figures(folder: Path) -> dict[str, Callable[[], Figure]]:
    """What draws the figures of the folder again, by name."""
    return {"validation": lambda: against_ranges(_measured(folder))}


def report(folder: Path) -> Report:
    """The report of a folder written by `simsvc validate --out`."""
    note, plain, measured = note_of(folder), json_of(folder, "result.json"), _measured(folder)
    heads, tables = ["finding", "chart", "value", "published", "unit", "verdict"], []
    for kind in dict.fromkeys(one.finding.kind for one in measured):
        rows = []
        for one in (one for one in measured if one.finding.kind == kind):
            number, _, interval = told_value(one).partition(" ")
            verdict = word(one.verdict, _MARKS.get(one.verdict, "word"))
            texts = (word(told_range(one.finding)), word(one.finding.unit), verdict)
            rows.append(Row(one.finding.finding, [word(one.chart), cell(Said(number, interval)), *texts]))
        tables.append(Table(f"Findings: {kind}", heads, rows))
    facts = {one.finding.name: one.finding for one in measured}.values()
    why = list(dict.fromkeys(f"{one.finding.finding} {one.why}" for one in measured if one.why))
    notes = [f"{verdict}: {meaning}" for verdict, meaning in VERDICTS.items()]
    pictures = figures_of(folder, "Values of the model against published ranges")
    sections = [
        Section("Against what was published", (), pictures, tables),
        *([Section("Why some are not met", why)] if why else []),
        *failures_section(table_of(folder, "failures").to_dict("records") if plain["failed"] else []),  # type: ignore[arg-type]
        Section("What was measured, and where the range is from", facts=[
            (one.finding, f"{one.measure} Range: {one.range_from} ({one.source}).") for one in facts]),
        *closing(note, {"contact_centre": scenario_of(note)}, {}, notes, facts=facts_of(note)),
    ]  # fmt: skip
    return Report(
        "Validation",
        "The model against published findings",
        "Does the model reproduce what was found of real organisations, where nothing was fitted to it?",
        [str(plain["finding"])],
        sections,
    )
