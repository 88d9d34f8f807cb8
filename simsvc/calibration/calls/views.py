"""A calibration to call records in the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.console import Console

from simsvc.show.terminal import new_table, show

if TYPE_CHECKING:
    from simsvc.calibration.calls.result import CallsFit


def _digits(value: float) -> str:
    if not math.isfinite(value):
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def show_calls(console: Console, result: CallsFit) -> None:
    """Print what the records hold, the estimates, the settings that follow, and what is left."""
    found, fitted = result.found, result.fitted
    records, hours = found.records, found.hours
    show(console, result.sentence())
    problems = [f"{records.unreadable} rows cannot be read: {'; '.join(records.reasons)}"] if records.unreadable else []
    problems += [f"{records.ignored} rows are marked to be ignored."] if records.ignored else []
    show(console, *(f"- {text}" for text in (*problems, *records.notes, *hours.left_out)), "")

    table = new_table(console, "Estimates")
    for name, align in (
        ("quantity", "left"),
        ("value", "right"),
        ("95 % interval", "right"),
        ("unit", "left"),
        ("", "left"),
    ):
        table.add_column(name, justify=align)  # type: ignore[arg-type]
    for row in found.table().itertuples():
        low, high = float(row.low), float(row.high)  # type: ignore[arg-type]
        ends = f"{_digits(low)} - {_digits(high)}" if math.isfinite(low) else ""
        ends = f"above {_digits(low)}" if math.isfinite(low) and not math.isfinite(high) else ends
        table.add_row(str(row.quantity), _digits(float(row.value)), ends, str(row.unit), str(row.remark))  # type: ignore[arg-type]
    show(console, table, "")

    table = new_table(console, "Settings that follow")
    for name in ("setting", "value", "from"):
        table.add_column(name)
    for setting in fitted.settings:
        value = setting.value
        text = f"{len(value)} parts of the day" if isinstance(value, tuple) else str(value)
        table.add_row(setting.name, text, setting.why)
    show(console, table, "")

    table = new_table(console, "A run of the scenario beside the records")
    table.add_column("quantity")
    table.add_column("records", justify="right")
    table.add_column("run", justify="right")
    for name, (seen, run) in fitted.check.items():
        table.add_row(name, _digits(seen), _digits(run))
    show(console, table, "", "Not in the records, and left as in the base:", *(f"- {text}" for text in fitted.left))
