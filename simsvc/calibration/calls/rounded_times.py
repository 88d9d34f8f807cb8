"""Times that a log gives in whole minutes or half minutes: how coarse they are, and what they may have been.

A wait written as 2 lies somewhere from 2 to 3 minutes. Left as it is, half a minute of every wait is lost, and who
gave up within the first minute seems never to have queued. Here every such time is drawn from within its cell, with
a fixed seed, so that everything that is estimated from it needs no other rule. Within a cell the rate at which
times end follows a smooth curve through the cells (the cumulative hazard, interpolated monotonely); with even
spreading times that become rarer within a cell would come out too long.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.interpolate import PchipInterpolator

ROUNDINGS = ("down", "nearest", "up")
"""How a time may have been rounded; `down` unless told."""

_UNITS = (60.0, 30.0, 20.0, 15.0, 12.0, 10.0, 6.0, 5.0)
_LEAST_TIMES = 20
_LEAST_SHARE = 0.99
_FEW = 50
"""Times in a cell or later below which cells share one rate."""
_STEPS = 64
_SEED = 1


def resolution(times: Any) -> float:
    """Seconds of which (nearly) all times are multiples; 0 if they are as good as exact (below 5 s).

    Args:
        times: seconds, float (n,); NaN where unknown.
    """
    some = np.asarray(times, float)
    some = some[some > 0]
    if len(some) < _LEAST_TIMES or len(np.unique(some)) < 2:
        return 0.0
    for unit in _UNITS:
        if float((np.abs(some / unit - np.round(some / unit)) < 1e-6).mean()) >= _LEAST_SHARE:
            return unit
    return 0.0


def first_cell(unit: float, rounding: str) -> float:
    """Seconds up to which a time may have been and yet be written as 0."""
    return {"down": unit, "nearest": unit / 2.0, "up": 0.0}[rounding]


def _cells(times: Any, unit: float, rounding: str) -> tuple[Any, Any]:
    """From where to where each time may lie, seconds."""
    below = {"down": 0.0, "nearest": unit / 2.0, "up": unit}[rounding]
    return np.maximum(times - below, 0.0), np.maximum(times - below, -below) + unit


def _snapped(times: Any, unit: float) -> Any:
    """Times as multiples of the unit: the few that are none, down to the next one."""
    return np.floor(np.asarray(times, float) / unit + 1e-6) * unit


def _draw(low: Any, high: Any, rng: np.random.Generator) -> Any:
    """A time from within each cell, float (n,); cells are equal or do not overlap."""
    if not len(low):
        return np.empty(0)
    starts, cell, counts = np.unique(low, return_inverse=True, return_counts=True)
    ends = np.array([high[low == start][0] for start in starts])
    there = counts[::-1].cumsum()[::-1].astype(float)  # at the start of each cell
    left = 1.0 - counts / there
    few = there < _FEW
    few[-1] = True  # after the last cell nobody is left: it goes on at the rate of those before it
    sparse = max(1.0 - counts[few].sum() / there[few].sum(), 0.5 / there[few].sum())
    rates = np.where(few, -np.log(sparse), -np.log(np.maximum(left, 1e-12)))
    knots = np.unique(np.concatenate([starts, ends]))
    steps = np.zeros(len(knots))
    steps[np.searchsorted(knots, ends)] = rates
    hazard = PchipInterpolator(knots, steps.cumsum())
    u = rng.random(len(low))
    result = np.empty(len(low))
    for k, (start, end) in enumerate(zip(starts, ends, strict=True)):
        grid = np.linspace(start, end, _STEPS + 1)
        gone = -np.expm1(-(hazard(grid) - hazard(start)))
        mine = cell == k
        result[mine] = np.interp(u[mine] * gone[-1], gone, grid)
    return result


def spread_services(times: Any, unit: float, rounding: str) -> Any:
    """Service times drawn from within their cells.

    Args:
        times: seconds, float (n,).
        unit: seconds of which they are multiples.
        rounding: see `ROUNDINGS`.
    """
    return _draw(*_cells(_snapped(times, unit), unit, rounding), np.random.default_rng(_SEED))


def _at_once(served: int, lost: int, later: int, rate: float, width: float) -> int:
    """Of those served in the first cell, how many did not wait: as many as make the others give up at the usual rate.

    Args:
        served: in the first cell.
        lost: who gave up in it.
        later: who waited longer.
        rate: at which those who waited longer gave up, per second.
        width: of the cell, s.
    """
    waited = np.arange(served + 1.0)
    beyond = max(later, 0.5)
    there = beyond + np.maximum(waited + lost, 1e-9)
    exposure = width * (there - beyond) / np.log(there / beyond)
    return served - min(int(np.searchsorted(exposure, lost / rate)), served)


def spread_waits(times: Any, gave_up: Any, hours: Any, unit: float, rounding: str) -> Any:
    """Waits drawn from within their cells; 0 for those who were served at once.

    A wait of 0 may be none, or one of less than the unit. Who gave up has waited. Of those who were served
    as many have waited as make the others give up as often for each minute waited as those do who wait longer; this
    is told apart by the hour of the day, as who is served at once is.

    Args:
        times: seconds, float (n,).
        gave_up: bool (n,).
        hours: hour of the day, int (n,).
        unit: seconds of which they are multiples.
        rounding: see `ROUNDINGS`.
    """
    times, gave_up, hours = _snapped(times, unit), np.asarray(gave_up, bool), np.asarray(hours)
    rng = np.random.default_rng(_SEED)
    low, high = _cells(times, unit, rounding)
    zero = times <= 0
    if rounding == "up":
        result = np.zeros(len(times))
        result[~zero] = _draw(low[~zero], high[~zero], rng)
        return result
    edge = first_cell(unit, rounding)
    longer = _draw(low[~zero], high[~zero], rng)
    exposure, events = float((longer - edge).sum()), int((gave_up & ~zero).sum())
    at_once = np.zeros(len(times), bool)
    for hour in np.unique(hours[zero]):
        mine = hours == hour
        served = np.flatnonzero(mine & zero & ~gave_up)
        none = len(served)
        if events:
            lost, later = int((mine & zero & gave_up).sum()), int((mine & ~zero).sum())
            none = _at_once(len(served), lost, later, events / exposure, edge)
        at_once[rng.permutation(served)[:none]] = True
    result = np.zeros(len(times))
    result[~at_once] = np.maximum(_draw(low[~at_once], high[~at_once], rng), 1e-3)
    return result
