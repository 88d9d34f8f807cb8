"""What work does to those who do it: coefficients of `model/rules/morale.py`."""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class Morale(Section):
    """Resources and demands of a job, and what moves morale, exhaustion, commitment and felt empowerment."""

    # fmt: off
    # resources
    weight_of_autonomy: float = coefficient(0.2, 0.1, 0.4, "0-1", "guess", "Weight of autonomy among job resources.")
    weight_of_support: float = coefficient(0.2, 0.1, 0.4, "0-1", "guess", "Weight of managers' support among them.")
    weight_of_recognition: float = coefficient(0.1, 0.05, 0.2, "0-1", "guess", "Weight of recognition among them.")
    weight_of_answers: float = coefficient(0.1, 0.05, 0.2, "0-1", "guess",
        "Weight of answers to one's reports among them.")
    weight_of_colleagues: float = coefficient(0.15, 0.08, 0.3, "0-1", "guess",
        "Weight of the team's morale among them.")
    weight_of_gratitude: float = coefficient(0.25, 0.12, 0.5, "0-1", "guess",
        "Weight of customers' gratitude among them.")
    weight_of_challenge: float = coefficient(0.1, 0.05, 0.2, "0-1", "guess", "Weight of more challenge than ordinary.")
    weight_of_training: float = coefficient(0.05, 0.025, 0.1, "0-1", "guess", "Weight of more training than ordinary.")
    weight_of_pay: float = coefficient(0.15, 0.08, 0.3, "0-1", "guess",
        "Weight of pay above the market's, per unit of its logarithm.")
    typical_challenge: float = coefficient(0.35, 0.2, 0.7, "0-1", "guess", "Challenge of an ordinary job.")
    typical_training: float = coefficient(0.4, 0.2, 0.6, "0-1", "guess",
        "Frequency of training felt in an ordinary job.")
    stretch_wanted: float = coefficient(0.5, 0.25, 1.0, "0-1", "guess",
        "Demand of own decisions that fits one's skill, as a ratio to it.")
    boredom: float = coefficient(2.0, 1.0, 4.0, "ratio", "guess", "Challenge lost per unit of demand below that.")
    training_half: float = coefficient(6.0, 3.0, 12.0, "days/year", "guess",
        "Training that is felt as half of all there is.")
    support_alone: float = coefficient(0.15, 0.08, 0.2, "0-1", "guess",
        "Support felt where managers have no time at all.", at_most=0.2)
    support_of_managers: float = coefficient(0.75, 0.4, 0.8, "0-1", "guess",
        "Support that managers' time adds at most.", at_most=0.8)
    support_half: float = coefficient(6.0, 3.0, 12.0, "min", "guess",
        "Minutes of a manager per head and day that give half of it.")
    coaching_unskilled: float = coefficient(0.5, 0.25, 1.0, "ratio", "guess",
        "What a minute of coaching is worth from a boss without any skill as one.")
    weight_of_today: float = coefficient(0.1, 0.05, 0.2, "0-1", "guess",
        "Weight of today's customers and answers in what staff remember of them.")
    # demands
    strain_of_deciding: float = coefficient(0.3, 0.15, 0.6, "ratio", "guess",
        "Strain of an own decision per unit of what the case asks.")
    strain_beyond_competence: float = coefficient(0.7, 0.35, 1.4, "ratio", "order",
        "Strain per unit of what it asks beyond one's competence.",
        "Chan & Lam 2011, abstract: empowerment is work, too; that it strains beyond competence is assumed")
    competence_uninformed: float = coefficient(0.6, 0.3, 0.9, "0-1", "guess",
        "Part of one's skill that counts without any information.")
    competence_of_information: float = coefficient(0.4, 0.2, 0.8, "0-1", "guess",
        "Part of one's skill that information adds.")
    overload_per_load: float = coefficient(0.6, 0.3, 1.2, "ratio", "guess",
        "Strain per unit of load above the one that is none.")
    load_unfelt: float = coefficient(0.7, 0.5, 0.9, "0-1", "guess",
        "Load, as a share of the comfortable one, up to which work is no strain.")
    strain_of_obstacles: float = coefficient(0.6, 0.3, 1.2, "ratio", "guess",
        "Strain per contact that something known to be broken has caused.")
    strain_of_control: float = coefficient(0.0025, 0.00125, 0.005, "1/min", "guess",
        "Strain per minute a day of being checked.")
    control_minutes: float = coefficient(60.0, 30.0, 120.0, "min", "guess",
        "Minutes of it beyond which more is not felt.")
    strain_of_acting: float = coefficient(0.35, 0.17, 0.7, "ratio", "guess",
        "Weight among job demands of showing what one does not feel.")
    strain_of_ambiguity: float = coefficient(0.3, 0.15, 0.6, "ratio", "guess",
        "Weight among them of unclear authority.")
    strain_of_promise: float = coefficient(0.5, 0.25, 1.0, "ratio", "guess",
        "Weight among them of promises that cannot be kept.")
    gap_tolerated: float = coefficient(0.05, 0.02, 0.1, "0-1", "guess",
        "Gap between promise and delivery that nobody minds.")
    share_of_latitude: float = coefficient(0.5, 0.25, 0.75, "0-1", "guess",
        "Weight of latitude, beside money, in the authority somebody has.")
    # an ordinary day
    ordinary_resources: float = coefficient(0.5, 0.4, 0.6, "0-1", "guess", "Resources of an ordinary job.")
    ordinary_demands: float = coefficient(0.3, 0.2, 0.4, "0-1", "guess", "Demands of an ordinary day.")
    ordinary_exhaustion: float = coefficient(0.4, 0.3, 0.5, "0-1", "guess", "Exhaustion that goes with them.")
    # morale
    morale_ordinary: float = coefficient(0.6, 0.3, 0.9, "logits", "guess",
        "Set point of morale on ordinary days, for people of ordinary outlook.")
    morale_resources: float = coefficient(3.0, 1.5, 6.0, "logits/point", "order",
        "How steeply resources raise the set point of morale.", "Bakker & Demerouti 2007, as quoted: direction")
    morale_demands: float = coefficient(1.5, 0.75, 3.0, "logits/point", "order",
        "How steeply demands lower it.", "Bakker & Demerouti 2007, as quoted: direction")
    morale_exhaustion: float = coefficient(1.0, 0.5, 2.0, "logits/point", "guess", "How steeply exhaustion lowers it.")
    morale_days: float = coefficient(20.0, 10.0, 40.0, "days", "guess",
        "Working days in which morale moves to its set point.")
    habit_days: float = coefficient(250.0, 125.0, 500.0, "days", "guess",
        "Working days in which people get used to resources.", at_least=10.0)
    habit_share: float = coefficient(0.5, 0.25, 1.0, "0-1", "order",
        "Part of the resources one is used to that no longer counts.",
        "Boswell et al. 2005, abstract: satisfaction of managers falls again after a change of job; size assumed")
    # exhaustion
    exhaustion_ordinary: float = coefficient(-0.5, -1.0, -0.25, "logits", "guess",
        "Set point of exhaustion on ordinary days.")
    exhaustion_demands: float = coefficient(2.5, 1.25, 5.0, "logits/point", "order",
        "How steeply demands raise it.", "Bakker & Demerouti 2007, as quoted: direction")
    exhaustion_resources: float = coefficient(1.0, 0.5, 2.0, "logits/point", "order",
        "How steeply resources lower it.", "Bakker & Demerouti 2007, as quoted: direction")
    exhaustion_days: float = coefficient(40.0, 20.0, 80.0, "days", "guess",
        "Working days in which exhaustion builds up or wears off.")
    # commitment
    commitment_morale: float = coefficient(0.5, 0.25, 1.0, "0-1", "guess", "Weight of morale in commitment.")
    commitment_support: float = coefficient(0.2, 0.1, 0.4, "0-1", "guess", "Weight of managers' support in commitment.")
    commitment_gratitude: float = coefficient(0.3, 0.15, 0.6, "0-1", "guess",
        "Weight of customers' gratitude in commitment.")
    commitment_pride: float = coefficient(0.3, 0.15, 0.6, "0-1", "guess",
        "Weight of pride in the firm's public name in commitment.")
    commitment_days: float = coefficient(120.0, 60.0, 240.0, "days", "guess", "Working days in which commitment moves.")
    # felt empowerment
    empowerment_least: float = coefficient(0.1, 0.05, 0.2, "0-1", "guess",
        "Empowerment felt where nothing is granted, told or trusted.")
    empowerment_span: float = coefficient(0.8, 0.6, 0.9, "0-1", "guess", "How much more is felt where all of it is.")
    empowerment_granted: float = coefficient(0.5, 0.25, 1.0, "0-1", "guess",
        "Weight of authority granted in felt empowerment.")
    empowerment_information: float = coefficient(0.25, 0.12, 0.5, "0-1", "guess",
        "Weight of information in felt empowerment.")
    empowerment_trust: float = coefficient(0.25, 0.12, 0.5, "0-1", "guess",
        "Weight of trust in managers in felt empowerment.")
    empowerment_days: float = coefficient(60.0, 30.0, 120.0, "days", "guess",
        "Working days by which felt empowerment lags behind.")


MORALE = plain_numbers(Morale())
