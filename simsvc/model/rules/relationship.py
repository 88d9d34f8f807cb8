"""A customer and the member of staff it knows (C13, C23)."""

from __future__ import annotations

from simsvc.model.compiling import rule
from simsvc.scenario.assumptions.relationship import RELATIONSHIP, Relationship


@rule
def bond_after(bond: float, familiar: bool, strength: float, a: Relationship = RELATIONSHIP) -> float:
    """Bond between a customer and the member of staff it knows after a contact, 0-1.

    Args:
        bond: before, 0-1.
        familiar: whether this contact was with that member of staff.
        strength: of the rule; 0: nobody gets to know anybody better.
        a: coefficients.
    """
    if familiar:
        return bond + min(a.growth * strength, 1.0) * (1.0 - bond)
    return bond * (1.0 - a.fading)


@rule
def gets_acquainted(bond: float, strength: float, a: Relationship = RELATIONSHIP) -> bool:
    """Whether a customer whose bond is this turns to the member of staff just met.

    Args:
        bond: to the one known so far, 0-1.
        strength: of the rule; 0: nobody gets to know anybody.
        a: coefficients.
    """
    return bond < a.acquaintance and strength > 0.0


@rule
def chance_to_look_for(continuity: float, strength: float) -> float:
    """Chance that the member of staff a customer knows is looked for, 0-1 (C13).

    Args:
        continuity: how much the chart wants it, 0-1.
        strength: of the rule; 0: nobody is looked for.
    """
    return continuity * min(strength, 1.0)


@rule
def time_with_acquaintance(bond: float, strength: float, a: Relationship = RELATIONSHIP) -> float:
    """Factor on time per case: who knows the customer need not ask (Gutek et al. 1999, concept).

    Args:
        bond: 0-1.
        strength: of the rule; 0: knowing the customer saves no time.
        a: coefficients.
    """
    return max(1.0 - a.time_saved * strength * bond, 0.5)


@rule
def distance_to_acquaintance(distance: float, bond: float, strength: float, a: Relationship = RELATIONSHIP) -> float:
    """Distance of a need from the standard to somebody who knows the customer, 0-1.

    Args:
        distance: to a stranger, 0-1.
        bond: 0-1.
        strength: of the rule; 0: knowing the customer does not help.
        a: coefficients.
    """
    return distance * max(1.0 - a.nearer * strength * bond, 0.0)


@rule
def warmth(bond: float, strength: float, a: Relationship = RELATIONSHIP) -> float:
    """Courtesy that comes from knowing each other, added to the ordinary one, 0-1.

    Args:
        bond: 0-1.
        strength: of the rule; 0: none.
        a: coefficients.
    """
    return a.warmth * strength * bond


@rule
def loyalty_without_acquaintance(loyalty: float, bond: float, strength: float, a: Relationship = RELATIONSHIP) -> float:
    """Loyalty of a customer who finds that the member of staff it knew has left, 0-1 (C23).

    Args:
        loyalty: before, 0-1.
        bond: that is lost, 0-1.
        strength: of the rule; 0: nobody minds.
        a: coefficients.
    """
    return max(loyalty - a.missed * strength * bond, 0.0)
