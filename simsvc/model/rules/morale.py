"""What work does to those who do it: resources lift, demands wear (Bakker & Demerouti 2007)."""

from __future__ import annotations

from simsvc.model.compiling import rule
from simsvc.model.curves import logistic, logit, saturating
from simsvc.scenario.assumptions.morale import MORALE, Morale


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
    a: Morale = MORALE,
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
        a: coefficients.
    """
    return (
        a.weight_of_autonomy * empowerment
        + a.weight_of_support * support
        + a.weight_of_recognition * recognition
        + a.weight_of_answers * answered
        + a.weight_of_colleagues * colleagues
        + a.weight_of_gratitude * gratitude
        + a.weight_of_challenge * (challenge - a.typical_challenge)
        + a.weight_of_training * (training - a.typical_training)
        + a.weight_of_pay * pay
    )


@rule
def overreach_felt(needed: float, skill: float, information: float, strength: float, a: Morale = MORALE) -> float:
    """Strain of one own decision, 0-1 (Chan & Lam 2011; H4).

    Deciding weighs on everybody a little, and much more beyond one's competence.

    Args:
        needed: what the case asks of who decides it, 0-1.
        skill: 0-1.
        information: at hand, 0-1.
        strength: of the rule; 0: deciding weighs nothing.
        a: coefficients.
    """
    competence = skill * (a.competence_uninformed + a.competence_of_information * information)
    beyond = max(needed - competence, 0.0)
    return strength * (a.strain_of_deciding * needed + a.strain_beyond_competence * beyond)


@rule
def challenge_felt(stretch: float, skill: float, a: Morale = MORALE) -> float:
    """Challenge, 0-1: the skilled are bored by work that asks little of them (C21, C28).

    Args:
        stretch: demand of decisions that were one's own, per contact, 0-1.
        skill: 0-1; who can more wants more.
        a: coefficients.
    """
    return min(max(1.0 - a.boredom * max(a.stretch_wanted * skill - stretch, 0.0), 0.0), 1.0)


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
def training_felt(days: float, a: Morale = MORALE) -> float:
    """Frequency of training as a resource, 0-1 (C21).

    Args:
        days: of training per year, >= 0.
        a: coefficients.
    """
    return saturating(1.0, days, a.training_half)


@rule
def climate_index(information: float, tools: float, training: float, support: float, answered: float) -> float:
    """Service climate, 0-1: what the organisation gives its front line to serve with (Schneider, concept; C18).

    An output that nothing else depends on: the mean of its parts.

    Args:
        information: that the front line is given, 0-1.
        tools: 0-1.
        training: how frequent, 0-1.
        support: from managers, 0-1.
        answered: share of one's reports that are answered, as it is remembered, 0-1.
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
def gap_of_promise(promise: float, delivered: float, strength: float, a: Morale = MORALE) -> float:
    """Gap between what the firm promises and what its staff can deliver, 0-1, as a strain on them (C22).

    Args:
        promise: made to the market, 0-1.
        delivered: mean experience of customers, smoothed, 0-1.
        strength: of the rule; 0: none.
        a: coefficients.
    """
    return strength * max(promise - delivered - a.gap_tolerated, 0.0)


@rule
def overload_felt(busy_share: float, hurry: float, comfortable: float, strength: float, a: Morale = MORALE) -> float:
    """Strain of being busy for more of the day than a good part of what is comfortable, >= 0.

    Two days' work done in one day weighs like two days' work: hurrying is strain, not relief. Taking one's time is no
    relief either.

    Args:
        busy_share: share of the day at work, >= 0.
        hurry: factor on time per case under pressure, > 0; below 1 people hurry.
        comfortable: share felt as comfortable, in (0, 1].
        strength: of the rule; 0: none.
        a: coefficients.
    """
    return a.overload_per_load * strength * max(busy_share / min(hurry, 1.0) / comfortable - a.load_unfelt, 0.0)


@rule
def refusals_felt(refusals: float, strength: float) -> float:
    """Strain of turning down what was justified, >= 0.

    Args:
        refusals: justified wishes turned down, per contact, 0-1.
        strength: of the rule; 0: none.
    """
    return strength * refusals


@rule
def obstacles_felt(obstacles: float, strength: float, a: Morale = MORALE) -> float:
    """Strain of what is known to be broken, >= 0 (C16).

    Args:
        obstacles: cases caused by it, per contact, 0-1.
        strength: of the rule; 0: none.
        a: coefficients.
    """
    return a.strain_of_obstacles * strength * obstacles


