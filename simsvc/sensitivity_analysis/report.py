"""The report of a sensitivity analysis."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from simsvc.runs.metrics import METRICS
from simsvc.sensitivity_analysis.figures import of_metric
from simsvc.sensitivity_analysis.ranges import Parameter
from simsvc.show.html.files import json_of, note_of, table_of
from simsvc.show.html.parts import Report, Row, Section, Table, cell, word
from simsvc.show.html.settings import scenario_of
from simsvc.show.html.words import charts_of, closing, facts_of, figures_of, finished
from simsvc.show.numbers import called, decimals_of, difference_unit, listed, said
from simsvc.sweeps.block import Span

_COLUMNS = {
    "morris": (
        ("mu_star", "mean size of effects"), ("mu", "mean effect"), ("sigma", "spread of effects"), ("noise", "noise"),
    ),
    "sobol": (("total", "total share, %"), ("first", "share alone, %"), ("noise", "noise, %")),
    "profile": (("range", "range"), ("slope", "slope"), ("curvature", "arc")),
}  # fmt: skip
_READING = {
    "morris": "Effects are changes of the metric over the whole range of a parameter, in the mean over places; the "
    "spread tells how much they differ from place to place, noise what their size stays under in 95 % of cases "
    "without any effect.",
    "sobol": "Total: share of the variance over the points that a parameter brings, with all that it does together "
    "with others; noise: what stays under this in 95 % of cases without any effect.",
    "profile": "One parameter at a time, the others at the reference. Range: highest less lowest level; slope: of the "
    "straight line, over the range; arc: height of the curve over it in the middle.",
}


def figures(folder: Path) -> dict[str, Callable[[], Figure]]:
    """What draws the figures of the folder again, by name."""
    plain, method = json_of(folder, "result.json"), str(note_of(folder)["method"])
    levels = table_of(folder, "profiles") if method == "profile" else pd.DataFrame()
    shared = (method, plain["analysed"], table_of(folder, "effects"), levels)
    parameters = [_parameter(one) for one in plain["parameters"]]
    return {f"{method}_{metric}": partial(of_metric, metric, *shared, parameters, plain["replications"])
            for metric in plain["metrics"]}  # fmt: skip


def _parameter(told: Mapping[str, Any]) -> Parameter:
    """A parameter from how its folder tells of it, see `Parameter.described`."""
    low, _, high = told["range"].removesuffix(", log").partition(" to ")
    if high:
        scale = "log" if told["range"].endswith(", log") else "linear"
        return Parameter(told["name"], Span(float(low), float(high), scale=scale), told["now"])
    values = pd.Series(low.split(", "))
    numbers = pd.to_numeric(values, errors="coerce")
    return Parameter(told["name"], tuple(values if numbers.isna().any() else numbers), told["now"])


def report(folder: Path) -> Report:
    """The report of a folder written by `simsvc sensitivity --out`."""
    note, plain, effects = finished(folder), json_of(folder, "result.json"), table_of(folder, "effects")
    scenario, method = scenario_of(note), str(note["method"])
    metrics, subjects = list(plain["metrics"]), list(plain["analysed"])
    tables = [_effects(effects, method, metric, subject) for metric in metrics for subject in subjects]
    pictures = figures_of(folder, "Strength of every parameter", [f"{method}_{one}" for one in metrics])
    ranges = [Row(name, [word(text)]) for name, text in note["parameters"].items()]
    what, facts = listed(map(called, metrics)), [("Method", method), *facts_of(note)]
    sections = [
        Section("What it depends on", (), pictures, tables),
        Section("What varies", tables=[Table("Parameters and their ranges", ["parameter", "range"], ranges)]),
        *closing(note, {"the organisation": scenario}, charts_of(note, {}), [_READING[method]], metrics, facts),
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
    columns = _COLUMNS[method]
    factor, digits = (100.0, 0) if method == "sobol" else (difference_unit(metric).factor, decimals_of(metric))
    rows = []
    for row in mine.to_dict("records"):
        cells = []
        for column, _ in columns:
            ends = [row.get(key, math.nan) for key in (column, f"{column}_low", f"{column}_high")]
            mean, low, high = (math.nan if end is None else float(end) * factor for end in ends)
            cells.append(cell(said(mean, low, high, digits)))
        rows.append(Row(row["parameter"], [*cells, word(row["verdict"])]))
    unit = "" if method == "sobol" else f", {difference_unit(metric).name}"
    return Table(
        f"{METRICS[metric].label}{unit}: {subject}", ["parameter", *(head for _, head in columns), "verdict"], rows
    )
