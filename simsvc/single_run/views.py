"""One run in the terminal: every metric, and how things went month by month."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from simsvc.runs.metrics import METRICS
from simsvc.scenario.calendar import DAYS_PER_YEAR, MONTHS_PER_YEAR
from simsvc.scenario.writing import change_words
from simsvc.show.braille import braille
from simsvc.show.numbers import level, level_unit, with_unit
from simsvc.show.terminal import PLAIN_WIDTH, new_table, show

if TYPE_CHECKING:
    from simsvc.single_run.result import RunResult

_HEIGHT = 3
"""Lines of the terminal that a picture of a series takes."""


def show_run(console: Console, result: RunResult) -> None:
    """Print a run: every metric with its meaning, and how things went month by month."""
    days = len(result.rows)
    settling = int(days * result.settings.run.settling)
    title = f"{result.scenario_name}, structure '{result.structure}': one run of {days} days, seed {result.seed}"
    measured = f"Measured on days {settling + 1} to {days}, after settling." if settling else ""
    show(console, Text(title, style="bold"), *([Text(measured, style="dim")] if measured else []), "")
    table = new_table(console)
    table.add_column("metric", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    with_meaning = console.width >= PLAIN_WIDTH - 8
    if with_meaning:
        table.add_column("meaning", style="dim")
    for name in result.summary:
        metric = METRICS[name]
        value, unit = level(name, result.summary[name]), level_unit(name).name or metric.unit
        table.add_row(metric.label, str(value), unit, *([metric.meaning] if with_meaning else []))
    show(console, table, "")
    _show_course(console, result)


SPANS = {"retention": 0.1, "satisfaction": 0.1, "loyalty": 0.1, "morale": 0.1, "mean_wait": 2.0}
"""What the course of a run is told by, and the least that a picture of it spans, in the metric's own unit."""


def parts_of(days: int) -> int:
    """Into how many parts the course of a run is cut: months, twelve a year; twelve if it is shorter, or its days."""
    return min(max(days * MONTHS_PER_YEAR // DAYS_PER_YEAR, MONTHS_PER_YEAR), days)


def in_parts(rows: Any) -> dict[str, list[float]]:
    """The course of a run: values of each metric over the parts of its days, in the metric's own unit."""
    cuts = [len(rows) * k // parts_of(len(rows)) for k in range(parts_of(len(rows)) + 1)]
    parts = [rows[first:end] for first, end in pairwise(cuts)]
    return {name: [METRICS[name].of(part) for part in parts] for name in SPANS}


def _show_course(console: Console, result: RunResult) -> None:
    series = in_parts(result.rows)
    count = parts_of(len(result.rows))
    short = "day" if count == len(result.rows) else "twelfth of the run"
    each = "month" if len(result.rows) >= DAYS_PER_YEAR else short
    show(console, Text(f"How it went, by {each}", style="bold"), "")
    if not console.is_terminal:
        table = new_table(console)
        for heading in ("series", "first", "lowest", "highest", "last"):
            table.add_column(heading, justify="left" if heading == "series" else "right")
        for name, values in series.items():
            finite = [value for value in values if math.isfinite(value)] or [math.nan]
            ends = (values[0], min(finite), max(finite), values[-1])
            table.add_row(with_unit(name), *(level(name, value).number for value in ends))
        show(console, table)
        return
    width = min(console.width, 100) - 9
    for name, values in series.items():
        _show_line(console, name, values, width)
    days = len(result.rows)
    marks = [" "] * width
    for change in result.settings.timeline:
        if change.day < days:
            marks[min(int(change.day / days * width), width - 1)] = "^"
    if "^" in marks:
        show(console, " " * 9 + "".join(marks).rstrip())
    middle = f"day {days // 2}"
    axis = f"{'day 1':<{width // 2 - len(middle) // 2}}{middle}"
    show(console, Text(f"{'':9}{axis}{f'day {days}':>{width - len(axis)}}", style="dim"))
    for change in result.settings.timeline:
        if change.day < days:
            show(console, Text(f"{'':9}^ day {change.day}: {change.note or change_words(change)}"))


def _show_line(console: Console, name: str, values: Sequence[float], width: int) -> None:
    """One series as a picture of some span at least, so that noise does not look like a storm."""
    label, span = with_unit(name), SPANS[name]
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        show(console, f"{label}: nothing happened that it could be taken from")
        return
    low, high = min(finite), max(finite)
    if high - low < span:
        middle = (low + high) / 2
        low, high = middle - span / 2, middle + span / 2
        low, high = (0.0, span) if low < 0 <= min(finite) else (low, high)
    first, last = (level(name, end).number for end in (finite[0], finite[-1]))
    show(console, Text.assemble((label, "bold"), f"   first {first}, last {last}"))
    for k, line in enumerate(braille(values, width, _HEIGHT, low, high)):
        edge = {0: high, _HEIGHT - 1: low}.get(k)
        scale_mark = "" if edge is None else level(name, edge).number
        show(console, Text.assemble((f"{scale_mark:>7}  ", "dim"), (line, "cyan")))
