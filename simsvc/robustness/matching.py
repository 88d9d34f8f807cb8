"""History matching: which draws of the assumptions go with what is known of the baseline.

A draw is ruled out where a level of the baseline is further from what is known than all that blurs the two explains:
implausibility |simulated - known| / sqrt(luck^2 + measurement^2) of 3 or more in any level (Craig et al. 1997; Vernon,
Goldstein & Bower 2010; 3: Pukelsheim 1994).

With hundreds of inputs hardly any draw is kept at once, and none would be found by an emulator of the few inputs that
count most. So it goes in waves: a draw that was ruled out is moved, in all inputs a little, by the least that should
bring it in, as a line through all runs so far tells it (in the manner of ensemble Kalman inversion: Iglesias, Law &
Stuart 2013; Emerick & Reynolds 2013), is run there, and so on. Where it was run, no line counts: a draw is kept by its
run alone. What moves nothing that is known stays where it was drawn.

Only the baseline is ever looked at.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simsvc.robustness.emulator import shares_of, standard_normal
from simsvc.robustness.inputs import sobol_points

CUT = 3.0
"""Implausibility from which on a draw is ruled out (Pukelsheim 1994)."""
AIM = 1.0
"""Implausibility that a move aims at: no nearer than need be, so that worlds stay apart."""
LONGEST = 4.0
"""Longest move, in standard deviations of the draws: beyond, a line says little."""
FIRST, LATER = 0.25, 0.125
"""Share of the draws in the first wave, which nothing has moved, and in each later one."""
FAR = 6.0
"""Implausibility at which a run counts half as much as one that fits when the line is drawn."""
MIDDLE = (10, 90)
"""Percentiles of a level over all runs; values further outside than half of what lies between them are drawn in."""
PENALTIES = np.geomspace(1.0, 1e4, 13)
"""Tried for the line, the one that foretells best is taken (Golub, Heath & Wahba 1979)."""


@dataclass(frozen=True)
class Target:
    """What is known of a level of the baseline.

    Attributes:
        name: of the level.
        label: for people.
        unit: of the values.
        value: what is known.
        measured: standard deviation of that knowledge.
        luck: standard deviation of the level in the runs of one draw, by luck alone.
        published: whether it is a published level; if not, the scenario's own at the assumptions as they stand.
        source: of it.
    """

    name: str
    label: str
    unit: str
    value: float
    measured: float
    luck: float
    published: bool
    source: str


@dataclass(frozen=True)
class Matched:
    """Draws run and what became of them.

    Attributes:
        shares: float (draws, inputs), 0-1.
        found: float (draws, levels).
        wave: int (draws,), from 1.
        worst: float (draws,), largest implausibility of all levels.
    """

    shares: Any
    found: Any
    wave: Any
    worst: Any

    @property
    def kept(self) -> Any:
        """Which draws go with what is known: bool (draws,)."""
        return self.worst < CUT


def implausibility(found: Any, targets: Sequence[Target]) -> Any:
    """How far levels are from what is known, in standard deviations of all that blurs the two.

    Args:
        found: float (points, levels), simulated; NaN where a level has no value, which is infinitely implausible.
        targets: one per level.

    Returns:
        Float (points, levels).
    """
    known, blur = _known(targets)
    off = np.abs(np.asarray(found, float) - known)
    far = np.divide(off, blur, out=np.where(off > 0, np.inf, 0.0), where=blur > 0)
    return np.where(np.isfinite(off), far, np.inf)


def match(
    simulate: Callable[[Any, int], Any],
    targets: Sequence[Target],
    dimensions: int,
    draws: int,
    seed: int,
    possible: Callable[[Any], Any] = lambda shares: np.ones(len(shares), bool),
) -> Matched:
    """Draw, run, keep and move in waves, until the runs are used up.

    Of the draws ruled out those nearest are moved first, each once, and what they become if they are ruled out again.
    Where these run out, draws that were not run are moved from where the line expects them to be.


    Args:
        simulate: gives the levels at some points, float (points, levels), from shares and the number of the wave.
        targets: one per level.
        dimensions: inputs.
        draws: most points that are run.
        seed: of the draws.
        possible: tells which points can be run; others are not drawn.
    """
    first, later = math.ceil(FIRST * draws), math.ceil(LATER * draws)
    evenly = sobol_points(dimensions, 2 * draws, seed)
    evenly = evenly[possible(evenly)][:draws]
    new, fresh = evenly[:first], evenly[first:]
    shares, found = np.zeros((0, dimensions)), np.zeros((0, len(targets)))
    wave, worst, waiting = np.zeros(0, int), np.zeros(0), np.zeros(0, bool)
    number = 0
    while len(new):
        number += 1
        levels = simulate(new, number)
        far = implausibility(levels, targets).max(axis=1)
        shares, found = np.concatenate([shares, new]), np.concatenate([found, levels])
        wave, worst = np.concatenate([wave, np.full(len(new), number)]), np.concatenate([worst, far])
        waiting = np.concatenate([waiting, far >= CUT])
        size = min(later, draws - len(shares))
        if not size:
            break
        drawn = line(shares, found, worst)
        nearest = np.flatnonzero(waiting)[np.argsort(worst[waiting], kind="stable")][:size]
        waiting[nearest] = False
        others, fresh = fresh[: size - len(nearest)], fresh[size - len(nearest) :]
        new = np.concatenate(
            [drawn.moved(shares[nearest], found[nearest], targets), drawn.moved(others, drawn.at(others), targets)]
        )
        new = new[possible(new)]
    return Matched(shares, found, wave, worst)


@dataclass(frozen=True)
class Line:
    """How levels change with all inputs, as a line.

    Attributes:
        slopes: float (levels, inputs), per standard deviation of an input.
        start: float (levels,), in the middle of all inputs.
        low: float (levels,), lowest value believed.
        high: float (levels,), highest value believed.
    """

    slopes: Any
    start: Any
    low: Any
    high: Any

    def at(self, shares: Any) -> Any:
        """Levels at some points: float (points, levels)."""
        return self.start + standard_normal(shares) @ self.slopes.T

    def moved(self, shares: Any, found: Any, targets: Sequence[Target]) -> Any:
        """Points moved by the least that should bring their levels in.

        Args:
            shares: float (points, inputs), 0-1.
            found: float (points, levels), the levels there.
            targets: one per level.

        Returns:
            Float (points, inputs), 0-1.
        """
        known, blur = _known(targets)
        here = np.where(np.isfinite(found), np.clip(found, self.low, self.high), known)
        wanted = known + np.clip(here - known, -AIM * blur, AIM * blur) - here
        gain = self.slopes.T @ np.linalg.pinv(self.slopes @ self.slopes.T + np.diag(blur**2))
        step = wanted @ gain.T
        length = np.linalg.norm(step, axis=1, keepdims=True)
        return shares_of(standard_normal(shares) + step * np.minimum(1.0, LONGEST / np.maximum(length, 1e-9)))


def line(shares: Any, found: Any, worst: Any) -> Line:
    """Draw a line through the runs so far (ridge regression).

    Runs that fit better count more. Values far outside the middle of all, see `MIDDLE`, are drawn in.

    Args:
        shares: float (points, inputs), 0-1, where it was run.
        found: float (points, levels), what was found there; NaN and infinity are left out.
        worst: float (points,), largest implausibility of all levels.
    """
    from sklearn.linear_model import RidgeCV

    places, levels = standard_normal(shares), found.shape[1]
    slopes, (start, low, high) = np.zeros((levels, shares.shape[1])), np.zeros((3, levels))
    near = 1.0 / (1.0 + (np.minimum(worst, 1e3) / FAR) ** 2)
    for k, values in enumerate(found.T):
        there = np.isfinite(values)
        if not there.any():
            continue
        least, most = np.percentile(values[there], MIDDLE)
        low[k], high[k] = least - (most - least) / 2, most + (most - least) / 2
        clipped = np.clip(values[there], low[k], high[k])
        start[k] = clipped.mean()
        if low[k] < high[k]:
            fitted = RidgeCV(PENALTIES).fit(places[there], clipped, near[there])
            slopes[k], start[k] = fitted.coef_, fitted.intercept_
    return Line(slopes, start, low, high)


def _known(targets: Sequence[Target]) -> tuple[Any, Any]:
    """What is known of the levels, and the standard deviation of all that blurs it: float (levels,) each."""
    known, measured, luck = np.array([(t.value, t.measured, t.luck) for t in targets]).T
    return known, np.hypot(measured, luck)
