"""What call records say of a call centre: every estimate with its interval, in one place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from simsvc.calibration.calls.arrivals import Arrivals, estimate_arrivals
from simsvc.calibration.calls.intervals import ratio
from simsvc.calibration.calls.opening_hours import Hours, ordinary_hours
from simsvc.calibration.calls.patience import Patience, estimate_patience
from simsvc.calibration.calls.records import CallRecords
from simsvc.calibration.calls.repeats import WITHIN_DAYS, Repeats, estimate_repeats
from simsvc.calibration.calls.service import ServiceTimes, estimate_service
from simsvc.calibration.calls.staffing import Staffing, estimate_staffing
from simsvc.runs.statistics import Interval


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

    def table(self) -> pd.DataFrame:
        """Estimates for people: `quantity`, `value`, `low`, `high`, `unit`, `remark`."""
        rows: list[tuple[str, float, float, float, str, str]] = []

        def add(quantity: str, found: Interval, unit: str, remark: str = "", scale: float = 1.0) -> None:
            rows.append((quantity, found.mean * scale, found.low * scale, found.high * scale, unit, remark))

        a = self.arrivals
        add("calls", a.per_day, "a day", f"{len(self.hours.dates)} ordinary days")
        plain = Interval(a.cells.index, math.nan, math.nan, a.cells.freedom)
        add("variance of counts over Poisson's", plain, "ratio", _judged(a.cells.p))
        add("the same, of whole days", Interval(a.totals.index, math.nan, math.nan, 0), "ratio", _judged(a.totals.p))
        add("mean wait", self.wait, "s", "of all who queued or were served", 60.0)
        guessed = "rough: short waits are inferred" if self.records.wait_hidden else ""
        add("calls that wait", self.waits, "%", guessed, 100.0)
        add("calls that give up", self.abandonment, "%", "", 100.0)
        if s := self.service:
            add(
                "service time",
                s.mean,
                "min",
                f"without {100 * s.drops:.1f} % technical drops; {s.work.mean:.2f} with them",
            )
            better = "lognormal" if s.lognormal else "exponential"
            distances = ", ".join(f"{d} {k:.3f}" for d, k in zip(s.fits["distribution"], s.fits["ks"], strict=True))
            add("its coefficient of variation", s.cv, "ratio", f"{better} fits better; distance: {distances}")
            short, long = s.by_time["mean"].min(), s.by_time["mean"].max()
            add("service time by time of day", Interval(long / short, math.nan, math.nan, 0), "longest / shortest")
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
            on_duty = float(t.profile["on_duty"].max())
            add(
                "agents on duty at the peak", Interval(on_duty, math.nan, math.nan, 0), "agents", "from who served when"
            )
            add("of them available", t.availability, "%", "serving while somebody waits", 100.0)
        if r := self.repeats:
            add(
                f"calls followed by another in {WITHIN_DAYS} days",
                r.within,
                "%",
                f"{r.customers} known customers",
                100.0,
            )
        return pd.DataFrame(rows, columns=["quantity", "value", "low", "high", "unit", "remark"])


def _judged(p: float) -> str:
    if not math.isfinite(p):
        return "too few days to tell"
    return (
        f"more than chance (p {'< 0.001' if p < 0.001 else f'= {p:.3f}'})"
        if p < 0.05
        else f"as by chance (p = {p:.2f})"
    )


def estimate_calls(
    records: CallRecords,
    slot_minutes: float = 30.0,
    weekdays: Sequence[int] | None = None,
    open_hours: tuple[float, float] | None = None,
    hours: Hours | None = None,
) -> CallEstimates:
    """Estimate everything that call records tell.

    Args:
        records: of calls.
        slot_minutes: length of the parts of the day in which rates are constant.
        weekdays: numbers of the days to use, Monday 0; those with the usual volume if left out.
        open_hours: from and to, hours since midnight; from the records if left out.
        hours: ordinary days and hours, where they are known already; the three above are not used then.

    Raises:
        InputError: if the records are too few, or their columns hold something else.
    """
    hours = hours or ordinary_hours(records, slot_minutes, weekdays, open_hours)
    calls = records.calls[hours.ordinary(records.calls)]
    daily = hours.sums(calls, 1.0, calls["wait"] / 60.0, calls["wait"] > 0, ~calls["served"]).sum(axis=1)
    return CallEstimates(
        records,
        hours,
        estimate_arrivals(records, hours),
        estimate_service(records, hours),
        estimate_patience(records, hours),
        estimate_repeats(records, hours),
        estimate_staffing(records, hours),
        ratio(daily[:, [1, 0]]),
        ratio(daily[:, [2, 0]], 1.0),
        ratio(daily[:, [3, 0]], 1.0),
    )
