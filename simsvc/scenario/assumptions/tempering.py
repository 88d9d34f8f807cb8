"""What is ordinary in the trade: coefficients of `model/rules/tempering.py`.

What is felt of a mechanism when it is switched off, and what rules measure differences from.
"""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class Tempering(Section):
    """What an ordinary organisation of the trade looks like."""

    # fmt: off
    typical_information: float = coefficient(0.4, 0.2, 0.6, "0-1", "guess",
        "Information that an ordinary firm shares with its front line.")
    typical_support: float = coefficient(0.6, 0.4, 0.8, "0-1", "guess", "Support felt from ordinary managers.")
    typical_mood: float = coefficient(0.6, 0.4, 0.8, "0-1", "guess", "Mood of ordinary colleagues and customers.")
    typical_morale: float = coefficient(0.62, 0.45, 0.8, "0-1", "guess", "Morale that is usual on the labour market.")
    typical_autonomy: float = coefficient(0.4, 0.2, 0.6, "0-1", "guess", "Autonomy felt in an ordinary job.")
    typical_trust: float = coefficient(0.6, 0.4, 0.8, "0-1", "guess", "Trust in ordinary managers.")
    typical_answer: float = coefficient(0.3, 0.15, 0.6, "0-1", "guess",
        "What answers to reports are worth in an ordinary firm.")
    typical_tools: float = coefficient(0.7, 0.5, 0.9, "0-1", "guess", "Quality of ordinary tools.")
    typical_clarity: float = coefficient(0.6, 0.4, 0.8, "0-1", "guess",
        "Clarity of vision and limits in ordinary firms.")
    typical_recognition: float = coefficient(0.5, 0.25, 0.75, "0-1", "guess",
        "Recognition of service in ordinary firms.")
    typical_watch: float = coefficient(1.0, 0.5, 1.0, "0-1", "guess",
        "How much of the work somebody ordinarily checks.")
    typical_manager_skill: float = coefficient(0.75, 0.6, 0.9, "0-1", "guess",
        "Skill of ordinary managers at hard cases.")
    ordinary_kpi: float = coefficient(0.25, 0.1, 0.5, "0-1", "guess",
        "What managers of an ordinary organisation steer by: cost 0 to customers 1.", at_most=0.95)
    reference_skill: float = coefficient(0.62, 0.45, 0.8, "0-1", "guess",
        "Skill of ordinary staff, at which the settings hold.")


TEMPERING = plain_numbers(Tempering())
