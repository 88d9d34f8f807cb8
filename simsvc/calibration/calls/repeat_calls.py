"""Callers who call again: how often, how soon, and whether giving up makes them.

A caller comes back because the matter is still open, or because there is a new one. Calls that were
served and calls that were given up are followed by new matters at the same rate; what the latter are
followed by beyond that, in the days after, is the open matter coming back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special, stats

from simsvc.calibration.calls.intervals import ends, likeliest
from simsvc.calibration.calls.opening_hours import Hours
from simsvc.calibration.calls.records import CallRecords
from simsvc.runs.statistics import CONFIDENCE, Interval

LEAST_CALLS = 200
WITHIN_DAYS = 7
NARROW = 0.3
"""Width of an interval of a share from which on the share counts as unknown."""


@dataclass(frozen=True)
class Repeats:
    """Calls of known customers that are followed by another one of the same customer.

    Attributes:
        customers: different known customers.
        within: share of calls followed by another within `WITHIN_DAYS` days, with a binomial interval.
        after_served: share of callers served who come back with the open matter on a later day, estimated.
        after_giving_up: the same of those who gave up: `demand.persistence`.
        return_days: mean days until then: `demand.return_days`; ordinary days.
        identified: whether the last two are known well enough to be used; a return later than the records last is not.
    """

    customers: int
    within: Interval
    after_served: Interval
    after_giving_up: Interval
    return_days: Interval
    identified: bool


def _gaps(calls: pd.DataFrame, days: int) -> pd.DataFrame:
    """Ordinary days from each caller's last call of a day to the next day with a call.

    Args:
        calls: of known customers, in order of time: `day` (number of the ordinary day), `customer`, `served`.
        days: how many there are.

    Returns:
        One row per customer and day with calls: `served` (the last call of the day), `gap` in ordinary days, `seen`
        (false: no further call until the records end, `gap` days later).
    """
    last = calls.groupby(["customer", "day"])["served"].last().reset_index()
    following = last.groupby("customer")["day"].shift(-1)
    gap = following.fillna(days - 1) - last["day"]
    table = pd.DataFrame({"served": last["served"].astype(bool), "gap": gap, "seen": following.notna()})
    return table[table["gap"] > 0]


def _likelihood(theta: Any, served: Any, gap: Any, seen: Any) -> float:
    """Minus log-likelihood of gaps in days: an open matter comes back after a geometric time, or a new one comes."""
    open_after = 1.0 / (1.0 + np.exp(-theta[:2]))
    share = np.where(served, *open_after)
    stay, none_new = 1.0 - 1.0 / (1.0 + math.exp(theta[2])), math.exp(-math.exp(theta[3]))

    def survival(days: Any) -> Any:
        return (1.0 - share * (1.0 - stay**days)) * none_new**days

    at = survival(gap)
    chance = np.where(seen, survival(gap - 1) - at, at)
    return -float(np.log(np.maximum(chance, 1e-300)).sum())


def _fit(table: pd.DataFrame) -> tuple[Interval, Interval, Interval]:
    data = table["served"].to_numpy(), table["gap"].to_numpy(), table["seen"].to_numpy()
    found, errors, _ = likeliest(lambda theta: _likelihood(theta, *data), np.array([-2.0, -1.0, 0.0, -3.0]))
    known = ends(found, np.minimum(errors, 100.0))  # beyond which exp() ends
    # mean of a geometric time of 1, 2, ... days with chance q = 1 / (1 + exp(x)) of staying away each day
    shown = np.array([special.expit(known[:, 0]), special.expit(known[:, 1]), 1.0 + np.exp(known[:, 2])]).tolist()
    served, gave_up, days = (Interval(middle, low, high, len(table)) for middle, low, high in shown)
    return served, gave_up, days


def estimate_repeats(records: CallRecords, hours: Hours) -> Repeats | None:
    """What known customers' calls say on calling again; None if too few customers are known."""
    if "customer" not in records.has:
        return None
    calls = hours.ordinary(records)
    known = calls.assign(day=hours.day(calls))[calls["customer"].notna()]
    table = _gaps(known, len(hours.dates))
    if len(table) < LEAST_CALLS or not 0 < table["served"].mean() < 1:
        return None
    later = known.groupby("customer")["day"].shift(-1) - known["day"]
    follows = later[known["day"] <= len(hours.dates) - 1 - WITHIN_DAYS] if len(hours.dates) > WITHIN_DAYS else later
    hits, n = int((follows <= WITHIN_DAYS).sum()), max(len(follows), 1)
    share = stats.binomtest(hits, n).proportion_ci(CONFIDENCE, method="wilson")
    served, gave_up, days = _fit(table)
    narrow = math.isfinite(gave_up.half_width) and 2 * gave_up.half_width < NARROW and gave_up.low > served.mean
    return Repeats(
        int(known["customer"].nunique()),
        Interval(hits / n, float(share.low), float(share.high), n),
        served,
        gave_up,
        days,
        bool(narrow and days.high < min(2.0 * days.low, len(hours.dates))),
    )
