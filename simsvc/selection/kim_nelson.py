"""Selection of the best with a guarantee: the procedure KN of Kim & Nelson (2001).

Alternatives are observed in rounds, one observation of each that is still in. After a first stage, each round
drops those that fall behind another by more than chance explains. Observations of a round may share their luck
(common random numbers): only differences count, and the better they are paired, the sooner alternatives go.

Of what libraries offer, sim-tools 1.3.0 has this procedure, but looks up the wrong variance for pairs of which the
second comes before the first, draws observations itself, and knows no end by their number. Hence our own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from simsvc.errors import InputError

LEAST_FIRST_STAGE = 2


@dataclass(frozen=True)
class Elimination:
    """An alternative that went.

    Attributes:
        alternative: its number.
        by: the one that it fell behind furthest, compared with what was allowed.
        after: observations of each at which it went.
        behind: by how much its mean fell behind.
        allowed: by how much it could have.
    """

    alternative: int
    by: int
    after: int
    behind: float
    allowed: float


class KimNelson:
    """Which of k alternatives has the largest mean?

    With a probability of at least `confidence` the best is selected, if it is ahead of all others by at least the
    indifference zone; among alternatives closer than that, one of them. Observations must be normal, or nearly,
    and independent between rounds.

    Args:
        k: number of alternatives, 2 or more.
        indifference: difference that is worth detecting (delta), above 0, in the unit of the observations.
        confidence: probability of correct selection (1 - alpha), in (0.5, 1).
        first: observations of each in the first stage (n0), 2 or more; 10 or more are wise.

    Raises:
        InputError: for values out of range.
    """

    def __init__(self, k: int, *, indifference: float, confidence: float = 0.95, first: int = 10) -> None:
        if k < 2:
            raise InputError(f"a selection needs at least two alternatives, not {k}")
        if not (math.isfinite(indifference) and indifference > 0):
            raise InputError(f"indifference = {indifference:g}: allowed: numbers above 0")
        if not 0.5 < confidence < 1:
            raise InputError(f"confidence = {confidence:g}: allowed: above 0.5 and below 1")
        if first < LEAST_FIRST_STAGE:
            raise InputError(f"first stage of {first} observations: allowed: {LEAST_FIRST_STAGE} or more")
        self.k, self.indifference, self.confidence, self.first = k, indifference, confidence, first
        self.observed = 0
        """Observations so far of each that is still in (r)."""
        self.survivors = list(range(k))
        """Numbers of the alternatives still in."""
        self.eliminations: list[Elimination] = []
        """Those that went, in order."""
        self._sums = np.zeros(k)
        self._stage: list[Any] = []
        self._variances = np.zeros((k, k))

    @property
    def eta(self) -> float:
        """Constant of the procedure with c = 1, whether or not observations share their luck (eta)."""
        alpha = 1.0 - self.confidence
        return 0.5 * (math.pow(2.0 * alpha / (self.k - 1), -2.0 / (self.first - 1)) - 1.0)

    @property
    def h2(self) -> float:
        """Constant by which variances widen what is allowed (h squared)."""
        return 2.0 * self.eta * (self.first - 1)

    @property
    def means(self) -> Any:
        """Means of the observations, float (k,); of those that went as they were then."""
        counts = np.full(self.k, max(self.observed, 1))
        for gone in self.eliminations:
            counts[gone.alternative] = gone.after
        return self._sums / counts

    @property
    def tied(self) -> bool:
        """Whether those still in are several and did not differ in any observation of the first stage, nor since."""
        return self.observed >= self.first and len(self.survivors) > 1 and not self._among(self._variances).any()

    @property
    def finished(self) -> bool:
        """Whether no further observation is needed."""
        return len(self.survivors) == 1 or self.tied

    @property
    def at_most(self) -> int:
        """Observations of each after which the procedure ends for sure; 0 before the end of the first stage."""
        if self.observed < self.first:
            return 0
        largest = float(self._among(self._variances).max())
        return max(self.observed, math.floor(self.h2 * largest / self.indifference**2) + 1)

    def observe(self, values: Any) -> list[Elimination]:
        """Take up one observation of each alternative still in.

        Args:
            values: float (number of survivors,), in the order of `survivors`; finite.

        Returns:
            Those that go by it.
        """
        sample = np.asarray(values, float)
        if sample.shape != (len(self.survivors),) or not np.isfinite(sample).all():
            raise ValueError(f"needs a finite number for each of {len(self.survivors)} alternatives, got {values}")
        self._sums[self.survivors] += sample
        self.observed += 1
        if self.observed <= self.first:
            self._stage.append(sample)
        if self.observed < self.first:
            return []
        if self.observed == self.first:
            stage = np.array(self._stage)
            self._variances = (stage[:, :, None] - stage[:, None, :]).var(axis=0, ddof=1)
        return self._screened()

    def _allowed(self) -> Any:
        """By how much each survivor's mean may fall behind each other's (W), float (survivors, survivors)."""
        r, delta = self.observed, self.indifference
        return np.maximum(0.0, delta / (2.0 * r) * (self.h2 * self._among(self._variances) / delta**2 - r))

    def _among(self, table: Any) -> Any:
        """Rows and columns of the survivors."""
        return table[np.ix_(self.survivors, self.survivors)]

    def _screened(self) -> list[Elimination]:
        means = self._sums[self.survivors] / self.observed
        allowed = self._allowed()
        excess = means[None, :] - means[:, None] - allowed
        gone = []
        for place in np.flatnonzero((excess > 0).any(axis=1)):
            other = int(excess[place].argmax())
            behind, least = float(means[other] - means[place]), float(allowed[place, other])
            gone.append(Elimination(self.survivors[place], self.survivors[other], self.observed, behind, least))
        self.eliminations += gone
        out = {one.alternative for one in gone}
        self.survivors = [one for one in self.survivors if one not in out]
        return gone
