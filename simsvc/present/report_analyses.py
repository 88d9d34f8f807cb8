"""Reports of analyses that are made of many runs - decomposition, selection, sensitivity - and of experiments."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from simsvc.errors import InputError
from simsvc.experiment.metrics import METRICS
from simsvc.experiment.study import readable
from simsvc.present.decomposing import WORDS
from simsvc.present.report_files import json_of, note_of, saved_figures, saved_picture, table_of
from simsvc.present.report_parts import (
    Cell,
    Picture,
    Report,
    Row,
    Section,
    Table,
    called,
    counted,
    difference,
    estimate,
    level,
    listed,
    rounded,
    with_unit,
    word,
)
from simsvc.present.report_settings import (
    provenance_section,
    scenario_of,
    scenario_title,
    settings_section,
    structure_of,
)
from simsvc.present.report_words import glossary, reading

_MOST_ROWS = 60
_SENSITIVITY = {
    "morris": (
        ("mu_star", "mean size of effects"), ("mu", "mean effect"), ("sigma", "spread of effects"), ("noise", "noise"),
    ),
    "sobol": (("total", "total share, %"), ("first", "share alone, %"), ("noise", "noise, %")),
    "profile": (("range", "range"), ("slope", "slope"), ("curvature", "arc")),
}  # fmt: skip
_SENSITIVITY_READING = {
    "morris": "Effects are changes of the metric over the whole range of a parameter, in the mean over places; the "
    "spread tells how much they differ from place to place, noise what their size stays under in 95 % of cases "
    "without any effect.",
    "sobol": "Total: share of the variance over the points that a parameter brings, with all that it does together "
    "with others; noise: what stays under this in 95 % of cases without any effect.",
    "profile": "One parameter at a time, the others at the reference. Range: highest less lowest level; slope: of the "
    "straight line, over the range; arc: height of the curve over it in the middle.",
}


def _finished(folder: Path) -> dict[str, Any]:
    note = note_of(folder)
    if note.get("finished") is False:
        raise InputError(f"{folder}: the {note['kind']} is not finished; give its command again, it goes on")
    return note


def _figures(folder: Path, alt: str, first: Sequence[str] = ()) -> list[Picture]:
    return [saved_picture(path, f"{alt}, as in the tables: {path.stem.replace('_', ' ')}.")
            for path in saved_figures(folder, first)]  # fmt: skip


def _facts(note: Mapping[str, Any]) -> list[tuple[str, str]]:
    facts = [("Runs", f"{note['runs']:,}" if "runs" in note else "")]
    facts += [(name.capitalize(), str(note[name])) for name in ("replications", "days", "seed") if name in note]
    return facts


def _charts(note: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(key, key): structure_of(note, levers) for key, levers in note["structures"].items()}


def decomposition_report(folder: Path) -> Report:
    """The report of a folder written by `simsvc decompose --out`."""
    note, plain, effects = _finished(folder), json_of(folder, "result.json"), table_of(folder, "effects")
    scenario, start, end = scenario_of(note), str(plain["from"]), str(plain["to"])
    name, metrics = scenario_title(str(plain["scenario"]), scenario), list(dict.fromkeys(effects["metric"]))
    tables = [_parts(effects, plain, metric) for metric in metrics]
    if (folder / "interactions.csv").exists():
        tables.append(_interactions(table_of(folder, "interactions"), metrics))
    notes = (
        "Share (Shapley value): what a part adds in the mean over all orders of turning the parts; shares add up to "
        "the whole difference. Main effect: its mean over all combinations of the others.",
        f"Turned first: what a part does alone in '{start}'. Turned last: what it adds when all others are turned.",
    )
    sections = [
        Section(
            "What each part is worth",
            (),
            _figures(folder, "What each part of the difference is worth", ["shares"]),
            tables,
        ),
        settings_section({str(plain["scenario"]): scenario}, _charts(note, note["names"])),
        reading(notes),
        glossary(metrics),
        provenance_section(note, _facts(note)),
    ]
    return Report(
        "Decomposition",
        f"From '{start}' to '{end}' by {plain['by']}: {name}",
        f"Which of the {plain['by']} make the difference between '{start}' and '{end}' in {name}?",
        [str(plain["finding"])] if "finding" in plain else [_whole(plain, metric) for metric in metrics],
        sections,
    )


def _whole(plain: Mapping[str, Any], metric: str) -> str:
    """The whole difference, and the parts with the largest and the smallest share."""
    shares = {part: one["effects"][metric]["shapley"] for part, one in plain["parts"].items()}
    order = sorted(shares, key=lambda part: -shares[part]["mean"])
    found = (plain["whole"][metric], shares[order[0]], shares[order[-1]])
    cells = [difference(metric, **_ends(one)) for one in found]
    whole, first, last = (f"{cell.text} {cell.interval}".strip() for cell in cells)
    words = f"{METRICS[metric].label} changes by {whole} {readable(metric)[1]}: {order[0]} ({first}) adds most"
    apart = "" if _ends(found[1])["low"] > _ends(found[2])["high"] else ", which may be chance: the intervals overlap"
    return f"{words}, {order[-1]} ({last}) least{apart}." if len(order) > 1 else f"{words}."


def _ends(found: Any) -> dict[str, float]:
    return {key: math.nan if found[key] is None else float(found[key]) for key in ("mean", "low", "high")}


def _parts(effects: pd.DataFrame, plain: Mapping[str, Any], metric: str) -> Table:
    mine = effects[effects["metric"] == metric]
    kinds = [kind for kind in WORDS if (mine["effect"] == kind).any()]
    found = mine.set_index(["part", "effect"])
    order = mine[mine["effect"] == kinds[0]].sort_values("mean", ascending=False)["part"]
    rows = [Row(part, [difference(metric, **_ends(found.loc[(part, kind)])) for kind in kinds]) for part in order]
    rows.append(
        Row("whole difference", [difference(metric, **_ends(plain["whole"][metric])), *[word("")] * (len(kinds) - 1)])
    )
    heads = ["part", *(WORDS[kind] for kind in kinds)]
    return Table(f"{METRICS[metric].label}, {readable(metric)[1]}, with 95\u00a0% intervals", heads, rows)


def _interactions(table: pd.DataFrame, metrics: Sequence[str]) -> Table:
    found = {(row["one"], row["other"], row["metric"]): row for row in table.to_dict("records")}
    two = dict.fromkeys((one, other) for one, other, _ in found)
    rows = [Row(f"{a} and {b}", [difference(one, **_ends(found[a, b, one])) for one in metrics]) for a, b in two]
    heads = ["two parts", *(f"{METRICS[one].label}, {readable(one)[1]}" for one in metrics)]
    return Table("What two parts give together beyond each alone", heads, rows)


def selection_report(folder: Path) -> Report:
    """The report of a folder written by `simsvc best --out`."""
    note, plain, ranking = _finished(folder), json_of(folder, "result.json"), table_of(folder, "ranking")
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
            _figures(folder, f"Running means of {METRICS[metric].label}, one line per structure"),
            [Table(f"Structures by {called(metric)}", heads, rows)],
        ),
        settings_section({str(plain["scenario"]): scenario}, _charts(note, {})),
        reading(notes),
        glossary([metric]),
        provenance_section(note, _facts(note)),
    ]
    return Report(
        "Selection of the best structure",
        f"Best of {len(ranking)} structures: {name}",
        f"Which of {len(ranking)} structures is best for {called(metric)} in {name}, and how sure is that?",
        [str(plain.get("finding", fallback))],
        sections,
    )


def sensitivity_report(folder: Path) -> Report:
    """The report of a folder written by `simsvc sensitivity --out`."""
    note, plain, effects = _finished(folder), json_of(folder, "result.json"), table_of(folder, "effects")
    scenario, method = scenario_of(note), str(note["method"])
    metrics, subjects = list(plain["metrics"]), list(plain["analysed"])
    tables = [_effects(effects, method, metric, subject) for metric in metrics for subject in subjects]
    ranges = [Row(name, [word(text)]) for name, text in note["parameters"].items()]
    what = listed(map(called, metrics))
    sections = [
        Section(
            "What it depends on",
            (),
            _figures(folder, "Strength of every parameter", [f"{method}_{one}" for one in metrics]),
            tables,
        ),
        Section("What varies", tables=[Table("Parameters and their ranges", ["parameter", "range"], ranges)]),
        settings_section({"the organisation": scenario}, _charts(note, {})),
        reading((_SENSITIVITY_READING[method],)),
        glossary(metrics),
        provenance_section(note, [("Method", method), *_facts(note)]),
    ]
    verb = "depends" if len(metrics) == 1 else "depend"
    return Report(
        "Sensitivity analysis",
        f"What {what} {verb} on",
        f"Which settings do{'es' * (len(metrics) == 1)} {what} depend on, for {listed(subjects)}?",
        [str(plain["finding"])],
        sections,
    )


def _effects(effects: pd.DataFrame, method: str, metric: str, subject: str) -> Table:
    mine = effects[(effects["metric"] == metric) & (effects["of"] == subject)]
    columns = _SENSITIVITY[method]
    factor = 100.0 if method == "sobol" else readable(metric)[0]
    rows = []
    for row in mine.to_dict("records"):
        cells = []
        for column, _ in columns:
            ends = [row.get(key, math.nan) for key in (column, f"{column}_low", f"{column}_high")]
            mean, low, high = (math.nan if end is None else float(end) * factor for end in ends)
            cells.append(estimate(mean, low, high))
        rows.append(Row(row["parameter"], [*cells, word(row["verdict"])]))
    unit = "" if method == "sobol" else f", {readable(metric)[1]}"
    return Table(
        f"{METRICS[metric].label}{unit}: {subject}", ["parameter", *(head for _, head in columns), "verdict"], rows
    )


def study_report(folder: Path) -> Report:
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
        Section("Figures", (), _figures(folder, "Figure of the experiment")),
        *([Section("Answers to claims", tables=[_answers(answers)])] if len(answers) else []),
        Section("Tables", ("Numbers as in the files: shares from 0 to 1, money in units a year.",), tables=tables),
        settings_section({"the first point": scenario_of(note)}),
        reading(("What is asked stands in the claims; docs of the program say which mechanism each of them has.",)),
        provenance_section(note, [("Points", counted(len(note["points"]), "point")), *_facts(note)]),
    ]
    claims = f" Claims: {listed(note['claims'])}." if note["claims"] else ""
    title = str(note["name"]).replace("_", " ")
    return Report("Experiment", title.capitalize(), f"{note['question']}{claims}", [finding], sections)


def _answers(table: pd.DataFrame) -> Table:
    rows = []
    for row in table.to_dict("records"):
        found = estimate(float(row["mean"]), float(row["low"]), float(row["high"]), sign="+")
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
            Cell(rounded(float(value)), kind="number")
            if isinstance(value, (int, float)) and not isinstance(value, bool)
            else word("" if pd.isna(value) else value)
            for value in row.values()
        ]
        rows.append(Row(cells[0].text, cells[1:]))
    cut = f"The first {_MOST_ROWS} of {len(table):,} rows." if len(table) > _MOST_ROWS else ""
    return Table(caption, [str(column).replace("_", " ") for column in table.columns], rows, cut)
