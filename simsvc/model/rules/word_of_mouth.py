"""Talk: who is told, and what they make of it (C36)."""

from __future__ import annotations

from simsvc.model.compiling import rule
from simsvc.scenario.assumptions.word_of_mouth import WORD_OF_MOUTH, WordOfMouth


@rule
def people_told(experience: float, mean_after_good: float, strength: float, a: WordOfMouth = WORD_OF_MOUTH) -> float:
    """Mean number of people told of an experience: bad ones travel twice as far (TARP).

    Args:
        experience: satisfaction with the encounter, 0-1.
        mean_after_good: people told of a delightful experience, >= 0.
        strength: of the rule; 0: nobody is told.
        a: coefficients.
    """
    if experience >= a.delight:
        return strength * mean_after_good
    return strength * a.anger_travels * mean_after_good if experience <= a.anger else 0.0


@rule
def chance_of_post(share: float, experience: float, strength: float, a: WordOfMouth = WORD_OF_MOUTH) -> float:
    """Chance that an experience becomes a public post, 0-1: the extremes are posted (Anderson 1998, form; C36).

    Args:
        share: of experiences that are posted, 0-1, about the mean over all.
        experience: satisfaction with the encounter, 0-1.
        strength: of the rule; 0: nobody posts.
        a: coefficients.
    """
    readiness = a.posts_of_indifferent + a.posts_of_extremes * abs(experience - a.unremarkable)
    return min(share * min(strength, 1.0) * readiness, 1.0)


@rule
def appeal_of_word(experience: float, a: WordOfMouth = WORD_OF_MOUTH) -> float:
    """Reasons to join that a word gives to an outsider (negative: takes); bad news weigh about half.

    In the unit of the joining clock, whose mean is 1. East, Hammond & Lomax 2008, form.

    Args:
        experience: that is told of, 0-1.
        a: coefficients.
    """
    return a.good_word if experience > a.good_news else -a.bad_word


@rule
def satisfaction_after_word(satisfaction: float, experience: float, a: WordOfMouth = WORD_OF_MOUTH) -> float:
    """A customer's satisfaction after hearing of somebody's experience, 0-1: moves little.

    Args:
        satisfaction: before, 0-1.
        experience: that is told of, 0-1.
        a: coefficients.
    """
    weight = a.good_word_to_customers if experience > a.good_news else a.bad_word_to_customers
    return satisfaction + weight * (experience - satisfaction)


@rule
def weight_of_post(posts_a_day: float, a: WordOfMouth = WORD_OF_MOUTH) -> float:
    """Weight of one post in the public reputation, 0-1: the public remembers days, not numbers of posts.

    Args:
        posts_a_day: as many as a firm of this size has in an ordinary market, >= 0.
        a: coefficients.
    """
    return 1.0 / max(a.public_memory * posts_a_day, 1.0)


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
def rate_of_joining(
    base: float,
    reputation: float,
    promise: float,
    ordinary_reputation: float,
    ordinary_promise: float,
    strength: float,
    a: WordOfMouth = WORD_OF_MOUTH,
) -> float:
    """Rate at which people outside become customers, per year, >= 0 (C22).

    Args:
        base: without word of mouth and at a middling promise, per year, >= 0.
        reputation: public, 0-1.
        promise: made to the market, 0-1.
        ordinary_reputation: of a firm of the trade, 0-1.
        ordinary_promise: that the trade makes, 0-1.
        strength: of word of mouth.
        a: coefficients.
    """
    heard = strength * a.reputation_pull * (reputation - ordinary_reputation)
    return base * max(1.0 + heard + a.promise_pull * (promise - ordinary_promise), 0.0)
