"""The curves that rules share."""

from __future__ import annotations

import math

from simsvc.model.compiling import entry


@entry
def logistic(x: float) -> float:
    """From any number to a share, 0-1."""
    return 1.0 / (1.0 + math.exp(-x))


@entry
def logit(share: float) -> float:
    """From a share, in (0, 1), to any number: the reverse of `logistic`."""
    return math.log(share / (1.0 - share))


@entry
def saturating(most: float, amount: float, half: float) -> float:
    """Grows with an amount, >= 0, ever more slowly: half of the most at `half`, > 0."""
    return most * amount / (amount + half)
