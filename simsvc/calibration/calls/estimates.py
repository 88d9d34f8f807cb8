"""What call records say of a call centre: every estimate with its interval, in one place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from simsvc.calibration.calls.arrivals import Arrivals, estimate_arrivals
from simsvc.calibration.calls.intervals import ratio
from simsvc.calibration.calls.opening_hours import Hours
from simsvc.calibration.calls.patience import Patience, estimate_patience
from simsvc.calibration.calls.records import CallRecords
from simsvc.calibration.calls.repeat_calls import WITHIN_DAYS, Repeats, estimate_repeats
from simsvc.calibration.calls.service_times import ServiceTimes, estimate_service
from simsvc.calibration.calls.staffing import Staffing, estimate_staffing
from simsvc.runs.statistics import Interval

SOON = 20.0
"""Seconds within which the service level of the estimates counts."""


@dataclass(frozen=True)
class CallEstimates:
    """Everything estimated from call records; None where the records say nothing.

    Attributes:
        records: they were estimated from.
        hours: ordinary days and hours.
        arrivals: of calls.
        service: service times.
        patience: of those who wait.
        repeats: of known customers.
        staffing: agents on duty.
        wait: mean wait of all who queued or were served, min.
        waits: share of them that waited at all.
        abandonment: share of them that gave up.
        in_time: share of them that was served after at most `SOON` seconds.
    """

    records: CallRecords
    hours: Hours
    arrivals: Arrivals
    service: ServiceTimes | None
    patience: Patience | None
    repeats: Repeats | None
    staffing: Staffing | None
    wait: Interval
    waits: Interval
    abandonment: Interval
    in_time: Interval

    @property
    def notes(self) -> list[str]:
        """Everything that one should know of records and days, each a sentence."""
        return [*self.records.told(), *self.hours.left_out]

    def table(self) -> pd.DataFrame:
        """Estimates for people: `quantity`, `value`, `low`, `high`, `unit`, `remark`."""
        rows: list[tuple[Any, ...]] = []

        def add(quantity: str, found: Interval | float, unit: str, remark: str = "", scale: float = 1.0) -> None:
            value, *ends = (found.mean, found.low, found.high) if isinstance(found, Interval) else (found, nan, nan)
            rows.append((quantity, value * scale, *(end * scale for end in ends), unit, remark))

        nan, a = math.nan, self.arrivals
        add("calls", a.per_day, "a day", f"{len(self.hours.dates)} ordinary days")
        add("variance of counts over Poisson's", a.cells.index, "ratio", _judged(a.cells.p))
        add("the same, of whole days", a.totals.index, "ratio", _judged(a.totals.p))
        whose = "who queued or were served" if self.records.waits_unknown == 0 else "whose wait is known"
        add("mean wait", self.wait, "s", f"of all {whose}", 60.0)
        guessed = "rough: short waits are inferred" if self.records.wait_hidden else ""
        add("calls that wait", self.waits, "%", guessed, 100.0)
        add("calls that give up", self.abandonment, "%", "", 100.0)
        add(f"calls served within {SOON:g} s", self.in_time, "%", "service level; another one: --staff", 100.0)
        if s := self.service:
            told = f"without {100 * s.drops:.1f} % technical drops; {s.work.mean:.2f} with them"
            add("service time", s.mean, "min", told)
            better = "lognormal" if s.lognormal else "exponential"
            distances = ", ".join(f"{d} {k:.3f}" for d, k in zip(s.fits["distribution"], s.fits["ks"], strict=True))
            add("its coefficient of variation", s.cv, "ratio", f"{better} fits better; distance: {distances}")
            means = s.by_time["mean"]
            add("service time by time of day", means.max() / means.min(), "longest / shortest")
            if s.spread:
                remark = f"{len(s.spread.agents)} agents; calls of one agent: {s.spread.within:.2f}"
                add("agents' differences", s.spread.sigma, "sd of log time", remark)
        if p := self.patience:
            after = f", by waiting beyond {60.0 * p.hidden:g} s" if p.hidden else ""
            add("patience", p.mean, "min", f"exponential{after}; {p.gave_up} of {p.waited} who waited gave up")
            add("the same, day by day", p.by_day, "min", "interval that allows for differences between days")
            add("median patience", p.median, "min", p.median_told)
        if t := self.staffing:
            add("agents", t.agents, "a day", "different ones who served")
            add("agents on duty at the peak", t.profile["on_duty"].max(), "agents", "from who served when")
            add("of them available", t.availability, "%", "serving while somebody waits", 100.0)
        if r := self.repeats:
            remark = f"{r.customers} known customers"
            add(f"calls followed by another in {WITHIN_DAYS} days", r.within, "%", remark, 100.0)
        return pd.DataFrame(rows, columns=["quantity", "value", "low", "high", "unit", "remark"])


def _judged(p: float) -> str:
    if not math.isfinite(p):
        return "too few days to tell"
    if p < 0.05:
        return f"more than chance (p {'< 0.001' if p < 0.001 else f'= {p:.3f}'})"
    return f"as by chance (p = {p:.2f})"


def estimate_calls(records: CallRecords, hours: Hours) -> CallEstimates:
    """Estimate everything that call records tell of ordinary days, see `ordinary_hours`.

    Raises:
        InputError: if the records are too few, or their columns hold something else.
    """
    calls = hours.ordinary(records)
    soon = calls["served"] & (calls["wait"] <= SOON)
    known, waited = calls["wait"].notna(), (calls["wait"] > 0) | ~calls["served"]
    daily = hours.sums(calls, 1.0, calls["wait"].fillna(0.0) / 60.0, waited, ~calls["served"], known, soon).sum(axis=1)
    return CallEstimates(
        records,
        hours,
        estimate_arrivals(records, hours),
        estimate_service(records, hours),
        estimate_patience(records, hours),
        estimate_repeats(records, hours),
        estimate_staffing(records, hours),
        ratio(daily[:, [1, 4]]),
        ratio(daily[:, [2, 0]], 1.0),
        ratio(daily[:, [3, 0]], 1.0),
        ratio(daily[:, [5, 0]], 1.0),
    )
