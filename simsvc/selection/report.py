"""The report of a selection of the best structure."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd

from simsvc.runs.metrics import METRICS
from simsvc.show.html.files import json_of, table_of
from simsvc.show.html.parts import (
    Cell,
    Report,
    Row,
    Section,
    Table,
    called,
    difference,
    level,
    listed,
    with_unit,
    word,
)
from simsvc.show.html.settings import (
    provenance_section,
    scenario_of,
    scenario_title,
    settings_section,
)
from simsvc.show.html.words import charts_of, facts_of, figures_of, finished, glossary, reading
from simsvc.show.numbers import readable


def selection_report(folder: Path) -> Report:
    """The report of a folder written by `simsvc best --out`."""
    note, plain, ranking = finished(folder), json_of(folder, "result.json"), table_of(folder, "ranking")
    scenario, metric = scenario_of(note), str(note["metric"])
    name = scenario_title(str(plain["scenario"]), scenario)
    rows = []
    for row in ranking.to_dict("records"):
        gone = pd.notna(row["eliminated_by"])
        fate = f"out after {row['eliminated_after']:.0f}, by '{row['eliminated_by']}'" if gone else "still in"
        fate = "selected" if not gone and plain["decided"] else fate
        behind = difference(metric, float(row["behind"]), math.nan, math.nan)
        count = Cell(f"{row['replications']:,}", kind="number")
        kind = "better" if fate == "selected" else "word"
        cells = [level(metric, float(row["mean"])), Cell(behind.text.lstrip("+"), kind="number"), count]
        rows.append(Row(row["structure"], [*cells, word(fate, kind)]))
    heads = ["structure", with_unit(metric), f"behind, {readable(metric)[1]}", "replications", "fate"]
    zone = f"{plain['indifference'] * readable(metric)[0]:g} {readable(metric)[1]}"
    sure = f"{100 * plain['confidence']:g} %"
    guarantee = f"right with a probability of at least {sure} if the best one leads every other by {zone} or more"
    left = listed(map(repr, plain["survivors"]))
    fallback = (
        f"'{plain['best']}' is the best of {len(ranking)} structures, {guarantee}."
        if plain["decided"]
        else f"Not decided after {plain['replications']:,} replications: {left} are left."
    )
    notes = (
        "Behind: mean distance to the best structure in the same replications. A structure went when it was further "
        "behind another than chance explains (procedure KN, Kim & Nelson 2001); how those that went rank among "
        "themselves is not guaranteed.",
    )
    sections = [
        Section(
            "The ranking",
            (),
            figures_of(folder, f"Running means of {METRICS[metric].label}, one line per structure"),
            [Table(f"Structures by {called(metric)}", heads, rows)],
        ),
        settings_section({str(plain["scenario"]): scenario}, charts_of(note, {})),
        reading(notes),
        glossary([metric]),
        provenance_section(note, facts_of(note)),
    ]
    return Report(
        "Selection of the best structure",
        f"Best of {len(ranking)} structures: {name}",
        f"Which of {len(ranking)} structures is best for {called(metric)} in {name}, and how sure is that?",
        [str(plain.get("finding", fallback))],
        sections,
    )
