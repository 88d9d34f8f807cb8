"""The ratchet: costly concessions tighten the rules (C7)."""

from __future__ import annotations

from simsvc.model.compiling import rule
from simsvc.scenario.assumptions.policy import POLICY, Policy


@rule
def tightness_in_force(tightness: float, strength: float) -> float:
    """Share by which policy cuts the chart's limits, >= 0 (C7).

    Args:
        tightness: of the department's policy, 0-1.
        strength: of the rule; 0: limits are the chart's.
    """
    return strength * tightness


@rule
def ratchet_under_kpi(ratchet: float, kpi: float, ordinary: float, strength: float) -> float:
    """How strongly costly concessions tighten policy, >= 0, by what managers steer by (C11).

    Args:
        ratchet: of the chart, 0-1, as at an ordinary KPI.
        kpi: cost 0 to customers 1; who steers by customers lets costs be.
        ordinary: what managers ordinarily steer by, in [0, 1).
        strength: of the rule; 0: the chart's ratchet.
    """
    return ratchet * max(1.0 - strength * (kpi - ordinary) / (1.0 - ordinary), 0.0)


@rule
def tightness_after(
    tightness: float, grants: float, budget: float, ratchet: float, strength: float, a: Policy = POLICY
) -> float:
    """Tightness of policy after one more day, 0-1.

    Limits tighten while concessions to customers cost more than was budgeted for, and ease very
    slowly when they do not.

    Args:
        tightness: before, 0-1.
        grants: smoothed cost of concessions, money per day, >= 0.
        budget: for them, money per day, > 0.
        ratchet: how strongly this organisation reacts, 0-1.
        strength: of the rule; 0: policy stays.
        a: coefficients.
    """
    over = min(max(grants / budget - 1.0, 0.0), 1.0)
    tightened = a.tightening * ratchet * over * (a.tightest - tightness)
    return tightness + strength * (tightened - a.easing * tightness)
