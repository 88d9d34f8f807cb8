"""The ratchet: costly concessions tighten the rules (C7)."""

from __future__ import annotations

from simsvc.model.compiling import rule


@rule
def tightness_after(tightness: float, grants: float, budget: float, ratchet: float, strength: float) -> float:
    """Tightness of policy after one more day, 0-1.

    Limits tighten while concessions to customers cost more than was budgeted for, and ease very
    slowly when they do not.

    Args:
        tightness: before, 0-1.
        grants: smoothed cost of concessions, money per day.
        budget: for them, money per day, > 0.
        ratchet: how strongly this organisation reacts, 0-1.
        strength: of the rule; 0: policy stays.
    """
    over = min(max(grants / budget - 1.0, 0.0), 1.0)
    return tightness + strength * (0.01 * ratchet * over * (0.9 - tightness) - 0.001 * tightness)
