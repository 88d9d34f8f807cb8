"""What an interval allows to say of a difference: whether one was seen, and where it comes from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from simsvc.runs.metrics import no_value
from simsvc.runs.statistics import Interval
from simsvc.show.numbers import called, difference, difference_unit, in_words, listed, whole_percent

HOLD = "Intervals hold the luck of the runs and nothing else; how far assumptions move the answer: simsvc robust."
"""What the intervals of a comparison hold, and what they do not."""
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


def lacking(runs: pd.DataFrame, metric: str, structures: Sequence[str]) -> str:
    """Why no pair of runs under two structures has a value of a metric."""
    without = [f"'{name}'" for name in structures if runs[runs["structure"] == name][metric].isna().all()]
    return f"{no_value(metric)} under {listed(without)}" if without else "no pair of runs has one in both"


def effect_words(metric: str, found: Any) -> str:
    """An effect as the sentence tells it."""
    row = vars(found) if isinstance(found, Interval) else found
    unseen = " (no difference seen)" if row["low"] <= 0 <= row["high"] else ""
    return f"{in_words(metric, row['mean'], row['low'], row['high'])}{unseen}"


def difference_words(metric: str, row: Any) -> str:
    """A difference, as the sentence tells it."""
    if row["verdict"] == NO_VALUE:
        return f"{called(metric)} has no value here: {row['why']}"
    if row["verdict"] == "no difference seen":
        return f"no difference seen in {called(metric)}"
    alone = " in a single pair of runs" if math.isnan(row["low"]) else ""
    return f"{called(metric)} {in_words(metric, row['mean'], row['low'], row['high'])}{alone}"


def over_assumptions(effects: pd.DataFrame, structure: str, metrics: Sequence[str], when: str) -> str:
    """What a difference is over everything that is assumed, in a line; empty if that was not published.

    Args:
        effects: see `simsvc.evidence.robust_effects.published_effects`.
        structure: whose difference to the baseline is told.
        metrics: of which it is told.
        when: over which days, and whether it was born so.
    """
    told = []
    mine = effects[(effects["effect"] == structure) & effects["metric"].isin(metrics)]
    for row in mine.to_dict("records"):
        metric = str(row["metric"])
        found = difference(metric, *(float(row[name]) for name in ("p50", "p05", "p95")))
        unit, below = difference_unit(metric).name, whole_percent(row["share_below_zero"])
        told.append(f"{called(metric)} {found} {unit}, below 0 in {below}")
    if not told:
        return ""
    worlds = f"{int(mine['kept'].max()):,} worlds of other assumptions that go with what is known of the baseline"
    return f"Published over {worlds} ({when}; median, 5 and 95 %): {'; '.join(told)}."
