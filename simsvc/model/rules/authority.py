"""Who may decide what, and what people do who may not."""

from __future__ import annotations

from simsvc.model.compiling import rule
from simsvc.model.curves import saturating
from simsvc.model.rows import ACT, ASK, BEND, REFUSE
from simsvc.scenario.assumptions.authority import AUTHORITY, Authority


@rule
def limit_in_force(
    limit: float,
    tightness: float,
    adaptive: float,
    skill: float,
    reference: float,
    strength: float,
    a: Authority = AUTHORITY,
) -> float:
    """Remedy a person may grant today, in money, >= 0.

    Args:
        limit: what the chart says, money, >= 0.
        tightness: of the policy in force, >= 0 (C7).
        adaptive: how much limits follow demonstrated competence, 0-1 (C29).
        skill: 0-1.
        reference: skill at which the limit is the chart's, 0-1.
        strength: of the rule that limits may follow skill; 0: the same limit for all.
        a: coefficients.
    """
    return (
        limit
        * max(1.0 - tightness, 0.0)
        * max(1.0 + strength * adaptive * a.limit_per_skill * (skill - reference), 0.0)
    )


@rule
def beyond_authority(remedy: float, distance: float, limit: float, latitude: float, a: Authority = AUTHORITY) -> bool:
    """Whether a case exceeds a person's authority in money or in latitude (C3).

    Args:
        remedy: that would be fair, money, >= 0.
        distance: of the need from the standard, 0-1; small deviations are nobody's business.
        limit: remedy this person may grant, money, >= 0.
        latitude: deviation this person may take, 0-1.
        a: coefficients.
    """
    allowed = a.deviation_tolerated + (1.0 - a.deviation_tolerated) * latitude
    return remedy > limit or distance > allowed


@rule
def plan_unscreened(plan: int, u: float, strength: float) -> int:
    """What is done with a case where nobody screens: what would be refused is granted.

    Args:
        plan: ACT, ASK, BEND or REFUSE.
        u: uniform number in (0, 1).
        strength: of screening: the share of cases that are screened; 0: nobody screens.
    """
    return ACT if plan == REFUSE and u >= strength else plan


@rule
def offer_with_generosity(remedy: float, generosity: float, strength: float) -> float:
    """What is paid for a claim that is granted, money, >= 0 (C36, H12).

    Args:
        remedy: that would be fair, money, >= 0.
        generosity: share paid beyond it, -0.5 to 1.
        strength: of the rule; 0: what is fair.
    """
    return remedy * max(1.0 + strength * generosity, 0.0)


@rule
def share_granted(granted: bool, paid: float, remedy: float) -> float:
    """How much of what was asked for is granted, 0-1: all of it, or, of a claim turned down, what is paid all the same.

    Args:
        granted: whether what was asked for was granted.
        paid: offered, money, >= 0.
        remedy: that would be fair, money, >= 0; 0 where no money is asked for.
    """
    if granted:
        return 1.0
    return min(paid / remedy, 1.0) if remedy > 0.0 else 0.0


@rule
def weight_of_money(amount: float, usual: float) -> float:
    """What deciding about so much money asks of somebody, 0-1: half of the most at what is usual. Form: assumption.

    Args:
        amount: to decide about, money, >= 0.
        usual: mean remedy of the firm, money, >= 0, so that it does not matter in what currency.
    """
    return saturating(1.0, amount, max(usual, 1e-9))


@rule
def gesture_given(generosity: float, strength: float) -> float:
    """Gesture beyond the solution where no claim is settled, ratio to a full one, >= 0 (C36).

    Args:
        generosity: share paid beyond what is fair, -0.5 to 1.
        strength: of the rule; 0: none.
    """
    return max(strength * generosity, 0.0)


@rule
def chance_to_bend(
    trust: float, recognition: float, empowerment: float, strength: float, a: Authority = AUTHORITY
) -> float:
    """Chance that somebody bends a rule for a customer instead of asking, 0-1 (C32).

    Needs trust from above, recognition of service rather than compliance, and daring.

    Args:
        trust: of the managers in the front line, 0-1.
        recognition: compliance 0 to service 1.
        empowerment: felt, 0-1.
        strength: of the rule; 0: nobody bends.
        a: coefficients.
    """
    return min(strength * a.bending * trust * recognition * empowerment, 1.0)


@rule
def plan_for(beyond: bool, chance_to_bend: float, ask_share: float, anyone_to_ask: bool, u1: float, u2: float) -> int:
    """What a member of staff does with a case: ACT, ASK, BEND or REFUSE.

    Args:
        beyond: whether the case exceeds the person's authority.
        chance_to_bend: 0-1.
        ask_share: share of cases beyond authority that are passed up, 0-1.
        anyone_to_ask: whether there is a manager.
        u1: uniform number in (0, 1), for bending.
        u2: uniform number in (0, 1), for asking.
    """
    if not beyond:
        return ACT
    if u1 < chance_to_bend:
        return BEND
    return ASK if anyone_to_ask and u2 < ask_share else REFUSE
