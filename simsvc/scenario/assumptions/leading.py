"""Managers as people: coefficients of `model/rules/leading.py`."""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class Leading(Section):
    """Managers as people: who they are, what moves their morale, what they do on the floor and about troubles."""

    # fmt: off
    # their morale
    morale_ordinary: float = coefficient(0.5, 0.25, 1.0, "logits", "guess",
        "Set point of a manager's morale with an ordinary team and an ordinary desk.")
    morale_team: float = coefficient(2.0, 1.0, 4.0, "logits/point", "guess", "How steeply the team's morale raises it.")
    ordinary_team: float = coefficient(0.6, 0.4, 0.8, "0-1", "guess", "Morale of an ordinary team.")
    morale_approvals: float = coefficient(1.0, 0.5, 2.0, "logits/point", "guess",
        "How steeply the share of the day spent on approvals lowers it.")
    ordinary_approvals: float = coefficient(0.3, 0.15, 0.6, "0-1", "guess",
        "Share of an ordinary manager's day that approvals take.")
    morale_overtime: float = coefficient(1.0, 0.5, 2.0, "logits/point", "guess",
        "How steeply the part of it outside one's hours lowers it once more.")
    teaching_of_morale: float = coefficient(0.5, 0.25, 1.0, "1/point", "guess",
        "How much better a manager of higher morale teaches, as a ratio per point.")
    leaving_of_morale: float = coefficient(1.5, 0.75, 3.0, "1/point", "guess",
        "How steeply morale acts on the logarithm of the rate at which managers leave.")
    # who they are
    manager_skill_spread: float = coefficient(0.07, 0.035, 0.14, "0-1", "guess",
        "How far managers differ in skill at hard cases, as a standard deviation.")
    own_prior_spread: float = coefficient(0.2, 0.1, 0.4, "0-1", "guess",
        "How far managers differ in how much they keep to their own prior, as a standard deviation.")
    promoted_own_skill: float = coefficient(0.5, 0.25, 0.75, "0-1", "guess",
        "Weight of what one could at the front line in the skill of a manager promoted from there.")
    promoted_gain: float = coefficient(0.15, 0.05, 0.3, "0-1", "guess",
        "Skill at hard cases that the promoted have beyond what they showed at the front line.")
    # on the floor
    floor_pace: float = coefficient(0.8, 0.5, 1.0, "ratio", "guess",
        "Pace of managers on the floor, as a ratio to that of an ordinary member of staff.")
    ordinary_span: float = coefficient(8.0, 5.0, 12.0, "people", "guess",
        "Members of staff per manager at which a hand-over loses what the settings say.")
    coordination_exponent: float = coefficient(0.5, 0.25, 1.0, "exponent", "order",
        "How fast what a hand-over loses grows with the members of staff per manager.",
        "Gittell 2001, abstract: direction")
    # answers about troubles
    answer_minutes: float = coefficient(10.0, 5.0, 20.0, "min", "guess",
        "Minutes it takes to answer those who report a trouble.")
    answer_days: float = coefficient(5.0, 2.0, 10.0, "days", "guess",
        "Working days for which an answer about a trouble holds, as there is a team meeting every week.")
    acting_minutes: float = coefficient(2.0, 1.0, 4.0, "min", "guess",
        "Minutes a day and head on removing causes at which managers are seen to act half as much as they could.")
    words_alone: float = coefficient(0.5, 0.25, 1.0, "0-1", "order",
        "Part of an answer's worth that is lost where nothing is done about causes.",
        "McClean, Burris & Detert 2013, abstract: direction")


LEADING = plain_numbers(Leading())
