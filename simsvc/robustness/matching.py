"""History matching: which draws of the assumptions go with what is known of the baseline.

A draw is ruled out where a level of the baseline is further from what is known than all that blurs the two explains:
implausibility |simulated - known| / sqrt(luck^2 + measurement^2 + emulator^2) of 3 or more in any level (Craig et al.
1997; Vernon, Goldstein & Bower 2010; 3: Pukelsheim 1994). It goes in waves: emulators of the levels, learnt from the
draws run so far, say where further draws are worth running. Draws are kept by their runs alone, so that an
emulator can waste runs, but cannot keep or, where it was tried, rule out anything.

Only the baseline is ever looked at.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from simsvc.robustness.emulator import Emulator, emulate, standard_normal
from simsvc.robustness.inputs import sobol_points

CUT = 3.0
"""Implausibility from which on a draw is ruled out (Pukelsheim 1994)."""
STEPS, MOST_ROUNDS = 12, 30
"""Moves of a chain between two cuts, and cuts, in the search for draws worth running."""
CHAINS = 400
WAVES = 4


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


def implausibility(found: Any, targets: Sequence[Target], emulated: Any = 0.0) -> Any:
    """How far levels are from what is known, in standard deviations of all that blurs the two.

    Args:
        found: float (points, levels), simulated; NaN where a level has no value, which is infinitely implausible.
        targets: one per level.
        emulated: standard deviation of `found` in place of luck, float (points, levels), where it was emulated.

    Returns:
        Float (points, levels).
    """
    known, measured = np.array([(t.value, t.measured) for t in targets]).T
    luck = np.array([t.luck for t in targets])
    blur = np.sqrt(measured**2 + np.maximum(luck, emulated) ** 2)
    off = np.abs(np.asarray(found, float) - known)
    far = np.divide(off, blur, out=np.where(off > 0, np.inf, 0.0), where=blur > 0)
    return np.where(np.isfinite(off), far, np.inf)


def sizes_of_waves(draws: int) -> list[int]:
    """Draws of each wave: two fifths of all, and the others in equal parts."""
    first = math.ceil(0.4 * draws)
    return [first, *(len(part) for part in np.array_split(np.zeros(draws - first), WAVES - 1) if len(part))]


def match(
    simulate: Callable[[Any, int], Any],
    targets: Sequence[Target],
    dimensions: int,
    draws: int,
    seed: int,
    possible: Callable[[Any], Any] = lambda shares: np.ones(len(shares), bool),
) -> Matched:
    """Draw, run and keep in waves, until half of all draws are kept or all are used up.

    Args:
        simulate: gives the levels at some points, float (points, levels), from shares and the number of the wave.
        targets: one per level.
        dimensions: inputs.
        draws: most points that are run.
        seed: of the draws.
        possible: tells which points can be run; others are not drawn.
    """
    shares, found = np.zeros((0, dimensions)), np.zeros((0, len(targets)))
    wave, worst = np.zeros(0, int), np.zeros(0)
    for number, size in enumerate(sizes_of_waves(draws), 1):
        if number == 1:
            new = sobol_points(dimensions, 2 * size, seed)
        else:
            new = worth_running(shares, found, targets, 2 * size, seed + number)
        new = new[possible(new)][:size]
        levels = simulate(new, number)
        shares, found = np.concatenate([shares, new]), np.concatenate([found, levels])
        wave = np.concatenate([wave, np.full(len(new), number)])
        worst = np.concatenate([worst, implausibility(levels, targets).max(axis=1)])
        if (worst < CUT).sum() >= draws // 2:
            break
    return Matched(shares, found, wave, worst)


def worth_running(shares: Any, found: Any, targets: Sequence[Target], count: int, seed: int) -> Any:
    """Points at which no emulator of a level rules the model out, spread evenly over all such points.

    Found by subset simulation: chains are drawn towards them over falling cuts, in steps that would leave points
    spread evenly over the cube (Au & Beck 2001; Papaioannou et al. 2015). Inputs on which no level depends
    stay evenly spread by themselves.

    Args:
        shares: float (points, inputs), 0-1, where it was run.
        found: float (points, levels), what was found there.
        targets: one per level.
        count: points wanted.
        seed: of the chains.

    Returns:
        Float (count, inputs), 0-1.
    """
    rng, emulators = np.random.default_rng(seed), []
    for k in range(len(targets)):
        there = np.isfinite(found[:, k])
        emulators.append(emulate(shares[there], found[there, k]) if there.sum() > 10 else None)
    free = rng.random((max(count, CHAINS), shares.shape[1]))
    active = np.array(sorted({int(j) for one in emulators if one for j in one.active}), int)
    if not len(active):
        return free[:count]

    def worst(places: Any) -> Any:
        at = np.full((len(places), shares.shape[1]), 0.5)
        at[:, active] = stats.norm.cdf(places)
        return emulated_implausibility(emulators, targets, at)

    places = standard_normal(free[:, active])
    now, step = worst(places), 0.5
    for _ in range(MOST_ROUNDS):
        cut = max(CUT, float(np.median(now)))
        inside = np.flatnonzero(now <= cut)
        picked = inside[rng.integers(0, len(inside), len(places))]
        picked[: len(inside)] = inside
        places, now = places[picked], now[picked]
        for _ in range(STEPS):
            moved = math.sqrt(1 - step**2) * places + step * rng.standard_normal(places.shape)
            there = worst(moved)
            ok = there <= cut
            places[ok], now[ok] = moved[ok], there[ok]
            step = float(np.clip(step * math.exp(ok.mean() - 0.35), 0.05, 0.99))
        if cut == CUT:
            break
    free[:, active] = stats.norm.cdf(places)
    return rng.permutation(free)[:count]


def emulated_implausibility(emulators: Sequence[Emulator | None], targets: Sequence[Target], shares: Any) -> Any:
    """Largest implausibility of all levels as emulated: float (points,)."""
    worst = np.zeros(len(shares))
    for emulator, target in zip(emulators, targets, strict=True):
        if emulator:
            mean, error = emulator.predict(shares)
            worst = np.maximum(worst, implausibility(mean[:, None], [target], error[:, None])[:, 0])
    return worst
