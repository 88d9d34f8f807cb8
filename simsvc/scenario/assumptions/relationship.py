"""A customer and the member of staff it knows: coefficients of `model/rules/relationship.py`."""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class Relationship(Section):
    """A customer and the member of staff it knows."""

    # fmt: off
    acquaintance: float = coefficient(0.1, 0.05, 0.2, "0-1", "guess", "Bond after a first meeting.")
    growth: float = coefficient(0.15, 0.075, 0.3, "0-1", "guess",
        "Share of the way to a full bond that one more meeting goes.")
    fading: float = coefficient(0.15, 0.075, 0.3, "0-1", "guess",
        "Share of the bond that a meeting with somebody else costs.")
    time_saved: float = coefficient(0.15, 0.075, 0.3, "0-1", "guess",
        "Share of the time per case that a full bond saves.", "Gutek et al. 1999: concept; size assumed")
    nearer: float = coefficient(0.3, 0.15, 0.6, "0-1", "guess",
        "Share of the distance of a need from the standard that a full bond takes away.")
    warmth: float = coefficient(0.15, 0.075, 0.3, "0-1", "guess", "Courtesy that a full bond adds to the ordinary one.")
    missed: float = coefficient(0.15, 0.075, 0.3, "0-1", "guess",
        "Loyalty that it costs when a member of staff with a full bond has left.")


RELATIONSHIP = plain_numbers(Relationship())
