"""What a customer gets: fit, quality, courtesy, a solution or a grave error."""

from __future__ import annotations

import math

from simsvc.model.compiling import rule
from simsvc.model.curves import logistic, logit, saturating
from simsvc.scenario.assumptions.encounter import ENCOUNTER, Encounter


@rule
def fit_of_solution(
    distance: float, latitude: float, skill: float, information: float, strength: float, a: Encounter = ENCOUNTER
) -> float:
    """How well a solution fits the need, 0-1 (C24, C25).

    A script fits the standard need and misses the others in proportion to their distance. Latitude
    lets a competent and informed person close the gap, and an incompetent one widen it.

    Args:
        distance: of the need from the standard, 0-1.
        latitude: used, 0-1.
        skill: 0-1.
        information: 0-1.
        strength: of the rule; 0 gives a typical fit to everything.
        a: coefficients.
    """
    competence = skill * (a.uninformed + (1.0 - a.uninformed) * information)
    gain = min(max((competence - a.competent) / (1.0 - a.competent), -1.0), 1.0)
    fit = 1.0 - distance + min(distance, latitude) * a.latitude_gain * gain
    return float(min(max(a.typical_fit + strength * (fit - a.typical_fit), 0.02), 1.0))


@rule
def skill_for(skill: float, own_department: bool, strength: float, a: Encounter = ENCOUNTER) -> float:
    """Skill that somebody brings to a case, 0-1: less to that of another department (H2).

    Args:
        skill: of the person, 0-1.
        own_department: whether the case belongs to the person's own department.
        strength: of the rule; 0: skill is the same everywhere.
        a: coefficients.
    """
    return skill if own_department else skill * max(1.0 - a.other_department * strength, 0.0)


@rule
def volunteered_effort(morale: float, commitment: float, strength: float, a: Encounter = ENCOUNTER) -> float:
    """Effort put into a case, as a ratio to the ordinary, out of free will (C17).

    Args:
        morale: 0-1.
        commitment: 0-1.
        strength: of the rule; 0 gives 1.
        a: coefficients.
    """
    goodwill = a.morale_in_goodwill * morale + (1.0 - a.morale_in_goodwill) * commitment
    return 1.0 + strength * a.volunteered * (goodwill - a.ordinary_goodwill)


@rule
def effort_unwatched(
    commitment: float, control: float, close_watch: float, strength: float, a: Encounter = ENCOUNTER
) -> float:
    """Factor on effort: the uncommitted take it easy where nobody looks (Nagin et al. 2002).

    In that field experiment in call centres a part of the staff cheated more when less was checked,
    most where people were unhappy with their employer.

    Args:
        commitment: 0-1.
        control: minutes of being checked per head and day, >= 0.
        close_watch: minutes of control that half of what is possible takes, > 0.
        strength: of the rule; 0 gives 1.
        a: coefficients.
    """
    watched = saturating(1.0, control, close_watch)
    return max(1.0 - a.shirking * strength * max(a.committed - commitment, 0.0) * (1.0 - watched), 0.2)


@rule
def share_not_caught(control: float, close_watch: float, strength: float, a: Encounter = ENCOUNTER) -> float:
    """Share of grave errors that control does not catch in time, 0-1.

    Args:
        control: minutes of being checked per head and day, >= 0.
        close_watch: minutes of control that half of what is possible takes, > 0.
        strength: of the rule; 0: control catches none.
        a: coefficients.
    """
    return max(1.0 - saturating(a.caught * strength, control, close_watch), 0.0)


@rule
def quality_of_work(
    skill: float,
    effort: float,
    time_given: float,
    fit: float,
    tools: float,
    ordinary_skill: float,
    strength: float,
    a: Encounter = ENCOUNTER,
) -> float:
    """Quality of the work on a case, 0-1: skill x effort x fit x tools (C12, C16).

    A weighted geometric mean, so that the worst ingredient spoils the dish.

    Args:
        skill: 0-1.
        effort: ratio to the ordinary, > 0.
        time_given: ratio to the time the case deserves, > 0 (Oliva & Sterman 2001).
        fit: in (0, 1].
        tools: 0-1.
        ordinary_skill: that counts for everybody where skill does not matter, 0-1.
        strength: of the rule that skill matters.
        a: coefficients.
    """
    seen_skill = ordinary_skill + min(strength, 1.0) * (skill - ordinary_skill)
    worked = effort * math.sqrt(min(time_given, a.useful_time))
    logarithm = (
        a.skill_elasticity * math.log(max(seen_skill, 0.01))
        + a.effort_elasticity * math.log(max(worked, 0.01))
        + a.fit_elasticity * math.log(fit)
    )
    return min(math.exp(logarithm) * math.sqrt(math.sqrt(max(tools, 0.01))), 1.0)


@rule
def chance_to_resolve(quality: float, difficulty: float, resolution: float, a: Encounter = ENCOUNTER) -> float:
    """Chance that this contact settles the case, 0-1.

    Args:
        quality: of the work, 0-1.
        difficulty: of the case, 0-1.
        resolution: chance at middling quality and difficulty, 0-1.
        a: coefficients.
    """
    middling = min(max(resolution, 1e-9), 1.0 - 1e-9)
    balance = (
        logit(middling)
        + a.resolve_quality * (quality - a.middling_quality)
        - a.resolve_difficulty * (difficulty - a.middling_difficulty)
    )
    return logistic(balance)


@rule
def courtesy_shown(
    disposition: float, morale: float, exhaustion: float, strength: float, a: Encounter = ENCOUNTER
) -> float:
    """Courtesy of an encounter, 0-1: disposition and mood, less what tiredness takes (C12).

    Args:
        disposition: 0-1.
        morale: 0-1.
        exhaustion: 0-1.
        strength: of morale's rule; 0: disposition alone.
        a: coefficients.
    """
    mood = min(strength, 1.0) * (a.mood_shown * (morale - disposition) - a.tiredness_shown * exhaustion)
    return min(max(a.least_courtesy + (1.0 - a.least_courtesy) * (disposition + mood), 0.0), 1.0)


@rule
def courtesy_with_smile(courtesy: float, smile: float, strength: float, a: Encounter = ENCOUNTER) -> float:
    """Courtesy after instruction to smile, 0-1: some of what is missing is shown, and part of it believed (C15).

    Args:
        courtesy: as felt, 0-1.
        smile: how much staff are trained and told to smile, 0-1.
        strength: of the rule; 0: no effect.
        a: coefficients.
    """
    return courtesy + min(a.smile_believed * strength * smile, 1.0) * (1.0 - courtesy)


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
def chance_of_grave_error(
    morale: float, exhaustion: float, overwork: float, strength: float, a: Encounter = ENCOUNTER
) -> float:
    """Chance of a grave error in a contact, 0-1, convex in strain (C19).

    Overwork as such adds little; what it does in the end it does by wearing people down.

    Args:
        morale: 0-1.
        exhaustion: 0-1.
        overwork: of the team, see `overwork_after`, >= 0.
        strength: of the rule; 0: never.
        a: coefficients.
    """
    strain = a.morale_in_strain * (1.0 - morale) + (1.0 - a.morale_in_strain) * exhaustion
    worn = max((strain - a.calm) / (a.worn_out - a.calm), 0.0)
    errors = a.ordinary_errors * (1.0 + a.more_errors * worn**3) * (1.0 + overwork) ** a.error_elasticity
    return float(min(strength * errors, 1.0))
