"""Intervals of estimates: from what differs from day to day, of counts, and of what is most likely."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import optimize, stats

from simsvc.runs.statistics import CONFIDENCE, Interval, interval

Statistic = Callable[[Any], float]
"""Takes totals over days, float (k,); is not below 0."""
NORMAL = float(stats.norm.ppf(0.5 + CONFIDENCE / 2))
"""Standard errors that an interval reaches to either side."""


def jackknife(statistic: Statistic, sums: Any, most: float = math.inf) -> Interval:
    """A statistic of totals with its interval, by leaving out one day after the other (Tukey 1958).

    Calls of a day share its staff, its mood and its breakdowns; days are the independent units.

    Args:
        statistic: of the totals.
        sums: float (days, k), the totals of each day.
        most: largest value that can be; the interval is cut off there, and at 0.

    Returns:
        The statistic with its 95 % interval; ends are NaN for fewer than three days.
    """
    sums = np.asarray(sums, float)
    total, n = sums.sum(axis=0), len(sums)
    left = np.array([statistic(total - day) for day in sums]) if n >= 3 else np.empty(0)
    left = left[np.isfinite(left)]
    reach = math.nan
    if len(left) >= 3:
        error = math.sqrt((len(left) - 1) / len(left) * float(((left - left.mean()) ** 2).sum()))
        reach = float(stats.t.ppf(0.5 + CONFIDENCE / 2, len(left) - 1)) * error
    value = statistic(total)
    return _cut(Interval(value, value - reach, value + reach, n), most)


def ratio(sums: Any, most: float = math.inf) -> Interval:
    """Ratio of the total of column 0 to that of column 1, float (days, 2), with its interval from 0 to `most`."""
    return jackknife(lambda t: float(t[0] / t[1]) if t[1] else math.nan, sums, most)


def daily(values: Any) -> Interval:
    """Mean of the values of days, none below 0; NaN are left out."""
    return _cut(interval(values), math.inf)


def _cut(found: Interval, most: float) -> Interval:
    return Interval(found.mean, max(found.low, 0.0), min(found.high, most), found.n)


def in_columns(found: Sequence[Interval], name: str) -> dict[str, list[float]]:
    """Estimates as columns of a table: their means under a name, `low` and `high`."""
    return {name: [f.mean for f in found], "low": [f.low for f in found], "high": [f.high for f in found]}


def poisson(count: float) -> tuple[float, float]:
    """Exact interval of the mean of a Poisson count (Garwood 1936)."""
    tail = (1 - CONFIDENCE) / 2
    low = float(stats.chi2.ppf(tail, 2 * count)) / 2 if count > 0 else 0.0
    return low, float(stats.chi2.isf(tail, 2 * count + 2)) / 2


def likeliest(minus: Callable[[Any], float], start: Any) -> tuple[Any, Any, float]:
    """Parameters of the highest likelihood and their standard errors, from its curvature there.

    Args:
        minus: minus log-likelihood of parameters, float (k,), none of them bounded and all of a size near 1.
        start: where to begin, float (k,).

    Returns:
        Parameters and errors, each float (k,), and the log-likelihood. An error is infinite where the likelihood is
        flat or not at its top: the data do not tell then.
    """
    found = optimize.minimize(minus, start, method="BFGS")
    step = 1e-4

    def slopes(theta: Any, /) -> Any:
        return optimize.approx_fprime(theta, minus, step)

    curvature = optimize.approx_fprime(found.x, slopes, step)
    variance = np.diag(np.linalg.pinv(np.atleast_2d(curvature)))
    errors = np.where(variance > 0.0, np.sqrt(np.abs(variance)), np.inf)
    return found.x, errors, -float(found.fun)


def ends(found: Any, errors: Any) -> Any:
    """Parameters and the ends of their intervals, float (3, k): estimate, low, high."""
    return np.stack([found, found - NORMAL * errors, found + NORMAL * errors])
