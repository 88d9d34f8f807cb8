"""The report of how many positions a service level takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from simsvc.evidence.service_level import Target
from simsvc.show.html.files import json_of, table_of
from simsvc.show.html.parts import Report, Row, Section, Table, cell
from simsvc.show.html.settings import scenario_of, scenario_title
from simsvc.show.html.words import charts_of, closing, facts_of, figures_of, finished
from simsvc.show.numbers import level, with_unit
from simsvc.staffing.figures import levels
from simsvc.staffing.result import BESIDE
from simsvc.staffing.views import READING


def figures(folder: Path) -> dict[str, Callable[[], Figure]]:
    """What draws the figures of the folder again, by name."""
    plain, tried, needed = json_of(folder, "result.json"), table_of(folder, "tried"), table_of(folder, "needed")
    return {"staff": lambda: levels(plain, tried, needed)}


def report(folder: Path) -> Report:
    """The report of a folder written by `simsvc staff --out`."""
    note, plain, needed = finished(folder), json_of(folder, "result.json"), table_of(folder, "needed")
    scenario = scenario_of(note)
    target = Target(float(plain["target"]["share"]), float(plain["target"]["seconds"]))
    heads = [
        "structure",
        "positions",
        "by Erlang A",
        "by Erlang C",
        with_unit("service_level"),
        *map(with_unit, BESIDE),
    ]
    rows = [
        Row(
            row["structure"],
            [
                *(cell(f"{row[name]:,}") for name in ("positions", "erlang_a", "erlang_c")),
                cell(level("service_level", row["service_level"], row["low"], row["high"])),
                *(cell(level(metric, row[metric])) for metric in BESIDE),
            ],
        )
        for row in needed.to_dict("records")
    ]
    pictures = figures_of(folder, "Service level against positions, one line per structure")
    name = scenario_title(str(plain["scenario"]), scenario)
    metrics = ["service_level", *BESIDE]
    sections = [
        Section("What it takes", (), pictures, [Table(str(target), heads, rows)]),
        *closing(note, {str(plain["scenario"]): scenario}, charts_of(note, {}), READING, metrics, facts_of(note)),
    ]
    return Report(
        "Staff for a service level",
        f"Positions for {target}: {name}",
        f"How many positions at the front line does it take for {target} in {name}?",
        [str(plain["finding"])],
        sections,
    )
