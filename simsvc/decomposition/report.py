"""The report of a decomposition of a difference."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from simsvc.decomposition.figures import bars, interactions
from simsvc.decomposition.result import NONE, READING_OF_STAGES
from simsvc.decomposition.worth import WORDS, WORDS_OF_STAGES
from simsvc.scenario.words import spoken
from simsvc.show.html.files import json_of, table_of
from simsvc.show.html.parts import Report, Row, Section, Table, estimate, word
from simsvc.show.html.settings import scenario_of, scenario_title
from simsvc.show.html.words import charts_of, closing, facts_of, figures_of, finished
from simsvc.show.numbers import difference, with_unit_of_differences


def figures(folder: Path) -> dict[str, Callable[[], Figure]]:
    """What draws the figures of the folder again, by name."""
    note, plain, effects = finished(folder), json_of(folder, "result.json"), table_of(folder, "effects")
    metrics = list(dict.fromkeys(effects["metric"]))
    order = [row.name for row in _parts(effects, plain, metrics[0]).rows if (effects["part"] == row.name).any()]
    order = [part for part in order if part != NONE]
    whole = {
        one: str(difference(one, *(plain["whole"][one][end] for end in ("mean", "low", "high")))) for one in metrics
    }
    about = f"{plain['scenario']}, from '{plain['from']}' to '{plain['to']}' by {plain['by']}"
    how = f"({note['replications']} replications of {note['days']} days, 95\u00a0% intervals)"
    words = _words(effects, plain)
    drawn: dict[str, Callable[[], Figure]] = {
        "shares": lambda: bars(effects, order, whole, f"{about}: what each part is worth {how}", words)
    }
    if (folder / "interactions.csv").exists():
        two = table_of(folder, "interactions")
        drawn["interactions"] = lambda: interactions(two, f"{about}: what two parts give beyond each alone {how}")
    return drawn


def report(folder: Path) -> Report:
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
    notes = READING_OF_STAGES if plain["by"] == "stages" else notes
    pictures = figures_of(folder, "What each part of the difference is worth", ["shares"])
    scenarios, charts = {str(plain["scenario"]): scenario}, charts_of(note, note["names"])
    sections = [
        Section("What each part is worth", (), pictures, tables),
        *closing(note, scenarios, charts, notes, metrics, facts_of(note)),
    ]
    parts = "stages of the model" if plain["by"] == "stages" else plain["by"]
    return Report(
        "Decomposition",
        f"From {spoken(start)} to {spoken(end)} by {parts}: {name}",
        f"Which of the {parts} make the difference between '{start}' and '{end}' in {name}?",
        [str(plain["finding"])],
        sections,
    )


def _words(effects: pd.DataFrame, plain: Mapping[str, Any]) -> dict[str, str]:
    """How tables and figures call the effects that there are."""
    words = WORDS_OF_STAGES if plain["by"] == "stages" else WORDS
    return {kind: word for kind, word in words.items() if (effects["effect"] == kind).any()}


def _parts(effects: pd.DataFrame, plain: Mapping[str, Any], metric: str) -> Table:
    mine = effects[effects["metric"] == metric]
    words = _words(effects, plain)
    kinds = list(words)
    found = mine.set_index(["part", "effect"])
    order = mine[mine["effect"] == kinds[0]].sort_values("mean", ascending=False)["part"]
    rows = [Row(part, [estimate(difference, metric, found.loc[(part, kind)]) for kind in kinds]) for part in order]
    further = {NONE: plain.get("with_none", {}).get(metric), "whole difference": plain["whole"][metric]}
    rows += [
        Row(label, [estimate(difference, metric, found), *[word("")] * (len(kinds) - 1)])
        for label, found in further.items() if found
    ]  # fmt: skip
    heads = ["part", *(words[kind] for kind in kinds)]
    return Table(f"{with_unit_of_differences(metric)}, with 95\u00a0% intervals", heads, rows)


def _interactions(table: pd.DataFrame, metrics: Sequence[str]) -> Table:
    found = {(row["one"], row["other"], row["metric"]): row for row in table.to_dict("records")}
    two = dict.fromkeys((one, other) for one, other, _ in found)
    rows = [Row(f"{a} and {b}", [estimate(difference, one, found[a, b, one]) for one in metrics]) for a, b in two]
    heads = ["two parts", *map(with_unit_of_differences, metrics)]
    return Table("What two parts give together beyond each alone", heads, rows)
