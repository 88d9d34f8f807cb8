"""Profiles: one parameter over its whole range, all others at the reference; shape and sign of what it does."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from simsvc.runs.statistics import CONFIDENCE, crossing, interval
from simsvc.sensitivity_analysis.noise import is_constant

LEVELS = ["mean", "low", "high", "change", "change_low", "change_high", "n"]
"""Columns of a profile: the metric, its change against the reference in the same replications, replications used."""


def profile(values: Any, reference: Any) -> pd.DataFrame:
    """A metric at each level, with 95 % intervals over replications.

    Args:
        values: float (levels, replications); NaN where a run failed.
        reference: float (replications,), with the same luck.

    Returns:
        One row per level, columns `LEVELS`.
    """
    rows = []
    for level in values:
        here, change = interval(level), interval(level - reference)
        rows.append((here.mean, here.low, here.high, change.mean, change.low, change.high, change.n))
    return pd.DataFrame(rows, columns=LEVELS)


def shape(places: Any, values: Any, reference: Any) -> dict[str, Any]:
    """What a profile looks like.

    Levels are compared pairwise in the same replications; limits are corrected for the number of
    comparisons (Bonferroni), so that a flat profile is called anything else in 5 % of cases at most.

    Args:
        places: float (levels,), rising; shares of the range, or NaN for names that have no order.
        values: float (levels, replications); replications with a missing value are left out.
        reference: float (replications,).

    Returns:
        `range`: highest mean less lowest; `slope`, `slope_low`, `slope_high`: of the straight line, over the whole
        range; `curvature`, `curvature_low`, `curvature_high`: height of the arc over the straight line in the middle
        of the range, below 0 for a valley; `crossing`: place where the mean changes sign, NaN if nowhere;
        `replications` used, `left_out`; `verdict`.
    """
    x, y = np.asarray(places, float), np.asarray(values, float)
    complete = np.isfinite(y).all(axis=0) & np.isfinite(reference)
    y, origin = y[:, complete], np.asarray(reference, float)[complete]
    ordered = bool(np.isfinite(x).all()) and len(x) > 1
    n = y.shape[1]
    found: dict[str, Any] = dict.fromkeys(
        ("range", "slope", "slope_low", "slope_high", "curvature", "curvature_low", "curvature_high", "crossing"),
        math.nan,
    )
    found |= {"replications": n, "left_out": int((~complete).sum())}
    if n == 0:
        return found | {"verdict": "not analysed: no replication in which all runs have a value"}
    mean = y.mean(axis=1)
    found["range"] = float(np.ptp(mean))
    if ordered:
        found["crossing"] = crossing(x, mean)
        found |= _interval("slope", _slope(x, y))
        if len(x) > 2:
            found |= _interval("curvature", _arc(x, y))
    return found | {"verdict": _verdict(x, y, origin, found, ordered)}


def _interval(name: str, sample: Any) -> dict[str, float]:
    found = interval(sample)
    return {name: found.mean, f"{name}_low": found.low, f"{name}_high": found.high}


def _slope(x: Any, y: Any) -> Any:
    """Slope of the straight line through the levels, by replication, over the whole range."""
    at = x - x.mean()
    return at @ y / (at @ at) * np.ptp(x)


def _arc(x: Any, y: Any) -> Any:
    """Height of the parabola through the levels over its chord, in the middle, by replication."""
    at = (x - x.mean()) / np.ptp(x)
    return -np.linalg.lstsq(np.stack([at**2, at, np.ones_like(at)], axis=1), y, rcond=None)[0][0] / 4


def _sure(change: Any, comparisons: int) -> int:
    """Sign of a mean that its corrected interval leaves no doubt about; 0 otherwise."""
    n = len(change)
    mean, spread = float(change.mean()), float(change.std(ddof=1)) if n > 1 else math.inf
    if spread == 0:
        return int(np.sign(mean))
    limit = float(stats.t.ppf(1 - (1 - CONFIDENCE) / (2 * comparisons), max(n - 1, 1)))
    return int(np.sign(mean)) if abs(mean) > limit * spread / math.sqrt(n) else 0


def _verdict(x: Any, y: Any, origin: Any, found: dict[str, Any], ordered: bool) -> str:
    if is_constant(np.column_stack([y.T, origin])):
        return "constant: the metric is the same everywhere"
    if y.shape[1] < 2:
        return "noise unknown: needs 2 replications"
    levels = len(y)
    pairs = levels * (levels - 1) + 2 * levels  # half of the error rate; the other half is the straight line's
    mean = y.mean(axis=1)
    top, bottom = int(mean.argmax()), int(mean.argmin())
    straight = _sure(_slope(x, y), 2) if ordered else 0
    if not straight and not _sure(y[top] - y[bottom], pairs) and not any(_sure(row - origin, pairs) for row in y):
        slope_alone = ordered and found["slope_low"] * found["slope_high"] > 0
        return "cannot be told from noise" + slope_alone * ", allowing for all that is compared"
    words = "differs between values"
    if ordered:
        words = _course(x, y, pairs, bool(straight))
        if words in ("rises", "falls") and found["curvature_low"] * found["curvature_high"] > 0:
            words += ", faster at first" if (found["curvature"] > 0) == (words == "rises") else ", faster at the end"
    if mean.min() < 0 < mean.max() and _sure(y[top], pairs) > 0 > _sure(y[bottom], pairs):
        words += "; changes sign"
    return words


def _course(x: Any, y: Any, pairs: int, straight: bool) -> str:
    """Rising, falling, a hill or a valley: a turn counts only if both sides of it are beyond noise."""
    mean, last = y.mean(axis=1), len(y) - 1
    top, bottom = int(mean.argmax()), int(mean.argmin())
    hill = min(_sure(y[top] - y[end], pairs) for end in (0, last))
    valley = min(_sure(y[end] - y[bottom], pairs) for end in (0, last))
    if hill > 0 and valley > 0:
        return "turns more than once"
    if hill > 0:
        return "rises, then falls"
    if valley > 0:
        return "falls, then rises"
    if straight or _sure(y[last] - y[0], pairs):
        return "rises" if _slope(x, y).mean() > 0 else "falls"
    return "differs from place to place, in no clear direction"