@rule
def control_felt(control: float, strength: float, a: Morale = MORALE) -> float:
    """Strain of being checked, >= 0.

    Args:
        control: minutes of it per day, >= 0; more than an hour is felt no more.
        strength: of the rule; 0: none.
        a: coefficients.
    """
    return a.strain_of_control * strength * min(control, a.control_minutes)


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
    a: Morale = MORALE,
) -> float:
    """Job demands, >= 0 and about 0.3 on an ordinary day.

    Args:
        overload: see `overload_felt`, >= 0.
        refusals: see `refusals_felt`, >= 0.
        overreach: strain of own decisions, most of it beyond one's competence, per contact, >= 0 (H4).
        obstacles: see `obstacles_felt`, >= 0.
        control: see `control_felt`, >= 0.
        acting: strain of showing what one does not feel, per contact, 0-1 (C15).
        ambiguity: strain of unclear authority, 0-1.
        promise: gap between promise and delivery, 0-1.
        a: coefficients.
    """
    return (
        overload
        + refusals
        + overreach
        + obstacles
        + control
        + a.strain_of_acting * acting
        + a.strain_of_ambiguity * ambiguity
        + a.strain_of_promise * promise
    )


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
    morale: float,
    resources: float,
    demands: float,
    exhaustion: float,
    outlook: float,
    strength: float,
    a: Morale = MORALE,
) -> float:
    """Morale after one more day, 0-1; moves in weeks, around a set point of one's own.

    Args:
        morale: before, 0-1.
        resources: 0-1.
        demands: >= 0.
        exhaustion: 0-1.
        outlook: of the person, in logits.
        strength: of the rule; 0 leaves morale alone.
        a: coefficients.
    """
    balance = (
        a.morale_ordinary
        + a.morale_resources * (resources - a.ordinary_resources)
        - a.morale_demands * (demands - a.ordinary_demands)
        - a.morale_exhaustion * (exhaustion - a.ordinary_exhaustion)
        + outlook
    )
    return morale + min(strength / a.morale_days, 1.0) * (logistic(balance) - morale)


@rule
def accustomed_after(accustomed: float, resources: float, a: Morale = MORALE) -> float:
    """Resources that somebody is used to, after one more day; habits form in a year.

    Args:
        accustomed: before, any number, about 0.5.
        resources: at work today, any number, about 0.5.
        a: coefficients.
    """
    return accustomed + (resources - accustomed) / a.habit_days


@rule
def resources_against_habit(resources: float, accustomed: float, strength: float, a: Morale = MORALE) -> float:
    """Resources as they are felt: part of what one is used to does not count (Boswell et al. 2005, concept).

    Args:
        resources: at work today, any number, about 0.5.
        accustomed: resources that one is used to, any number, about 0.5.
        strength: of the rule; 0: nobody gets used to anything.
        a: coefficients.
    """
    return resources - a.habit_share * min(strength, 2.0) * (accustomed - a.ordinary_resources)


@rule
def exhaustion_after(exhaustion: float, resources: float, demands: float, strength: float, a: Morale = MORALE) -> float:
    """Exhaustion after one more day, 0-1; builds up over weeks and recovers.

    Args:
        exhaustion: before, 0-1.
        resources: 0-1.
        demands: >= 0.
        strength: of the rule; 0 leaves exhaustion alone.
        a: coefficients.
    """
    balance = (
        a.exhaustion_ordinary
        + a.exhaustion_demands * (demands - a.ordinary_demands)
        - a.exhaustion_resources * (resources - a.ordinary_resources)
    )
    return exhaustion + min(strength / a.exhaustion_days, 1.0) * (logistic(balance) - exhaustion)


@rule
def commitment_after(
    commitment: float,
    morale: float,
    support: float,
    gratitude: float,
    pride: float,
    strength: float,
    a: Morale = MORALE,
) -> float:
    """Commitment to the firm after one more day, 0-1; moves in months (C13, C20).

    Args:
        commitment: before, 0-1.
        morale: 0-1.
        support: from managers, 0-1.
        gratitude: of customers, 0-1.
        pride: in what the public says, -1 to 1; see `pride_felt`.
        strength: of the rule; 0 leaves commitment alone.
        a: coefficients.
    """
    target = (
        a.commitment_morale * morale
        + a.commitment_support * support
        + a.commitment_gratitude * gratitude
        + a.commitment_pride * pride
    )
    return commitment + min(strength / a.commitment_days, 1.0) * (min(max(target, 0.0), 1.0) - commitment)


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
    empowerment: float,
    granted: float,
    information: float,
    trust: float,
    outlook: float,
    strength: float,
    a: Morale = MORALE,
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
        a: coefficients.
    """
    given = a.empowerment_granted * granted + a.empowerment_information * information + a.empowerment_trust * trust
    target = seen_through(a.empowerment_least + a.empowerment_span * given, outlook)
    return empowerment + min(strength / a.empowerment_days, 1.0) * (target - empowerment)


@rule
def support_felt(coaching: float, floor: float, teaching: float, a: Morale = MORALE) -> float:
    """Support felt from managers, 0-1, from minutes per head and day and the boss's own skill (H6, C34).

    Args:
        coaching: minutes of it per head and day, >= 0.
        floor: minutes that managers spend on the floor per head and day, >= 0.
        teaching: skill of the boss as a teacher, 0-1.
        a: coefficients.
    """
    minutes = coaching * (a.coaching_unskilled + teaching) + floor
    return a.support_alone + saturating(a.support_of_managers, minutes, a.support_half)
