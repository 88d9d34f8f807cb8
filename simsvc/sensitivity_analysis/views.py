"""Sensitivity analyses in the terminal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from simsvc.runs.metrics import METRICS
from simsvc.sensitivity_analysis.noise import told_apart
from simsvc.show.numbers import decimals_of, difference_unit, number, said
from simsvc.show.terminal import new_table, show

if TYPE_CHECKING:
    from simsvc.sensitivity_analysis.result import Sensitivity

_NAMES = {"morris": "Morris screening", "sobol": "Sobol indices", "profile": "Profiles, one at a time"}
_COLUMNS = {
    "morris": {"mu_star": "mu*", "mu": "mu", "sigma": "sigma", "noise": "noise"},
    "sobol": {"total": "total, %", "first": "first, %", "noise": "noise, %"},
    "profile": {"range": "range", "slope": "slope", "curvature": "arc"},
}
"""Columns of the table of effects with their heads."""
_WITH_INTERVAL = {"mu_star", "total", "first", "slope", "second"}
"""Of which the interval is shown, too."""
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


def show_sensitivity(console: Console, result: Sensitivity) -> None:
    """Print an analysis: a table for every metric and structure or difference, what is noise, and the finding."""
    plan = result.plan
    points = plan.runs.cell_count // len(plan.runs.structure_names)
    title = (
        f"{_NAMES[plan.method]}: {len(plan.parameters)} parameters, {points} points, "
        f"{plan.runs.replication_count} replications of {result.days} days, seed {plan.runs.root_seed}"
    )
    show(console, Text(title, style="bold"))
    for metric in plan.metrics:
        for subject in result.subjects:
            unit = difference_unit(metric).name or "0-1"
            show(console, "", Text(f"{METRICS[metric].label}, {unit}: {subject}", style="bold"), "")
            _show_effects(console, result, metric, subject)
            show(console, "", Text(_spread_words(result, metric, subject), style="dim"))
    if len(result.pairs):
        _show_pairs(console, result)
    show(console, "", Text(_NOTES[plan.method], style="dim"), "", Text(result.sentence(), style="bold"))


def _show_effects(console: Console, result: Sensitivity, metric: str, subject: str) -> None:
    table = new_table(console)
    method = result.plan.method
    scale, digits = (100.0, 0) if method == "sobol" else (difference_unit(metric).factor, decimals_of(metric))
    table.add_column("parameter", overflow="fold")
    for name, head in _COLUMNS[method].items():
        table.add_column(f"{head} [95 %]" if name in _WITH_INTERVAL else head, justify="right", no_wrap=True)
    table.add_column("verdict", overflow="fold")
    for row in result.of(metric, subject).to_dict("records"):
        cells = (_cell(row, name, scale, digits) for name in _COLUMNS[method])
        verdict = row["verdict"]
        if method == "profile" and "changes sign" in verdict and math.isfinite(row["crossing"]):
            verdict += f" at {row['crossing']:.3g}"
        table.add_row(row["parameter"], *cells, Text(verdict, style="" if told_apart(verdict) else "dim"))
    show(console, table)


def _cell(row: Mapping[Any, Any], name: str, scale: float, digits: int) -> str:
    value, low, high = (row.get(key, math.nan) * scale for key in (name, f"{name}_low", f"{name}_high"))
    return str(said(value, low, high, digits)) if name in _WITH_INTERVAL else number(value, digits)


def _spread_words(result: Sensitivity, metric: str, subject: str) -> str:
    """Mean and spread over the points, and what of the variance between runs is noise."""
    spread = result.spread
    row = spread[(spread["metric"] == metric) & (spread["of"] == subject)].iloc[0]
    scale = difference_unit(metric).factor
    if not row["complete"]:
        return f"Nowhere have all replications a value{_why(result)}."
    mean, low, high = (f"{row[key] * scale:,.3g}" for key in ("mean", "lowest", "highest"))
    words = f"Over {row['complete']} combinations: mean {mean}, from {low} to {high}"
    if " less " in subject:
        words += f", above 0 at {100 * row['above_zero']:.0f} %"
    if math.isfinite(row["points"]):
        words += (
            f". Of the variance between runs {100 * row['points']:.0f} % comes from the parameters, "
            f"{100 * row['luck']:.0f} % from luck that acts everywhere alike, {100 * row['noise']:.0f} % is noise"
        )
    return words + (
        f". Left out for runs without a value: {row['left_out']}{_why(result)}." if row["left_out"] else "."
    )


def _why(result: Sensitivity) -> str:
    """Why runs have no value of a metric: they failed, or there was nothing in them to measure it on."""
    failed = len(result.failures)
    return f"; {failed:,} runs failed" if failed else "; no run failed, but in some nothing happened to measure it on"


def _show_pairs(console: Console, result: Sensitivity) -> None:
    show(console, "", Text("Pairs: share of the variance that two bring only together", style="bold"), "")
    table = new_table(console)
    for head in ("metric", "of", "one", "other"):
        table.add_column(head, overflow="fold")
    table.add_column("second, % [95 %]", justify="right", no_wrap=True)
    for row in result.pairs.to_dict("records"):
        table.add_row(row["metric"], row["of"], row["one"], row["other"], _cell(row, "second", 100.0, 0))
    show(console, table)
