"""Managers as people: their morale, their time on the floor, who takes their place."""

from __future__ import annotations

import math

from simsvc.model.compiling import rule
from simsvc.model.curves import logistic, saturating
from simsvc.scenario.assumptions.leading import LEADING, Leading


@rule
def manager_morale_after(
    morale: float, team: float, approvals: float, overtime: float, days: float, strength: float, a: Leading = LEADING
) -> float:
    """Morale of a manager after one more day, 0-1: the team's mood lifts, a desk full of requests wears.

    Args:
        morale: before, 0-1.
        team: mean morale of those below, 0-1.
        approvals: time spent on approvals as a share of a day's work, >= 0.
        overtime: that part of it which is outside one's hours, >= 0; wears twice.
        days: in which morale moves, > 0.
        strength: of the rule; 0 leaves morale alone.
        a: coefficients.
    """
    balance = (
        a.morale_ordinary
        + a.morale_team * (team - a.ordinary_team)
        - a.morale_approvals * (approvals - a.ordinary_approvals)
        - a.morale_overtime * overtime
    )
    return morale + min(strength / days, 1.0) * (logistic(balance) - morale)


@rule
def teaching_in_force(teaching: float, morale: float, ordinary: float, strength: float, a: Leading = LEADING) -> float:
    """Skill as a boss as it shows today, 0-1.

    Args:
        teaching: skill as a boss, 0-1.
        morale: of the manager, 0-1.
        ordinary: morale at which it shows as it is, 0-1.
        strength: of the rule that managers lead by their morale; 0: skill alone.
        a: coefficients.
    """
    return min(max(teaching * (1.0 + a.teaching_of_morale * strength * (morale - ordinary)), 0.0), 1.0)


@rule
def rate_of_leaving_of_managers(
    base: float, morale: float, ordinary: float, strength: float, a: Leading = LEADING
) -> float:
    """Rate at which a manager leaves, per year, >= 0.

    Args:
        base: rate at ordinary morale, per year, >= 0.
        morale: of the manager, 0-1.
        ordinary: morale at which that rate holds, 0-1.
        strength: of the rule that managers lead by their morale; 0: the base rate.
        a: coefficients.
    """
    return base * math.exp(-a.leaving_of_morale * strength * (morale - ordinary))


@rule
def chance_of_promotion(share: float, strength: float) -> float:
    """Chance that a manager's vacancy is filled from the front line, 0-1 (C2).

    Args:
        share: of the chart, 0-1.
        strength: of the rule; 0: all come from outside.
    """
    return share * min(strength, 1.0)


@rule
def skill_of_promoted(skill: float, drawn: float, a: Leading = LEADING) -> float:
    """Skill at hard cases of a manager who comes from the front line, 0-1 (C2): what one could, and some more.

    Args:
        skill: as a member of the front line, 0-1.
        drawn: skill somebody from outside would have brought, 0-1.
        a: coefficients.
    """
    grown = skill + a.promoted_gain
    return min((1.0 - a.promoted_own_skill) * drawn + a.promoted_own_skill * grown, 0.95)


@rule
def help_on_the_floor(minutes: float, day_minutes: float, strength: float, a: Leading = LEADING) -> float:
    """Factor on time per case where managers on the floor take work over (C34).

    As if the team were larger by that share of a person, at managers' pace there.

    Args:
        minutes: managers spend on the floor per member of staff and day, >= 0.
        day_minutes: that a person works, > 0.
        strength: of the rule; 0: they only look.
        a: coefficients.
    """
    return 1.0 / (1.0 + a.floor_pace * strength * minutes / day_minutes)


@rule
def coordination_of_span(span: float, strength: float, a: Leading = LEADING) -> float:
    """Factor on what a hand-over loses: the fewer people per manager, the less (Gittell 2001; H6).

    Args:
        span: members of staff per manager, > 0.
        strength: of the rule; 0 gives 1.
        a: coefficients.
    """
    return float(min(max(span / a.ordinary_span, 0.05), 6.0) ** (a.coordination_exponent * strength))


@rule
def answer_holds(days: int, a: Leading = LEADING) -> bool:
    """Whether an answer about a trouble still serves all who report it: one trouble is answered once, for a while.

    Args:
        days: since it was given, >= 0.
        a: coefficients.
    """
    return days < a.answer_days


@rule
def time_for_answers(answers: float, strength: float, a: Leading = LEADING) -> float:
    """Minutes of managers' time that answers about troubles take, >= 0 (H7).

    Args:
        answers: given on a day, >= 0.
        strength: of the rule; 0: answers take no time.
        a: coefficients.
    """
    return strength * a.answer_minutes * answers


@rule
def answers_managed(minutes: float, promised: float, strength: float, a: Leading = LEADING) -> float:
    """Share of the answers promised that managers have time for, 0-1 (H7).

    Args:
        minutes: of managers that approvals leave, >= 0.
        promised: answers on a day, >= 0.
        strength: of the rule; 0: there is always time.
        a: coefficients.
    """
    share = min(minutes / (a.answer_minutes * promised), 1.0) if promised > 0.0 else 1.0
    return 1.0 - min(strength, 1.0) * (1.0 - share)


@rule
def answer_in_effect(answered: float, removing: float, strength: float, a: Leading = LEADING) -> float:
    """What an answer is worth, 0-1: the less is done about causes, the less (McClean, Burris & Detert 2013; H7).

    Args:
        answered: share of one's reports that got an answer, 0-1.
        removing: minutes managers spend on removing causes per member of staff and day, >= 0.
        strength: of the rule; 0: answers alone count.
        a: coefficients.
    """
    acting = saturating(1.0, removing, a.acting_minutes)
    return answered * max(1.0 - a.words_alone * strength * (1.0 - acting), 0.0)
