"""A calibration to call records in the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console

from simsvc.calibration.calls.layouts import FIELDS, layout_toml
from simsvc.calibration.calls.opening_hours import clock
from simsvc.calibration.calls.reading import NAMED
from simsvc.calibration.calls.records import once_each
from simsvc.errors import printable
from simsvc.show.terminal import new_table, show

if TYPE_CHECKING:
    from simsvc.calibration.calls.reading import Reading
    from simsvc.calibration.calls.required_staff import StaffNeeds
    from simsvc.calibration.calls.result import CallsFit

SHOWN = 3
"""Rows of which it is shown how they were read."""


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
    show(console, result.sentence())
    show(console, *(f"- {text}" for text in found.notes), "")

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
    show(console, *(f"- {text}" for text in fitted.doubts), *[""] * bool(fitted.doubts))
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


def checked(reading: Reading) -> dict[str, Any]:
    """How a file of calls is read, as plain data: counts, faults, what was guessed, the first rows, and a layout."""
    fields, texts = reading.fields, {what: reading.texts(what) for what in FIELDS if what in reading.layout.columns}
    names = ("line", "field", "column", "text", "read_as")
    rows = [
        (int(line), what, reading.layout.columns[what], str(texts[what].at[line]), _meant(fields.loc[line], what))
        for line in reading.table.index[:SHOWN]
        for what in texts
    ]
    calls = fields[(fields["outcome"] != "ignored") & ~fields.index.isin(list(reading.faults))]
    calls = calls.assign(line=calls.index, served=calls["outcome"] == "served")
    _, again = once_each(calls, reading.layout.file.get("repeats", "all"))
    return {
        "rows": reading.rows,
        "outcomes": {str(kind): int(number) for kind, number in fields["outcome"].value_counts().items()},
        "unreadable": len(reading.faults),
        "faults": [f"line {line}: {reading.faults[line]}" for line in sorted(reading.faults)[:NAMED]],
        "notes": [*again, *reading.told()],
        "first": [dict(zip(names, row, strict=True)) for row in rows],
        "layout": layout_toml(reading.explicit(), f"as {reading.path.name} is read"),
    }


def show_checked(console: Console, found: dict[str, Any]) -> None:
    """Print how the first rows of a file are read, what was guessed, and the layout that says it all."""
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in found["outcomes"].items())
    told = f"{found['rows']:,} rows: {kinds or 'no outcome known'}; {found['unreadable']:,} cannot be read."
    show(console, told, *(f"- {printable(text)}" for text in (*found["faults"], *found["notes"])), "")
    rows = [[printable(str(value)) for value in row.values()] for row in found["first"]]
    _show_table(console, "The first rows", ("line", "field", "column", "in the file", "read as"), rows)
    show(console, "The layout that says all this; save it as mine.toml, change it, give it back with --layout:", "")
    console.print(printable(found["layout"]), soft_wrap=True)


def _meant(row: pd.Series[Any], what: str) -> str:
    """What the text of a field was read as."""
    if what in ("arrival", "date", "time"):
        when = row["date"] + pd.to_timedelta(row["second"], unit="s")
        return "" if pd.isna(when) else f"{when:%a %Y-%m-%d %H:%M:%S}"
    value = row.get({"service_time": "service"}.get(what, what))
    if what in ("wait", "service_time", "delay"):
        return "" if pd.isna(value) else f"{value:g} s"
    return "unknown" if pd.isna(value) else str(value)


def show_needs(console: Console, result: StaffNeeds) -> None:
    """Print what a service level needs, by part of the day."""
    show(console, result.sentence(), *(f"- {text}" for text in result.found.notes), "")
    several, groups = len(result.by_type) > 0, result.groups
    needs = ("erlang_a", "erlang_c", "on_duty", *(["separate"] if several else []), *(["shared"] if groups else []))
    rows = [
        (clock(row["hour"]), _digits(row["calls"]), _digits(row["service"]), _digits(100 * row["level"]),
         _digits(row["available"]), *(_whole(row[name]) for name in needs))
        for row in result.table.to_dict("records")
    ]  # fmt: skip
    heads = ("from", "calls/h", "service, min", "in time, %", "available", "Erlang A", "Erlang C", "on duty",
             "separate", "shared")[: 5 + len(needs)]  # fmt: skip
    _show_table(console, "Agents needed", heads, rows, right=range(1, len(heads)))
    show(
        console,
        "Available: agents who take calls. Erlang A and C: so many would have to, if callers give up as in the "
        "records, or never. On duty: so many would have to be at work for that, given the share of them that is "
        "available."
        + (" Separate: if each kind of call had agents of its own" * several)
        + ("." if groups else "; with shared skills (--skills) it is in between." * several),
    )
    if groups:
        _show_groups(console, result)


def _show_groups(console: Console, result: StaffNeeds) -> None:
    """Print who serves what, and how many of each group it takes."""
    seen = result.skills == "records"
    told = [f"{g.name}{f' (agents in the records: {g.agents})' * seen}: {', '.join(g.kinds)}" for g in result.groups]
    show(
        console,
        "",
        "Groups of agents, and the kinds of calls they serve:",
        *(f"- {printable(one)}" for one in told),
        "",
    )
    rows = [
        [clock(float(part["hour"].iloc[0])), *(f"{number}" for number in part["agents"])]
        for _, part in result.by_group.groupby("hour", sort=False)
    ]
    heads = ["from", *(printable(g.name) for g in result.groups)]
    _show_table(console, "By group", heads, rows, right=range(1, len(heads)))
    reach = 100 * float((result.by_type["high"] - result.by_type["low"]).max()) / 2
    show(
        console,
        "Shared: agents of all groups, so that every kind of call reaches the target; found by simulation, in which "
        f"the level of a kind is known to {reach:.1f} points or better (required_staff_by_type.csv).",
    )


def _whole(value: float) -> str:
    return f"{math.ceil(value - 1e-9)}" if math.isfinite(value) else ""
