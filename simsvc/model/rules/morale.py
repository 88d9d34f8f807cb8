"""What work does to those who do it: resources lift, demands wear (Bakker & Demerouti 2007)."""

from __future__ import annotations

from simsvc.model.compiling import rule
from simsvc.model.curves import logistic, logit, saturating
from simsvc.model.rules.tempering import TYPICAL_CHALLENGE, TYPICAL_TRAINING

MORALE_DAYS = 20.0
EXHAUSTION_DAYS = 40.0
COMMITMENT_DAYS = 120.0
EMPOWERMENT_DAYS = 60.0
HABIT_DAYS = 250.0


@rule
def resources_at_work(
    empowerment: float,
    support: float,
    recognition: float,
    answered: float,
    colleagues: float,
    gratitude: float,
    challenge: float,
    training: float,
    pay: float,
) -> float:
    """Job resources, about 0.5 in an ordinary job (C12, C20, C21).

    Args:
        empowerment: autonomy as felt, 0-1.
        support: from managers, 0-1.
        recognition: of service, 0-1.
        answered: what answers to one's reports are worth, 0-1.
        colleagues: morale of the team, 0-1.
        gratitude: of customers, 0-1.
        challenge: that fits one's skill, 0-1.
        training: how frequent, 0-1.
        pay: against the market's, in logarithms; 0 is ordinary.
    """
    return (
        0.20 * empowerment
        + 0.20 * support
        + 0.10 * recognition
        + 0.10 * answered
        + 0.15 * colleagues
        + 0.25 * gratitude
        + 0.10 * (challenge - TYPICAL_CHALLENGE)
        + 0.05 * (training - TYPICAL_TRAINING)
        + 0.15 * pay
    )


@rule
def overreach_felt(needed: float, skill: float, information: float, strength: float) -> float:
    """Strain of one own decision, 0-1 (Chan & Lam 2011; H4).

    Deciding weighs on everybody a little, and much more beyond one's competence.

    Args:
        needed: what the case asks of who decides it, 0-1.
        skill: 0-1.
        information: at hand, 0-1.
        strength: of the rule; 0: deciding weighs nothing.
    """
    return strength * (0.3 * needed + 0.7 * max(needed - skill * (0.6 + 0.4 * information), 0.0))


@rule
def challenge_felt(stretch: float, skill: float) -> float:
    """Challenge, 0-1: the skilled are bored by work that asks little of them (C21, C28).

    Args:
        stretch: demand of decisions that were one's own, per contact, 0-1.
        skill: 0-1; who can more wants more.
    """
    return min(max(1.0 - 2.0 * max(0.5 * skill - stretch, 0.0), 0.0), 1.0)


@rule
def valued(value: float, typical: float, growth_need: float, strength: float) -> float:
    """Autonomy or challenge as people value it, 0-1 (Hackman & Oldham 1976).

    Args:
        value: as it is felt, 0-1.
        typical: of an ordinary job, 0-1.
        growth_need: how much people want it, 0-1; 0.5 is ordinary.
        strength: of the rule that people differ in this; 0: it is worth the same to all.
    """
    return min(max(typical + (1.0 + strength * 2.0 * (growth_need - 0.5)) * (value - typical), 0.0), 1.0)


@rule
def training_felt(days: float) -> float:
    """Frequency of training as a resource, 0-1 (C21).

    Args:
        days: of training per year, >= 0.
    """
    return saturating(1.0, days, 6.0)


@rule
def climate_index(information: float, tools: float, training: float, support: float, answered: float) -> float:
    """Service climate, 0-1: what the organisation gives its front line to serve with (Schneider, concept; C18).

    An output that nothing else depends on: the mean of its parts, each 0-1.
    """
    return (information + tools + training + support + answered) / 5.0


@rule
def ambiguity_felt(granted: float, clarity: float, strength: float) -> float:
    """Strain of authority whose limits are unclear, 0-1 (C29).

    Args:
        granted: authority granted, 0-1.
        clarity: of vision and limits, 0-1.
        strength: of the rule; 0: none.
    """
    return strength * granted * (1.0 - clarity)


@rule
def gap_of_promise(promise: float, delivered: float, strength: float) -> float:
    """Gap between what the firm promises and what its staff can deliver, 0-1, as a strain on them (C22).

    Args:
        promise: made to the market, 0-1.
        delivered: mean experience of customers, smoothed, 0-1.
        strength: of the rule; 0: none.
    """
    return strength * max(promise - delivered - 0.05, 0.0)


@rule
def overload_felt(busy_share: float, hurry: float, comfortable: float, strength: float) -> float:
    """Strain of being busy for more of the day than seven tenths of what is comfortable, >= 0.

    Two days' work done in one day weighs like two days' work: hurrying is strain, not relief. Taking one's time is no
    relief either.

    Args:
        busy_share: share of the day at work, >= 0.
        hurry: factor on time per case under pressure, > 0; below 1 people hurry.
        comfortable: share felt as comfortable, in (0, 1].
        strength: of the rule; 0: none.
    """
    return 0.6 * strength * max(busy_share / min(hurry, 1.0) / comfortable - 0.7, 0.0)


@rule
def refusals_felt(refusals: float, strength: float) -> float:
    """Strain of turning down what was justified, >= 0.

    Args:
        refusals: justified wishes turned down, per contact.
        strength: of the rule; 0: none.
    """
    return strength * refusals


