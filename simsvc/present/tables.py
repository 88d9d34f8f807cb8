"""Results in the terminal: the table of a comparison, the summary and course of a run, checks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from simsvc.experiment.metrics import METRICS, Metric, retention
from simsvc.present.chart import braille
from simsvc.present.terminal import PLAIN_WIDTH, new_table, show
from simsvc.scenario.writing import change_words

if TYPE_CHECKING:
    from simsvc.evidence.known_answers import Check
    from simsvc.experiment.comparison import Comparison
    from simsvc.experiment.single import RunResult

GROUPS = {
    "Customers": ("retention", "loyalty", "satisfaction", "nps", "csat"),
    "Service": ("first_contact_resolution", "mean_wait", "abandonment", "escalation_rate", "refused_justified"),
    "Staff": ("morale", "staff_turnover", "occupancy"),
    "Money": ("revenue", "grant_cost", "people_cost", "profit"),
}
"""Metrics of the table of a comparison; all others are in its files and JSON."""
DECOMPOSED = ("retention", "loyalty", "profit")
_STAGES = {"queueing": "queueing", "decisions": "+ decisions", "behaviour": "+ behaviour", "total": "= in all"}
_WIDE = 96
"""Columns of the console from which on a table tells everything."""
_COLOURS = {"better": "green", "worse": "red", "higher": "cyan", "lower": "cyan"}
_MONTH = 21
_HEIGHT = 3


def scale(metric: Metric) -> tuple[float, str]:
    """What a metric is multiplied by to be shown, and the unit it then has."""
    if metric.percent:
        return 100.0, "% a year" if metric.unit == "per year" else "%"
    if metric.unit == "money/year":
        return 1e-3, "thousand a year"
    return 1.0, "" if metric.unit == "0-1" else metric.unit


def _named(metric: Metric, with_money: bool = True) -> str:
    unit = scale(metric)[1] if with_money or metric.unit != "money/year" else ""
    return f"{metric.label}, {unit}" if unit else metric.label


def decimals(half_width: float, mean: float, most: int = 3) -> int:
    """Decimals worth showing: about two digits of the uncertainty, or three of a value without one."""
    if math.isfinite(half_width) and half_width > 0:
        return min(max(math.ceil(0.3 - math.log10(half_width)), 0), most)
    if math.isfinite(mean) and mean:
        return min(max(2 - math.floor(math.log10(abs(mean))), 0), most)
    return 1


def _most_decimals(metric: Metric) -> int:
    return 3 if metric.unit == "0-1" else 1 if metric.percent else 2


def _number(value: float, digits: int, sign: str = "") -> str:
    if not math.isfinite(value):
        return "-"
    text = f"{round(value, digits) + 0.0:{sign},.{digits}f}"
    return text if float(text.replace(",", "")) else text.lstrip("+-")


def _with_interval(mean: float, low: float, high: float, digits: int) -> str:
    text = _number(mean, digits, "+")
    if not math.isfinite(low):
        return text
    if low * high > 0 and digits < 3 and 0 in (round(low, digits), round(high, digits)):
        return _with_interval(mean, low, high, digits + 1)  # an interval that leaves out 0 must look like it
    return f"{text} [{_number(low, digits)}, {_number(high, digits)}]"


def show_comparison(console: Console, result: Comparison) -> None:
    """Print a comparison: one table per structure, where the difference comes from, and the finding."""
    pairs = f"{result.replications} pairs of runs" if result.replications > 1 else "a single pair of runs"
    title = f"{result.scenario_name}: {pairs} of {result.days} days (250 are a year), seed {result.seed}"
    show(console, Text(title, style="bold"))
    decomposition = result.decomposition
    for structure in list(result.structures)[1:]:
        show(console, "", Text(f"'{structure}' against '{result.baseline}'", style="bold"), "")
        _show_differences(console, result, structure)
        if len(decomposition):
            show(console, "", Text(f"Where the difference of '{structure}' comes from", style="bold"), "")
            _show_decomposition(console, decomposition[decomposition["structure"] == structure])
    notes = [
        "In brackets: 95 % intervals over pairs of runs. Verdict: 'better' or 'worse' where the interval leaves "
        "out 0; 'higher' or 'lower' where neither is good in itself. Of twenty metrics with no difference one "
        "would "
        "be called so by chance.",
    ]
    if len(decomposition):
        notes.append(
            "Queueing: who waits for whom; decisions: what is judged, granted and refused; behaviour: how people "
            "change. Each stage adds its rules to those before; another order would share out interactions differently."
        )
        loads = " / ".join(f"{100 * value:.0f} %" for value in result.baseline_occupancy.values())
        notes.append(f"Occupancy of '{result.baseline}' in the three stages: {loads}.")
    if console.width >= _WIDE:
        notes.append(
            "Effect size: the difference in standard deviations between runs (Cohen's d). Saved by pairing: "
            "share of the variance of the difference that the same luck in both structures takes away."
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
        table.add_column("effect\nsize", justify="right", no_wrap=True)
        table.add_column("saved by\npairing", justify="right", no_wrap=True)
    for group, names in GROUPS.items():
        table.add_row(Text("Money, 1000 a year" if group == "Money" else group, style="bold"))
        for name in names:
            row: Any = rows.loc[name]
            metric = METRICS[name]
            factor = scale(metric)[0]
            low, high, mean = (float(row[k]) * factor for k in ("low", "high", "mean"))
            digits = decimals((high - low) / 2, mean, _most_decimals(metric))
            verdict = str(row["verdict"]) if math.isfinite(low) else "one pair only"
            verdict = verdict.removesuffix(" seen")
            cells: list[RenderableType] = [
                Padding(_named(metric, with_money=False), (0, 0, 0, 2)),
                _number(float(levels[result.baseline, name]) * factor, digits),
                _number(float(levels[structure, name]) * factor, digits),
                _with_interval(mean, low, high, digits),
                Text(verdict, style=_COLOURS.get(verdict, "dim")),
            ]
            if wide:
                cells += [_number(float(row["effect_size"]), 1, "+"), _share(float(row["variance_reduction"]))]
            table.add_row(*cells)
    show(console, table)


def _share(value: float) -> str:
    return f"{value * 100:.0f} %" if math.isfinite(value) else "-"


def _show_decomposition(console: Console, frame: Any) -> None:
    table = new_table(console)
    table.add_column("stage")
    for name in DECOMPOSED:
        table.add_column(_named(METRICS[name]), justify="right")
    found = frame.set_index(["stage", "metric"])
    for stage, words in _STAGES.items():
        cells = []
        for name in DECOMPOSED:
            factor = scale(METRICS[name])[0]
            whole: Any = found.loc[("total", name)]
            half_width = float(whole["high"] - whole["low"]) / 2 * factor
            digits = decimals(half_width, float(whole["mean"]) * factor, _most_decimals(METRICS[name]))
            row: Any = found.loc[(stage, name)]
            mean, low, high = (float(row[k]) * factor for k in ("mean", "low", "high"))
            cells.append(_with_interval(mean, low, high, digits))
        table.add_row(words, *cells, style="bold" if stage == "total" else "")
    show(console, table)


def show_run(console: Console, result: RunResult, scenario_name: str) -> None:
    """Print a run: every metric with its meaning, and how things went month by month."""
    days = len(result.rows)
    settling = int(days * result.settings.run.settling)
    title = f"{scenario_name}, structure '{result.structure}': one run of {days} days, seed {result.seed}"
    measured = f"Measured on days {settling + 1} to {days}, after settling." if settling else ""
    show(console, Text(title, style="bold"), *([Text(measured, style="dim")] if measured else []), "")
    table = new_table(console)
    table.add_column("metric", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    with_meaning = console.width >= PLAIN_WIDTH - 8
    if with_meaning:
        table.add_column("meaning", style="dim")
    for name, metric in METRICS.items():
        factor, unit = scale(metric)
        value = result.summary[name] * factor
        cells = [metric.label, _number(value, decimals(math.nan, value, _most_decimals(metric))), unit or metric.unit]
        table.add_row(*cells, *([metric.meaning] if with_meaning else []))
    show(console, table, "")
    _show_course(console, result)


def _month(days: int) -> int:
    """Days that a point of the course stands for: a month, or less if the run is short."""
    return max(1, min(_MONTH, days // 12))


def by_month(rows: Any) -> list[tuple[str, float, list[float]]]:
    """Series of a run by month: what it is, the least span its picture shows, values."""

    def waiting(month: Any) -> float:
        calls = float((month["calls_judged"] + month["abandoned"]).sum())
        return float(month["wait"].sum()) / calls if calls else math.nan

    length = _month(len(rows))
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
    length = _month(len(result.rows))
    span_of_point = "month (21 working days)" if length == _MONTH else f"{length} days" if length > 1 else "day"
    show(console, Text(f"How it went, by {span_of_point}", style="bold"), "")
    if not console.is_terminal:
        table = new_table(console)
        for heading in ("series", "first", "lowest", "highest", "last"):
            table.add_column(heading, justify="left" if heading == "series" else "right")
        for label, span, values in series:
            finite = [value for value in values if math.isfinite(value)] or [math.nan]
            numbers = (values[0], min(finite), max(finite), values[-1])
            table.add_row(label, *(_number(value, decimals(span / 20, 0)) for value in numbers))
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
    show(console, Text.assemble((label, "bold"), f"   first {_number(first, digits)}, last {_number(last, digits)}"))
    for number, line in enumerate(braille(values, width, _HEIGHT, low, high)):
        edge = {0: high, _HEIGHT - 1: low}.get(number)
        scale_mark = "" if edge is None else _number(edge, digits)
        show(console, Text.assemble((f"{scale_mark:>7}  ", "dim"), (line, "cyan")))


def show_checks(console: Console, checks: Sequence[Check]) -> None:
    """Print known answers: the value found, the value expected, and whether they agree."""
    table = new_table(console)
    table.add_column("known answer", overflow="fold")
    for heading in ("value", "expected", "error", "tolerance"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("unit", overflow="fold")
    table.add_column("verdict", no_wrap=True)
    for check in checks:
        numbers = (check.value, check.expected, check.value - check.expected, check.tolerance)
        verdict = Text("holds", style="green") if check.passed else Text("FAILS", style="bold red")
        table.add_row(check.question, *(f"{number:.6g}" for number in numbers), check.unit, verdict)
    held = sum(check.passed for check in checks)
    show(console, table, "", f"{held} of {len(checks)} known answers hold.")
