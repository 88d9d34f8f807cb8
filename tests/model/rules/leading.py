"""Managers as people: their morale, their time on the floor, who takes their place."""

from math import exp, sqrt

VALUES = {
    "manager_morale_after": (
        dict(morale=0.6, team=0.7, approvals=0.5, overtime=0.0, days=20.0, strength=1.0),
        [
            ("a twentieth of the way to where team and desk draw it", {}, 0.6 + (1 / (1 + exp(-0.5)) - 0.6) / 20),
            (
                "a bad team and an empty desk",
                dict(team=0.2, approvals=0.0, strength=2.0),
                0.6 + (1 / (1 + exp(-(0.5 - 0.8 + 0.3))) - 0.6) / 10,
            ),
            ("no more than all the way", dict(strength=50.0), 1 / (1 + exp(-0.5))),
            ("overtime wears", dict(overtime=0.25, strength=20.0), 1 / (1 + exp(-0.25))),
        ],
    ),
    "teaching_in_force": (
        dict(teaching=0.6, morale=0.82, ordinary=0.62, strength=1.0),
        [
            ("good morale adds a tenth", {}, 0.66),
            ("bad morale takes a tenth", dict(morale=0.42), 0.54),
            ("twice that", dict(strength=2.0), 0.72),
            ("no more than perfect", dict(teaching=0.95), 1.0),
            ("no less than nothing", dict(morale=0.0, strength=5.0), 0.0),
        ],
    ),
    "rate_of_leaving_of_managers": (
        dict(base=0.12, morale=0.72, ordinary=0.62, strength=1.0),
        [
            ("good morale keeps them", {}, 0.12 * exp(-0.15)),
            ("twice as strongly", dict(strength=2.0), 0.12 * exp(-0.3)),
            ("bad morale drives them out", dict(morale=0.42), 0.12 * exp(0.3)),
        ],
    ),
    "chance_of_promotion": (
        dict(share=0.6, strength=1.0),
        [
            ("as the chart says", {}, 0.6),
            ("half as often", dict(strength=0.5), 0.3),
            ("never more often than the chart says", dict(strength=1.5), 0.6),
        ],
    ),
    "skill_of_promoted": (
        dict(skill=0.7, drawn=0.75),
        [
            ("what one could and some more, and what a manager brings", {}, 0.5 * 0.75 + 0.5 * 0.85),
            ("nobody is perfect", dict(skill=1.0, drawn=0.9), 0.95),
        ],
    ),
    "help_on_the_floor": (
        dict(minutes=48.0, day_minutes=480.0, strength=1.0),
        [
            ("a tenth of a person more, at four fifths", {}, 1 / 1.08),
            ("twice that", dict(strength=2.0), 1 / 1.16),
            ("they only look", dict(strength=0.0), 1.0),
        ],
    ),
    "coordination_of_span": (
        dict(span=16.0, strength=1.0),
        [
            ("twice the usual eight", {}, sqrt(2.0)),
            ("squared", dict(strength=2.0), 2.0),
            ("near managers lose less", dict(span=2.0), 0.5),
            ("however many", dict(span=480.0), sqrt(6.0)),
            ("however few", dict(span=0.1), sqrt(0.05)),
            ("without the rule", dict(strength=0.0), 1.0),
        ],
    ),
    "answer_holds": (
        dict(days=4),
        [("to the end of the week", {}, True), ("not beyond", dict(days=5), False), ("today", dict(days=0), True)],
    ),
    "time_for_answers": (
        dict(answers=3.0, strength=1.0),
        [("ten minutes each", {}, 30.0), ("half of that", dict(strength=0.5), 15.0)],
    ),
    "answers_managed": (
        dict(minutes=40.0, promised=5.0, strength=1.0),
        [
            ("four of five", {}, 0.8),
            ("half of what is missed counts", dict(strength=0.5), 0.9),
            ("all of it at most", dict(strength=2.0), 0.8),
            ("time for more than was promised", dict(minutes=90.0), 1.0),
            ("nothing promised, nothing broken", dict(minutes=0.0, promised=0.0), 1.0),
            ("half an answer promised takes five minutes", dict(minutes=2.0, promised=0.5), 0.4),
        ],
    ),
    "answer_in_effect": (
        dict(answered=0.6, removing=6.0, strength=1.0),
        [
            ("six minutes are three quarters of acting", {}, 0.6 * (1 - 0.5 * 0.25)),
            ("words alone are half", dict(removing=0.0), 0.3),
            ("half the strength", dict(strength=0.5), 0.6 * (1 - 0.25 * 0.25)),
            ("nothing is the least", dict(removing=0.0, strength=4.0), 0.0),
        ],
    ),
}
