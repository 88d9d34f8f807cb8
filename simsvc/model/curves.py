"""The curves that rules share."""

from __future__ import annotations

import math

from simsvc.model.compiling import entry


@entry
def logistic(x: float) -> float:
    """From any number to a share, 0-1.

    Args:
        x: any number.
    """
    return 1.0 / (1.0 + math.exp(-x))


@entry
def logit(share: float) -> float:
    """From a share to any number: the reverse of `logistic`.

    Args:
        share: in (0, 1).
    """
    return math.log(share / (1.0 - share))


@entry
def saturating(most: float, amount: float, half: float) -> float:
    """Grows with an amount ever more slowly, to half of the most at `half`.

    Args:
        most: that it tends to, >= 0.
        amount: >= 0.
        half: amount that gives half of the most, > 0.
    """
    return most * amount / (amount + half)
