"""Scenario discovery: under which conditions does turning lose? Boxes found by PRIM, tried where they were not found.

The patient rule induction method peels thin slices off the ranges of inputs, each time the slice without which losing
is most frequent in what is left (Friedman & Fisher 1999; Bryant & Lempert 2010). Half of the worlds find a box,
the other half tells how good it is, and whether as good a one could be luck.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from simsvc.robustness.emulator import active_inputs

PEEL, LEAST_MASS = 0.08, 0.08
"""Share of the worlds in a box taken off by a slice, and share of all worlds that a box holds at least."""
MOST_BOXES, MOST_LIMITS = 3, 4
FEWEST = 8
"""Losing worlds, in either half, without which no conditions are looked for."""
OFFERED = 8
"""Inputs that a box may limit: those that the effect is seen to hang on in the half that finds it."""
CHANCE = 0.05
"""That a box which tells nothing is shown."""


@dataclass(frozen=True)
class Box:
    """Conditions under which turning loses.

    Attributes:
        limits: lowest and highest share of its range, by number of the input.
        coverage: share of the losing worlds that lie in it, in the half that did not find it.
        density: share of its worlds that lose, in that half.
        base: share of all worlds of that half that lose.
        chance: that a box of so many worlds holds as many losing ones if it says nothing (hypergeometric test).
        found_coverage: `coverage` in the half that found it.
        found_density: `density` in the half that found it.
    """

    limits: dict[int, tuple[float, float]]
    coverage: float
    density: float
    base: float
    chance: float
    found_coverage: float
    found_density: float


def inside(shares: Any, limits: dict[int, tuple[float, float]]) -> Any:
    """Which points lie in a box: bool (points,)."""
    within = np.ones(len(shares), bool)
    for k, (low, high) in limits.items():
        within &= (shares[:, k] >= low) & (shares[:, k] <= high)
    return within


def peel(shares: Any, loses: Any, offered: Any) -> dict[int, tuple[float, float]]:
    """The box along the peeling with the best balance of coverage and density (their harmonic mean).

    Args:
        shares: float (worlds, inputs), 0-1.
        loses: bool (worlds,).
        offered: int (k,), inputs that may be limited.
    """
    limits: dict[int, tuple[float, float]] = {}
    best, best_score = limits, _score(shares, loses, limits)
    while True:
        within = inside(shares, limits)
        trials = []
        for k in offered:
            if k not in limits and len(limits) == MOST_LIMITS:
                continue
            low, high = limits.get(k, (0.0, 1.0))
            values = shares[within, k]
            for trial in ((float(np.quantile(values, PEEL)), high), (low, float(np.quantile(values, 1 - PEEL)))):
                tried = limits | {int(k): trial}
                left = inside(shares, tried)
                if LEAST_MASS * len(shares) <= left.sum() < within.sum():
                    trials.append((float(loses[left].mean()), int(left.sum()), tried))
        if not trials:
            break
        limits = max(trials, key=lambda trial: trial[:2])[2]
        score = _score(shares, loses, limits)
        if score > best_score:
            best, best_score = limits, score
    for k in list(best):  # limits that do not help are taken off again
        without = {key: ends for key, ends in best.items() if key != k}
        if _score(shares, loses, without) >= best_score:
            best = without
    return best


def _score(shares: Any, loses: Any, limits: dict[int, tuple[float, float]]) -> float:
    within = inside(shares, limits)
    return 2.0 * float(loses[within].sum()) / float(within.sum() + loses.sum())


def losing_boxes(shares: Any, effect: Any, seed: int = 1) -> list[Box]:
    """Boxes in which an effect below 0 is more frequent than elsewhere; none if no box holds where it was not found.

    Args:
        shares: float (worlds, inputs), 0-1.
        effect: float (worlds,).
        seed: of the halves.
    """
    half = np.random.default_rng(seed).permutation(len(effect)) % 2 == 0
    loses, left = effect < 0, np.ones(len(effect), bool)
    boxes: list[Box] = []
    while len(boxes) < MOST_BOXES:
        find, check = half & left, ~half & left
        if min(loses[find].sum(), loses[check].sum()) < FEWEST:
            break
        offered, _ = active_inputs(shares[find], effect[find], 1.0, OFFERED)
        limits = peel(shares[find], loses[find], offered)
        if not limits:
            break
        there, seen = inside(shares, limits), float(loses[check].mean())
        count, hits = int((there & check).sum()), int((there & check & loses).sum())
        chance = float(stats.hypergeom.sf(hits - 1, int(check.sum()), int(loses[check].sum()), count)) if count else 1.0
        if chance > CHANCE:
            break
        found = float((there & find & loses).sum()) / float(loses[half].sum()), float(loses[there & find].mean())
        boxes.append(Box(limits, hits / float(loses[~half].sum()), hits / count, seen, chance, *found))
        left &= ~there
    return boxes
