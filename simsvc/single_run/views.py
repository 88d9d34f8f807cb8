"""One run in the terminal: every metric, and how things went month by month."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from simsvc.runs.metrics import METRICS, retention
from simsvc.scenario.calendar import DAYS_PER_MONTH, MONTHS_PER_YEAR
from simsvc.scenario.writing import change_words
from simsvc.show.braille import braille
from simsvc.show.numbers import decimals, level, level_unit, number
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


def days_of_a_point(days: int) -> int:
    """Days that a point of the course stands for: a month, or less if the run is short."""
    return max(1, min(DAYS_PER_MONTH, days // MONTHS_PER_YEAR))


def by_month(rows: Any) -> list[tuple[str, float, list[float]]]:
    """Series of a run by month: what it is, the least span its picture shows, values."""

    def waiting(month: Any) -> float:
        calls = float((month["calls_judged"] + month["abandoned"]).sum())
        return float(month["wait"].sum()) / calls if calls else math.nan

    length = days_of_a_point(len(rows))
    months = [rows[start : start + length] for start in range(0, len(rows) - length + 1, length)]
    return [
        ("Retention over 12 months at this rate of leaving, %", 10.0, [100 * retention(m) for m in months]),
        ("Satisfaction of customers, 0-1", 0.1, [float(m["satisfaction"].mean()) for m in months]),
        ("Loyalty of customers, 0-1", 0.1, [float(m["loyalty"].mean()) for m in months]),
        ("Morale of the front line, 0-1", 0.1, [float(m["morale"].mean()) for m in months]),
        ("Mean wait, min", 2.0, [waiting(m) for m in months]),
    ]


def _show_course(console: Console, result: RunResult) -> None:
    series = by_month(result.rows)
    length = days_of_a_point(len(result.rows))
    span_of_point = "month (21 working days)" if length == DAYS_PER_MONTH else f"{length} days" if length > 1 else "day"
    show(console, Text(f"How it went, by {span_of_point}", style="bold"), "")
    if not console.is_terminal:
        table = new_table(console)
        for heading in ("series", "first", "lowest", "highest", "last"):
            table.add_column(heading, justify="left" if heading == "series" else "right")
        for label, span, values in series:
            finite = [value for value in values if math.isfinite(value)] or [math.nan]
            numbers = (values[0], min(finite), max(finite), values[-1])
            table.add_row(label, *(number(value, decimals(span / 20, 0)) for value in numbers))
        show(console, table)
        return
    width = min(console.width, 100) - 9
    for label, span, values in series:
        _show_line(console, label, span, values, width)
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


def _show_line(console: Console, label: str, span: float, values: Sequence[float], width: int) -> None:
    """One series as a picture of `span` at least, so that noise does not look like a storm."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        show(console, f"{label}: nothing happened that it could be taken from")
        return
    digits = decimals(span / 20, 0)
    low, high = min(finite), max(finite)
    if high - low < span:
        middle = (low + high) / 2
        low, high = middle - span / 2, middle + span / 2
        low, high = (0.0, span) if low < 0 <= min(finite) else (low, high)
    first, last = finite[0], finite[-1]
    show(console, Text.assemble((label, "bold"), f"   first {number(first, digits)}, last {number(last, digits)}"))
    for k, line in enumerate(braille(values, width, _HEIGHT, low, high)):
        edge = {0: high, _HEIGHT - 1: low}.get(k)
        scale_mark = "" if edge is None else number(edge, digits)
        show(console, Text.assemble((f"{scale_mark:>7}  ", "dim"), (line, "cyan")))
