"""Waits and abandonment by time of day: observed, simulated, and by the queueing formulas."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import astuple
from typing import Any

import numpy as np
import pandas as pd

from simsvc.calibration.calls.estimates import CallEstimates
from simsvc.calibration.calls.intervals import in_columns, ratio
from simsvc.calibration.calls.opening_hours import Hours
from simsvc.calibration.calls.records import CallRecords
from simsvc.errors import InputError
from simsvc.evidence.queueing import CUSTOMERS, QueueAnswer, erlang_a, erlang_c, without_behaviour
from simsvc.model.rows import ABANDONED, SILENT_LOSS, TURNED_AWAY
from simsvc.organization import ServiceOrganization
from simsvc.runs.order import Order
from simsvc.runs.perform import simulate
from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.scenario.loading import changed, with_days
from simsvc.scenario.settings import Scenario

MEASURES = {"mean_wait": "s", "p_wait": "share", "p_abandon": "share"}
"""What is compared, with its unit: mean wait of all calls, calls that wait, calls that give up."""


def observed_by_time(records: CallRecords, hours: Hours) -> pd.DataFrame:
    """Observed measures by part of the day, with intervals from day to day.

    Returns:
        One row per part: `hour`, `calls` a day, and `mean_wait` (s), `p_wait`, `p_abandon`, each with `_low`, `_high`.
        The last row, `hour` NaN, is the whole day.
    """
    calls = hours.ordinary(records)
    calls = calls[calls["wait"].notna()]
    sums = hours.sums(calls, 1.0, calls["wait"], calls["wait"] > 0, ~calls["served"])
    parts = [*sums.swapaxes(0, 1), sums.sum(axis=1)]
    days = np.append((~hours.disturbed).sum(axis=0), len(hours.dates))
    per_day = np.array([some[:, 0].sum() for some in parts]) / np.maximum(days, 1)
    table = pd.DataFrame({"hour": np.append(hours.starts, math.nan), "calls": per_day})
    for number, name in enumerate(MEASURES, 1):
        found = [ratio(some[:, [number, 0]]) for some in parts]
        table[[name, f"{name}_low", f"{name}_high"]] = pd.DataFrame(in_columns(found, name))
    return table


def queue_of(rates: Any, servers: Any, work: Any, cv: float, patience: float, slot_minutes: float) -> Scenario:
    """The queue that is left of a call centre without behaviour: arrivals and staff by time of day.

    Args:
        rates: calls an hour by part of the day, float (slots,).
        servers: available agents by part of the day, float (slots,); broken numbers are met in the mean over days.
        work: mean service time by part of the day, min, float (slots,).
        cv: its coefficient of variation, lognormal; 0: exponential.
        patience: mean, min; infinite if nobody gives up.
        slot_minutes: length of a part of the day.
    """
    mean = float(np.average(work, weights=rates)) if np.sum(rates) > 0 else float(np.mean(work))
    minutes = slot_minutes * len(rates)
    people = max(math.ceil(float(np.max(servers))), 1)
    daily = float(np.sum(rates)) * slot_minutes / 60.0
    values: dict[str, Any] = {
        "demand.contacts_per_year": daily * DAYS_PER_YEAR / CUSTOMERS,
        "demand.profile": tuple(float(rate) for rate in rates),
        "demand.patience": min(patience, 1e9),
        "workforce.frontline": people,
        "workforce.shift_profile": tuple(min(float(n) / people, 1.0) for n in servers),
        "operations.open_minutes": minutes,
        "operations.continuous": False,
        "operations.service_minutes": mean,
        "operations.service_profile": tuple(float(minutes) / mean for minutes in work),
        "operations.distribution": "lognormal" if cv > 0 else "exponential",
    }
    if cv > 0:
        values["operations.service_cv"] = cv
    return changed(without_behaviour(daily / minutes * 60.0, {}), values)


def counting_waits(scenario: Scenario, slots: int, days: int, first: int = 5, seed: int = 1) -> Order:
    """A run that sums up by part of the day: calls, seconds waited, calls that waited, calls given up.

    Args:
        scenario: to run, with its own structure.
        slots: parts of the day.
        days: counted.
        first: days before them.
        seed: of the run.

    Returns:
        An order that brings back float (slots, 4), per day.
    """
    return Order(with_days(scenario, first + days), seed, drive=functools.partial(_waits, slots, first))


def _waits(slots: int, first: int, model: ServiceOrganization, days: int) -> Any:
    minutes = model.settings.operations.open_minutes
    sums = np.zeros((slots, 4))

    def count(model: ServiceOrganization) -> None:
        """Count waits by the time of the call."""
        rows = model.state.ended[: model.state.organisation["ended"][0]]
        cases = model.state.cases[rows]
        cases = cases[cases["outcome"] != SILENT_LOSS]
        part = np.minimum((cases["contact_at"] % minutes / minutes * slots).astype(int), slots - 1)
        judged = cases["outcome"] != TURNED_AWAY
        wait = np.where(judged, cases["waited"], 0.0)
        np.add.at(sums[:, 0], part[judged], 1.0)
        np.add.at(sums[:, 1], part, 60.0 * wait)
        np.add.at(sums[:, 2], part, wait > 0)
        np.add.at(sums[:, 3], part, cases["outcome"] == ABANDONED)

    model.advance(first)
    model.phases.insert("count_waits", count, before="reactions")
    model.advance(days - first)
    return sums / (days - first)


def simulated_by_time(scenario: Scenario, slots: int, days: int, first: int = 5, seed: int = 1) -> Any:
    """What one run of `counting_waits` brings back."""
    return simulate(counting_waits(scenario, slots, days, first, seed)).seen


def measures(sums: Any) -> Mapping[str, Any]:
    """Mean wait (s), share that waits, share that gives up, of sums of calls, seconds, waits and losses (..., 4)."""
    calls = np.maximum(sums[..., 0], 1e-12)
    return {name: sums[..., k] / calls for k, name in enumerate(MEASURES, 1)}


def _between(formula: Any, servers: float) -> QueueAnswer:
    """A formula for a broken number of servers: between those of the whole numbers beside it."""
    below = max(math.floor(servers), 1)
    share = min(max(servers - below, 0.0), 1.0)
    low = formula(below)
    high = formula(below + 1) if share > 0 else low
    mixed = [(1 - share) * a + share * b for a, b in zip(astuple(low), astuple(high), strict=True)]
    return QueueAnswer(*mixed)


def erlang_by_time(rates: Any, servers: Any, work: Any, patience: float) -> pd.DataFrame:
    """Erlang A and C in each part of the day as if it lasted for ever (stationary, independent of the part before).

    Args:
        rates: calls an hour, float (slots,).
        servers: available agents, float (slots,).
        work: mean service time, min, float (slots,).
        patience: mean, min.

    Returns:
        One row per part: `mean_wait` (s), `p_wait`, `p_abandon` of Erlang A; `mean_wait_c`, `p_wait_c` of Erlang C,
        infinite and 1 where more comes than can be served.
    """
    rows = []
    for rate, number, minutes in zip(rates, servers, work, strict=True):
        if rate <= 0:
            rows.append((0.0,) * 5)
            continue
        mu = 60.0 / minutes
        a = _between(functools.partial(erlang_a, rate, mu, patience=60.0 / patience), number)
        try:
            c = _between(functools.partial(erlang_c, rate, mu), number)
            forever = (3600.0 * c.mean_wait, c.p_wait)
        except InputError:
            forever = (math.inf, 1.0)
        rows.append((3600.0 * a.mean_wait, a.p_wait, a.p_abandon, *forever))
    return pd.DataFrame(rows, columns=["mean_wait", "p_wait", "p_abandon", "mean_wait_c", "p_wait_c"])


def rates_servers_work(found: CallEstimates) -> tuple[Any, Any, Any]:
    """Calls an hour, available agents and mean service time (min) by part of the day.

    Raises:
        InputError: if the records do not say who served.
    """
    if found.staffing is None or found.service is None:
        raise InputError("the records do not say which agent served and how long; staff cannot be inferred")
    rates = found.arrivals.profile["calls_per_hour"].to_numpy()
    work = found.service.by_time["ratio"].to_numpy() * found.service.work.mean
    return rates, found.staffing.profile["available"].to_numpy(), work
