"""A customer and the member of staff it knows (C13, C23)."""

from __future__ import annotations

from simsvc.model.compiling import rule

ACQUAINTANCE = 0.1  # bond after a first meeting
GROWTH = 0.15  # share of the way to a full bond that one more meeting goes
FADING = 0.15  # share of the bond that a meeting with somebody else costs


@rule
def bond_after(bond: float, familiar: bool, strength: float) -> float:
    """Bond between a customer and the member of staff it knows after a contact, 0-1.

    Args:
        bond: before, 0-1.
        familiar: whether this contact was with that member of staff.
        strength: of the rule; 0: nobody gets to know anybody better.
    """
    if familiar:
        return bond + min(GROWTH * strength, 1.0) * (1.0 - bond)
    return bond * (1.0 - FADING)


@rule
def gets_acquainted(bond: float, strength: float) -> bool:
    """Whether a customer whose bond is this turns to the member of staff just met."""
    return bond < ACQUAINTANCE and strength > 0.0


@rule
def chance_to_look_for(continuity: float, strength: float) -> float:
    """Chance that the member of staff a customer knows is looked for, 0-1 (C13)."""
    return continuity * min(strength, 1.0)


@rule
def time_with_acquaintance(bond: float, strength: float) -> float:
    """Factor on time per case: who knows the customer need not ask (Gutek et al. 1999, concept)."""
    return max(1.0 - 0.15 * strength * bond, 0.5)


@rule
def distance_to_acquaintance(distance: float, bond: float, strength: float) -> float:
    """Distance of a need from the standard to somebody who knows the customer, 0-1.

    Args:
        distance: to a stranger, 0-1.
        bond: 0-1.
        strength: of the rule; 0: knowing the customer does not help.
    """
    return distance * max(1.0 - 0.3 * strength * bond, 0.0)


@rule
def warmth(bond: float, strength: float) -> float:
    """Courtesy that comes from knowing each other, added to the ordinary one, 0-1."""
    return 0.15 * strength * bond


@rule
def loyalty_without_acquaintance(loyalty: float, bond: float, strength: float) -> float:
    """Loyalty of a customer who finds that the member of staff it knew has left, 0-1 (C23).

    Args:
        loyalty: before, 0-1.
        bond: that is lost, 0-1.
        strength: of the rule; 0: nobody minds.
    """
    return max(loyalty - 0.15 * strength * bond, 0.0)
