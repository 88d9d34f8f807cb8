"""How long calls take: the distribution of service times, by kind of call and by agent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from simsvc.calibration.calls.intervals import NORMAL, jackknife, ratio
from simsvc.calibration.calls.opening_hours import Hours
from simsvc.calibration.calls.records import DROP_SECONDS, CallRecords
from simsvc.errors import InputError
from simsvc.runs.statistics import CONFIDENCE, Interval

LEAST_CALLS = 30
"""Services of an agent or of a kind of call from which on they are shown apart."""


@dataclass(frozen=True)
class Spread:
    """Differences between agents in the logarithm of service time, beside the kind of call.

    Attributes:
        sigma: standard deviation between agents, with its 95 % interval.
        within: standard deviation between the calls of an agent.
        agents: one row per agent: `agent`, `calls`, `ratio` of its mean log time to the average (as a factor on
            time), and `shrunk`, drawn towards 1 by as much as chance may have made it differ, with `low`, `high`.
    """

    sigma: Interval
    within: float
    agents: pd.DataFrame


@dataclass(frozen=True)
class ServiceTimes:
    """Service times without technical drops; minutes.

    Attributes:
        minutes: float (n,), sorted.
        mean: with its interval.
        work: mean over all services, drops included: what a call costs on average.
        cv: coefficient of variation.
        log_mean: mean of the logarithm of minutes.
        log_sd: its standard deviation.
        drops: share of services that were technical drops.
        fits: one row per distribution, lognormal and exponential: `ks`, the largest distance between the
            distributions (Kolmogorov-Smirnov), and `aic`, less is better.
        types: one row per kind of call: `type`, `calls`, `mean` with `low`, `high`, `median`, `log_sd`.
        by_time: one row per part of the day: `hour`, `mean` of all services with `low`, `high`, and `ratio` to the mean
            of the day, drawn towards 1 by as much as chance may have made it differ.
        spread: differences between agents; None if the records name none.
    """

    minutes: Any
    mean: Interval
    work: Interval
    cv: Interval
    log_mean: float
    log_sd: Interval
    drops: float
    fits: pd.DataFrame
    types: pd.DataFrame
    by_time: pd.DataFrame
    spread: Spread | None

    @property
    def lognormal(self) -> bool:
        """Whether the lognormal distribution fits better than the exponential."""
        aic = self.fits.set_index("distribution")["aic"]
        return bool(aic["lognormal"] < aic["exponential"])


def _sums(calls: pd.DataFrame) -> Any:
    """Per day: number, sum and sum of squares of minutes and of their logarithm, float (days, 5)."""
    minutes = calls["service"] / 60.0
    logs = np.log(minutes)
    parts = pd.DataFrame({"n": 1.0, "x": minutes, "xx": minutes**2, "l": logs, "ll": logs**2, "date": calls["date"]})
    return parts.groupby("date").sum().to_numpy()


def _sd(n: float, total: float, squares: float) -> float:
    return math.sqrt(max(squares - total * total / n, 0.0) / max(n - 1.0, 1.0)) if n > 1 else math.nan


def _fits(minutes: Any, log_mean: float, log_sd: float) -> pd.DataFrame:
    lognormal = stats.lognorm(s=log_sd, scale=math.exp(log_mean))
    exponential = stats.expon(scale=float(minutes.mean()))
    rows = []
    for name, fitted, free in (("lognormal", lognormal, 2), ("exponential", exponential, 1)):
        ks = float(stats.kstest(minutes, fitted.cdf).statistic)
        rows.append((name, ks, 2.0 * free - 2.0 * float(fitted.logpdf(minutes).sum())))
    return pd.DataFrame(rows, columns=["distribution", "ks", "aic"])


def agents_spread(calls: pd.DataFrame) -> Spread | None:
    """Differences between agents: a random effect in log service time (analysis of variance, unbalanced).

    Args:
        calls: served, without drops: `service` (s), `agent`, `type`.

    Returns:
        None if fewer than two agents have enough calls.
    """
    known = calls[calls["agent"].notna()]
    logs = np.log(known["service"])
    kinds = known["type"].astype(object).where(known["type"].notna(), "")
    rest = logs - logs.groupby(kinds).transform("mean")
    groups = rest.groupby(known["agent"])
    n, mean = groups.size(), groups.mean()
    kept = n.index[n >= LEAST_CALLS]
    if len(kept) < 2:
        return None
    n, mean = n[kept], mean[kept]
    rest = rest[known["agent"].isin(kept)]
    total, k = float(n.sum()), len(n)
    centre = float((n * mean).sum()) / total
    inside = float(((rest - known["agent"].map(mean)[rest.index]) ** 2).sum()) / (total - k)
    between = float((n * (mean - centre) ** 2).sum()) / (k - 1)
    typical = (total - float((n**2).sum()) / total) / (k - 1)

    def variance(ratio: float) -> float:
        return max(inside * (ratio - 1.0) / typical, 0.0)

    f = between / inside
    # exact for equal numbers of calls, close for unequal ones (Thomas & Hultquist 1978)
    low = variance(f / float(stats.f.ppf(0.5 + CONFIDENCE / 2, k - 1, total - k)))
    high = variance(f / float(stats.f.ppf(0.5 - CONFIDENCE / 2, k - 1, total - k)))
    sigma = Interval(math.sqrt(variance(f)), math.sqrt(low), math.sqrt(high), k)
    effect = mean - float(mean.mean())
    weight = sigma.mean**2 / (sigma.mean**2 + inside / n)
    error = np.sqrt(np.maximum(sigma.mean**2 * (1.0 - weight), 1e-12))
    table = pd.DataFrame(
        {
            "agent": kept,
            "calls": n.to_numpy(),
            "ratio": np.exp(effect).to_numpy(),
            "shrunk": np.exp(weight * effect).to_numpy(),
            "low": np.exp(weight * effect - NORMAL * error).to_numpy(),
            "high": np.exp(weight * effect + NORMAL * error).to_numpy(),
        }
    )
    return Spread(sigma, math.sqrt(inside), table.sort_values("shrunk").reset_index(drop=True))


def _by_time(calls: pd.DataFrame, hours: Hours) -> pd.DataFrame:
    """Mean service time by the part of the day in which the call came, drops included."""
    sums = hours.sums(calls, calls["service"] / 60.0, 1.0)
    overall = float(sums[..., 0].sum() / sums[..., 1].sum())
    means = [ratio(sums[:, k]) for k in range(hours.slots)]
    value = np.array([found.mean for found in means])
    reach = stats.t.ppf(0.5 + CONFIDENCE / 2, max(len(hours.dates) - 1, 1))
    error = np.array([found.half_width / reach for found in means])
    known = np.isfinite(value) & np.isfinite(error)
    between = max(float(np.mean((value[known] - overall) ** 2 - error[known] ** 2)), 0.0) if known.any() else 0.0
    weight = between / (between + np.where(known, error, np.inf) ** 2) if between > 0 else np.zeros(len(value))
    ratios = 1.0 + weight * (np.where(known, value, overall) / overall - 1.0)
    ends = {"low": [found.low for found in means], "high": [found.high for found in means]}
    return pd.DataFrame({"hour": hours.starts, "mean": value, **ends, "ratio": ratios})


def estimate_service(records: CallRecords, hours: Hours) -> ServiceTimes | None:
    """The distribution of service times on ordinary days; None if the records have none.

    Raises:
        InputError: if there are too few services.
    """
    if "service_time" not in records.has:
        return None
    calls = records.calls[hours.ordinary(records.calls) & records.calls["served"].to_numpy()]
    calls = calls[calls["service"].notna()]
    real = calls[calls["service"] >= DROP_SECONDS]
    if len(real) < LEAST_CALLS:
        raise InputError(
            f"{records.source or 'records'}: {len(real)} services of {DROP_SECONDS:g} s or more; at least "
            f"{LEAST_CALLS} are needed (is the unit of the service time right? see --layout)"
        )
    sums = _sums(real)
    log_mean = float(sums[:, 3].sum() / sums[:, 0].sum())
    log_sd = jackknife(lambda t: _sd(t[0], t[3], t[4]), sums)
    minutes = np.sort(real["service"].to_numpy() / 60.0)
    everything = calls.groupby("date")["service"].agg(["sum", "size"]).to_numpy(dtype=float) / [60.0, 1.0]
    rows = []
    for kind, some in real.groupby("type") if "type" in records.has else ():
        if len(some) >= LEAST_CALLS:
            own = _sums(some)
            mean = ratio(own[:, [1, 0]])
            middle = float(some["service"].median()) / 60.0
            rows.append((kind, len(some), mean.mean, mean.low, mean.high, middle, _sd(*own.sum(axis=0)[[0, 3, 4]])))
    types = pd.DataFrame(rows, columns=["type", "calls", "mean", "low", "high", "median", "log_sd"])
    return ServiceTimes(
        minutes,
        ratio(sums[:, [1, 0]]),
        ratio(everything),
        jackknife(lambda t: _sd(*t[:3]) / float(t[1] / t[0]), sums),
        log_mean,
        log_sd,
        1.0 - len(real) / len(calls),
        _fits(minutes, log_mean, log_sd.mean),
        types.sort_values("calls", ascending=False).reset_index(drop=True),
        _by_time(calls, hours),
        agents_spread(real) if "agent" in records.has else None,
    )
