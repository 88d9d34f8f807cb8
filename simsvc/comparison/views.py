"""A comparison of structures in the terminal."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from simsvc.comparison.factors import EFFECTS, QUEUEING
from simsvc.comparison.verdicts import HOLD
from simsvc.runs.metrics import METRICS
from simsvc.show.numbers import (
    decimals,
    difference,
    difference_unit,
    level,
    number,
    with_unit,
    with_unit_of_differences,
)
from simsvc.show.terminal import new_table, show

if TYPE_CHECKING:
    from simsvc.comparison.result import Comparison

_WIDE = 96
"""Columns of the console from which on a table tells everything."""

_COLOURS = {"better": "green", "worse": "red", "higher": "cyan", "lower": "cyan"}


def show_comparison(console: Console, result: Comparison) -> None:
    """Print a comparison: one table per structure, power and management apart, and the finding."""
    pairs = f"{result.replications} pairs of runs" if result.replications > 1 else "a single pair of runs"
    title = f"{result.scenario_name}: {pairs} of {result.days} days (250 are a year), seed {result.seed}"
    show(console, Text(title, style="bold"))
    factors = result.factors
    for structure in result.others:
        show(console, "", Text(f"'{structure}' against '{result.baseline}' ({result.when})", style="bold"), "")
        _show_differences(console, result, structure)
        show(console, "", HOLD, *result.scales(structure))
        if len(result.years):
            show(console, "", Text(f"'{structure}' by years after the turn on day {result.turn_on}", style="bold"), "")
            _show_by(console, result, structure, result.horizons, "years", _difference)
        if len(factors):
            show(console, "", Text(f"Where the difference of '{structure}' comes from", style="bold"), "")
            effects = factors[factors["effect"] != QUEUEING]
            _show_by(console, result, structure, effects, "effect", _difference, "turned", EFFECTS)
            show(console, "", result.queueing(structure))
        if result.replications > 1:
            show(console, "", Text(f"Half-width to be expected of more pairs, for '{structure}'", style="bold"), "")
            _show_by(console, result, structure, result.planning, "pairs", _half_width)
    notes = [
        f"In brackets: {result.brackets}. Verdict: 'better' or 'worse' "
        "where the interval leaves out 0; 'higher' or 'lower' where neither is good in itself."
        + ("" if result.simultaneous else " Of twenty metrics with no difference one would be called so by chance.")
    ]
    if len(factors):
        notes.append(
            "Power: who decides (limits, latitude, how strictly approvers judge). Management: how people are led, and "
            f"how work is organised. Old: as in '{result.baseline}'; new: as in the other structure. What both give "
            "beyond their sum is neither's alone."
        )
    if console.width >= _WIDE:
        notes.append(
            "Change: the difference in percent of the baseline's level. Saved by pairing: share of the variance of "
            "the difference that the same luck in both structures takes away."
        )
    show(console, "", *(Text(note, style="dim") for note in notes), "", result.sentence())


def _show_differences(console: Console, result: Comparison, structure: str) -> None:
    levels = result.levels.set_index(["structure", "metric"])["mean"]
    differences = result.differences
    rows = differences[differences["structure"] == structure].set_index("metric")
    wide = console.width >= _WIDE
    table = new_table(console)
    table.add_column("metric")
    table.add_column(result.baseline, justify="right", overflow="fold")
    table.add_column(structure, justify="right", overflow="fold")
    table.add_column("difference", justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    if wide:
        table.add_column("change,\n%", justify="right", no_wrap=True)
        table.add_column("saved by\npairing", justify="right", no_wrap=True)
    lacking: dict[str, str] = {}
    for group, names in result.groups.items():
        if group:
            table.add_row(Text("Money, 1000 a year" if group == "Money" else group, style="bold"))
        for name in names:
            row: Any = rows.loc[name]
            verdict = str(row["verdict"]).removesuffix(" seen")
            cells: list[RenderableType] = [
                Padding(METRICS[name].label if group == "Money" else with_unit(name), (0, 0, 0, 2)),
                *(str(level(name, float(levels[chart, name]))) for chart in (result.baseline, structure)),
                str(level(name, *(float(row[end]) for end in ("mean", "low", "high")), sign="+")),
                Text(verdict, style=_COLOURS.get(verdict, "dim")),
            ]
            lacking.update({name: row["why"]} if row["why"] else {})
            if wide:
                cells += [number(float(row["percent_of_baseline"]), 1, "+"), _share(float(row["variance_reduction"]))]
            table.add_row(*cells)
    show(console, table, *(f"{METRICS[name].label} has no value here: {why}." for name, why in lacking.items()))


def _share(value: float) -> str:
    return f"{value * 100:.0f} %" if math.isfinite(value) else "-"


def _difference(metric: str, row: Any) -> str:
    return str(difference(metric, row["mean"], row["low"], row["high"]))


def _half_width(metric: str, row: Any) -> str:
    width = float(row["half_width"]) * difference_unit(metric).factor
    return number(width, decimals(width, width))


def _show_by(
    console: Console, result: Comparison, structure: str, table: pd.DataFrame, column: str,
    said_of: Callable[[str, Any], str], head: str = "", words: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """A table of what sentences are about: a row for each value of a column, in words if given, a cell per metric."""
    found = table[(table["structure"] == structure) & table["metric"].isin(result.headlines)]
    shown = new_table(console)
    shown.add_column(head or column, justify="left" if words else "right")
    for name in result.headlines:
        shown.add_column(with_unit_of_differences(name), justify="right")
    for value, rows in found.groupby(column, sort=words is None):
        mine: dict[Any, Any] = {row["metric"]: row for row in rows.to_dict("records")}
        cells = (said_of(name, mine[name]) for name in result.headlines)
        shown.add_row(words[str(value)] if words else str(value), *cells)
    show(console, shown)
