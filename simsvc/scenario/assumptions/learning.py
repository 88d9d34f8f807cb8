"""How skill grows: coefficients of `model/rules/learning.py`."""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class Learning(Section):
    """How skill grows: by doing, by training, from bosses and from each other."""

    # fmt: off
    boss_reach: float = coefficient(0.2, 0.1, 0.4, "0-1", "derived",
        "Difference in skill that people tend to between a boss who cannot teach and a perfect one.",
        "Lazear, Shaw & Stanton 2015, abstract: bosses of the best and worst tenths differ by a tenth of output")
    ordinary_teaching: float = coefficient(0.5, 0.3, 0.7, "0-1", "guess",
        "Skill as a boss under whom people get as far as they would anyway.")
    time_informing: float = coefficient(0.03, 0.01, 0.06, "0-1", "order",
        "Share of the working day that it takes to pass on all the organisation knows.",
        "practice, from memory: offline time of 5 to 10 % (shrinkage) in call centres")
    time_sharing: float = coefficient(0.03, 0.01, 0.06, "0-1", "order",
        "Share of it that it takes to show each other all one has learned.",
        "practice, from memory: offline time of 5 to 10 % (shrinkage) in call centres")
    most_absence: float = coefficient(0.5, 0.25, 0.75, "0-1", "guess",
        "Share of working days that coaching and meetings take at most.")
    gain_per_contact: float = coefficient(0.00016, 8e-05, 0.00032, "0-1", "guess",
        "Part of the way to one's potential that one contact takes somebody.")
    gain_per_training: float = coefficient(0.08, 0.04, 0.16, "0-1", "guess",
        "Part of the way to one's potential that a day of training takes somebody.")
    forgotten: float = coefficient(0.1, 0.05, 0.2, "1/year", "guess",
        "Part of what is learned that fades in a year of change in products, rules and tools.")
    never_forgotten: float = coefficient(0.3, 0.15, 0.45, "0-1", "guess",
        "Skill that everybody has and that never fades.")
    gain_from_peers: float = coefficient(0.006, 0.003, 0.012, "0-1", "guess",
        "Part of the way to the team's mean that a day takes somebody where all is shared.")
    hospitality_taught: float = coefficient(0.01, 0.005, 0.02, "0-1", "guess",
        "Part of the way to the most hospitable that can be taught which a day of training takes somebody.")
    hospitality_teachable: float = coefficient(0.85, 0.7, 0.95, "0-1", "guess",
        "Hospitable disposition that training can bring people to at most.")
    gain_from_coaching: float = coefficient(0.0004, 0.0002, 0.0008, "1/min", "guess",
        "Part of the way that a minute of coaching by a perfect teacher takes somebody.")
    coaching_minutes: float = coefficient(60.0, 30.0, 120.0, "min", "guess",
        "Minutes of coaching per head and day beyond which more is no use.")
    beyond_potential: float = coefficient(0.1, 0.05, 0.2, "0-1", "order",
        "Skill beyond the own potential that coaching by a perfect teacher brings people to.",
        "Lazear, Shaw & Stanton 2015, abstract of their working paper: direction, what a boss teaches lasts")


LEARNING = plain_numbers(Learning())
