"""Sensitivity analyses in words and in the terminal, as plain data, and as files."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console
from rich.text import Text

import simsvc
from simsvc.runs.folder import check_writable, manifest, save_figure, table_files, written
from simsvc.runs.metrics import METRICS
from simsvc.sensitivity_analysis.figures import figure
from simsvc.sensitivity_analysis.noise import told_apart
from simsvc.sensitivity_analysis.plan import RANK
from simsvc.sensitivity_analysis.screening import direction
from simsvc.show.numbers import decimals, readable
from simsvc.show.terminal import new_table, show

if TYPE_CHECKING:
    from simsvc.sensitivity_analysis.analysis import Sensitivity

_MOST_NAMED = 5
_NOTES = {
    "morris": "mu*: mean size of the change over the whole range; mu: the same with its sign; sigma: how much it "
    "differs from place to place. Noise: what mu* stays under in about 95 % of cases without any effect.",
    "sobol": "First: share of the variance that the parameter brings alone; total: with all it does together with "
    "others; noise is taken off. Last number: what noise alone stays under in about 95 % of cases. Intervals that "
    "are too wide to say anything need more points.",
    "profile": "Range: highest less lowest level, others at the reference. Slope: of the straight line, over the "
    "range. Arc: height of the curve over it in the middle. Verdicts allow for the number of comparisons, intervals "
    "of slopes do not.",
}


def sentence(result: Sensitivity) -> str:
    """What every metric depends on most; of structures compared only the difference."""
    subjects = [name for name in result.subjects if " less " in name] or result.subjects
    words = []
    for metric in result.plan.metrics:
        for subject in subjects:
            rows = result.of(metric, subject)
            seen = [row for row in rows.to_dict("records") if told_apart(row["verdict"])]
            what = f"{METRICS[metric].label} ({subject})"
            if not seen:
                words.append(f"{what}: no parameter can be told from noise.")
                continue
            top = ", ".join(f"{row['parameter']} ({_strength(result, metric, row)})" for row in seen[:_MOST_NAMED])
            rest = len(rows) - len(seen)
            words.append(f"{what} depends most on {top}" + (f"; no effect seen of {rest} more." if rest else "."))
    return " ".join(words)


def _strength(result: Sensitivity, metric: str, row: Mapping[Any, Any]) -> str:
    value = row[RANK[result.plan.method]]
    if result.plan.method == "sobol":
        return f"{100 * value:.0f} % of the variance"
    scale, unit = readable(metric)
    if result.plan.method == "profile":
        words = f"{_brief(value * scale)} {unit}".strip()
        return words + ", changes sign" * ("changes sign" in row["verdict"])
    return f"{_brief(value * scale)} {unit}".strip() + f" {direction(row)}"


def _brief(value: float) -> str:
    """About two digits of a number."""
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}"


def show_sensitivity(console: Console, result: Sensitivity) -> None:
    """Print an analysis: a table for every metric and structure or difference, what is noise, and the finding."""
    plan = result.plan
    points = plan.runs.cell_count // len(plan.runs.structure_names)
    title = (
        f"{_NAMES[plan.method]}: {len(plan.parameters)} parameters, {points} points, "
        f"{plan.runs.replication_count} replications of {_days(result)} days, seed {plan.runs.root_seed}"
    )
    show(console, Text(title, style="bold"))
    for metric in plan.metrics:
        for subject in result.subjects:
            unit = readable(metric)[1] or "0-1"
            show(console, "", Text(f"{METRICS[metric].label}, {unit}: {subject}", style="bold"), "")
            _show_effects(console, result, metric, subject)
            show(console, "", Text(_spread_words(result, metric, subject), style="dim"))
    if len(result.pairs):
        _show_pairs(console, result)
    show(console, "", Text(_NOTES[plan.method], style="dim"), "", Text(sentence(result), style="bold"))


_NAMES = {"morris": "Morris screening", "sobol": "Sobol indices", "profile": "Profiles, one at a time"}


def _days(result: Sensitivity) -> int:
    design = result.plan.runs
    return design.days or next(iter(design.parts[0].scenarios.values())).run.days


def _show_effects(console: Console, result: Sensitivity, metric: str, subject: str) -> None:
    table = new_table(console)
    method = result.plan.method
    scale = 100.0 if method == "sobol" else readable(metric)[0]
    heads = {
        "morris": ("mu* [95 %]", "mu", "sigma", "noise"),
        "sobol": ("total, % [95 %]", "first, % [95 %]", "noise, %"),
        "profile": ("range", "slope [95 %]", "arc"),
    }[method]
    table.add_column("parameter", overflow="fold")
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("verdict", overflow="fold")
    for row in result.of(metric, subject).to_dict("records"):
        cells: tuple[str, ...]
        if method == "morris":
            cells = (_cell(row, "mu_star", scale), _cell(row, "mu", scale, alone=True),
                     _cell(row, "sigma", scale, alone=True), _cell(row, "noise", scale, alone=True))  # fmt: skip
        elif method == "sobol":
            cells = (_cell(row, "total", scale), _cell(row, "first", scale), _cell(row, "noise", scale, alone=True))
        else:
            cells = (_cell(row, "range", scale, alone=True), _cell(row, "slope", scale),
                     _cell(row, "curvature", scale, alone=True))  # fmt: skip
        verdict = row["verdict"]
        if method == "profile" and "changes sign" in verdict and math.isfinite(row["crossing"]):
            verdict += f" at {row['crossing']:.3g}"
        table.add_row(row["parameter"], *cells, Text(verdict, style="" if told_apart(verdict) else "dim"))
    show(console, table)


def _cell(row: Mapping[Any, Any], name: str, scale: float, *, alone: bool = False) -> str:
    value, low, high = (row.get(key, math.nan) * scale for key in (name, f"{name}_low", f"{name}_high"))
    if not math.isfinite(value):
        return "-"
    digits = decimals((high - low) / 2, value)
    if alone or not math.isfinite(low):
        return f"{value:,.{digits}f}"
    return f"{value:,.{digits}f} [{low:,.{digits}f}, {high:,.{digits}f}]"


def _spread_words(result: Sensitivity, metric: str, subject: str) -> str:
    """Mean and spread over the points, and what of the variance between runs is noise."""
    spread = result.spread
    row = spread[(spread["metric"] == metric) & (spread["of"] == subject)].iloc[0]
    scale = readable(metric)[0]
    if not row["complete"]:
        return "Nowhere did all replications come to their end."
    mean, low, high = (f"{row[key] * scale:,.3g}" for key in ("mean", "lowest", "highest"))
    words = f"Over {row['complete']} combinations: mean {mean}, from {low} to {high}"
    if " less " in subject:
        words += f", above 0 at {100 * row['above_zero']:.0f} %"
    if math.isfinite(row["points"]):
        words += (
            f". Of the variance between runs {100 * row['points']:.0f} % comes from the parameters, "
            f"{100 * row['luck']:.0f} % from luck that acts everywhere alike, {100 * row['noise']:.0f} % is noise"
        )
    return words + (f". Left out for failed runs: {row['left_out']}." if row["left_out"] else ".")


def _show_pairs(console: Console, result: Sensitivity) -> None:
    show(console, "", Text("Pairs: share of the variance that two bring only together", style="bold"), "")
    table = new_table(console)
    for head in ("metric", "of", "one", "other"):
        table.add_column(head, overflow="fold")
    table.add_column("second, % [95 %]", justify="right", no_wrap=True)
    for row in result.pairs.to_dict("records"):
        table.add_row(row["metric"], row["of"], row["one"], row["other"], _cell(row, "second", 100.0))
    show(console, table)


def as_json(result: Sensitivity) -> dict[str, Any]:
    """See `Sensitivity.as_json`."""
    plan = result.plan
    return {
        "method": plan.method,
        "metrics": list(plan.metrics),
        "structures": list(plan.runs.structure_names),
        "analysed": result.subjects,
        "replications": plan.runs.replication_count,
        "days": _days(result),
        "seed": plan.runs.root_seed,
        "common_random_numbers": plan.runs.common_luck,
        "runs": len(result.runs),
        "failed": len(result.failures),
        "parameters": [
            {"name": one.name, "range": one.described(), "now": dict(one.now), "default_range": one.default}
            for one in plan.parameters
        ],
        "effects": _records(result.table),
        "pairs": _records(result.pairs),
        "profiles": _records(result.profiles),
        "spread": _records(result.spread),
        "finding": sentence(result),
    }


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            str(key): None if isinstance(value, float) and not math.isfinite(value) else value
            for key, value in row.items()
        }
        for row in frame.to_dict("records")
    ]


def save(result: Sensitivity, folder: Path, command: str = "") -> list[Path]:
    """Write an analysis: see `Sensitivity.save`."""
    check_writable(folder)
    plan = result.plan
    files = []
    tables = {"effects": result.table, "pairs": result.pairs, "profiles": result.profiles, "spread": result.spread}
    if len(result.failures):
        tables["failures"] = result.failures
    for name, frame in tables.items():
        if len(frame):
            files += table_files(frame, folder, name)
    about = f"simsvc {simsvc.__version__}, {plan.method}, seed {plan.runs.root_seed}"
    for metric in plan.metrics:
        files += save_figure(figure(result, metric), folder, f"{plan.method}_{metric}", about)
    files.append(written(folder / "result.json", json.dumps(as_json(result), indent=1)))
    note = manifest(
        next(iter(plan.runs.parts[0].scenarios.values())),
        command,
        kind="sensitivity",
        finished=True,
        method=plan.method,
        metrics=list(plan.metrics),
        trajectories=plan.trajectories,
        points=plan.points,
        levels=plan.levels,
        second_order=plan.second_order,
        seed=plan.runs.root_seed,
        days=_days(result),
        replications=plan.runs.replication_count,
        common_random_numbers=plan.runs.common_luck,
        runs=len(result.runs),
        failed=len(result.failures),
        structures={name: chart.model_dump() for name, chart in plan.runs.parts[0].charts.items()},
        parameters={one.name: one.described() for one in plan.parameters},
    )
    files.append(written(folder / "manifest.json", json.dumps(note, indent=1)))
    return files
