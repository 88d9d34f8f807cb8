"""Expectation and satisfaction: what is judged is the difference."""

from __future__ import annotations

import math

from simsvc.model.compiling import rule
from simsvc.model.rules.tempering import ORDINARY

NOISE = 0.15  # variance of single encounters as customers see it: sets how slowly they learn
FORGETTING = 0.004  # growth of uncertainty per encounter: nobody is ever quite sure
AWAY_DAYS = 500.0  # working days away in which two thirds of what one knew of a firm are forgotten; assumption
CONTRAST = 0.3  # weight of the deviation from expectation


@rule
def learning_rate(uncertainty: float) -> float:
    """Weight of the newest encounter, 0-1; falls with experience (Bolton 1998; Boulding et al. 1993)."""
    return uncertainty / (uncertainty + NOISE)


@rule
def uncertainty_after(uncertainty: float) -> float:
    """Variance of the expectation after one more encounter."""
    return uncertainty * (1.0 - uncertainty / (uncertainty + NOISE)) + FORGETTING


@rule
def expectation_from_promise(promise: float, strength: float) -> float:
    """What newcomers expect and the market is drawn by, 0-1: the promise (Boulding et al. 1993; C22).

    Args:
        promise: quality of service promised, 0-1.
        strength: of the rule; 0: everybody expects the ordinary.
    """
    return min(max(ORDINARY + strength * (promise - ORDINARY), 0.0), 1.0)


@rule
def remembered(days: float, strength: float) -> float:
    """What somebody who comes back still knows and feels of the firm, as a share, 0-1.

    Args:
        days: working days away, >= 0.
        strength: of the rule; 0: who comes back is a stranger.
    """
    return min(strength, 1.0) * math.exp(-days / AWAY_DAYS)


@rule
def encounter_satisfaction(felt: float, expected: float, strength: float) -> float:
    """Satisfaction with one encounter, 0-1 (Oliver 1980).

    Performance, moved by how far it is from what was expected.

    Args:
        felt: performance as the customer sees it, 0-1.
        expected: 0-1.
        strength: of the rule; 0: performance alone.
    """
    return min(max(felt + CONTRAST * strength * (felt - expected), 0.0), 1.0)


@rule
def expectation_after(expectation: float, felt: float, weight: float, strength: float) -> float:
    """What a customer expects after one more encounter, 0-1 (Boulding et al. 1993).

    Args:
        expectation: before, 0-1.
        felt: performance as the customer saw it, 0-1.
        weight: of the newest encounter, 0-1.
        strength: of the rule; 0: nobody learns what to expect.
    """
    return expectation + min(strength, 1.0) * weight * (felt - expectation)


@rule
def satisfaction_after(satisfaction: float, experience: float, weight: float, loss_aversion: float) -> float:
    """Cumulative satisfaction after an encounter, 0-1; losses move it more than gains (Mittal et al. 1998).

    Args:
        satisfaction: before, 0-1.
        experience: satisfaction with the encounter, 0-1.
        weight: of the newest encounter, 0-1.
        loss_aversion: strength; 1: losses count twice, 0: like gains.
    """
    gap = experience - satisfaction
    return satisfaction + gap * (min(weight * (1.0 + loss_aversion), 1.0) if gap < 0.0 else weight)
