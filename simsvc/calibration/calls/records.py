"""Call records: one row per call, read from a file of any layout, with everything doubtful counted and named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from simsvc.calibration.calls.layouts import Layout
from simsvc.calibration.calls.reading import check_services, read
from simsvc.calibration.calls.rounded_times import first_cell, resolution, spread_services, spread_waits
from simsvc.calibration.calls.times_of_day import DAY_SECONDS
from simsvc.errors import InputError

REPEATED_SHARE = 0.01
"""Share of rows that stand before from which on a file is likely to hold calls twice."""
HALF_SHARE = 0.1
"""Share of calls in the small hours, and of those in the morning, from which on times may lack AM and PM."""
SUSPICIOUS_SHARE = 0.4
"""Share of those who gave up from which on waits of 0 look as if they had not been recorded."""
LONG_WAIT_HOURS = 2.0
"""Typical wait from which on another unit is likelier than so much patience."""
SHORT_WAIT = 1.0
"""Mean wait in seconds, of those who wait, below which another unit is likelier than such a queue."""
DROP_SECONDS = 10.0
"""Services shorter than this are technical drops (Brown et al. 2005 set them apart at 10 s)."""
CALL = ("line", "date", "second", "wait", "served", "service", "agent", "customer", "type")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class CallRecords:
    """Calls of a log.

    Attributes:
        calls: one row per call, in order of arrival. Columns: `line` in the file; `date`; `second`, at which the
            call came to the queue, since midnight of that date (past 86,400 for calls after midnight that are
            booked on the day before); `wait` (s, NaN where the file does not tell how long one waited who gave up);
            `served` (bool); `service` (s, NaN where unknown or not served); `agent`, `customer`, `type` (text, None
            where unknown).
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

    def counts(self) -> dict[str, int]:
        """Rows of the file, and what became of them."""
        calls = len(self.calls)
        return {"rows": self.rows, "calls": calls, "ignored": self.ignored, "unreadable": self.unreadable}

    def told(self) -> list[str]:
        """Everything that one should know of the records, each a sentence: what was not read first."""
        more = " ..." if self.unreadable > len(self.reasons) else ""
        problems = (
            [f"{self.unreadable} rows cannot be read: {'; '.join(self.reasons)}{more}."] if self.unreadable else []
        )
        problems += [f"{self.ignored} rows are marked to be ignored."] if self.ignored else []
        return [*problems, *self.notes]

    @property
    def waits_unknown(self) -> float:
        """Share of the calls given up of which the file does not tell how long they waited, 0-1."""
        lost = self.calls["wait"][~self.calls["served"]]
        return float(lost.isna().mean()) if len(lost) else 0.0

    @property
    def dates(self) -> pd.DatetimeIndex:
        """Dates on which calls came, in order."""
        return pd.DatetimeIndex(np.sort(self.calls["date"].unique()))


def read_calls(
    path: str | Path,
    layout: str | None = None,
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    once: bool = False,
    opens: float | None = None,
) -> CallRecords:
    """Call records from a file: delimited text with any line ends, a workbook (`.xlsx`) or a Parquet file.

    Args:
        path: file.
        layout: name of a layout that comes with the program or of a TOML file; see `simsvc.calibration.calls.layouts`.
        columns: names of columns by field, in place of what the layout or the guess says.
        zone: of the centre, by IANA's name; stamps with an offset from UTC are turned to it.
        once: of rows with the same id, or equal ones if there is no id, only the first counts.
        opens: hour at which a working day begins that ends after midnight; found from who is served when if left out.

    Returns:
        All calls that can be read; what cannot is counted and named.

    Raises:
        InputError: if the file, a column that is needed, or too many of the rows cannot be read.
    """
    reading = read(Path(path), layout, columns, zone)
    fields, chosen = reading.fields, reading.layout
    ignored = fields["outcome"] == "ignored"
    reasons = reading.check(int(ignored.sum()))
    check_services(reading)

    keep = fields[~ignored & ~fields.index.isin(list(reading.faults))]
    served = keep["outcome"] == "served"
    calls = keep.assign(
        line=keep.index,
        date=keep["date"].astype("datetime64[ns]"),
        served=served.astype(bool),
        service=keep["service"].where(served),
        agent=keep["agent"].where(served, None),
    )
    if calls.empty:
        raise InputError(f"{path}: has no calls")
    calls, again = once_each(calls, "first" if once else chosen.file.get("repeats", "all"))
    calls = calls.sort_values(["date", "second", "line"], kind="stable").reset_index(drop=True)[list(CALL)]
    has = frozenset(chosen.columns) & {"agent", "customer", "type", "service_time"}
    calls, unit, done = _spread(calls, chosen)
    said = [*again, *reading.told(), *done, *_oddities(calls)]
    calls, night = by_working_day(calls, opens)
    notes = tuple(sorted((*said, *night), key=lambda text: not text.startswith("WARNING")))
    hidden = first_cell(unit, chosen.rounding.get("wait", "down")) if unit else 0.0
    return CallRecords(
        calls,
        reading.rows,
        int(ignored.sum()),
        len(reading.faults),
        reasons,
        notes,
        reading.path.name,
        has,
        unit,
        hidden,
    )


