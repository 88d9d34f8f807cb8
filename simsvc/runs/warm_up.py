"""Has a run settled where it is measured? The warm-up diagnostic MSER-5 on the headline metrics."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from simsvc.runs.metrics import HEADLINES, METRICS
from simsvc.scenario.settings import Scenario

BATCH = 5
"""Days of a batch, as the 5 of MSER-5 says."""
_LAST = 5
"""Batches at the end that are never left alone: so few may be alike by chance (Hoad, Robinson & Davies 2010)."""


def truncation(batches: Any) -> int | None:
    """Number of first values to leave out, so that the mean of the rest has the least squared error (MSER).

    The rest of m values is chosen for which their variance over m is least (White 1997). A choice in the second half
    says that the series never settles.

    Args:
        batches: float (n,), means over days that follow each other; n of 10 or more, finite.

    Returns:
        From 0 to n / 2; none if the series does not settle, is too short or has values that are no numbers.
    """
    values = np.asarray(batches, float)
    n = len(values)
    if n < 2 * _LAST or not np.isfinite(values).all():
        return None
    rest = np.arange(n, 0, -1)
    apart = (values - values.mean())[::-1]
    total, squares = np.cumsum(apart)[::-1], np.cumsum(apart**2)[::-1]
    errors = (squares - total**2 / rest) / rest**2
    first = int(np.argmin(errors[: n - _LAST + 1]))
    return first if first <= n / 2 else None


def settled_by(days: Any) -> dict[str, int | None]:
    """Day from which each of the headline metrics has settled, counted from 0; none if it does not within the run.

    Args:
        days: rows of `simsvc.model.rows.DAY`, or a table with its columns: of one run, or means over runs.
    """
    starts = range(0, len(days) - BATCH + 1, BATCH)
    found: dict[str, int | None] = {}
    with np.errstate(invalid="ignore", divide="ignore"):
        for name in HEADLINES:
            first = truncation([METRICS[name].of(days[start : start + BATCH]) for start in starts])
            found[name] = None if first is None else first * BATCH
    return found


def unsettled(found: Mapping[str, Mapping[str, int | None]], days: int, scenario: Scenario) -> str:
    """What is measured before it has settled, in a line; empty if nothing is.

    Args:
        found: days from which metrics have settled, by whose they are in words, see `settled_by`.
        days: of the run.
        scenario: says from which day on it is measured.
    """
    measured_from = int(days * scenario.run.settling)
    late = {
        (metric, whose): day
        for whose, metrics in found.items()
        for metric, day in metrics.items()
        if (math.inf if day is None else day) > measured_from
    }
    if not late:
        return ""
    told = [
        f"{metric}{f' under {whose}' if whose else ''} {'not within the run' if day is None else f'by day {day + 1}'}"
        for (metric, whose), day in late.items()
    ]
    return (
        f"not settled on day {measured_from + 1}, from which it is measured (MSER-5): {', '.join(told)}; more days or "
        "a larger run.settling, or read it as what happens in these days"
    )
