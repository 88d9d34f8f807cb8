"""Who is drawn of the customers: a crowd in which one dot stands for several people."""

from __future__ import annotations

from typing import Any

import numpy as np

EMPTY = -1
DRAWN_AT_FIRST = 200
"""Dots on the first morning, at most; more may come as the firm grows."""
MOST = 300
"""Dots drawn at most."""


class Crowd:
    """Seats of an organisation's crowd, and the customers on them.

    Every dot is one real customer, whose colour and story are its own, and stands for `each` customers in number.
    Whoever leaves leaves the seat empty; who came last and has none takes it, until there are as many dots as there
    should be for that many customers. The same people sit in the same seats on both sides at first.
    """

    def __init__(self, customers: Any) -> None:
        there = np.flatnonzero(customers["since"] >= 0)
        self.each = max(-(-len(there) // DRAWN_AT_FIRST), 1)
        self.seats = np.full(MOST, EMPTY)
        first = there[:: self.each]
        self.seats[: len(first)] = first
        self._spells = np.zeros(MOST, np.int64)
        self._spells[: len(first)] = customers["spell"][first]

    def follow(self, customers: Any) -> list[int]:
        """Let leavers go and newcomers in; gives the seats whose customers have left since the last time."""
        taken = np.flatnonzero(self.seats != EMPTY)
        sitting = self.seats[taken]
        gone = taken[(customers["since"][sitting] < 0) | (customers["spell"][sitting] != self._spells[taken])]
        self.seats[gone] = EMPTY
        there = np.flatnonzero(customers["since"] >= 0)
        wanted = min(-(-len(there) // self.each), MOST) - np.count_nonzero(self.seats != EMPTY)
        if wanted > 0:
            standing = np.setdiff1d(there, self.seats)
            last = standing[np.argsort(-customers["since"][standing], kind="stable")][:wanted]
            free = np.flatnonzero(self.seats == EMPTY)[: len(last)]
            self.seats[free] = last
            self._spells[free] = customers["spell"][last]
        elif wanted < 0:
            self.seats[np.flatnonzero(self.seats != EMPTY)[wanted:]] = EMPTY
        return [int(seat) for seat in gone]

    def moods(self, customers: Any) -> list[int]:
        """Satisfaction by seat, in hundredths; `EMPTY` where nobody sits. Ends with the last seat taken."""
        used = np.flatnonzero(self.seats != EMPTY)
        seats = self.seats[: used[-1] + 1] if len(used) else self.seats[:0]
        mood = np.rint(100.0 * customers["satisfaction"][seats]).astype(int)
        found: list[int] = np.where(seats == EMPTY, EMPTY, mood).tolist()
        return found

    def numbers(self, length: int) -> list[int]:
        """Numbers of the customers in the first seats."""
        found: list[int] = self.seats[:length].tolist()
        return found
