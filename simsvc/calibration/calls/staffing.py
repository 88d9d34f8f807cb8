"""Who was on duty when, as far as it can be told from who served when."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from simsvc.calibration.calls.intervals import daily, ratio
from simsvc.calibration.calls.opening_hours import Hours
from simsvc.calibration.calls.records import WEEKDAYS, CallRecords
from simsvc.runs.statistics import Interval

BREAK_MINUTES = 45.0
"""An agent without a call for longer than this was not on duty in between."""
GRID = 10.0
"""Seconds between the moments at which staff and queue are looked at."""
PRIOR_MINUTES = 60.0
"""Minutes of agents on duty that the day's availability counts for in each part of the day."""
NOTICED_WAIT = 5.0
"""Seconds from which on a wait shows that nobody was free: shorter ones are the switch connecting."""


@dataclass(frozen=True)
class Staffing:
    """Agents on duty on ordinary days.

    Attributes:
        on_duty: float (days, slots): agents on duty, from the first to the last service of a spell without a long
            break.
        profile: one row per part of the day: `hour`, agents `on_duty` with `low`, `high`, those of them `busy`, and
            `available`: on duty times the availability of that part, drawn towards that of the whole day where there
            was little waiting to see it by.
        by_weekday: agents on duty by `weekday` and `hour`.
        agents: different agents a day.
        availability: of the agents on duty while somebody waits, the share that serves; the rest write up a call or
            have a break, since whoever is free would take the next one.
        busy: share of their time on duty that agents serve.
    """

    on_duty: Any
    profile: pd.DataFrame
    by_weekday: pd.DataFrame
    agents: Interval
    availability: Interval
    busy: Interval


def spells(served: pd.DataFrame, break_minutes: float = BREAK_MINUTES) -> pd.DataFrame:
    """Spells on duty: services of one agent on one day without a long break between them.

    Args:
        served: calls with a known agent: `date`, `agent`, `start`, `end` (s since midnight).
        break_minutes: longest time without a call.

    Returns:
        One row per spell: `date`, `agent`, `start`, `end`.
    """
    ordered = served.sort_values(["date", "agent", "start"])
    key = ordered[["date", "agent"]]
    same = (key == key.shift()).all(axis=1)
    latest = ordered.groupby(["date", "agent"])["end"].cummax().shift()
    new = ~same | (ordered["start"] - latest > 60.0 * break_minutes)
    grouped = ordered.assign(spell=new.cumsum()).groupby("spell")
    return grouped.agg(date=("date", "first"), agent=("agent", "first"), start=("start", "min"), end=("end", "max"))


def _level(day: Any, start: Any, end: Any, shape: tuple[int, int], opens: float) -> Any:
    """How many intervals cover each moment of the grid, float (days, moments)."""
    change = np.zeros((shape[0], shape[1] + 1))
    first = np.clip(np.ceil((np.asarray(start) - opens) / GRID), 0, shape[1]).astype(int)
    last = np.clip(np.ceil((np.asarray(end) - opens) / GRID), 0, shape[1]).astype(int)
    np.add.at(change, (day, first), 1.0)
    np.add.at(change, (day, last), -1.0)
    return change.cumsum(axis=1)[:, :-1]


def estimate_staffing(records: CallRecords, hours: Hours, break_minutes: float = BREAK_MINUTES) -> Staffing | None:
    """Agents on duty by part of the day and weekday; None if the records do not name agents.

    Args:
        records: of calls.
        hours: ordinary days and hours.
        break_minutes: longest time without a call that counts as duty.
    """
    calls = records.calls
    if "agent" not in records.has or "service_time" not in records.has or calls["agent"].notna().sum() == 0:
        return None
    day = hours.dates.get_indexer(pd.DatetimeIndex(calls["date"]))
    calls = calls.assign(day=day, start=calls["second"] + calls["wait"])[day >= 0]
    served = calls[calls["served"] & calls["agent"].notna() & calls["service"].notna()]
    served = served.assign(end=served["start"] + served["service"])
    duty = spells(served, break_minutes)
    per_slot = round(hours.slot / GRID)
    shape = (len(hours.dates), hours.slots * per_slot)
    present = _level(
        hours.dates.get_indexer(pd.DatetimeIndex(duty["date"])), duty["start"], duty["end"], shape, hours.opens
    )
    busy = _level(served["day"], served["start"], served["end"], shape, hours.opens)
    waits = calls[calls["wait"] > NOTICED_WAIT]
    waiting = (
        _level(waits["day"], waits["second"] + NOTICED_WAIT, waits["second"] + waits["wait"], shape, hours.opens) > 0
    )
    calm = np.repeat(~hours.disturbed, per_slot, axis=1)
    waiting &= calm

    parts = (len(hours.dates), hours.slots, per_slot)
    on_duty = present.reshape(parts).mean(axis=2)
    serving = busy.reshape(parts).mean(axis=2)
    on_duty[hours.disturbed] = np.nan
    serving[hours.disturbed] = np.nan
    in_queue = np.column_stack([(busy * waiting).sum(axis=1), (present * waiting).sum(axis=1)])
    in_all = np.column_stack([(busy * calm).sum(axis=1), (present * calm).sum(axis=1)])
    availability = ratio(in_queue, 1.0)
    share = min(availability.mean, 1.0) if math.isfinite(availability.mean) else 1.0
    prior = PRIOR_MINUTES * 60.0 / GRID
    seen = (busy * waiting).reshape(parts).sum(axis=(0, 2)), (present * waiting).reshape(parts).sum(axis=(0, 2))
    shares = np.minimum((seen[0] + prior * share) / (seen[1] + prior), 1.0)
    rows, cells = [], []
    weekday = hours.dates.day_of_week.to_numpy()
    for k, start in enumerate(hours.starts):
        found = daily(on_duty[:, k])
        rows.append(
            (start, found.mean, found.low, found.high, float(np.nanmean(serving[:, k])), found.mean * shares[k])
        )
        for number in np.unique(weekday):
            cells.append((WEEKDAYS[number], start, float(np.nanmean(on_duty[weekday == number, k]))))
    inside = served[(served["end"] > hours.opens) & (served["start"] < hours.closes)]
    return Staffing(
        on_duty,
        pd.DataFrame(rows, columns=["hour", "on_duty", "low", "high", "busy", "available"]),
        pd.DataFrame(cells, columns=["weekday", "hour", "on_duty"]),
        daily(inside.groupby("day")["agent"].nunique()),
        availability,
        ratio(in_all, 1.0),
    )