def once_each(calls: pd.DataFrame, which: str) -> tuple[pd.DataFrame, list[str]]:
    """Calls of which each stands once, or the warning that some stand more often."""
    by = ["id"] if calls["id"].notna().any() else ["date", "second", "customer", "agent", "wait", "service", "served"]
    known = calls["id"].notna() if by == ["id"] else pd.Series(True, index=calls.index)
    again = calls.duplicated(by, keep="last" if which == "last" else "first") & known
    count = int(again.sum())
    if not count:
        return calls, []
    line = calls["line"][again].iloc[0]
    how = "have the id of another row" if by == ["id"] else "equal another row in everything that is read"
    told = f"{count} of {len(calls)} rows ({100 * count / len(calls):.1f} %) {how} (line {line})"
    if which != "all":
        return calls[~again], [f"{told}; the {which} of each is kept."]
    loud = "WARNING: " if count > REPEATED_SHARE * len(calls) else ""
    return calls, [f"{loud}{told}; each counts as a call. --once counts each once."]


def by_working_day(calls: pd.DataFrame, opens: float | None = None) -> tuple[pd.DataFrame, list[str]]:
    """Calls of a centre that is open over midnight, booked on the day on which it opened.

    Args:
        calls: in order of time, see `CallRecords`.
        opens: hour at which the working day begins; found from who is served when if None: the end of the longest part
            of the day in which hardly anybody is, if people are served just before and just after midnight.
    """
    begins = _opening(calls) if opens is None else 3600.0 * opens
    early = calls["second"] < begins
    if not early.any() or begins <= 0:
        return calls, []
    moved = calls.assign(
        date=calls["date"].mask(early, calls["date"] - pd.Timedelta(days=1)),
        second=calls["second"].mask(early, calls["second"] + DAY_SECONDS),
    )
    told = (
        f"People are served over midnight: a working day begins at {begins // 3600:.0f}:{begins % 3600 / 60:02.0f}, "
        f"and {int(early.sum())} calls before that time of day are booked on the day before."
    )
    return moved.sort_values(["date", "second", "line"], kind="stable").reset_index(drop=True), [told]


