"""Attitude, spending, and what a survey would say."""

from __future__ import annotations

import math

from simsvc.model.compiling import rule
from simsvc.model.curves import logistic
from simsvc.model.rows import DEFECTOR, HOSTAGE, LOYAL, MERCENARY

PACE = 0.07  # share of the gap that one encounter closes


@rule
def loyalty_after(loyalty: float, satisfaction: float, treatment: float, strength: float) -> float:
    """Loyalty after an encounter, 0-1: a slow attitude that outlives a single bad day (C10).

    Args:
        loyalty: before, 0-1.
        satisfaction: cumulative, 0-1.
        treatment: how one was treated this time, 0-1.
        strength: of the rule; 0 leaves loyalty alone.
    """
    return loyalty + min(strength * PACE, 1.0) * (0.5 * satisfaction + 0.5 * treatment - loyalty)


@rule
def spending_factor(satisfaction: float, strength: float) -> float:
    """Spend as a ratio to that at satisfaction 0.6, convex (Mittal & Kamakura 2001; C14).

    Args:
        satisfaction: cumulative, 0-1.
        strength: of the rule; 0 gives 1.
    """
    return math.exp(strength * 1.2 * (satisfaction - 0.6))


@rule
def chance_of_top_box(experience: float) -> float:
    """Chance that an encounter gets the best of five marks, 0-1; people differ in what they call best."""
    return logistic(9.0 * (experience - 0.72))


@rule
def recommendation(satisfaction: float, loyalty: float) -> int:
    """Net promoter class: 1 promoter, 0 passive, -1 detractor; the two thresholds are an assumption."""
    attitude = 0.6 * satisfaction + 0.4 * loyalty
    return 1 if attitude >= 0.70 else (0 if attitude >= 0.40 else -1)


@rule
def customer_type(loyalty: float, satisfaction: float, alternative: float, switching_cost: float) -> int:
    """LOYAL, HOSTAGE, MERCENARY or DEFECTOR, by attitude and by what holds the customer (Jones & Sasser 1995).

    Args:
        loyalty: 0-1.
        satisfaction: 0-1.
        alternative: satisfaction a competitor would give, 0-1.
        switching_cost: 0-1.
    """
    if satisfaction >= alternative:
        return LOYAL if loyalty >= 0.55 else MERCENARY
    return HOSTAGE if switching_cost > 0.25 else DEFECTOR
