"""Born so or turned on a day: when an outcome is measured, and how long until turning pays.

An organisation born with its chart is compared over the measured days of a run. One that is turned on a day runs as the
baseline until then; its outcome is told by horizon, over the year that ends so many years after the turn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from simsvc.errors import InputError, check_range
from simsvc.model.rows import MONEY
from simsvc.organization import ServiceOrganization
from simsvc.runs.horizon import HORIZONS, reached
from simsvc.runs.metrics import measured, summary
from simsvc.runs.statistics import interval
from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.scenario.settings import Scenario
from simsvc.scenario.structure import Structure
from simsvc.scenario.timeline import Change
from simsvc.show.numbers import listed

MOST_DAYS = 100_000
"""Working days of a run at most."""
LEAST = 2
"""Years after the turn that a run reaches unless its days are given."""
STEP = 10
"""Days between points of the cumulated profit."""


def days_run(scenario: Scenario, days: int | None, turn_on: int | None) -> int:
    """Working days of each run: those given, or the scenario's and as many as a turn needs.

    Raises:
        InputError: if there are too few of them for an outcome after the turn.
    """
    if days is None:
        days = max(scenario.run.days, 0 if turn_on is None else min(turn_on + LEAST * DAYS_PER_YEAR, MOST_DAYS))
    check_range("days", days, 1, MOST_DAYS)
    if turn_on is not None and (turn_on < 1 or not reached(turn_on, days)):
        last = days - DAYS_PER_YEAR
        raise InputError(
            f"turn_on = {turn_on}: allowed is 1 to {last}, a year before the end of {days} days" if last > 0 else
            f"turn_on = {turn_on}: {days} days are too few; the first outcome is told a year after the turn"
        )  # fmt: skip
    return days


def outcome_days(days: pd.DataFrame, settling: float, turn_on: int | None) -> pd.DataFrame:
    """Rows of the days over which an outcome is measured, see `phrase`."""
    if turn_on is None:
        return pd.DataFrame(measured(days, settling))
    end = turn_on + reached(turn_on, len(days))[-1] * DAYS_PER_YEAR
    return days.iloc[end - DAYS_PER_YEAR : end]


def turned_on(scenario: Scenario, baseline: Structure, chart: Structure, day: int) -> Scenario:
    """The scenario run under the baseline until a day, and under another chart from then on."""
    old = baseline.model_dump()
    new = {f"structure.{lever}": value for lever, value in chart.model_dump().items() if value != old[lever]}
    dates = (
        (*scenario.timeline, Change.model_validate({"day": day, "set": new, "note": "turned"}))
        if new
        else scenario.timeline
    )
    return scenario.model_copy(update={"structure": baseline, "timeline": dates})


def by_horizon(model: ServiceOrganization, days: int, turn_on: int) -> dict[int, dict[str, float]]:
    """A drive: all days; gives the metrics of the year that ends at each horizon."""
    model.advance(days)
    ends = {years: turn_on + years * DAYS_PER_YEAR for years in reached(turn_on, days)}
    return {years: summary(model.state.days[end - DAYS_PER_YEAR : end], 0.0, model) for years, end in ends.items()}


def cumulated_profit(rows: Any, turn_on: int) -> Any:
    """Profit from a day on, money, cumulated over `STEP`, twice `STEP` ... days.

    Args:
        rows: days, with the columns of `simsvc.model.rows.MONEY`.
        turn_on: first day that counts.
    """
    daily = np.asarray(rows["revenue"] - sum(rows[name] for name in MONEY if name != "revenue"), float)[turn_on:] / 100
    return np.cumsum(daily)[STEP - 1 :: STEP]


def stays_above(gains: Any) -> float:
    """Years from which on a cumulated gain, every `STEP` days, stays above zero; infinite if it is not at the end."""
    below = np.flatnonzero(np.asarray(gains) <= 0)
    if len(below) and below[-1] == len(gains) - 1:
        return math.inf
    return (float(below[-1]) + 1 if len(below) else 0.0) * STEP / DAYS_PER_YEAR


def pays_after(gains: Any) -> dict[str, float]:
    """Years until the mean cumulated gain stays above zero, and the interval in which that may happen.

    The ends are where the upper and the lower end of the 95 % interval of the cumulated gain stay above zero; unlike
    resampled pairs, they keep to what they promise with few pairs. Infinite: not within the run; NaN: a single pair.

    Args:
        gains: float (pairs, points), every `STEP` days from the turn on.
    """
    found = [interval(column) for column in np.asarray(gains, float).T]
    mean, low, high = (stays_above([getattr(one, end) for one in found]) for end in ("mean", "high", "low"))
    return (
        {"mean": mean, "low": low, "high": high}
        if len(gains) > 1
        else dict.fromkeys(("low", "high"), math.nan) | {"mean": mean}
    )


def pays_words(found: Mapping[str, float], days: int, turn_on: int) -> str:
    """How long until turning pays, as a clause."""
    within = f"within the {(days - turn_on) / DAYS_PER_YEAR:.1f} years run"
    low, high = found["low"], found["high"]
    if not math.isfinite(low) and not math.isnan(low):
        return f"it has not paid {within}"
    ends = "" if math.isnan(low) else f" [{low:.1f}, {f'{high:.1f}' if math.isfinite(high) else f'not {within}'}]"
    if not math.isfinite(found["mean"]):
        return f"it has not paid {within}, or that cannot be told{ends}"
    return f"it has paid for good after {found['mean']:.1f} years{ends}"


def turning_words(pays: Mapping[str, Mapping[str, float]], days: int, turn_on: int) -> list[str]:
    """How long until turning pays under each structure, and which horizons are not reached, a sentence each."""
    told = [f"'{name}', turned on day {turn_on}: {pays_words(found, days, turn_on)}." for name, found in pays.items()]
    if beyond := [years for years in HORIZONS if years not in reached(turn_on, days)]:
        with_all = f"all with days = {turn_on + beyond[-1] * DAYS_PER_YEAR}"
        told.append(f"Not reached within {days} days: {listed(map(str, beyond))} years after the turn ({with_all}).")
    return told


def gains_of(profits: pd.DataFrame, structure: str, baseline: str) -> pd.DataFrame:
    """Cumulated profit less that of the baseline: one row per pair, one column per day since the turn.

    Args:
        profits: columns structure, replication, day, profit.
        structure: turned.
        baseline: never turned.
    """
    wide = {
        name: mine.pivot(index="replication", columns="day", values="profit")
        for name, mine in profits.groupby("structure")
    }
    difference: pd.DataFrame = (wide[structure] - wide[baseline]).dropna()
    return difference
