"""Estimates from days: intervals that allow for what differs from day to day."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import stats

from simsvc.runs.statistics import CONFIDENCE, Interval

Statistic = Callable[[Any], float]
"""Takes totals over days, float (k,)."""


def jackknife(statistic: Statistic, sums: Any) -> Interval:
    """A statistic of totals with its interval, by leaving out one day after the other (Tukey 1958).

    Calls of a day share its staff, its mood and its breakdowns; days are the independent units.

    Args:
        statistic: of the totals.
        sums: float (days, k), the totals of each day.

    Returns:
        The statistic with its 95 % interval; ends are NaN for fewer than three days.
    """
    sums = np.asarray(sums, float)
    total, n = sums.sum(axis=0), len(sums)
    value = statistic(total)
    if n < 3:
        return Interval(value, math.nan, math.nan, n)
    left = np.array([statistic(total - day) for day in sums])
    left = left[np.isfinite(left)]
    if len(left) < 3:
        return Interval(value, math.nan, math.nan, n)
    error = math.sqrt((len(left) - 1) / len(left) * float(((left - left.mean()) ** 2).sum()))
    reach = float(stats.t.ppf(0.5 + CONFIDENCE / 2, len(left) - 1)) * error
    return Interval(value, value - reach, value + reach, n)


def ratio(sums: Any) -> Interval:
    """Ratio of the total of column 0 to that of column 1, float (days, 2), with its interval."""
    return jackknife(lambda t: float(t[0] / t[1]) if t[1] else math.nan, sums)


def within(found: Interval, low: float, high: float = math.inf) -> Interval:
    """An interval cut off where no value can be."""
    return Interval(found.mean, max(found.low, low), min(found.high, high), found.n)
