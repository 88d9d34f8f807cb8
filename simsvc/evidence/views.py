"""Known answers and published findings in the terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from simsvc.evidence.findings import MET, MISSED
from simsvc.show.numbers import decimals, number, percent, said
from simsvc.show.terminal import new_table, show

if TYPE_CHECKING:
    from simsvc.evidence.findings import Finding, Measured
    from simsvc.evidence.known_answers import Check
    from simsvc.evidence.validation import Validation
    from simsvc.evidence.worlds import WorldsValidation


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


def told_range(finding: Finding) -> str:
    """The range of a finding in words."""
    if math.isinf(finding.low):
        return f"below {finding.high:g}"
    return f"above {finding.low:g}" if math.isinf(finding.high) else f"{finding.low:g} to {finding.high:g}"


def told_value(one: Measured) -> str:
    """A value with its interval."""
    value = one.value
    digits = decimals(value.half_width, value.mean)
    if not math.isfinite(value.mean):
        return "none"
    return f"{number(value.mean, digits)} [{number(value.low, digits)}, {number(value.high, digits)}]"


def show_validation(console: Console, result: Validation) -> None:
    """Print findings: value and range, verdict, and what may keep one from being met."""
    table = new_table(console)
    for heading in ("finding", "chart"):
        table.add_column(heading, overflow="fold")
    for heading in ("value [95 %]", "range"):
        table.add_column(heading, justify="right")
    for heading in ("unit", "kind", "verdict"):
        table.add_column(heading, overflow="fold")
    for one in result.measured:
        style = {MET: "green", MISSED: "bold red"}.get(one.verdict, "")
        of = one.finding
        verdict = Text(one.verdict, style=style)
        table.add_row(of.name, one.chart, told_value(one), told_range(of), of.unit, of.kind, verdict)
    reasons = dict.fromkeys(f"{one.finding.name} is not met: {one.why}" for one in result.measured if one.why)
    show(console, table, "", *reasons, "", result.sentence())


def show_worlds(console: Console, result: WorldsValidation) -> None:
    """Print findings over worlds: values, range, share of worlds in it; shares of findings met by chart."""
    table = new_table(console)
    for heading in ("finding", "chart"):
        table.add_column(heading, overflow="fold")
    for heading in ("default", "worlds [5, 95 %]", "range", "worlds in it"):
        table.add_column(heading, justify="right")
    table.add_column("unit", overflow="fold")
    of = {one.name: one for one in result.findings}
    for row in result.table.to_dict("records"):
        digits = decimals((row["p95"] - row["p05"]) / 2, row["p50"])
        worlds = said(row["p50"], row["p05"], row["p95"], digits)
        default = Text(number(row["default"], digits), style="green" if row["default_inside"] else "bold red")
        shown = (str(worlds), told_range(of[row["name"]]), percent(100 * row["share"]), row["unit"])
        table.add_row(row["name"], row["chart"], default, *shown)
    charts = new_table(console)
    for heading in ("chart", "kind"):
        charts.add_column(heading)
    for heading in ("findings", "met by default", "met in worlds [5, 95 %]"):
        charts.add_column(heading, justify="right")
    for row in result.charts.to_dict("records"):
        middle, low, high = (100 * row[name] for name in ("p50", "p05", "p95"))
        met = (percent(100 * row["default"]), f"{percent(middle)} [{low:.0f}, {high:.0f}]")
        charts.add_row(row["chart"], row["kind"], str(row["findings"]), *met)
    show(console, table, "", charts, "", result.sentence())
