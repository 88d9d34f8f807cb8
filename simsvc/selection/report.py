"""The report of a selection of the best structure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from simsvc.runs.metrics import METRICS
from simsvc.selection.figures import race
from simsvc.selection.views import BEHIND
from simsvc.show.html.files import json_of, table_of
from simsvc.show.html.parts import Report, Row, Section, Table, cell, word
from simsvc.show.html.settings import scenario_of, scenario_title
from simsvc.show.html.words import charts_of, closing, facts_of, figures_of, finished
from simsvc.show.numbers import called, difference, difference_unit, level, with_unit


def figures(folder: Path) -> dict[str, Callable[[], Figure]]:
    """What draws the figures of the folder again, by name."""
    plain, ranking, course = json_of(folder, "result.json"), table_of(folder, "ranking"), table_of(folder, "course")
    return {"race": lambda: race(plain, ranking, course)}


def report(folder: Path) -> Report:
    """The report of a folder written by `simsvc best --out`."""
    note, plain, ranking = finished(folder), json_of(folder, "result.json"), table_of(folder, "ranking")
    scenario, metric = scenario_of(note), str(note["metric"])
    name = scenario_title(str(plain["scenario"]), scenario)
    rows = []
    for row in ranking.to_dict("records"):
        gone = pd.notna(row["eliminated_by"])
        fate = f"out after {row['eliminated_after']:.0f}, by '{row['eliminated_by']}'" if gone else "still in"
        fate = "selected" if not gone and plain["decided"] else fate
        cells = [
            cell(level(metric, float(row["mean"]))),
            cell(difference(metric, float(row["behind"])).number.lstrip("+")),
            cell(f"{row['replications']:,}"),
            word(fate, "better" if fate == "selected" else "word"),
        ]
        rows.append(Row(row["structure"], cells))
    heads = ["structure", with_unit(metric), f"behind, {difference_unit(metric).name}", "replications", "fate"]
    pictures = figures_of(folder, f"Running means of {METRICS[metric].label}, one line per structure")
    sections = [
        Section("The ranking", (), pictures, [Table(f"Structures by {called(metric)}", heads, rows)]),
        *closing(note, {str(plain["scenario"]): scenario}, charts_of(note, {}), [BEHIND], [metric], facts_of(note)),
    ]
    return Report(
        "Selection of the best structure",
        f"Best of {len(ranking)} structures: {name}",
        f"Which of {len(ranking)} structures is best for {called(metric)} in {name}, and how sure is that?",
        [str(plain["finding"])],
        sections,
    )