def _opening(calls: pd.DataFrame) -> float:
    """When a working day begins that ends after midnight, seconds; 0 for one that does not."""
    half_hours = 48
    served = calls[calls["served"]]
    part = ((served["second"] + served["wait"]) % DAY_SECONDS // 1800.0).astype(int)
    number = part.value_counts().reindex(range(half_hours), fill_value=0).to_numpy()
    days = served["date"].groupby(part).nunique().reindex(range(half_hours), fill_value=0).to_numpy()
    on = (number >= 0.05 * number.max()) & (days > 0.3 * served["date"].nunique())
    if on.all() or not (on[0] and on[-1]):
        return 0.0
    quiet = np.flatnonzero(~on)
    runs = np.split(quiet, np.flatnonzero(np.diff(quiet) > 1) + 1)
    return 1800.0 * float(max(runs, key=len)[-1] + 1)


def _spread(calls: pd.DataFrame, layout: Layout) -> tuple[pd.DataFrame, float, list[str]]:
    """Times that the file gives in whole minutes or the like, drawn from within; the unit of waits; what was done."""
    notes = []

    def coarse(what: str, field: str, column: str) -> tuple[float, str]:
        """Unit and rounding of times; if they are coarse, it is noted what they are taken for."""
        unit, rounding = resolution(calls[column]), layout.rounding.get(field, "down")
        how = {"down": "rounded down", "nearest": "rounded to the nearest", "up": "rounded up"}[rounding]
        hides = column == "wait" and rounding != "up"
        if unit:
            notes.append(
                f"{what} are multiples of {unit:g} s; taken as {how} and spread within (another rounding: a layout "
                f"with [rounding] {field})"
                + (f"; what happened before {first_cell(unit, rounding):g} s is inferred from later." if hides else ".")
            )
        return unit, rounding

    unit, rounding = coarse("Waits", "wait", "wait")
    if unit:
        known = calls[calls["wait"].notna()]
        hours = (known["second"] // 3600.0).astype(int)
        waits = pd.Series(spread_waits(known["wait"], ~known["served"], hours, unit, rounding), index=known.index)
        calls = calls.assign(wait=waits.reindex(calls.index))
    of_service, rounding = coarse("Service times", "service_time", "service")
    if of_service:
        times = calls["service"].dropna()
        drawn = pd.Series(spread_services(times, of_service, rounding), index=times.index)
        calls = calls.assign(service=drawn.reindex(calls.index))
    return calls, unit, notes


def _oddities(calls: pd.DataFrame) -> list[str]:
    """What a reader should know of the records before believing them."""
    served, lost = calls[calls["served"]], calls[~calls["served"]]
    late = int((calls["second"] >= DAY_SECONDS).sum())
    drops = int((served["service"] < DROP_SECONDS).sum())
    unknown = int(served["agent"].isna().sum()) if served["agent"].notna().any() else 0
    balked = int((lost["wait"] <= 0).sum())
    suspicious = balked > SUSPICIOUS_SHARE * len(lost)
    waited = calls["wait"][calls["wait"] > 0]
    typical = float(waited.median()) / 3600.0 if len(waited) else 0.0
    mean = float(waited.mean()) if len(waited) else SHORT_WAIT
    length = float(served["service"].median()) if served["service"].notna().any() else DROP_SECONDS
    hours = calls["second"] // 3600.0
    twelve = (
        hours.between(1, 12).all()
        and {1, 12} <= set(hours)
        and min(hours.between(1, 6).mean(), hours.between(8, 12).mean()) > HALF_SHARE
    )
    notes = {
        f"WARNING: those who wait do so for {mean:.2g} s on average. Is the unit of waits right? If not, name it in a "
        "layout, [units] wait (min, h or d).": mean < SHORT_WAIT,
        f"WARNING: half of the services take less than {length:.2g} s. Is the unit of service times right? If not, "
        "name it in a layout, [units] service_time (min, h or d).": length < DROP_SECONDS,
        "WARNING: many calls came before 7:00 and between 8:00 and 13:00, and none later. Are these times of twelve "
        "hours without AM and PM?": twelve,
        f"WARNING: half of those who wait do so for more than {typical:.1f} hours. Is the unit of waits right? If not, "
        "name it in a layout, [units] wait.": typical > LONG_WAIT_HOURS,
        f"{late} calls came after midnight and are booked on the day before.": late,
        f"{drops} services ({100 * drops / max(len(served), 1):.1f} %) took less than {DROP_SECONDS:g} s: technical "
        "drops; they are no part of the distribution of service times.": drops,
        f"{unknown} calls were served by nobody known.": unknown,
        f"{balked} calls were given up before they queued; they say nothing on patience and are no demand on "
        "staff.": balked,
        f"WARNING: these are {100 * balked / max(len(lost), 1):.0f} % of all who gave up. Are their waits recorded? If "
        "a wait of 0 stands for a short or an unknown one, patience, calls and the share who give up come out "
        "wrong.": suspicious,
    }
    return [note for note, applies in notes.items() if applies]
