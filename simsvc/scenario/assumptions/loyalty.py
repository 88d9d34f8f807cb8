"""Attitude, spending, and what a survey would say: coefficients of `model/rules/loyalty.py`."""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class Loyalty(Section):
    """Attitude, spending, and what a survey would say."""

    # fmt: off
    pace: float = coefficient(0.07, 0.035, 0.14, "0-1", "guess",
        "Share of the gap to what was experienced that one encounter closes in attitude.")
    satisfaction_in_attitude: float = coefficient(0.5, 0.25, 0.75, "0-1", "guess",
        "Weight of satisfaction in what attitude moves to; the rest is that of how one was treated.")
    newcomer: float = coefficient(0.5, 0.4, 0.6, "0-1", "guess", "Attitude of newcomers, in the mean.")
    newcomer_spread: float = coefficient(0.08, 0.04, 0.16, "points", "guess",
        "Standard deviation of the attitude of newcomers.")
    spending_slope: float = coefficient(1.2, 0.6, 2.4, "1/point", "order",
        "How steeply satisfaction acts on the logarithm of spend.",
        "Mittal & Kamakura 2001, abstract: convex form; steepness assumed")
    ordinary_satisfaction: float = coefficient(0.6, 0.5, 0.7, "0-1", "guess",
        "Satisfaction at which spend is the one that is set.")
    top_box_slope: float = coefficient(9.0, 4.5, 18.0, "1/point", "guess",
        "How much alike people are in what they call best, in logits per point of satisfaction.")
    top_box_middle: float = coefficient(0.72, 0.6, 0.85, "0-1", "guess",
        "Satisfaction with an encounter that half of the people call the best of five marks.")
    satisfaction_in_recommending: float = coefficient(0.6, 0.4, 0.8, "0-1", "guess",
        "Weight of satisfaction in whether one recommends the firm; the rest is loyalty's.")
    promoter: float = coefficient(0.7, 0.6, 0.8, "0-1", "guess",
        "Attitude from which a customer would recommend the firm.", at_least=0.5)
    detractor: float = coefficient(0.4, 0.3, 0.5, "0-1", "guess",
        "Attitude below which a customer would advise against the firm.", at_most=0.5)
    attached: float = coefficient(0.55, 0.45, 0.65, "0-1", "guess",
        "Loyalty from which a satisfied customer counts as loyal and not as a mercenary.",
        "Jones & Sasser 1995: the types; threshold assumed")
    held: float = coefficient(0.25, 0.125, 0.5, "0-1", "guess",
        "Cost of switching beyond which a dissatisfied customer counts as a hostage.",
        "Jones & Sasser 1995: the types; threshold assumed")


LOYALTY = plain_numbers(Loyalty())
