"""Who was on duty when, as far as it can be told from who served when."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from simsvc.calibration.calls.intervals import daily, in_columns, ratio
from simsvc.calibration.calls.opening_hours import Hours
from simsvc.calibration.calls.records import CallRecords
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
    """

    on_duty: Any
    profile: pd.DataFrame
    by_weekday: pd.DataFrame
    agents: Interval
    availability: Interval


def _spells(served: pd.DataFrame) -> pd.DataFrame:
    """Spells on duty: services of one agent on one day without a long break between them.

    Args:
        served: calls with a known agent: `day`, `agent`, `start`, `end` (s since midnight).

    Returns:
        One row per spell: `day`, `start`, `end`.
    """
    ordered = served.sort_values(["day", "agent", "start"])
    each = [ordered["day"], ordered["agent"]]
    latest = ordered["end"].groupby(each).cummax().groupby(each).shift()
    new = ~(ordered["start"] - latest <= 60.0 * BREAK_MINUTES)  # the first one of a day has none before it
    return ordered.groupby(new.cumsum()).agg({"day": "first", "start": "min", "end": "max"})


def _level(spans: pd.DataFrame, hours: Hours) -> Any:
    """How many spans, by `day`, `start` and `end`, cover each moment of the grid, float (days, moments)."""
    moments = hours.slots * round(hours.slot / GRID)
    change = np.zeros((len(hours.dates), moments + 1))
    for name, step in (("start", 1.0), ("end", -1.0)):
        at = np.clip(np.ceil((spans[name] - hours.opens) / GRID), 0, moments).astype(int)
        np.add.at(change, (spans["day"], at), step)
    return change.cumsum(axis=1)[:, :-1]


def estimate_staffing(records: CallRecords, hours: Hours) -> Staffing | None:
    """Agents on duty by part of the day and weekday; None if the records do not name agents."""
    calls = records.calls
    if "agent" not in records.has or "service_time" not in records.has or calls["agent"].notna().sum() == 0:
        return None
    day = hours.day(calls)
    calls = calls.assign(day=day, start=calls["second"] + calls["wait"])[day >= 0]
    served = calls[calls["served"] & calls["agent"].notna() & calls["service"].notna()]
    served = served.assign(end=served["start"] + served["service"])
    present, busy = _level(_spells(served), hours), _level(served, hours)
    waits = calls[calls["wait"] > NOTICED_WAIT]
    per_slot = round(hours.slot / GRID)
    calm = np.repeat(~hours.disturbed, per_slot, axis=1)
    waiting = calm & (_level(waits.assign(start=waits["second"] + NOTICED_WAIT, end=waits["start"]), hours) > 0)

    parts = (len(hours.dates), hours.slots, per_slot)
    on_duty, serving = (np.where(hours.disturbed, np.nan, x.reshape(parts).mean(axis=2)) for x in (present, busy))
    availability = ratio(np.column_stack([(level * waiting).sum(axis=1) for level in (busy, present)]), 1.0)
    share = min(availability.mean, 1.0) if math.isfinite(availability.mean) else 1.0
    prior = PRIOR_MINUTES * 60.0 / GRID
    seen = [(level * waiting).reshape(parts).sum(axis=(0, 2)) for level in (busy, present)]
    shares = np.minimum((seen[0] + prior * share) / (seen[1] + prior), 1.0)
    found = [daily(part) for part in on_duty.T]
    profile = pd.DataFrame({"hour": hours.starts, **in_columns(found, "on_duty")})
    cells = [
        (name, start, float(np.nanmean(on_duty[same, k])))
        for k, start in enumerate(hours.starts)
        for name, same in hours.weekdays()
    ]
    inside = served[(served["end"] > hours.opens) & (served["start"] < hours.closes)]
    return Staffing(
        on_duty,
        profile.assign(busy=[float(np.nanmean(part)) for part in serving.T], available=profile["on_duty"] * shares),
        pd.DataFrame(cells, columns=["weekday", "hour", "on_duty"]),
        daily(inside.groupby("day")["agent"].nunique()),
        availability,
    )
