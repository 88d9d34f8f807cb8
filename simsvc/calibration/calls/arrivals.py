"""When calls come: rates by time of day and weekday, and whether they vary more than chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from simsvc.calibration.calls.intervals import daily, poisson
from simsvc.calibration.calls.opening_hours import Hours
from simsvc.calibration.calls.records import WEEKDAYS, CallRecords
from simsvc.runs.statistics import Interval


@dataclass(frozen=True)
class Dispersion:
    """Variance over mean of counts, 1 for Poisson arrivals, with a chi-squared test of that (Fisher's index).

    Attributes:
        index: variance over mean.
        p: chance of an index this large or larger if arrivals were Poisson.
        freedom: degrees of freedom.
    """

    index: float
    p: float
    freedom: int


@dataclass(frozen=True)
class Arrivals:
    """Calls that came to the queue in open hours of ordinary days.

    Attributes:
        counts: float (days, slots); NaN in breakdowns.
        profile: one row per part of the day: `hour` at which it starts, calls per hour with `low` and `high` (95 %
            interval from day to day) and `poisson_low`, `poisson_high` (what the interval would be by chance alone).
        weekdays: one row per weekday: `weekday`, calls a day with `low`, `high`, `days`.
        by_weekday: calls per hour by `weekday` and `hour`, with the number of `days`.
        per_day: calls a day; parts lost to breakdowns are filled in at the usual rate of that part.
        cells: dispersion of counts of the same weekday and part of the day, between days.
        totals: dispersion of the days' totals around the mean of their weekday.
        within: dispersion that remains if each day's own total is taken as given.
    """

    counts: Any
    profile: pd.DataFrame
    weekdays: pd.DataFrame
    by_weekday: pd.DataFrame
    per_day: Interval
    cells: Dispersion
    totals: Dispersion
    within: Dispersion


def count_arrivals(records: CallRecords, hours: Hours) -> Any:
    """Calls that came to the queue, float (days, slots); NaN in breakdowns."""
    counts = hours.sums(records.calls[hours.ordinary(records.calls)], 1.0)[..., 0]
    counts[hours.disturbed] = np.nan
    return counts


def dispersion(counts: Any, expected: Any, freedom: int) -> Dispersion:
    """Pearson's chi-squared over its degrees of freedom; cells with nothing expected do not count.

    Args:
        counts: observed, any shape; NaN where unknown.
        expected: of the same shape.
        freedom: degrees of freedom.
    """
    use = np.isfinite(counts) & (expected > 0)
    if freedom < 1 or not use.any():
        return Dispersion(math.nan, math.nan, max(freedom, 0))
    chi2 = float((((counts - expected) ** 2)[use] / expected[use]).sum())
    return Dispersion(chi2 / freedom, float(stats.chi2.sf(chi2, freedom)), freedom)


def _dispersions(counts: Any, weekday: Any) -> tuple[Dispersion, Dispersion, Dispersion]:
    known = np.isfinite(counts)
    expected = np.full(counts.shape, np.nan)
    lost = 0
    for day in np.unique(weekday):
        same = weekday == day
        rows = counts[same]
        seen = np.isfinite(rows).sum(axis=0)
        mean = np.nansum(rows, axis=0) / np.maximum(seen, 1)
        expected[same] = mean
        lost += int(((mean > 0) & (seen > 0)).sum())
    used = known & (expected > 0)
    cells = dispersion(counts, expected, int(used.sum()) - lost)
    # days' totals, over the parts that are known of each day
    total = np.where(used, counts, 0.0).sum(axis=1)
    due = np.where(used, expected, 0.0).sum(axis=1)
    totals = dispersion(total, due, len(total) - len(np.unique(weekday)))
    own = expected * (total / np.where(due > 0, due, 1.0))[:, None]
    rest = dispersion(counts, own, int(used.sum()) - lost - (len(total) - len(np.unique(weekday))))
    return cells, totals, rest


def estimate_arrivals(records: CallRecords, hours: Hours) -> Arrivals:
    """Arrival rates, piecewise constant over the parts of the day, by weekday, and their dispersion."""
    counts = count_arrivals(records, hours)
    per_hour = 3600.0 / hours.slot
    rows = []
    for k, start in enumerate(hours.starts):
        seen = counts[:, k][np.isfinite(counts[:, k])]
        rate, scale = daily(seen * per_hour), per_hour / max(len(seen), 1)
        rows.append((start, rate.mean, rate.low, rate.high, *(scale * end for end in poisson(float(seen.sum())))))
    profile = pd.DataFrame(rows, columns=["hour", "calls_per_hour", "low", "high", "poisson_low", "poisson_high"])

    usual = np.nanmean(counts, axis=0) if np.isfinite(counts).any() else np.zeros(hours.slots)
    days = np.where(np.isfinite(counts), counts, usual).sum(axis=1)
    weekday = hours.dates.day_of_week.to_numpy()
    of_day, of_cell = [], []
    for day in np.unique(weekday):
        found = daily(days[weekday == day])
        of_day.append((WEEKDAYS[day], found.mean, found.low, found.high, found.n))
        same = counts[weekday == day]
        for k, start in enumerate(hours.starts):
            seen = same[:, k][np.isfinite(same[:, k])]
            of_cell.append((WEEKDAYS[day], start, float(seen.mean()) * per_hour if len(seen) else math.nan, len(seen)))
    cells, totals, rest = _dispersions(counts, weekday)
    return Arrivals(
        counts,
        profile,
        pd.DataFrame(of_day, columns=["weekday", "calls", "low", "high", "days"]),
        pd.DataFrame(of_cell, columns=["weekday", "hour", "calls_per_hour", "days"]),
        daily(days),
        cells,
        totals,
        rest,
    )
