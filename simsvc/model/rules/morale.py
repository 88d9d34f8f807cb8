"""What work does to those who do it: resources lift, demands wear (Bakker & Demerouti 2007)."""

from __future__ import annotations

import math

from simsvc.model.compiling import rule

MORALE_DAYS = 20.0
EXHAUSTION_DAYS = 40.0
COMMITMENT_DAYS = 120.0
EMPOWERMENT_DAYS = 60.0


@rule
def resources_at_work(
    empowerment: float, support: float, recognition: float, answered: float, colleagues: float, gratitude: float
) -> float:
    """Job resources, 0-1 (C12, C20, C21).

    Args:
        empowerment: autonomy as felt, 0-1.
        support: from managers, 0-1.
        recognition: of service, 0-1.
        answered: share of one's reports that got an answer, 0-1.
        colleagues: morale of the team, 0-1.
        gratitude: of customers, 0-1.
    """
    return (
        0.20 * empowerment
        + 0.20 * support
        + 0.10 * recognition
        + 0.10 * answered
        + 0.15 * colleagues
        + 0.25 * gratitude
    )


@rule
def demands_at_work(
    busy_share: float, comfortable: float, refusals: float, overreach: float, obstacles: float, control: float
) -> float:
    """Job demands, >= 0 and about 0.3 on an ordinary day.

    Args:
        busy_share: share of the day at work, >= 0.
        comfortable: share felt as comfortable, in (0, 1].
        refusals: justified wishes turned down, per contact.
        overreach: strain of own decisions, most of it beyond one's competence, per contact (H4).
        obstacles: cases caused by something known to be broken, per contact (C16).
        control: minutes of being checked, per day.
    """
    overload = max(busy_share / comfortable - 0.7, 0.0)
    return 0.6 * overload + 1.0 * refusals + 1.0 * overreach + 0.6 * obstacles + 0.006 * min(control, 60.0)


@rule
def morale_after(morale: float, resources: float, demands: float, exhaustion: float, strength: float) -> float:
    """Morale after one more day, 0-1; moves in weeks.

    Args:
        morale: before, 0-1.
        resources: 0-1.
        demands: >= 0.
        exhaustion: 0-1.
        strength: of the rule; 0 leaves morale alone.
    """
    balance = 0.9 + 3.0 * (resources - 0.5) - 1.5 * (demands - 0.3) - 1.0 * (exhaustion - 0.4)
    target = 1.0 / (1.0 + math.exp(-balance))
    return morale + min(strength / MORALE_DAYS, 1.0) * (target - morale)


@rule
def exhaustion_after(exhaustion: float, resources: float, demands: float, strength: float) -> float:
    """Exhaustion after one more day, 0-1; builds up over weeks and recovers.

    Args:
        exhaustion: before, 0-1.
        resources: 0-1.
        demands: >= 0.
        strength: of the rule; 0 leaves exhaustion alone.
    """
    balance = -0.5 + 2.5 * (demands - 0.3) - 1.0 * (resources - 0.5)
    target = 1.0 / (1.0 + math.exp(-balance))
    return exhaustion + min(strength / EXHAUSTION_DAYS, 1.0) * (target - exhaustion)


@rule
def commitment_after(commitment: float, morale: float, support: float, gratitude: float, strength: float) -> float:
    """Commitment to the firm after one more day, 0-1; moves in months (C13, C20).

    Args:
        commitment: before, 0-1.
        morale: 0-1.
        support: from managers, 0-1.
        gratitude: of customers, the source of pride, 0-1.
        strength: of the rule; 0 leaves commitment alone.
    """
    target = 0.5 * morale + 0.2 * support + 0.3 * gratitude
    return commitment + min(strength / COMMITMENT_DAYS, 1.0) * (target - commitment)


@rule
def empowerment_after(empowerment: float, granted: float, information: float, trust: float, strength: float) -> float:
    """Felt empowerment after one more day, 0-1; lags behind what is granted (Spreitzer 1995; C25).

    Args:
        empowerment: before, 0-1.
        granted: authority granted, 0-1.
        information: shared with the front line, 0-1.
        trust: of managers, 0-1.
        strength: of the rule; 0 leaves it alone.
    """
    target = 0.1 + 0.8 * (0.5 * granted + 0.25 * information + 0.25 * trust)
    return empowerment + min(strength / EMPOWERMENT_DAYS, 1.0) * (target - empowerment)


@rule
def support_felt(coaching: float, floor: float, teaching: float) -> float:
    """Support felt from managers, 0-1, from minutes per head and day and the boss's own skill (H6, C34)."""
    minutes = coaching * (0.5 + teaching) + floor
    return 0.15 + 0.75 * minutes / (minutes + 6.0)
