"""How long callers wait before they give up: what the waits of those who were served hide is accounted for."""

from __future__ import annotations

import itertools
import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from simsvc.calibration.calls.intervals import ends, likeliest, poisson, ratio
from simsvc.calibration.calls.opening_hours import Hours
from simsvc.calibration.calls.reading import UNREADABLE_SHARE
from simsvc.calibration.calls.records import CallRecords
from simsvc.errors import InputError
from simsvc.runs.statistics import CONFIDENCE, Interval

LEAST_EVENTS = 20
LONGEST_HAZARD = 10.0
"""Minutes up to which hazards are shown."""
FINE_SECONDS = 5.0


@dataclass(frozen=True)
class Patience:
    """Patience from waits that ended by giving up (seen) or by being served (hidden beyond); minutes.

    Attributes:
        mean: of the exponential distribution: total waiting over the number who gave up, with its exact interval.
        hidden: minutes of each wait that `mean` and `by_day` leave out, since the file does not tell who waited so
            long; exponential patience has no memory, so what comes later tells the same. 0 for exact waits.
        by_day: the same with an interval that allows for days on which people are more or less patient.
        gave_up: number who gave up after waiting.
        waited: number who waited at all.
        median: of Kaplan-Meier's curve, with its interval; NaN where the curve, or its band, does not come down to a
            half.
        survival: Kaplan-Meier: `minutes`, share still patient `survival` with `low`, `high` (95 %, log-log).
        hazard: by interval of waiting time: `start`, `end` (min), `per_minute` rate of giving up with `low`, `high`,
            and how many were `at_risk` at its start.
        fits: by distribution: `shape` and `scale` with intervals, its `median`, `log_likelihood` and `aic`.
    """

    mean: Interval
    hidden: float
    by_day: Interval
    gave_up: int
    waited: int
    median: Interval
    survival: pd.DataFrame
    hazard: pd.DataFrame
    fits: pd.DataFrame

    @property
    def median_told(self) -> str:
        """How the median is known: by the curve or not, and what the best distribution (least AIC) says."""
        best: Any = self.fits.iloc[int(self.fits["aic"].argmin())]
        last = self.survival.iloc[-1]
        beyond = ", extrapolated" if best["median"] > last["minutes"] else ""
        told = f"fitted ({best['distribution']}, which fits best): {best['median']:.2f}{beyond}"
        if math.isfinite(self.median.mean):
            return f"Kaplan-Meier; {told}"
        left = f"after {last['minutes']:.2f} min {last['survival']:.2f} would still wait"
        return f"not reached: {left} (Kaplan-Meier); {told}"


def exponential_mean(waits: Any, gave_up: Any) -> Interval:
    """Mean patience if it is exponential: total waiting over the number who gave up (Epstein & Sobel 1953).

    Args:
        waits: time waited, float (n,), served or not.
        gave_up: bool (n,).

    Returns:
        The estimate with its 95 % chi-squared interval; infinite if nobody gave up.
    """
    total, events = float(np.sum(waits)), int(np.sum(gave_up))
    if events == 0:
        return Interval(math.inf, math.nan, math.nan, 0)
    tail = (1.0 - CONFIDENCE) / 2.0
    low = 2.0 * total / float(stats.chi2.ppf(1.0 - tail, 2 * events))
    high = 2.0 * total / float(stats.chi2.ppf(tail, 2 * events))
    return Interval(total / events, low, high, events)


def kaplan_meier(waits: Any, gave_up: Any) -> pd.DataFrame:
    """Share of callers still patient after each time at which somebody gave up (Kaplan & Meier 1958).

    Args:
        waits: minutes, float (n,).
        gave_up: bool (n,).
    """
    data = stats.CensoredData.right_censored(np.asarray(waits, float), ~np.asarray(gave_up, bool))
    found = stats.ecdf(data).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # there is no band before the first and after the last
        band: Any = found.confidence_interval(CONFIDENCE, method="log-log")
    ends = {"low": band.low.probabilities, "high": band.high.probabilities}
    return pd.DataFrame({"minutes": found.quantiles, "survival": found.probabilities, **ends})


def median(curve: pd.DataFrame) -> Interval:
    """When half would have given up, with the interval in which the band of the curve holds a half.

    Args:
        curve: as from `kaplan_meier`; what it does not reach is NaN.
    """

    def reached(name: str) -> float:
        below = curve["minutes"][curve[name] <= 0.5]
        return float(below.iloc[0]) if len(below) else math.nan

    return Interval(reached("survival"), reached("low"), reached("high"), len(curve))


