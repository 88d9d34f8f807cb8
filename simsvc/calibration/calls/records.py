"""Call records: one row per call, read from a file of any layout, with everything doubtful counted and named."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from simsvc.calibration.calls.dates import moments, remedy
from simsvc.calibration.calls.layouts import Layout, layout_for
from simsvc.calibration.calls.rounded_times import first_cell, resolution, spread_services, spread_waits
from simsvc.calibration.text_files import read_text
from simsvc.errors import InputError

UNREADABLE_SHARE = 0.05
"""Share of unreadable rows from which on a file is not what it was taken for."""
NAMED = 5
"""Unreadable rows that are named one by one."""
SUSPICIOUS_SHARE = 0.4
"""Share of those who gave up from which on waits of 0 look as if they had not been recorded."""
DROP_SECONDS = 10.0
"""Services shorter than this are technical drops (Brown et al. 2005 set them apart at 10 s)."""
LONGEST_SERVICE = 12 * 3600.0
DAY_SECONDS = 86_400.0
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class CallRecords:
    """Calls of a log.

    Attributes:
        calls: one row per call, in order of arrival. Columns: `line` in the file; `date`; `second`, at which the
            call came to the queue, since midnight of that date (past 86,400 for calls after midnight that are
            booked on the day before); `wait` (s); `served` (bool); `service` (s, NaN where unknown or not served);
            `agent`, `customer`, `type` (text, None where unknown).
        rows: of the file, without its header.
        ignored: rows that the log itself says are no calls.
        unreadable: rows that could not be read.
        reasons: of the first few of them, with line numbers.
        notes: further oddities, each a sentence.
    """

    calls: pd.DataFrame
    rows: int
    ignored: int = 0
    unreadable: int = 0
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    source: str = ""
    has: frozenset[str] = field(default_factory=frozenset)
    """Fields that the file has: of `agent`, `customer`, `type`, `service_time`."""
    wait_unit: float = 0.0
    """Seconds of which waits are multiples in the file, where these are many; see `resolution`."""
    wait_hidden: float = 0.0
    """Seconds up to which a wait may have been that the file gives as 0."""

    def on(self, dates: Iterable[Any]) -> CallRecords:
        """The calls of some dates only."""
        wanted = pd.DatetimeIndex(list(dates))
        calls = self.calls[self.calls["date"].isin(wanted)].reset_index(drop=True)
        return replace(self, calls=calls, rows=len(calls), ignored=0, unreadable=0, reasons=(), notes=())

    @property
    def dates(self) -> pd.DatetimeIndex:
        """Dates on which calls came, in order."""
        return pd.DatetimeIndex(np.sort(self.calls["date"].unique()))


def read_table(path: Path) -> tuple[pd.DataFrame, list[tuple[int, str]]]:
    """All rows of a delimited file as texts.

    Returns:
        The rows, their line numbers as index, and what was wrong with rows that do not fit, by line.

    Raises:
        InputError: if there is no header or no row, or a column has no or no own name.
    """
    text = read_text(path)
    head = next(line for line in text.split("\n") if line.strip())
    delimiter = max("\t;,|", key=head.count)
    if head.count(delimiter) == 0:
        raise InputError(
            f"{path}: the first line has a single column; columns are separated by commas, semicolons or tabs"
        )
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    header: list[str] = []
    lines, rows, bad = [], [], []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if not header:
                header = [cell.strip() for cell in row]
            elif len(row) != len(header):
                bad.append((reader.line_num, f"has {len(row)} columns, the header {len(header)}"))
            else:
                lines.append(reader.line_num)
                rows.append(row)
    except csv.Error as error:
        raise InputError(f"{path}: line {reader.line_num} cannot be read: {error}") from None
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise InputError(f"{path}: two columns are called '{twice}'; every column needs a name of its own")
    if not rows:
        raise InputError(f"{path}: has no rows that fit its header")
    frame = pd.DataFrame(rows, columns=header, index=lines, dtype=object)
    return frame.apply(lambda column: column.str.strip()), bad


def seconds(texts: pd.Series[Any], unit: float) -> pd.Series[float]:
    """Time spans or times of day in seconds: `h:mm:ss`, `h:mm`, or numbers in a unit.

    Args:
        texts: as in the file; an empty text and what is not a time give NaN.
        unit: seconds per unit of plain numbers.
    """
    numbers = pd.to_numeric(texts.str.replace(",", ".", regex=False), errors="coerce") * unit
    parts = texts.str.extract(r"^(-?\d+):(\d{1,2})(?::(\d{1,2}(?:\.\d+)?))?$").astype(float)
    clock = parts[0] * 3600.0 + parts[1] * 60.0 + parts[2].fillna(0.0)
    clock = clock.where((parts[1] < 60) & ~(parts[2] >= 60))
    result: pd.Series[float] = numbers.where(np.isfinite(numbers)).fillna(clock)
    return result


def _arrivals(table: pd.DataFrame, layout: Layout, path: Path) -> tuple[pd.Series[Any], pd.Series[float], str]:
    """Date and second of that date at which each call came to the queue; how dates were read, where it was guessed."""
    columns = layout.columns
    field = "arrival" if "arrival" in columns else "date"
    column = columns[field]
    when, note = moments(table[column], layout.formats.get(field), field, f"{path}: column '{column}'")
    if getattr(when.dt, "tz", None) is not None:
        when = when.dt.tz_localize(None)
    dates = when.dt.normalize()
    if field == "arrival":
        clock = (when - dates).dt.total_seconds()
    else:
        clock = seconds(table[columns["time"]], 1.0)
        clock = clock.where((clock >= 0.0) & (clock < 2.0 * DAY_SECONDS))
    if "delay" in columns:
        clock = clock + seconds(table[columns["delay"]], layout.units["delay"])
    return dates, clock, note


def _known(table: pd.DataFrame, layout: Layout, what: str) -> pd.Series[Any]:
    """Texts of a column, None where unknown; all unknown if there is no such column."""
    if what not in layout.columns:
        return pd.Series([None] * len(table), index=table.index, dtype=object)
    texts = table[layout.columns[what]]
    unknown = texts.str.lower().isin([*layout.missing.get(what, ()), "", "-", "none", "nan", "null"])
    return texts.where(~unknown, None)


def _outcome(table: pd.DataFrame, layout: Layout, service: pd.Series[float], agent: pd.Series[Any]) -> pd.Series[Any]:
    """`served`, `abandoned`, `ignored`, or None for a word that the layout does not know."""
    if "outcome" not in layout.columns:
        served = (service > 0) | agent.notna()
        return pd.Series(np.where(served, "served", "abandoned"), index=table.index, dtype=object)
    words = table[layout.columns["outcome"]].str.lower().str.replace("_", " ", regex=False)
    spelled = {word.replace("_", " "): kind for word, kind in layout.outcomes.items()}
    found: pd.Series[Any] = words.map(spelled)
    return found


def _check(faults: Mapping[int, str], rows: int, path: Path, layout: Layout) -> tuple[str, ...]:
    """Name the first unreadable rows; refuse a file with too many of them."""
    reasons = tuple(f"line {line}: {faults[line]}" for line in sorted(faults)[:NAMED])
    if rows and len(faults) > max(UNREADABLE_SHARE * rows, 1):
        found = ", ".join(f"{what} = '{name}'" for what, name in layout.columns.items())
        field = "arrival" if "arrival" in layout.columns else "date"
        dates = f"{remedy(field)}; or " if "is not a date" in reasons[0] else ""
        raise InputError(
            f"{path}: {len(faults)} of {rows} rows cannot be read ({reasons[0]}); at most {UNREADABLE_SHARE:.0%} may; "
            f"read as {found}; {dates}name other columns with --column, or a layout with --layout"
        )
    return reasons


def read_calls(path: str | Path, layout: str | None = None, columns: Mapping[str, str] | None = None) -> CallRecords:
    """Call records from a file: comma, semicolon or tab, any line ends.

    Args:
        path: file.
        layout: name of a layout that comes with the program or of a TOML file; see `simsvc.calibration.calls.layouts`.
        columns: names of columns by field, in place of what the layout or the guess says.

    Returns:
        All calls that can be read; what cannot is counted and named.

    Raises:
        InputError: if the file, a column that is needed, or too many of the rows cannot be read.
    """
    path = Path(path)
    table, bad = read_table(path)
    chosen = layout_for(list(table.columns), str(path), layout, columns or {})
    faults = dict(bad)

    dates, clock, read_as = _arrivals(table, chosen, path)
    wait = seconds(table[chosen.columns["wait"]], chosen.units["wait"])
    agent = _known(table, chosen, "agent")
    if "service_time" in chosen.columns:
        service = seconds(table[chosen.columns["service_time"]], chosen.units["service_time"])
    else:
        service = pd.Series(np.nan, index=table.index)
    outcome = _outcome(table, chosen, service, agent)
    ignored = outcome == "ignored"
    gave_up = outcome == "abandoned"
    wait = wait.mask((table[chosen.columns["wait"]] == "") & ~gave_up, 0.0)  # served at once

    def note(where: pd.Series[bool], what: str, column: str | None) -> None:
        for line in table.index[where & ~ignored]:
            value = f" '{table[column].at[line]!s}'" if column else ""
            faults.setdefault(int(line), what.format(value).strip())

    named = chosen.columns
    note(dates.isna(), "{} is not a date", named.get("arrival", named.get("date")))
    note(clock.isna(), "{} is not a time of day", named.get("arrival", named.get("time")))
    note(wait.isna() | (wait < 0), "wait{} is not a time of 0 or more", named["wait"])
    note(outcome.isna(), "outcome{} is unknown: give its meaning in a layout, [outcomes]", named.get("outcome"))
    note((service < 0) | (service > LONGEST_SERVICE), "service time{} is not possible", named.get("service_time"))
    rows = len(table) + len(bad)
    reasons = _check(faults, rows - int(ignored.sum()), path, chosen)

    keep = ~ignored & ~table.index.isin(list(faults))
    served = (outcome == "served")[keep]
    calls = pd.DataFrame(
        {
            "line": table.index[keep],
            "date": dates[keep].astype("datetime64[ns]"),
            "second": clock[keep].astype(float),
            "wait": wait[keep].astype(float),
            "served": served.astype(bool),
            "service": service[keep].where(served),
            "agent": agent[keep].where(served, None),
            "customer": _known(table, chosen, "customer")[keep],
            "type": _known(table, chosen, "type")[keep],
        }
    )
    calls = calls.sort_values(["date", "second", "line"], kind="stable").reset_index(drop=True)
    if calls.empty:
        raise InputError(f"{path}: has no calls")
    has = frozenset(chosen.columns) & {"agent", "customer", "type", "service_time"}
    twice = int(calls.duplicated(["date", "second", "customer", "agent", "wait", "service"]).sum())
    calls, unit, done = _spread(calls, chosen)
    notes = tuple(note for note in (read_as, *done, *_oddities(calls, twice)) if note)
    hidden = first_cell(unit, chosen.rounding.get("wait", "down")) if unit else 0.0
    return CallRecords(calls, rows, int(ignored.sum()), len(faults), reasons, notes, path.name, has, unit, hidden)


def _spread(calls: pd.DataFrame, layout: Layout) -> tuple[pd.DataFrame, float, list[str]]:
    """Times that the file gives in whole minutes or the like, drawn from within; the unit of waits; what was done."""
    notes = []
    unit, rounding = resolution(calls["wait"]), layout.rounding.get("wait", "down")
    if unit:
        hours = (calls["second"] // 3600.0).astype(int)
        wait = spread_waits(calls["wait"], ~calls["served"], hours, unit, rounding)
        hidden = (
            f"; what happened before {first_cell(unit, rounding):g} s is inferred from later"
            if rounding != "up"
            else ""
        )
        calls = calls.assign(wait=wait)
        notes.append(_told("Waits", unit, rounding, "wait") + hidden + ".")
    served = calls["service"].notna().to_numpy()
    of_service, rounding = resolution(calls["service"]), layout.rounding.get("service_time", "down")
    if of_service:
        service = calls["service"].to_numpy(float).copy()
        service[served] = spread_services(service[served], of_service, rounding)
        calls = calls.assign(service=service)
        notes.append(_told("Service times", of_service, rounding, "service_time") + ".")
    return calls, unit, notes


def _told(what: str, unit: float, rounding: str, field: str) -> str:
    """That times are coarse, and what they are taken for."""
    how = {"down": "rounded down", "nearest": "rounded to the nearest", "up": "rounded up"}[rounding]
    return (
        f"{what} are multiples of {unit:g} s; taken as {how} and spread within (another rounding: a layout with "
        f"[rounding] {field})"
    )


def _oddities(calls: pd.DataFrame, twice: int) -> tuple[str, ...]:
    """What a reader should know of the records before believing them."""
    served = calls[calls["served"]]
    notes = []
    late = int((calls["second"] >= DAY_SECONDS).sum())
    if late:
        notes.append(f"{late} calls came after midnight and are booked on the day before.")
    drops = int((served["service"] < DROP_SECONDS).sum())
    if drops:
        notes.append(
            f"{drops} services ({100 * drops / len(served):.1f} %) took less than {DROP_SECONDS:g} s: technical drops; "
            "they are no part of the distribution of service times."
        )
    unknown = int(served["agent"].isna().sum()) if served["agent"].notna().any() else 0
    if unknown:
        notes.append(f"{unknown} calls were served by nobody known.")
    balked = int((~calls["served"] & (calls["wait"] <= 0)).sum())
    if balked:
        notes.append(
            f"{balked} calls were given up before they queued; they say nothing on patience and are no demand on staff."
        )
    gave_up = int((~calls["served"]).sum())
    if balked > SUSPICIOUS_SHARE * gave_up:
        notes.append(
            f"WARNING: these are {100 * balked / gave_up:.0f} % of all who gave up. Are their waits recorded? If a "
            "wait of 0 stands for a short or an unknown one, patience, calls and the share who give up come out wrong."
        )
    if twice:
        notes.append(f"{twice} rows equal another row in everything that is read.")
    return tuple(notes)
