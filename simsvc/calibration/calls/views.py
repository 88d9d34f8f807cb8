"""A calibration to call records in the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from simsvc.show.terminal import new_table, show

if TYPE_CHECKING:
    from simsvc.calibration.calls.result import CallsFit


def _digits(value: float) -> str:
    if not math.isfinite(value):
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _interval(low: float, high: float) -> str:
    if math.isfinite(low) and not math.isfinite(high):
        return f"above {_digits(low)}"
    return f"{_digits(low)} - {_digits(high)}" if math.isfinite(low) else ""


def show_calls(console: Console, result: CallsFit) -> None:
    """Print what the records hold, the estimates, the settings that follow, and what is left."""
    found, fitted = result.found, result.fitted
    records, hours = found.records, found.hours
    show(console, result.sentence())
    problems = [f"{records.unreadable} rows cannot be read: {'; '.join(records.reasons)}"] if records.unreadable else []
    problems += [f"{records.ignored} rows are marked to be ignored."] if records.ignored else []
    show(console, *(f"- {text}" for text in (*problems, *records.notes, *hours.left_out)), "")

    estimates = (
        (row["quantity"], _digits(row["value"]), _interval(row["low"], row["high"]), row["unit"], row["remark"])
        for row in found.table().to_dict("records")
    )
    _show_table(console, "Estimates", ("quantity", "value", "95 % interval", "unit", ""), estimates, right=(1, 2))
    settings = (
        (name, f"{len(value)} parts of the day" if isinstance(value, tuple) else str(value), why)
        for name, value, why in fitted.settings
    )
    _show_table(console, "Settings that follow", ("setting", "value", "from"), settings)
    check = ((name, _digits(seen), _digits(run)) for name, (seen, run) in fitted.check.items())
    title = "A run of the scenario beside the records"
    _show_table(console, title, ("quantity", "records", "run"), check, right=(1, 2))
    show(console, "Not in the records, and left as in the base:", *(f"- {text}" for text in fitted.left))


def _show_table(
    console: Console, title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()
) -> None:
    """Print a table of texts and an empty line; `right`: numbers of the columns that are aligned there."""
    table = new_table(console, title)
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number in right else "left")
    for row in rows:
        table.add_row(*row)
    show(console, table, "")
