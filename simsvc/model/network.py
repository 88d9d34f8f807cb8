"""Who talks with whom: a network of ties, the same for every structure.

Small worlds after Watts & Strogatz (1998), random graphs, scale-free networks after Barabási &
Albert (1999). Every tie is drawn with keyed random numbers, so a network depends on the run's key
and the market's settings alone.
"""

from __future__ import annotations

from typing import cast

import numpy as np
import numpy.typing as npt

from simsvc.model import random as keyed
from simsvc.model.compiling import entry_allocating
from simsvc.model.rows import ParameterRow
from simsvc.model.tables import Ints, whole_numbers

Ends = npt.NDArray[np.int32]
"""People at the other ends of ties, (people, ties of each)."""


@entry_allocating
def ring_ties(p: ParameterRow, n: int, half: int, rewiring: float) -> Ends:
    """Small world: each of `n` people tied to the next `half` on a ring, some ties rewired to anyone.

    Returns:
        int32 (n, half): the other end of each tie.
    """
    ends = np.empty((n, half), np.int32)
    for i in range(n):
        for k in range(half):
            u0, u1, _, _ = keyed.uniforms(p, i, 0, keyed.TIE, k)
            other = (i + k + 1) % n
            if u0 < rewiring:
                other = min(int(u1 * n), n - 1)
                if other == i:
                    other = (i + 1) % n
            ends[i, k] = other
    return ends


@entry_allocating
def scale_free_ties(p: ParameterRow, n: int, half: int) -> Ends:
    """Scale-free: newcomers tie to earlier people in proportion to the ties those already have.

    Returns:
        int32 (n, half): the other end of each tie.
    """
    ends = np.empty((n, half), np.int32)
    for i in range(n):
        for k in range(half):
            u0, _, _, _ = keyed.uniforms(p, i, 0, keyed.TIE, k)
            if i == 0:
                ends[i, k] = n - 1
            else:
                # one end of a random earlier tie: people by number of ties
                pick = min(int(u0 * (2 * i * half)), 2 * i * half - 1)
                row, column = pick // 2 // half, pick // 2 % half
                ends[i, k] = row if pick % 2 == 0 else ends[row, column]
                if row == 0 and pick % 2 == 1:
                    ends[i, k] = 0
    return ends


@entry_allocating
def both_directions(ends: Ends) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Ties by person, in compressed rows.

    Returns:
        int64 (n + 1,) starts and int32 (2 * ties,) others: those tied to person i are
        `others[starts[i]:starts[i + 1]]`.
    """
    n, half = ends.shape
    starts = np.zeros(n + 1, np.int64)
    for i in range(n):
        for k in range(half):
            starts[i + 1] += 1
            starts[ends[i, k] + 1] += 1
    starts = np.cumsum(starts)
    place = starts[:-1].copy()
    others = np.empty(2 * n * half, np.int32)
    for i in range(n):
        for k in range(half):
            j = ends[i, k]
            others[place[i]] = j
            place[i] += 1
            others[place[j]] = i
            place[j] += 1
    return starts, others


def ties(p: ParameterRow, n: int, mean: int, kind: str, rewiring: float) -> tuple[Ints, Ints]:
    """The network of `n` people with a mean of `mean` ties each, as starts and others.

    An odd mean is rounded down to even; with fewer than three people nobody is tied.
    """
    half = min(mean // 2, max((n - 1) // 2, 0))
    if half == 0:
        return whole_numbers(n + 1), whole_numbers(0, kind=np.int32)
    if kind == "scale_free":
        ends = scale_free_ties(p, n, half)
    else:
        ends = ring_ties(p, n, half, 1.0 if kind == "random" else rewiring)
    starts, others = both_directions(ends)
    return cast("Ints", starts), cast("Ints", others)
