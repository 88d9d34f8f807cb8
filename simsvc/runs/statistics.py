"""Intervals, relative sizes and stopping: what paired runs allow one to say."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit  # quantiles of Student's t; all of scipy.stats is slow to import

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


def interval(values: Any, confidence: float = CONFIDENCE, event: float = 0.0) -> Interval:
    """Mean and Student's t interval of independent values; NaN are left out.

    Where an event is rare, few runs may hold none of it, and Student's interval has no width. If no run of n shows
    one, it may still happen in a share 1 - (1 - confidence)^(1/n) of all runs; so much of an event is added to the
    width, in squares. `experiments/coverage.py` measures how often such intervals cover.

    Args:
        values: float (n,).
        confidence: coverage, in (0, 1).
        event: what one event more or less does to a value, 0 or more, see `simsvc.runs.metrics.one_event`.
    """
    sample = np.asarray(values, float)
    sample = sample[np.isfinite(sample)]
    n = len(sample)
    if n == 0:
        return Interval(math.nan, math.nan, math.nan, 0)
    mean = float(sample.mean())
    if n == 1:
        return Interval(mean, math.nan, math.nan, 1)
    reach = _reach(float(sample.std(ddof=1)), n, confidence, event)
    return Interval(mean, mean - reach, mean + reach, n)


def widening(count: int, n: int, confidence: float = CONFIDENCE) -> float:
    """Factor by which intervals of n values get wider so that `count` of them hold at once (Bonferroni)."""
    if n < 2:
        return math.inf
    tail = (1 - confidence) / 2
    return float(stdtrit(n - 1, 1 - tail / max(count, 1)) / stdtrit(n - 1, 1 - tail))


def percent_of(values: Any, baseline: Any) -> float:
    """Difference of means in percent of the mean of the baseline; NaN where that is not above zero.

    Unlike a difference over the spread between runs (Cohen's d), it does not grow with the size of the organisation.
    """
    a, b = np.asarray(values, float), np.asarray(baseline, float)
    level = float(b.mean()) if len(b) else math.nan
    return 100.0 * float((a - b).mean()) / level if level > 0 else math.nan


def variance_saved(values: Any, baseline: Any) -> float:
    """Share of the variance of the difference that pairing by common random numbers saves.

    1 - var(a - b) / (var(a) + var(b)); 0: as with independent runs; negative: pairing harms.
    """
    a, b = np.asarray(values, float), np.asarray(baseline, float)
    if len(a) < 2:
        return math.nan
    independent = float(a.var(ddof=1) + b.var(ddof=1))
    return 1.0 - float((a - b).var(ddof=1)) / independent if independent > 0 else math.nan


FIRST_LOOK = 30
"""Replications before which nobody asks whether an interval is narrow enough."""
LOOK_AHEAD = 1.5
"""So many times as many replications must confirm that it is."""


def skewness(values: Any) -> float:
    """Fisher's skewness of a sample, with the correction for its size; 0 for fewer than three values or equal ones."""
    sample = np.asarray(values, float)
    n, spread = len(sample), float(sample.std()) if len(sample) else 0.0
    if n < 3 or spread <= 1e-12 * float(np.abs(sample).max()):
        return 0.0
    return float((((sample - sample.mean()) / spread) ** 3).mean()) * math.sqrt(n * (n - 1)) / (n - 2)


def replications_needed(found: Interval, values: Any, half_width: float) -> int:
    """Number of replications at which the interval is expected to be as narrow as asked for, and to be trusted.

    Student's interval of lopsided values covers too seldom until there are more than 25 times their squared skewness
    (Cochran 1977, section 2.15); twice that is asked for, because samples show less skewness than there is. At most
    three times as many as there are: a guess from few is not to be trusted.

    Args:
        found: their interval.
        values: float (n,), of the replications so far.
        half_width: asked for, above 0.
    """
    wanted = max(found.n, math.ceil(2 * 25 * skewness(values) ** 2))
    if not math.isfinite(found.half_width):
        wanted = max(2 * found.n, 2)
    elif found.half_width > half_width:
        wanted = max(wanted, found.n + 1, math.ceil(found.n * (found.half_width / half_width) ** 2 * 1.05))
    return int(min(wanted, max(3 * found.n, 2)))


def until_precise(look: Callable[[int], Sequence[tuple[Interval, Any, float]]], most: int) -> int:
    """Number of replications after which all intervals are as narrow as asked for.

    To stop as soon as an interval is narrow enough is to stop where the spread was underestimated. So nobody looks
    before `FIRST_LOOK` replications, and what was reached must still hold after `LOOK_AHEAD` times as many (a
    look-ahead as in Hoad, Robinson & Davies 2010, longer than theirs). `experiments/coverage.py` measures what that
    gives.

    Args:
        look: is told a number of replications, rising, and gives for each quantity its interval, its values and the
            half-width asked for.
        most: replications at which to stop in any case.
    """
    target, held = min(FIRST_LOOK, most), False
    while True:
        needed = max(replications_needed(*each) for each in look(target))
        enough = needed <= target
        if target >= most or (enough and held):
            return target
        target, held = min(math.ceil(LOOK_AHEAD * target) if enough else needed, most), enough


def expected_half_width(values: Any, n: int, confidence: float = CONFIDENCE, event: float = 0.0) -> float:
    """Half the width of the interval to be expected from n replications, by the spread of those there are.

    Args:
        values: float (k,), of a pilot; NaN are left out.
        n: replications planned, 2 or more.
        confidence: coverage, in (0, 1).
        event: see `interval`.

    Returns:
        In the unit of the values; NaN for fewer than two.
    """
    sample = np.asarray(values, float)
    sample = sample[np.isfinite(sample)]
    return _reach(float(sample.std(ddof=1)), n, confidence, event) if len(sample) > 1 else math.nan


def _reach(spread: float, n: int, confidence: float, event: float) -> float:
    """Half the width of the interval of n values of that standard deviation."""
    unseen = event * (1.0 - (1.0 - confidence) ** (1.0 / n))
    return math.hypot(float(stdtrit(n - 1, 0.5 + confidence / 2)) * spread / math.sqrt(n), unseen)


def paired(frame: pd.DataFrame, metric: str, structure: str, baseline: str) -> tuple[Any, Any]:
    """Values of a metric under a structure and under the baseline, in replications that have both."""
    wide = frame.pivot(index="replication", columns="structure", values=metric)
    wide = wide.reindex(columns=[structure, baseline]).dropna()
    return wide[structure].to_numpy(), wide[baseline].to_numpy()


def contrast(frame: pd.DataFrame, label: str, value: Any, baseline: Any, by: Sequence[str] = ()) -> pd.DataFrame:
    """Paired differences of all metrics between two values of a label, replication by replication.

    Args:
        frame: one row per run, with the label, the columns of `by`, `replication` and metrics.
        label: column of what is compared.
        value: of the label.
        baseline: value of the label that is taken away.
        by: other labels; the difference is taken at each of their combinations.

    Returns:
        One row per combination and replication: `by`, `replication`, and the difference of every
        other column of numbers.

    Raises:
        ValueError: if a run is not told from others by the labels.
    """
    keys = [*by, "replication"]
    numbers = [c for c in frame.columns if c not in (*keys, label) and pd.api.types.is_numeric_dtype(frame[c])]
    sides = [frame[frame[label] == each].set_index(keys)[numbers] for each in (value, baseline)]
    if not all(side.index.is_unique for side in sides):
        raise ValueError(f"contrast over '{label}': runs are not told apart by {', '.join(keys)}")
    difference: pd.DataFrame = sides[0] - sides[1]
    return difference.reset_index()


def intervals(
    frame: pd.DataFrame, by: Sequence[str], metrics: Sequence[str], events: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Mean and 95 % interval of metrics at each combination of labels.

    Args:
        frame: values.
        by: columns of labels.
        metrics: columns of values.
        events: what one rare event does to a metric, see `interval`; none where a combination is all zero.

    Returns:
        Columns: `by`, metric, mean, low, high, n; combinations in order of appearance.
    """
    rows = []
    for labels, mine in frame.groupby(list(by), sort=False):
        alike = not mine[list(metrics)].fillna(0.0).to_numpy().any()
        for metric in metrics:
            found = interval(mine[metric], event=0.0 if alike or events is None else events.get(metric, 0.0))
            rows.append((*labels, metric, found.mean, found.low, found.high, found.n))
    return pd.DataFrame(rows, columns=[*by, "metric", "mean", "low", "high", "n"])


def crossing(places: Any, values: Any) -> float:
    """Where a line through points first changes sign; NaN if it does not.

    Args:
        places: float (n,), rising.
        values: float (n,), at the places; linear in between.
    """
    x, y = np.asarray(places, float), np.asarray(values, float)
    for k in range(len(x) - 1):
        if y[k] == 0:
            return float(x[k])
        if y[k] * y[k + 1] < 0:
            return float(x[k] + (x[k + 1] - x[k]) * y[k] / (y[k] - y[k + 1]))
    return float(x[-1]) if len(x) and y[-1] == 0 else math.nan


def bootstrap(values: Any, statistic: Callable[[Any], Any], draws: int = 1000, seed: int = 1) -> Any:
    """Values of a statistic of the mean over replications, replications drawn anew with replacement.

    Args:
        values: float (replications, ...).
        statistic: of the mean over the first axis; a number or an array.
        draws: how often.
        seed: of the drawing; the same seed gives the same result.

    Returns:
        Array (draws, ...) of the statistic.
    """
    sample = np.asarray(values, float)
    rng = np.random.default_rng(seed)
    picks = rng.integers(0, len(sample), (draws, len(sample)))
    return np.array([statistic(sample[pick].mean(axis=0)) for pick in picks])


def subsets(parts: Sequence[str]) -> list[frozenset[str]]:
    """All subsets, the empty one first, by size."""
    return [frozenset(group) for n in range(len(parts) + 1) for group in itertools.combinations(parts, n)]


def shapley(worth: Mapping[frozenset[str], Any], parts: Sequence[str]) -> dict[str, Any]:
    """Shapley value of every part: what it adds, in the mean over all orders of adding parts.

    Args:
        worth: of every subset of the parts; numbers or arrays.
        parts: names.

    Returns:
        By part; they add up to the worth of all parts less that of none.
    """
    n = len(parts)
    return {
        one: sum(
            (worth[group | {one}] - worth[group]) / (n * math.comb(n - 1, len(group)))
            for group in subsets([name for name in parts if name != one])
        )
        for one in parts
    }


def interaction(worth: Mapping[frozenset[str], Any], parts: Sequence[str], one: str, other: str) -> Any:
    """What two parts give together beyond the sum of each alone, in the mean over the other parts turned or not."""
    groups = subsets([name for name in parts if name not in (one, other)])
    return sum(
        worth[group | {one, other}] - worth[group | {one}] - worth[group | {other}] + worth[group] for group in groups
    ) / len(groups)


def main_effect(worth: Mapping[frozenset[str], Any], parts: Sequence[str], one: str) -> Any:
    """What a part adds in the mean over all combinations of the other parts turned or not.

    Each combination counts alike (Banzhaf value); `shapley` lets each number of other parts count alike.
    """
    groups = subsets([name for name in parts if name != one])
    return sum(worth[group | {one}] - worth[group] for group in groups) / len(groups)
