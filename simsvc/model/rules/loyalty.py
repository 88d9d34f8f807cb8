"""Attitude, spending, and what a survey would say."""

from __future__ import annotations

import math

from simsvc.model.compiling import rule
from simsvc.model.curves import logistic
from simsvc.model.rows import DEFECTOR, HOSTAGE, LOYAL, MERCENARY
from simsvc.scenario.assumptions.loyalty import LOYALTY, Loyalty


@rule
def loyalty_after(
    loyalty: float, satisfaction: float, treatment: float, strength: float, a: Loyalty = LOYALTY
) -> float:
    """Loyalty after an encounter, 0-1: a slow attitude that outlives a single bad day (C10).

    Args:
        loyalty: before, 0-1.
        satisfaction: cumulative, 0-1.
        treatment: how one was treated this time, 0-1.
        strength: of the rule; 0 leaves loyalty alone.
        a: coefficients.
    """
    shown = a.satisfaction_in_attitude * satisfaction + (1.0 - a.satisfaction_in_attitude) * treatment
    return loyalty + min(strength * a.pace, 1.0) * (shown - loyalty)


@rule
def spending_factor(satisfaction: float, strength: float, a: Loyalty = LOYALTY) -> float:
    """Spend as a ratio to that at ordinary satisfaction, convex (Mittal & Kamakura 2001; C14).

    Args:
        satisfaction: cumulative, 0-1.
        strength: of the rule; 0 gives 1.
        a: coefficients.
    """
    return math.exp(strength * a.spending_slope * (satisfaction - a.ordinary_satisfaction))


@rule
def chance_of_top_box(experience: float, a: Loyalty = LOYALTY) -> float:
    """Chance that an encounter gets the best of five marks, 0-1; people differ in what they call best.

    Args:
        experience: satisfaction with the encounter, 0-1.
        a: coefficients.
    """
    return logistic(a.top_box_slope * (experience - a.top_box_middle))


@rule
def recommendation(satisfaction: float, loyalty: float, a: Loyalty = LOYALTY) -> int:
    """Net promoter class: 1 promoter, 0 passive, -1 detractor; the two thresholds are an assumption.

    Args:
        satisfaction: cumulative, 0-1.
        loyalty: 0-1.
        a: coefficients.
    """
    attitude = a.satisfaction_in_recommending * satisfaction + (1.0 - a.satisfaction_in_recommending) * loyalty
    return 1 if attitude >= a.promoter else (0 if attitude >= a.detractor else -1)


@rule
def customer_type(
    loyalty: float, satisfaction: float, alternative: float, switching_cost: float, a: Loyalty = LOYALTY
) -> int:
    """LOYAL, HOSTAGE, MERCENARY or DEFECTOR, by attitude and by what holds the customer (Jones & Sasser 1995).

    Args:
        loyalty: 0-1.
        satisfaction: 0-1.
        alternative: satisfaction a competitor would give, 0-1.
        switching_cost: 0-1.
        a: coefficients.
    """
    if satisfaction >= alternative:
        return LOYAL if loyalty >= a.attached else MERCENARY
    return HOSTAGE if switching_cost > a.held else DEFECTOR
