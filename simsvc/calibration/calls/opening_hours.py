"""Which days and hours of the records are ordinary ones: weekdays, opening hours, breakdowns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from simsvc.calibration.calls.records import WEEKDAYS, CallRecords
from simsvc.calibration.calls.times_of_day import DAY_SECONDS
from simsvc.errors import InputError

LEAST_DAYS = 5
DISTURBED_CALLS = 10
"""Calls in a part of a day from which on a breakdown can be told from chance."""


@dataclass(frozen=True)
class Hours:
    """The ordinary working day of the records.

    Attributes:
        dates: ordinary days, in order.
        opens: start of the open day, seconds since midnight.
        closes: its end; past 86,400 if it runs past midnight.
        slot: length of a part of the day, s.
        disturbed: bool (days, slots): most calls of this part were given up before they queued, as if nobody could
            be reached; left out of rates and comparisons.
        left_out: sentences on days that are not ordinary.
    """

    dates: pd.DatetimeIndex
    opens: float
    closes: float
    slot: float
    disturbed: Any
    left_out: tuple[str, ...] = ()

    @property
    def slots(self) -> int:
        """Parts of the open day."""
        return round((self.closes - self.opens) / self.slot)

    @property
    def minutes(self) -> float:
        """Length of the open day, min."""
        return (self.closes - self.opens) / 60.0

    @property
    def starts(self) -> Any:
        """Start of each part in hours since midnight, float (slots,)."""
        return (self.opens + self.slot * np.arange(self.slots)) / 3600.0

    def day(self, calls: pd.DataFrame) -> Any:
        """Number of the day of each call; -1 on other days."""
        return self.dates.get_indexer(pd.DatetimeIndex(calls["date"]))

    def place(self, calls: pd.DataFrame) -> tuple[Any, Any]:
        """Number of the day and of the part of each call; -1 where outside."""
        day = self.day(calls)
        part = np.floor((calls["second"].to_numpy() - self.opens) / self.slot).astype(int)
        part[(part < 0) | (part >= self.slots)] = -1
        return day, part

    def sums(self, calls: pd.DataFrame, *values: Any) -> Any:
        """Sums of values of calls, one each or the same for all, by day and part: float (days, slots, values)."""
        day, part = self.place(calls)
        inside = (day >= 0) & (part >= 0)
        sums = np.zeros((*self.disturbed.shape, len(values)))
        for k, value in enumerate(values):
            each = np.broadcast_to(np.asarray(value, float), len(calls))
            np.add.at(sums[..., k], (day[inside], part[inside]), each[inside])
        return sums

    def ordinary(self, records: CallRecords) -> pd.DataFrame:
        """Calls on ordinary days, in open hours, in no breakdown, that queued or were served."""
        day, part = self.place(records.calls)
        inside = (day >= 0) & (part >= 0)
        inside[inside] = ~self.disturbed[day[inside], part[inside]]
        calls: pd.DataFrame = records.calls[inside & ~balked(records.calls)]
        return calls

    def weekdays(self) -> list[tuple[str, Any]]:
        """Name of each weekday that is ordinary, and which of the days it is, bool (days,)."""
        number = self.dates.day_of_week.to_numpy()
        return [(WEEKDAYS[day], number == day) for day in np.unique(number)]


def balked(calls: pd.DataFrame) -> Any:
    """Bool per call: given up before it queued."""
    return (~calls["served"] & (calls["wait"] <= 0)).to_numpy()


def _ordinary_days(records: CallRecords, weekdays: Sequence[int] | None) -> tuple[pd.DatetimeIndex, list[str]]:
    """Days of the week with the usual volume, and of them the days with at least half of it."""
    volume = records.calls.groupby("date").size()
    of_date = pd.DatetimeIndex(volume.index).day_of_week
    of_weekday = volume.groupby(of_date).median()
    if weekdays is None:
        weekdays = [int(day) for day in of_weekday.index[of_weekday >= 0.5 * of_weekday.max()]]
    usual = volume[of_date.isin(weekdays)]
    ordinary = usual[usual >= 0.5 * usual.median()]
    left_out = []
    if others := [WEEKDAYS[int(day)] for day in of_weekday.index if day not in weekdays]:
        left_out.append(
            f"{' and '.join(others)} are other days than the rest and are left out; the model knows one kind of day."
        )
    quiet = [f"{date:%Y-%m-%d}" for date in pd.DatetimeIndex(usual.index.difference(ordinary.index))]
    if quiet:
        left_out.append(f"Days with less than half the usual number of calls are left out: {', '.join(quiet)}.")
    return pd.DatetimeIndex(ordinary.index), left_out


def _open_hours(calls: pd.DataFrame, days: int, slot: float) -> tuple[float, float]:
    """From the first to the last part of the day in which people are served on most days, and not just a few."""
    served = calls[calls["served"]]
    begun = pd.DataFrame({"date": served["date"], "part": (served["second"] + served["wait"]) // slot})
    on = begun.drop_duplicates().groupby("part").size()
    number = begun.groupby("part").size()
    usual = on.index[(on > 0.5 * days) & (number >= 0.05 * number.max())]
    if not len(usual):
        raise InputError(
            "the records show no opening hours: nobody is served at the same time on most days; give --open"
        )
    return float(usual.min() * slot), float((usual.max() + 1) * slot)


def ordinary_hours(
    records: CallRecords,
    slot_minutes: float = 30.0,
    weekdays: Sequence[int] | None = None,
    open_hours: tuple[float, float] | None = None,
) -> Hours:
    """The ordinary working day of the records.

    Args:
        records: of calls.
        slot_minutes: length of the parts of the day.
        weekdays: numbers of the days to use, Monday 0; those with the usual volume if left out.
        open_hours: from and to, in hours since midnight; found from when people are served if left out.

    Raises:
        InputError: if there are too few days.
    """
    dates, left_out = _ordinary_days(records, weekdays)
    if len(dates) < LEAST_DAYS:
        raise InputError(
            f"{records.source or 'records'}: {len(dates)} ordinary days; at least {LEAST_DAYS} are needed to tell what "
            "differs from day to day"
        )
    slot = slot_minutes * 60.0
    calls = records.calls[records.calls["date"].isin(dates)]
    if open_hours is None:
        opens, closes = _open_hours(calls, len(dates), slot)
    else:
        opens, closes = 3600.0 * open_hours[0], 3600.0 * open_hours[1]
    parts = round((closes - opens) / slot)
    closes = opens + max(parts, 1) * slot
    if closes - opens > DAY_SECONDS:
        raise InputError(
            f"people are served up to {closes / 3600:g} hours after midnight of the day on which they come; a day is "
            "open for 24 hours at most; give --open"
        )
    hours = Hours(dates, opens, closes, slot, np.zeros((len(dates), max(parts, 1)), bool))
    day, part = hours.place(calls)
    came, lost = np.moveaxis(hours.sums(calls, 1.0, balked(calls)), -1, 0)
    disturbed = (came >= DISTURBED_CALLS) & (lost > 0.5 * came)
    if disturbed.any():
        named = ", ".join(f"{dates[d]:%Y-%m-%d} {clock(hours.starts[k])}" for d, k in np.argwhere(disturbed)[:6])
        left_out.append(
            f"{int(disturbed.sum())} parts of days look like breakdowns (most calls ended before they queued) and are "
            f"left out: {named}{' ...' if disturbed.sum() > 6 else ''}."
        )
    if outside := int(((day >= 0) & (part < 0)).sum()):
        left_out.append(f"{outside} calls on ordinary days came outside opening hours and are left out.")
    return replace(hours, disturbed=disturbed, left_out=tuple(left_out))


def clock(hours: float) -> str:
    """A time of day: 7.5 is `7:30`."""
    minutes = round(60.0 * hours)
    return f"{minutes // 60}:{minutes % 60:02d}"
