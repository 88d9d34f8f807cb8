"""Intervals, effect sizes and stopping: what paired runs allow one to say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """A mean with its confidence interval.

    Attributes:
        mean: of the sample.
        low: lower end; NaN for fewer than two values.
        high: upper end.
        n: number of values.
    """

    mean: float
    low: float
    high: float
    n: int

    @property
    def half_width(self) -> float:
        """Half the width of the interval; infinite for fewer than two values."""
        return (self.high - self.low) / 2 if self.n > 1 else math.inf


def interval(values: Any, confidence: float = CONFIDENCE) -> Interval:
    """Mean and Student's t interval of independent values; NaN are left out.

    Args:
        values: float (n,).
        confidence: coverage, in (0, 1).
    """
    sample = np.asarray(values, float)
    sample = sample[np.isfinite(sample)]
    n = len(sample)
    if n == 0:
        return Interval(math.nan, math.nan, math.nan, 0)
    mean = float(sample.mean())
    if n == 1:
        return Interval(mean, math.nan, math.nan, 1)
    error = float(sample.std(ddof=1)) / math.sqrt(n)
    reach = float(stats.t.ppf(0.5 + confidence / 2, n - 1)) * error
    return Interval(mean, mean - reach, mean + reach, n)


def effect_size(values: Any, baseline: Any) -> float:
    """Cohen's d: difference of means over the pooled standard deviation between runs.

    Zero where there is no difference; infinite where runs do not vary at all but differ.
    """
    a, b = np.asarray(values, float), np.asarray(baseline, float)
    difference = float(np.mean(a - b))
    if difference == 0 or len(a) < 2:
        return 0.0 if difference == 0 else math.nan
    spread = math.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2)
    return difference / spread if spread > 0 else math.copysign(math.inf, difference)


def variance_saved(values: Any, baseline: Any) -> float:
    """Share of the variance of the difference that pairing by common random numbers saves.

    1 - var(a - b) / (var(a) + var(b)); 0: as with independent runs; negative: pairing harms.
    """
    a, b = np.asarray(values, float), np.asarray(baseline, float)
    if len(a) < 2:
        return math.nan
    independent = float(a.var(ddof=1) + b.var(ddof=1))
    return 1.0 - float((a - b).var(ddof=1)) / independent if independent > 0 else math.nan


def replications_needed(found: Interval, half_width: float) -> int:
    """Number of replications at which the interval is expected to be as narrow as asked for.

    At most three times as many as there are: a first guess from few runs is not to be trusted.
    """
    if found.half_width <= half_width:
        return found.n
    if not math.isfinite(found.half_width):
        return max(2 * found.n, 2)
    wanted = math.ceil(found.n * (found.half_width / half_width) ** 2 * 1.05)
    return int(min(max(wanted, found.n + 1), 3 * found.n))
