"""How far a mechanism departs from what is typical: the strength of rules that feed into others."""

from __future__ import annotations

from simsvc.model.compiling import rule

# What the mechanisms look like in an ordinary organisation: what is felt when one is switched off.
TYPICAL_INFORMATION = 0.4
TYPICAL_SUPPORT = 0.6
TYPICAL_MOOD = 0.6  # of colleagues and of customers
TYPICAL_AUTONOMY = 0.4
TYPICAL_TRUST = 0.6
TYPICAL_ANSWER = 0.3  # to reports, by what it is worth
TYPICAL_TOOLS = 0.7
TYPICAL_CHALLENGE = 0.35
TYPICAL_TRAINING = 0.4
TYPICAL_MORALE = 0.62
TYPICAL_CLARITY = 0.6
TYPICAL_RECOGNITION = 0.5
TYPICAL_WATCH = 1.0  # of control: somebody looks
TYPICAL_MANAGER_SKILL = 0.75  # at hard cases
REFERENCE_SKILL = 0.62
ORDINARY_KPI = 0.25  # what managers steer by: cost 0 to customers 1


@rule
def tempered(value: float, typical: float, strength: float) -> float:
    """A state as it comes through, 0-1: the state itself at strength 1, what is typical at 0.

    Args:
        value: of the state, 0-1.
        typical: of an ordinary organisation, 0-1.
        strength: of the mechanism, >= 0; above 1 differences are exaggerated.
    """
    return min(max(typical + strength * (value - typical), 0.0), 1.0)
