"""Expectation and satisfaction: what is judged is the difference."""

from __future__ import annotations

import math

from simsvc.model.compiling import rule
from simsvc.scenario.assumptions.expectation import EXPECTATION, Expectation


@rule
def learning_rate(uncertainty: float, a: Expectation = EXPECTATION) -> float:
    """Weight of the newest encounter, 0-1; falls with experience (Bolton 1998; Boulding et al. 1993).

    Args:
        uncertainty: variance of the expectation, >= 0.
        a: coefficients.
    """
    return uncertainty / (uncertainty + a.encounter_variance)


@rule
def uncertainty_after(uncertainty: float, a: Expectation = EXPECTATION) -> float:
    """Variance of the expectation after one more encounter.

    Args:
        uncertainty: variance before, >= 0.
        a: coefficients.
    """
    return uncertainty * (1.0 - uncertainty / (uncertainty + a.encounter_variance)) + a.forgetting


@rule
def expectation_from_promise(promise: float, strength: float, a: Expectation = EXPECTATION) -> float:
    """What newcomers expect and the market is drawn by, 0-1: the promise (Boulding et al. 1993; C22).

    Args:
        promise: quality of service promised, 0-1.
        strength: of the rule; 0: everybody expects the ordinary.
        a: coefficients.
    """
    return min(max(a.ordinary_promise + strength * (promise - a.ordinary_promise), 0.0), 1.0)


@rule
def remembered(days: float, strength: float, a: Expectation = EXPECTATION) -> float:
    """What somebody who comes back still knows and feels of the firm, as a share, 0-1.

    Args:
        days: working days away, >= 0.
        strength: of the rule; 0: who comes back is a stranger.
        a: coefficients.
    """
    return min(strength, 1.0) * math.exp(-days / a.away_days)


@rule
def encounter_satisfaction(felt: float, expected: float, strength: float, a: Expectation = EXPECTATION) -> float:
    """Satisfaction with one encounter, 0-1 (Oliver 1980).

    Performance, moved by how far it is from what was expected.

    Args:
        felt: performance as the customer sees it, 0-1.
        expected: 0-1.
        strength: of the rule; 0: performance alone.
        a: coefficients.
    """
    return min(max(felt + a.contrast * strength * (felt - expected), 0.0), 1.0)


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
    taken_in = min(weight * (1.0 + loss_aversion), 1.0) if gap < 0.0 else weight
    return satisfaction + gap * taken_in
