"""Known answers in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from simsvc.show.terminal import new_table, show

if TYPE_CHECKING:
    from simsvc.evidence.known_answers import Check


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
