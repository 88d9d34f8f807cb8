"""New ways take hold slowly, and are forgotten (C37)."""

from __future__ import annotations

import math

from simsvc.model.compiling import rule
from simsvc.scenario.assumptions.practice import PRACTICE, Practice


@rule
def practice_after(practice: float, days: float, upkeep: float, strength: float, a: Practice = PRACTICE) -> float:
    """How far a new chart is lived, after one more day, 0 (the old ways) to 1 (as written).

    A launch pushes; when the push dies down, only upkeep holds the new ways.

    Args:
        practice: before, 0-1.
        days: since the chart was changed, >= 0.
        upkeep: attention that keeps practices alive, 0-1.
        strength: of the rule; 0: what is written is lived at once and for good.
        a: coefficients.
    """
    if strength <= 0.0:
        return 1.0
    held = 1.0 - min(strength, 1.0) * (1.0 - max(upkeep, math.exp(-days / a.push_days)))
    return practice + min(1.0 / (a.adoption_days * strength), 1.0) * (held - practice)


@rule
def share_of_time_for_upkeep(upkeep: float, strength: float, a: Practice = PRACTICE) -> float:
    """Share of managers' spare time that keeping practices alive takes, 0-1.

    Args:
        upkeep: attention that keeps practices alive, 0-1.
        strength: of the rule; 0: it takes no time.
        a: coefficients.
    """
    return min(a.upkeep_time * strength * upkeep, 1.0)
