"""What an interval allows to say of a difference: whether one was seen, and where it comes from."""

from __future__ import annotations

from simsvc.runs.statistics import Interval

NO_VALUE = "no value"
"""Verdict on a metric that no pair of runs has a value of."""


def verdict(found: Interval, better: int) -> str:
    """A difference of a metric in a word or two; better: 1 if more is, -1 if less is, 0 if neither."""
    if found.n == 0:
        return NO_VALUE
    if found.n == 1:
        return "one pair only"
    if found.low <= 0 <= found.high:
        return "no difference seen"
    if better == 0:
        return "higher" if found.low > 0 else "lower"
    return "better" if (found.low > 0) == (better > 0) else "worse"


def source(whole: Interval, ahead: Interval) -> str:
    """What intervals allow to say of where a difference comes from.

    Args:
        whole: the difference.
        ahead: by how much the share of management is larger than that of power.
    """
    if not (whole.low > 0 or whole.high < 0):
        return "No difference seen in {} to share out"
    if not (ahead.low > 0 or ahead.high < 0):
        return "Whether power or management does more of the difference in {} cannot be told"
    led = (ahead.low > 0) == (whole.low > 0)
    return f"Most of the difference in {{}} is {'how people are led' if led else 'who decides'}"
