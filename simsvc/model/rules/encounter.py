"""What a customer gets: fit, quality, courtesy, a solution or a grave error."""

from __future__ import annotations

import math

from simsvc.model.compiling import rule
from simsvc.model.curves import logistic, logit, saturating
from simsvc.model.rules.screening import CONTROL_MINUTES
from simsvc.model.rules.tempering import REFERENCE_SKILL

COMPETENT = 0.35  # skill times information from which latitude helps rather than harms
ORDINARY_ERRORS = 0.003  # grave errors per contact of a calm front line before control catches some; assumption
CALM = 0.5  # strain somewhat above that of an ordinary front line (0.4), up to which it does no harm; assumption
WORN_OUT = 0.8  # strain at which people are as the depressed
MORE_ERRORS = 5.0  # and make six times as many: so did depressed residents (Fahrenkopf et al. 2008, as remembered)
ERROR_ELASTICITY = 0.2  # 10 % more overwork, 2 % more deaths (KC & Terwiesch 2009, abstract)
TYPICAL_FIT = 0.7  # fit of everything when the rule is off


@rule
def fit_of_solution(distance: float, latitude: float, skill: float, information: float, strength: float) -> float:
    """How well a solution fits the need, 0-1 (C24, C25).

    A script fits the standard need and misses the others in proportion to their distance. Latitude
    lets a competent and informed person close the gap, and an incompetent one widen it.

    Args:
        distance: of the need from the standard, 0-1.
        latitude: used, 0-1.
        skill: 0-1.
        information: 0-1.
        strength: of the rule; 0 gives a typical fit to everything.
    """
    competence = skill * (0.5 + 0.5 * information)
    gain = min(max((competence - COMPETENT) / (1.0 - COMPETENT), -1.0), 1.0)
    fit = 1.0 - distance + min(distance, latitude) * 2.0 * gain
    return float(min(max(TYPICAL_FIT + strength * (fit - TYPICAL_FIT), 0.02), 1.0))


@rule
def skill_for(skill: float, own_department: bool, strength: float) -> float:
    """Skill that somebody brings to a case, 0-1: less to that of another department (H2).

    Args:
        skill: of the person, 0-1.
        own_department: whether the case belongs to the person's own department.
        strength: of the rule; 0: skill is the same everywhere.
    """
    return skill if own_department else skill * max(1.0 - 0.25 * strength, 0.0)


@rule
def volunteered_effort(morale: float, commitment: float, strength: float) -> float:
    """Effort put into a case, as a ratio to the ordinary, out of free will (C17).

    Args:
        morale: 0-1.
        commitment: 0-1.
        strength: of the rule; 0 gives 1.
    """
    return 1.0 + strength * 0.5 * (0.5 * morale + 0.5 * commitment - 0.55)


@rule
def effort_unwatched(commitment: float, control: float, strength: float) -> float:
    """Factor on effort: the uncommitted take it easy where nobody looks (Nagin et al. 2002).

    In that field experiment in call centres a part of the staff cheated more when less was checked,
    most where people were unhappy with their employer.

    Args:
        commitment: 0-1.
        control: minutes of being checked per head and day, >= 0.
        strength: of the rule; 0 gives 1.
    """
    watched = saturating(1.0, control, CONTROL_MINUTES)
    return max(1.0 - 0.5 * strength * max(0.75 - commitment, 0.0) * (1.0 - watched), 0.2)


@rule
def share_not_caught(control: float, strength: float) -> float:
    """Share of grave errors that control does not catch in time, 0-1.

    Args:
        control: minutes of being checked per head and day, >= 0.
        strength: of the rule; 0: control catches none.
    """
    return max(1.0 - saturating(0.5 * strength, control, CONTROL_MINUTES), 0.0)


@rule
def quality_of_work(skill: float, effort: float, time_given: float, fit: float, tools: float, strength: float) -> float:
    """Quality of the work on a case, 0-1: skill x effort x fit x tools (C12, C16).

    A weighted geometric mean, so that the worst ingredient spoils the dish.

    Args:
        skill: 0-1.
        effort: ratio to the ordinary, > 0.
        time_given: ratio to the time the case deserves, > 0 (Oliva & Sterman 2001).
        fit: 0-1.
        tools: 0-1.
        strength: of the rule that skill matters.
    """
    seen_skill = REFERENCE_SKILL + min(strength, 1.0) * (skill - REFERENCE_SKILL)
    worked = effort * math.sqrt(min(time_given, 1.1))
    logarithm = 0.4 * math.log(max(seen_skill, 0.01)) + 0.6 * math.log(max(worked, 0.01)) + 0.35 * math.log(fit)
    return min(math.exp(logarithm) * math.sqrt(math.sqrt(max(tools, 0.01))), 1.0)


@rule
def chance_to_resolve(quality: float, difficulty: float, resolution: float) -> float:
    """Chance that this contact settles the case, 0-1.

    Args:
        quality: of the work, 0-1.
        difficulty: of the case, 0-1.
        resolution: chance at quality 0.65 and difficulty 0.4, 0-1.
    """
    middling = min(max(resolution, 1e-9), 1.0 - 1e-9)
    return logistic(logit(middling) + 5.0 * (quality - 0.65) - 2.5 * (difficulty - 0.4))


@rule
def courtesy_shown(disposition: float, morale: float, exhaustion: float, strength: float) -> float:
    """Courtesy of an encounter, 0-1: disposition and mood, less what tiredness takes (C12).

    Args:
        disposition: 0-1.
        morale: 0-1.
        exhaustion: 0-1.
        strength: of morale's rule; 0: disposition alone.
    """
    mood = min(strength, 1.0) * (0.5 * (morale - disposition) - 0.25 * exhaustion)
    return min(max(0.15 + 0.85 * (disposition + mood), 0.0), 1.0)


@rule
def courtesy_with_smile(courtesy: float, smile: float, strength: float) -> float:
    """Courtesy after instruction to smile, 0-1: some of what is missing is shown, and part of it believed (C15).

    Args:
        courtesy: as felt, 0-1.
        smile: how much staff are trained and told to smile, 0-1.
        strength: of the rule; 0: no effect.
    """
    return courtesy + min(0.15 * strength * smile, 1.0) * (1.0 - courtesy)


@rule
def surface_acting(courtesy: float, smile: float, strength: float) -> float:
    """Strain of showing what one does not feel, 0-1 (Grandey 2003; Huelsheger & Schewe 2011; C15).

    Args:
        courtesy: as felt, 0-1.
        smile: how much staff are trained and told to smile, 0-1.
        strength: of the rule; 0: none.
    """
    return min(strength * smile * max(1.0 - courtesy, 0.0), 1.0)


@rule
def chance_of_grave_error(morale: float, exhaustion: float, overwork: float, strength: float) -> float:
    """Chance of a grave error in a contact, 0-1, convex in strain (C19).

    Overwork as such adds little; what it does in the end it does by wearing people down.

    Args:
        morale: 0-1.
        exhaustion: 0-1.
        overwork: of the team, see `overwork_after`, >= 0.
        strength: of the rule; 0: never.
    """
    worn = max((0.5 * (1.0 - morale) + 0.5 * exhaustion - CALM) / (WORN_OUT - CALM), 0.0)
    errors = ORDINARY_ERRORS * (1.0 + MORE_ERRORS * worn**3) * (1.0 + overwork) ** ERROR_ELASTICITY
    return float(min(strength * errors, 1.0))
