"""When calls come: rates by time of day and weekday, and whether they vary more than chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from simsvc.calibration.calls.intervals import daily, in_columns, poisson
from simsvc.calibration.calls.opening_hours import Hours
from simsvc.calibration.calls.records import CallRecords
from simsvc.runs.statistics import Interval


@dataclass(frozen=True)
class Dispersion:
    """Variance over mean of counts, 1 for Poisson arrivals, with a chi-squared test of that (Fisher's index)."""

    index: float
    p: float
    """Chance of an index this large or larger if arrivals were Poisson."""


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


def _dispersion(counts: Any, expected: Any, freedom: int) -> Dispersion:
    """Pearson's chi-squared over its degrees of freedom; cells unknown or with nothing expected do not count."""
    use = np.isfinite(counts) & (expected > 0)
    if freedom < 1 or not use.any():
        return Dispersion(math.nan, math.nan)
    chi2 = float((((counts - expected) ** 2)[use] / expected[use]).sum())
    return Dispersion(chi2 / freedom, float(stats.chi2.sf(chi2, freedom)))


def _dispersions(counts: Any, hours: Hours) -> tuple[Dispersion, Dispersion, Dispersion]:
    """Dispersion of cells, of days' totals, and of cells within days."""
    expected = np.full(counts.shape, np.nan)
    lost = 0
    weekdays = hours.weekdays()
    for _, same in weekdays:
        seen = np.isfinite(counts[same]).sum(axis=0)
        expected[same] = mean = np.nansum(counts[same], axis=0) / np.maximum(seen, 1)
        lost += int((mean > 0).sum())
    used = np.isfinite(counts) & (expected > 0)
    of_cells, of_days = int(used.sum()) - lost, len(counts) - len(weekdays)
    # days' totals, over the parts that are known of each day
    total, due = (np.where(used, values, 0.0).sum(axis=1) for values in (counts, expected))
    own = expected * (total / np.where(due > 0, due, 1.0))[:, None]
    return (
        _dispersion(counts, expected, of_cells),
        _dispersion(total, due, of_days),
        _dispersion(counts, own, of_cells - of_days),
    )


def estimate_arrivals(records: CallRecords, hours: Hours) -> Arrivals:
    """Arrival rates, piecewise constant over the parts of the day, by weekday, and their dispersion."""
    counts = hours.sums(hours.ordinary(records), 1.0)[..., 0]
    counts[hours.disturbed] = np.nan
    known, per_hour = np.isfinite(counts), 3600.0 / hours.slot
    rates = [daily(part * per_hour) for part in counts.T]
    chance = np.array([poisson(total) for total in np.nansum(counts, axis=0)])
    low, high = (per_hour / np.maximum(known.sum(axis=0), 1)) * chance.T
    profile = {"hour": hours.starts, **in_columns(rates, "calls_per_hour"), "poisson_low": low, "poisson_high": high}

    usual = np.nanmean(counts, axis=0) if known.any() else np.zeros(hours.slots)
    days = np.where(known, counts, usual).sum(axis=1)
    of_day = [daily(days[same]) for _, same in hours.weekdays()]
    of_cell = []
    for name, same in hours.weekdays():
        seen = known[same].sum(axis=0)
        rate = np.where(seen > 0, np.nansum(counts[same], axis=0) / np.maximum(seen, 1) * per_hour, np.nan)
        of_cell.append(pd.DataFrame({"weekday": name, "hour": hours.starts, "calls_per_hour": rate, "days": seen}))
    by_day = {"weekday": [name for name, _ in hours.weekdays()], **in_columns(of_day, "calls")}
    return Arrivals(
        counts,
        pd.DataFrame(profile),
        pd.DataFrame(by_day).assign(days=[found.n for found in of_day]),
        pd.concat(of_cell, ignore_index=True),
        daily(days),
        *_dispersions(counts, hours),
    )
