"""Why customers leave: reasons of their own, dissatisfaction, incidents."""

from __future__ import annotations

import math

from simsvc.model.compiling import rule
from simsvc.scenario.assumptions.leaving import LEAVING, Leaving


@rule
def rate_of_leaving(
    base: float,
    satisfaction: float,
    alternative: float,
    loyalty: float,
    switching_cost: float,
    strength: float,
    a: Leaving = LEAVING,
) -> float:
    """Rate of leaving out of dissatisfaction, per year, >= 0; convex (Mittal & Kamakura 2001).

    Satisfaction relative to the alternative, plus loyalty, minus what switching would cost.

    Args:
        base: rate when satisfaction equals the alternative and loyalty is 0.5, per year, >= 0.
        satisfaction: cumulative, 0-1.
        alternative: satisfaction a competitor would give, 0-1.
        loyalty: attitude, 0-1.
        switching_cost: 0-1.
        strength: of the rule; 0: nobody leaves for that reason.
        a: coefficients.
    """
    if strength <= 0.0 or base <= 0.0:
        return 0.0
    pull = (
        a.satisfaction * (alternative - satisfaction)
        + a.attitude * (0.5 - loyalty)
        - a.switching_cost * (switching_cost - a.ordinary_switching_cost)
    )
    return strength * base * math.exp(min(max(pull, -20.0), 5.0))


@rule
def loss_severity(remedy: float, large_loss: float, exponent: float) -> float:
    """Severity of a failure as a ratio to that of a large loss, 0-1, from the money at stake.

    Args:
        remedy: that would be fair, money, >= 0.
        large_loss: money, > 0.
        exponent: how fast a loss counts, >= 0; 0: every loss like a large one, 1: in proportion.
    """
    return float(min(remedy / large_loss, 1.0) ** exponent)


@rule
def promptness_felt(days: float, strength: float, a: Leaving = LEAVING) -> float:
    """How prompt a settlement is, 0-1 (TARP: put right, put right fast).

    Args:
        days: working days since the customer first got in touch, >= 0.
        strength: of waiting; 0: late is as good as early.
        a: coefficients.
    """
    return 1.0 / (1.0 + strength * days / a.prompt_days)


@rule
def recovery_felt(complained: bool, outcome: float, procedure: float, promptness: float, a: Leaving = LEAVING) -> float:
    """How much of a failure is made good in the customer's eyes, 0-1.

    Complaining alone helps, being put right helps much more, and fast more still (TARP).

    Args:
        complained: whether the customer said anything.
        outcome: distributive justice, 0-1.
        procedure: procedural justice, 0-1.
        promptness: 0-1.
        a: coefficients.
    """
    return min(a.heard + outcome * (a.settled + a.prompt * procedure * promptness), 1.0) if complained else 0.0


@rule
def unsettled_by_incident(weight: float, strength: float, a: Leaving = LEAVING) -> float:
    """How much an incident moves this customer, ratio to one of some years; the long-standing less (Bolton 1998).

    Args:
        weight: of the newest encounter in what the customer thinks of the firm, 0-1; falls with experience.
        strength: of the rule; 0: everybody like a customer of some years.
        a: coefficients.
    """
    return max(1.0 + strength * (weight / a.seasoned - 1.0), 0.0)


@rule
def chance_to_leave_at_once(
    severity: float,
    recovery: float,
    failures: int,
    loyalty: float,
    unsettled: float,
    incident_churn: float,
    second_failure: float,
    strength: float,
    a: Leaving = LEAVING,
) -> float:
    """Chance of leaving over an incident, 0-1 (Keaveney 1995; second failures: Maxham & Netemeyer 2002, H12).

    Args:
        severity: of the failure, 0-1.
        recovery: felt, 0-1.
        failures: earlier failures not put right, >= 0.
        loyalty: 0-1; the loyal forgive more.
        unsettled: how much incidents move this customer, ratio, >= 0.
        incident_churn: share leaving after a large loss about which nothing was done, 0-1.
        second_failure: strength of the rule that later failures weigh more.
        strength: of the rule; 0: nobody.
        a: coefficients.
    """
    second = 1.0 + a.second_failure * second_failure * min(failures, 2)
    forgiving = max(a.unforgiving - a.forgiving * loyalty, 0.0)
    chance = strength * incident_churn * severity * (1.0 - recovery)
    return min(chance * second * forgiving * unsettled, 1.0)


@rule
def reluctance_to_return(reluctance: float, strength: float) -> float:
    """Factor on the attraction it takes to bring back somebody who left, >= 0.

    Args:
        reluctance: after leaving for that reason, >= 0; 1: as somebody who never was a customer.
        strength: of the rule; 0: all come back alike.
    """
    return max(1.0 + strength * (reluctance - 1.0), 0.0)
