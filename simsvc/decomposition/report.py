"""Reports of analyses that are made of many runs - decomposition, selection, sensitivity - and of experiments."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from simsvc.decomposition.views import WORDS
from simsvc.runs.metrics import METRICS
from simsvc.show.html.files import json_of, table_of
from simsvc.show.html.parts import (
    Report,
    Row,
    Section,
    Table,
    difference,
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


def decomposition_report(folder: Path) -> Report:
    """The report of a folder written by `simsvc decompose --out`."""
    note, plain, effects = finished(folder), json_of(folder, "result.json"), table_of(folder, "effects")
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
            figures_of(folder, "What each part of the difference is worth", ["shares"]),
            tables,
        ),
        settings_section({str(plain["scenario"]): scenario}, charts_of(note, note["names"])),
        reading(notes),
        glossary(metrics),
        provenance_section(note, facts_of(note)),
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
