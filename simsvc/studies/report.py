"""The report of an experiment made by a script in `experiments/`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.errors import InputError
from simsvc.runs.metrics import METRICS
from simsvc.show.axes import COLOURS, clean
from simsvc.show.html.files import note_of, table_of
from simsvc.show.html.parts import Headline, Report, Row, Section, Table, cell, rounded, word
from simsvc.show.html.settings import scenario_of
from simsvc.show.html.words import closing, facts_of, figures_of
from simsvc.show.numbers import Said, called, counted, decimals_of, listed, said

_MOST_ROWS = 60
_MOST_DRAWN = 8
_LEADING = 3
"""Answers in front."""
_TOLD = {"unit": "word", "meaning": "prose"}
"""What is told with an answer, and how."""


def report(folder: Path) -> Report:
    """The report of an experiment's folder, made by a script in `experiments/`."""
    note = note_of(folder)
    try:
        finding = (folder / "finding.txt").read_text(encoding="utf-8").strip()
    except OSError as error:
        raise InputError(f"{folder / 'finding.txt'}: cannot be read: {error.strerror}") from None
    answers = table_of(folder, "answers")
    names = [path.stem for path in sorted(folder.glob("*.csv")) if path.stem != "answers"]
    tables = [_raw(table_of(folder, name), name.replace("_", " ").capitalize()) for name in names]
    sections = [
        Section("Figures", (), figures_of(folder, "Figure of the experiment")),
        *([Section("Answers to claims", tables=[_answers(answers)])] if len(answers) else []),
        Section("Tables", ("Numbers as in the files: shares from 0 to 1, money in units a year.",), tables=tables),
        *closing(
            note,
            {"the first point": scenario_of(note)},
            {},
            ("What is asked stands in the claims; docs of the program say which mechanism each of them has.",),
            facts=[
                *([("Claims", listed(note["claims"]))] if note["claims"] else []),
                ("Points", counted(len(note["points"]), "point")),
                *facts_of(note),
            ],
        ),
    ]
    title = str(note["name"]).replace("_", " ")
    return Report("Experiment", title.capitalize(), str(note["question"]), [finding], sections, _headlines(answers))


def handout(folder: Path) -> Figure | None:
    """The figure of a handout: answers in the unit that most of them have, with intervals, drawn for print."""
    answers = table_of(folder, "answers").dropna(subset="mean")
    rows = answers[answers["unit"].isin(answers["unit"].mode().head(1))].head(_MOST_DRAWN)
    if len(rows) < 2:
        return None
    figure = Figure(figsize=(11, 1.2 + 0.45 * len(rows)), layout="constrained")
    axes = figure.subplots()
    for k, row in enumerate(rows.to_dict("records")):
        reach: Any = [[row["mean"] - row["low"]], [row["high"] - row["mean"]]]
        axes.errorbar(row["mean"], k, xerr=np.nan_to_num(reach), fmt="o", color=COLOURS[0], capsize=4)
        axes.annotate(
            _estimate(row).number, (row["mean"], k), textcoords="offset points", xytext=(0, 5), ha="center", fontsize=10
        )
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(range(len(rows)), [_name(row) for row in rows.to_dict("records")])
    axes.set_ylim(len(rows) - 0.5, -0.8)
    axes.set_xlabel(f"{rows['unit'].iloc[0]}, with 95 % intervals")
    clean(axes, "x")
    return figure


def _name(row: Mapping[Any, Any]) -> str:
    """What an answer is about, in words."""
    quantity = str(row["quantity"])
    return called(quantity) if quantity in METRICS else quantity.replace("_", " ")


def _estimate(row: Mapping[Any, Any]) -> Said:
    """An answer with its interval; one that is a metric has the decimals that the metric has everywhere."""
    digits = decimals_of(row["quantity"]) if row["quantity"] in METRICS else None
    return said(float(row["mean"]), float(row["low"]), float(row["high"]), digits, sign="+", ends_sign="+")


def _headlines(answers: pd.DataFrame) -> list[Headline]:
    """The answers that an experiment leads with: the first ones."""
    made = []
    for row in answers.dropna(subset="mean").head(_LEADING).to_dict("records"):
        found, unit, meaning = cell(_estimate(row)), *("" if pd.isna(row[key]) else row[key] for key in _TOLD)
        made.append(Headline(_name(row).capitalize(), f"{found.text} {unit}".strip(), found.interval, meaning))
    return made


def _answers(table: pd.DataFrame) -> Table:
    rows = []
    for row in table.to_dict("records"):
        texts = [word("" if pd.isna(row[key]) else row[key], kind) for key, kind in _TOLD.items()]
        rows.append(Row(str(row["claim"]), [word(row["quantity"]), cell(_estimate(row)), *texts]))
    return Table("What the runs say to claims", ["claim", "quantity", "estimate", "unit", "meaning"], rows)


def _raw(table: pd.DataFrame, caption: str) -> Table:
    """Any table with its numbers rounded; only its beginning if it is long."""
    rows = []
    for row in table.head(_MOST_ROWS).to_dict("records"):
        cells = [
            cell(rounded(float(value)))
            if isinstance(value, (int, float)) and not isinstance(value, bool)
            else word("" if pd.isna(value) else value)
            for value in row.values()
        ]
        rows.append(Row(cells[0].text, cells[1:]))
    cut = f"The first {_MOST_ROWS} of {len(table):,} rows." if len(table) > _MOST_ROWS else ""
    return Table(caption, [str(column).replace("_", " ") for column in table.columns], rows, cut)