@rule
def obstacles_felt(obstacles: float, strength: float) -> float:
    """Strain of what is known to be broken, >= 0 (C16).

    Args:
        obstacles: cases caused by it, per contact.
        strength: of the rule; 0: none.
    """
    return 0.6 * strength * obstacles


@rule
def control_felt(control: float, strength: float) -> float:
    """Strain of being checked, >= 0.

    Args:
        control: minutes of it per day, >= 0; more than an hour is felt no more.
        strength: of the rule; 0: none.
    """
    return 0.0025 * strength * min(control, 60.0)


@rule
def demands_at_work(
    overload: float,
    refusals: float,
    overreach: float,
    obstacles: float,
    control: float,
    acting: float,
    ambiguity: float,
    promise: float,
) -> float:
    """Job demands, >= 0 and about 0.3 on an ordinary day.

    Args:
        overload: see `overload_felt`.
        refusals: see `refusals_felt`.
        overreach: strain of own decisions, most of it beyond one's competence, per contact (H4).
        obstacles: see `obstacles_felt`.
        control: see `control_felt`.
        acting: strain of showing what one does not feel, per contact (C15).
        ambiguity: strain of unclear authority, 0-1.
        promise: gap between promise and delivery, 0-1.
    """
    return overload + refusals + overreach + obstacles + control + 0.35 * acting + 0.3 * ambiguity + 0.5 * promise


@rule
def seen_through(value: float, outlook: float) -> float:
    """How somebody of this outlook sees what people in the mean see as `value`, 0-1.

    Args:
        value: in (0, 1).
        outlook: lasting, in logits; above 0 sees things bright.
    """
    return logistic(logit(min(max(value, 0.001), 0.999)) + outlook)


@rule
def morale_after(
    morale: float, resources: float, demands: float, exhaustion: float, outlook: float, strength: float
) -> float:
    """Morale after one more day, 0-1; moves in weeks, around a set point of one's own.

    Args:
        morale: before, 0-1.
        resources: 0-1.
        demands: >= 0.
        exhaustion: 0-1.
        outlook: of the person, in logits.
        strength: of the rule; 0 leaves morale alone.
    """
    balance = 0.6 + 3.0 * (resources - 0.5) - 1.5 * (demands - 0.3) - 1.0 * (exhaustion - 0.4) + outlook
    return morale + min(strength / MORALE_DAYS, 1.0) * (logistic(balance) - morale)


@rule
def accustomed_after(accustomed: float, resources: float) -> float:
    """Resources that somebody is used to, after one more day; habits form in a year."""
    return accustomed + (resources - accustomed) / HABIT_DAYS


@rule
def resources_against_habit(resources: float, accustomed: float, strength: float) -> float:
    """Resources as they are felt: half of what one is used to does not count (Boswell et al. 2005, concept).

    Args:
        resources: at work today, about 0.5.
        accustomed: resources that one is used to.
        strength: of the rule; 0: nobody gets used to anything.
    """
    return resources - 0.5 * min(strength, 2.0) * (accustomed - 0.5)


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
    return exhaustion + min(strength / EXHAUSTION_DAYS, 1.0) * (logistic(balance) - exhaustion)


@rule
def commitment_after(
    commitment: float, morale: float, support: float, gratitude: float, pride: float, strength: float
) -> float:
    """Commitment to the firm after one more day, 0-1; moves in months (C13, C20).

    Args:
        commitment: before, 0-1.
        morale: 0-1.
        support: from managers, 0-1.
        gratitude: of customers, 0-1.
        pride: in what the public says, -1 to 1; see `pride_felt`.
        strength: of the rule; 0 leaves commitment alone.
    """
    target = min(max(0.5 * morale + 0.2 * support + 0.3 * gratitude + 0.3 * pride, 0.0), 1.0)
    return commitment + min(strength / COMMITMENT_DAYS, 1.0) * (target - commitment)


@rule
def pride_felt(reputation: float, ordinary: float, strength: float) -> float:
    """Pride in the firm's public name, -1 to 1 (C20).

    Args:
        reputation: of the firm, 0-1.
        ordinary: reputation of an ordinary firm, 0-1.
        strength: of the rule; 0: none.
    """
    return strength * (reputation - ordinary)


@rule
def empowerment_after(
    empowerment: float, granted: float, information: float, trust: float, outlook: float, strength: float
) -> float:
    """Felt empowerment after one more day, 0-1; lags behind what is granted (Spreitzer 1995; C25).

    The same authority is felt differently by people of different outlook.

    Args:
        empowerment: before, 0-1.
        granted: authority granted, 0-1.
        information: shared with the front line, 0-1.
        trust: of managers, 0-1.
        outlook: of the person, in logits.
        strength: of the rule; 0 leaves it alone.
    """
    target = seen_through(0.1 + 0.8 * (0.5 * granted + 0.25 * information + 0.25 * trust), outlook)
    return empowerment + min(strength / EMPOWERMENT_DAYS, 1.0) * (target - empowerment)


@rule
def support_felt(coaching: float, floor: float, teaching: float) -> float:
    """Support felt from managers, 0-1, from minutes per head and day and the boss's own skill (H6, C34)."""
    minutes = coaching * (0.5 + teaching) + floor
    return 0.15 + saturating(0.75, minutes, 6.0)
