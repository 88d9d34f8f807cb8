"""Who speaks up: coefficients of `model/rules/voice.py`."""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class Voice(Section):
    """Who speaks up, and what managers come to believe."""

    # fmt: off
    trust_days: float = coefficient(60.0, 30.0, 120.0, "days", "guess",
        "Working days in which voice and trust move to their set points.")
    # voice
    voice_ignored: float = coefficient(0.1, 0.05, 0.2, "0-1", "guess",
        "Readiness to report of whoever is neither answered nor safe.", at_most=0.2)
    voice_encouraged: float = coefficient(0.8, 0.5, 0.8, "0-1", "guess",
        "Readiness that answers and safety add at most.", at_most=0.8)
    weight_of_answers: float = coefficient(0.6, 0.4, 0.8, "0-1", "guess",
        "Weight of answers, beside safety, in what makes people speak up.")
    # what managers believe
    evidence_days: float = coefficient(40.0, 20.0, 80.0, "days", "guess",
        "Working days over which managers average what reports and own eyes tell.", at_least=1.0)
    evidence_half: float = coefficient(1.0, 0.5, 2.0, "cases/day", "guess",
        "Evidence that moves a manager half the way to what it says.")
    minutes_to_see: float = coefficient(120.0, 60.0, 240.0, "min", "guess",
        "Minutes on the floor in which a manager sees as much as one member of staff does in a day.")
    # trust
    trust_unskilled: float = coefficient(0.25, 0.12, 0.5, "0-1", "guess",
        "Trust in a team without any skill that managers see nothing of.")
    trust_of_skill: float = coefficient(0.5, 0.25, 1.0, "1/point", "guess", "Trust that the team's skill adds.")
    trust_of_floor: float = coefficient(0.25, 0.12, 0.5, "0-1", "guess", "Trust that time on the floor adds at most.")
    floor_half: float = coefficient(5.0, 2.5, 10.0, "min", "guess",
        "Minutes on the floor per head and day that give half of it.")
    distrust_of_control: float = coefficient(0.15, 0.08, 0.3, "0-1", "guess",
        "Trust that control takes at most, as looking for errors finds errors.")


VOICE = plain_numbers(Voice())