def hazards(waits: Any, gave_up: Any, edges: Any) -> pd.DataFrame:
    """Rate of giving up by time waited so far, piecewise constant, with exact Poisson intervals.

    Args:
        waits: minutes, float (n,).
        gave_up: bool (n,).
        edges: minutes, ascending, float (intervals + 1,).
    """
    rows = []
    for start, end in itertools.pairwise(edges):
        exposure = float(np.clip(waits - start, 0.0, end - start).sum())
        events = int(np.sum(gave_up & (waits > start) & (waits <= end)))
        if exposure <= 0:
            break
        low, high = poisson(events)
        at_risk = int(np.sum(waits > start))
        rows.append((start, end, events / exposure, low / exposure, high / exposure, at_risk))
    return pd.DataFrame(rows, columns=["start", "end", "per_minute", "low", "high", "at_risk"])


def hazard_edges(unit: float = 0.0) -> Any:
    """Five-second steps for two minutes, where announcements show, then half minutes; minutes.

    Args:
        unit: seconds of which waits are multiples; steps are no finer.
    """
    if unit > FINE_SECONDS:
        return np.arange(0.0, LONGEST_HAZARD + unit / 60.0, unit / 60.0)
    fine = np.arange(0.0, 2.0, FINE_SECONDS / 60.0)
    return np.concatenate([fine, np.arange(2.0, LONGEST_HAZARD + 0.25, 0.5)])


FAMILIES: dict[str, Any] = {"exponential": stats.expon, "weibull": stats.weibull_min, "lognormal": stats.lognorm}


def fit_family(name: str, waits: Any, gave_up: Any) -> dict[str, Any]:
    """Fit a distribution of patience to censored waits by maximum likelihood.

    The `fit` of a distribution in SciPy finds the same parameters, but neither errors nor likelihood.

    Args:
        name: of `FAMILIES`: `exponential`, `weibull` (shape 1 is exponential) or `lognormal` (shape is the deviation
            of the logarithm, scale the median).
        waits: minutes, above 0, float (n,).
        gave_up: bool (n,).

    Returns:
        `shape`, `scale` (minutes), their 95 % intervals, `median`, `log_likelihood` and `aic`.
    """
    family, free = FAMILIES[name], FAMILIES[name].numargs + 1

    def fitted(theta: Any) -> Any:
        *shape, scale = np.exp(np.clip(theta, -30.0, 30.0))
        return family(*shape, scale=scale)

    def minus(theta: Any) -> float:
        patience = fitted(theta)
        value = -float(patience.logpdf(waits[gave_up]).sum() + patience.logsf(waits[~gave_up]).sum())
        return value if math.isfinite(value) else 1e300

    start = [0.0] * family.numargs + [math.log(exponential_mean(waits, gave_up).mean)]
    found, errors, likelihood = likeliest(minus, np.array(start))
    known = np.ones((2, 3))  # of shape and scale; the exponential distribution has no shape
    known[-free:] = np.exp(ends(found, errors)).T
    shown = {
        f"{what}{end}": value
        for what, values in zip(("shape", "scale"), known.tolist(), strict=True)
        for end, value in zip(("", "_low", "_high"), values, strict=True)
    }
    told = {"median": float(fitted(found).median()), "log_likelihood": likelihood, "aic": 2.0 * (free - likelihood)}
    return {"distribution": name, **shown, **told}


def estimate_patience(records: CallRecords, hours: Hours) -> Patience | None:
    """Patience of those who queued on ordinary days; None if the records do not tell it.

    They do not if hardly anybody gave up, or late enough to be told, or if the file lacks the waits of many of them:
    those it has may be other ones.

    Raises:
        InputError: if nobody ever waits.
    """
    calls = hours.ordinary(records)
    calls = calls[calls["wait"] > 0]
    if records.waits_unknown > UNREADABLE_SHARE:
        return None
    if calls.empty:
        raise InputError(
            f"{records.source or 'records'}: all waits are 0; is the column of the wait right? see --column"
        )
    waits = calls["wait"].to_numpy() / 60.0
    gave_up = ~calls["served"].to_numpy()
    hidden = records.wait_hidden / 60.0
    longer = waits > hidden
    later, lost = waits[longer] - hidden, gave_up[longer]
    if lost.sum() < LEAST_EVENTS:
        return None
    mean = exponential_mean(later, lost)
    daily = pd.DataFrame({"waits": later, "gave_up": lost}).groupby(calls["date"].to_numpy()[longer]).sum()
    curve = kaplan_meier(waits, gave_up)
    return Patience(
        mean,
        hidden,
        ratio(daily.to_numpy(float)),
        int(gave_up.sum()),
        len(waits),
        median(curve),
        curve,
        hazards(waits, gave_up, hazard_edges(records.wait_unit)),
        pd.DataFrame([fit_family(name, waits, gave_up) for name in FAMILIES]),
    )
