"""Talk: who is told, and what they make of it (C36)."""

from __future__ import annotations

from simsvc.model.compiling import rule
from simsvc.model.rules.tempering import ORDINARY
from simsvc.model.rules.turnover import REFERENCE_REPUTATION

DELIGHT = 0.80  # satisfaction with an encounter that is worth telling
ANGER = 0.30
PUBLIC_MEMORY = 4.6  # working days in which two thirds of the reputation are made anew; assumption
GOOD = 0.5  # satisfaction above which what is told is good news


@rule
def people_told(experience: float, mean_after_good: float, strength: float) -> float:
    """Mean number of people told of an experience: bad ones travel twice as far (TARP).

    Args:
        experience: satisfaction with the encounter, 0-1.
        mean_after_good: people told of a delightful experience, >= 0.
        strength: of the rule; 0: nobody is told.
    """
    if experience >= DELIGHT:
        return strength * mean_after_good
    return strength * 2.0 * mean_after_good if experience <= ANGER else 0.0


@rule
def chance_of_post(share: float, experience: float, strength: float) -> float:
    """Chance that an experience becomes a public post, 0-1: the extremes are posted (Anderson 1998, form; C36).

    Args:
        share: of experiences that are posted, 0-1, about the mean over all.
        experience: satisfaction with the encounter, 0-1.
        strength: of the rule; 0: nobody posts.
    """
    return min(share * min(strength, 1.0) * (0.4 + 3.0 * abs(experience - 0.6)), 1.0)


@rule
def appeal_of_word(experience: float) -> float:
    """Reasons to join that a word gives to an outsider (negative: takes); bad news weigh double.

    In the unit of the joining clock, whose mean is 1. East, Hammond & Lomax 2008, form.
    """
    return 0.10 if experience > GOOD else -0.20


@rule
def satisfaction_after_word(satisfaction: float, experience: float) -> float:
    """A customer's satisfaction after hearing of somebody's experience, 0-1: moves little."""
    return satisfaction + (0.01 if experience > GOOD else 0.02) * (experience - satisfaction)


@rule
def weight_of_post(posts_a_day: float) -> float:
    """Weight of one post in the public reputation, 0-1: the public remembers days, not numbers of posts.

    Args:
        posts_a_day: as many as a firm of this size has in an ordinary market, >= 0.
    """
    return 1.0 / max(PUBLIC_MEMORY * posts_a_day, 1.0)


@rule
def reputation_after(reputation: float, experience: float, weight: float) -> float:
    """Public reputation, 0-1, after a post; the old ones fade.

    Args:
        reputation: before, 0-1.
        experience: what is posted, 0-1.
        weight: of the post, 0-1.
    """
    return reputation + weight * (experience - reputation)


@rule
def rate_of_joining(base: float, reputation: float, promise: float, strength: float) -> float:
    """Rate at which people outside become customers, per year, >= 0 (C22).

    Args:
        base: without word of mouth and at a middling promise, per year.
        reputation: public, 0-1.
        promise: made to the market, 0-1.
        strength: of word of mouth.
    """
    return base * max(1.0 + strength * 1.0 * (reputation - REFERENCE_REPUTATION) + 1.0 * (promise - ORDINARY), 0.0)
