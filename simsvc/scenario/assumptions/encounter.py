"""What a customer gets: coefficients of `model/rules/encounter.py`."""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class Encounter(Section):
    """What a customer gets: fit, quality, courtesy, a solution or a grave error."""

    # fmt: off
    uninformed: float = coefficient(0.5, 0.25, 0.75, "0-1", "guess",
        "Part of a person's skill that counts without any information.")
    competent: float = coefficient(0.35, 0.2, 0.5, "0-1", "guess",
        "Skill times information from which latitude helps rather than harms.", at_most=0.9)
    latitude_gain: float = coefficient(2.0, 1.0, 4.0, "ratio", "guess",
        "How much of a gap the perfectly competent close with the latitude that it takes.")
    typical_fit: float = coefficient(0.7, 0.5, 0.9, "0-1", "guess",
        "Fit of every solution where the rule of fit is off.")
    other_department: float = coefficient(0.25, 0.1, 0.5, "0-1", "guess",
        "Part of a person's skill that does not carry over to a case of another department.")
    volunteered: float = coefficient(0.5, 0.25, 1.0, "1/point", "guess",
        "How much effort goodwill adds, as a ratio to the ordinary effort.", at_most=1.0)
    morale_in_goodwill: float = coefficient(0.5, 0.25, 0.75, "0-1", "guess",
        "Weight of morale in goodwill; the rest is commitment's.")
    ordinary_goodwill: float = coefficient(0.55, 0.4, 0.7, "0-1", "guess",
        "Goodwill at which effort is the ordinary one.")
    shirking: float = coefficient(0.5, 0.25, 1.0, "1/point", "order",
        "How much effort the uncommitted save where nobody looks.",
        "Nagin et al. 2002, abstract: direction; size assumed")
    committed: float = coefficient(0.75, 0.6, 0.9, "0-1", "guess", "Commitment from which nobody needs watching.")
    caught: float = coefficient(0.5, 0.25, 0.75, "0-1", "guess",
        "Share of grave errors that the closest control catches in time.")
    skill_elasticity: float = coefficient(0.4, 0.2, 0.8, "ratio", "guess",
        "Percent more quality for one percent more skill.")
    effort_elasticity: float = coefficient(0.6, 0.3, 1.2, "ratio", "guess",
        "Percent more quality for one percent more effort in the time given.")
    fit_elasticity: float = coefficient(0.35, 0.175, 0.7, "ratio", "guess",
        "Percent more quality for one percent more fit.")
    useful_time: float = coefficient(1.1, 1.0, 1.5, "ratio", "guess",
        "Time given over time deserved beyond which quality gains nothing.")
    resolve_quality: float = coefficient(5.0, 2.5, 10.0, "1/point", "guess",
        "How steeply quality acts on the odds that a contact settles the case, in logits.")
    resolve_difficulty: float = coefficient(2.5, 1.25, 5.0, "1/point", "guess",
        "How steeply difficulty acts on the odds that a contact settles the case, in logits.")
    middling_quality: float = coefficient(0.65, 0.5, 0.8, "0-1", "guess",
        "Quality at which the chance to settle a case is the one that is set.")
    middling_difficulty: float = coefficient(0.4, 0.25, 0.55, "0-1", "guess",
        "Difficulty at which the chance to settle a case is the one that is set.")
    least_courtesy: float = coefficient(0.15, 0.05, 0.3, "0-1", "guess",
        "Courtesy of those whose disposition and mood are as bad as can be.")
    mood_shown: float = coefficient(0.5, 0.25, 0.75, "0-1", "guess",
        "Part of the difference between mood and disposition that shows in courtesy.")
    tiredness_shown: float = coefficient(0.25, 0.125, 0.5, "0-1", "guess",
        "Courtesy that complete exhaustion takes, before it is scaled.")
    smile_believed: float = coefficient(0.15, 0.075, 0.3, "0-1", "guess",
        "Part of the missing courtesy that is shown when told to, and believed.")
    ordinary_errors: float = coefficient(0.003, 0.0015, 0.006, "0-1", "guess",
        "Grave errors per contact of a calm front line, before control catches some.", at_most=0.1)
    morale_in_strain: float = coefficient(0.7, 0.5, 1.0, "0-1", "derived",
        "Weight of missing morale in strain; the rest is exhaustion's.",
        "Tawfik et al. 2018, abstract: odds of errors of the burnt out 2.22, of the tired 1.38; "
        "Fahrenkopf et al. 2008, abstract: the depressed alone")
    calm: float = coefficient(0.5, 0.4, 0.6, "0-1", "guess",
        "Strain up to which it does no harm, somewhat above that of an ordinary front line.", at_most=0.65)
    worn_out: float = coefficient(0.8, 0.7, 0.9, "0-1", "guess",
        "Strain at which people are as the depressed.", at_least=0.7)
    more_errors: float = coefficient(5.0, 2.5, 10.0, "ratio", "order",
        "Grave errors of the worn out over those of the calm, less one.",
        "Fahrenkopf et al. 2008, abstract: the depressed made 6.2 times as many, the burnt out no more than others")
    error_elasticity: float = coefficient(0.2, 0.1, 0.4, "ratio", "derived",
        "Percent more grave errors for one percent more overwork.",
        "KC & Terwiesch 2009, abstract: 10 % more overwork, 2 % more deaths")
    quality_after_grave_error: float = coefficient(0.2, 0.1, 0.4, "ratio", "guess",
        "What a grave error leaves of the quality of the work.", at_most=1.0)


ENCOUNTER = plain_numbers(Encounter())
