"""How far a mechanism departs from what is typical: the strength of rules that feed into others."""

from __future__ import annotations

from simsvc.model.compiling import rule
from simsvc.scenario.assumptions.tempering import TEMPERING

# For rules of other mechanisms until they are given these numbers by those who call them.
REFERENCE_SKILL = TEMPERING.reference_skill
ORDINARY = 0.62  # quality that the trade promises


@rule
def tempered(value: float, typical: float, strength: float) -> float:
    """A state as it comes through, 0-1: the state itself at strength 1, what is typical at 0.

    Args:
        value: of the state, 0-1.
        typical: of an ordinary organisation, 0-1.
        strength: of the mechanism, >= 0; above 1 differences are exaggerated.
    """
    return min(max(typical + strength * (value - typical), 0.0), 1.0)
