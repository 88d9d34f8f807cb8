"""The report of an experiment made by a script in `experiments/`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from simsvc.errors import InputError
from simsvc.show.html.files import note_of, table_of
from simsvc.show.html.parts import Report, Row, Section, Table, cell, rounded, word
from simsvc.show.html.settings import scenario_of
from simsvc.show.html.words import closing, facts_of, figures_of
from simsvc.show.numbers import counted, listed, said

_MOST_ROWS = 60


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
            facts=[("Points", counted(len(note["points"]), "point")), *facts_of(note)],
        ),
    ]
    claims = f" Claims: {listed(note['claims'])}." if note["claims"] else ""
    title = str(note["name"]).replace("_", " ")
    return Report("Experiment", title.capitalize(), f"{note['question']}{claims}", [finding], sections)


def _answers(table: pd.DataFrame) -> Table:
    rows = []
    for row in table.to_dict("records"):
        found = cell(said(float(row["mean"]), float(row["low"]), float(row["high"]), sign="+"))
        texts = [
            word("" if pd.isna(row[key]) else row[key], kind) for key, kind in (("unit", "word"), ("meaning", "prose"))
        ]
        rows.append(Row(str(row["claim"]), [word(row["quantity"]), found, *texts]))
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
