"""How skill grows: by doing, by training, from bosses and from each other."""

from __future__ import annotations

from simsvc.model.compiling import rule
from simsvc.scenario.assumptions.learning import LEARNING, Learning
from simsvc.scenario.calendar import DAYS_PER_YEAR


@rule
def chance_of_training(days: float, strength: float) -> float:
    """Chance that somebody is away for training on a day, 0-1.

    Args:
        days: of training per year, >= 0.
        strength: of learning; 0: nobody is sent where nobody learns.
    """
    return days / DAYS_PER_YEAR * min(strength, 1.0)


@rule
def chance_of_absence(
    coaching: float, day_minutes: float, information: float, sharing: float, strength: float, a: Learning = LEARNING
) -> float:
    """Share of their days that staff spend with each other and with managers instead of customers, 0-1 (H9).

    Whoever is coached does not serve; informing and showing each other takes meetings. Offline
    time of 5 to 10 % is usual in call centres (practice: "shrinkage").

    Args:
        coaching: minutes per head and day, >= 0.
        day_minutes: that a person works, > 0.
        information: share of what the organisation knows that is passed on, 0-1.
        sharing: how freely staff show each other what they learned, 0-1.
        strength: of the rule; 0: all this takes no time.
        a: coefficients.
    """
    away = coaching / day_minutes + a.time_informing * information + a.time_sharing * sharing
    return min(strength * away, a.most_absence)


@rule
def skill_of_newcomer(hired: float, usual: float, learning: float) -> float:
    """Mean skill of the newly hired, 0-1: they have all to learn; where nobody learns, they can what others can.

    Args:
        hired: skill of somebody newly hired, 0-1.
        usual: of the staff, 0-1.
        learning: strength of the rule that people learn by doing.
    """
    return hired + (1.0 - min(learning, 1.0)) * (usual - hired)


@rule
def potential_under(potential: float, teaching: float, strength: float, a: Learning = LEARNING) -> float:
    """Skill that somebody tends to under this boss, 0.05-0.95 (H6).

    What bosses mostly do is teach, on the job and whether or not they take time off for it. `boss_reach` is such that a
    team under a boss of the best tenth does about a tenth more than under one of the worst tenth, as Lazear, Shaw &
    Stanton (2015, abstract) find: as much as one worker more in a team of nine.

    Args:
        potential: of the person under an ordinary boss, 0-1.
        teaching: skill of the boss as a teacher, 0-1.
        strength: of the rule that bosses teach; 0: bosses are all alike.
        a: coefficients.
    """
    return min(max(potential + strength * a.boss_reach * (teaching - a.ordinary_teaching), 0.05), 0.95)


@rule
def skill_after(
    skill: float, potential: float, contacts: float, training: float, learning: float, a: Learning = LEARNING
) -> float:
    """Skill after one more day, 0-1, on the way to the person's potential (C28).

    Args:
        skill: before, 0-1.
        potential: skill the person tends to, 0-1.
        contacts: served today, >= 0.
        training: days of training per day, >= 0.
        learning: strength of the rule; 0: nobody learns by doing or training.
        a: coefficients.
    """
    gain = (a.gain_per_contact * contacts + a.gain_per_training * training) * (potential - skill)
    return min(skill + min(learning * max(gain, 0.0), 1.0), 1.0)


@rule
def skill_after_forgetting(skill: float, strength: float, a: Learning = LEARNING) -> float:
    """Skill after one more day of change in products, rules and tools, 0-1: what is learned fades.

    Args:
        skill: before, 0-1; what everybody can stays.
        strength: of the rule; 0: what is learned stays.
        a: coefficients.
    """
    forgotten = min(a.forgotten / DAYS_PER_YEAR * strength, 1.0)
    return skill - forgotten * max(skill - a.never_forgotten, 0.0)


@rule
def skill_from_peers(skill: float, team: float, sharing: float, strength: float, a: Learning = LEARNING) -> float:
    """Skill gained in a day from colleagues who know more (C35).

    Args:
        skill: of this person, 0-1.
        team: mean skill of the team, 0-1.
        sharing: how freely staff show each other what they learned, 0-1.
        strength: of the rule; 0: nothing.
        a: coefficients.
    """
    return min(a.gain_from_peers * strength * sharing, 1.0) * max(team - skill, 0.0)


@rule
def disposition_after(disposition: float, training: float, strength: float, a: Learning = LEARNING) -> float:
    """Hospitable disposition after a day of training, 0-1: it can be taught a little (C33).

    Args:
        disposition: before, 0-1.
        training: days of training today, 0 or 1.
        strength: of the rule; 0: one is born with it.
        a: coefficients.
    """
    taught = min(a.hospitality_taught * strength * training, 1.0)
    return disposition + taught * max(a.hospitality_teachable - disposition, 0.0)


@rule
def skill_from_coaching(
    minutes: float, teaching: float, skill: float, potential: float, strength: float, a: Learning = LEARNING
) -> float:
    """Skill gained from a day's coaching; what a good boss teaches lasts (Lazear et al. 2015; H6).

    Coaching brings people to their potential faster, and a good boss somewhat beyond it.

    Args:
        minutes: of coaching per head, >= 0.
        teaching: skill of the boss as a teacher, 0-1.
        skill: before, 0-1.
        potential: skill the person tends to, 0-1.
        strength: of the rule; 0: nothing.
        a: coefficients.
    """
    reach = min(potential + a.beyond_potential * teaching, 0.95)
    gain = min(strength * a.gain_from_coaching * min(minutes, a.coaching_minutes) * teaching, 1.0)
    return gain * max(reach - skill, 0.0)
