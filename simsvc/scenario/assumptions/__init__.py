"""Coefficients of the rules: one file per mechanism, named like the file of its rules in `model/rules`.

Every number that a rule or the first morning (`start.py`) uses is declared here once, with unit, plausible range,
grade of evidence and source. It is a setting like any other: `assumptions.leaving.satisfaction` in files, `--set`,
timelines, sweeps, calibration. A rule is given the coefficients of its mechanism as its last argument, `a`; called by
hand it may go without and has the published ones.
"""

from __future__ import annotations

from simsvc.scenario.assumptions.authority import Authority
from simsvc.scenario.assumptions.encounter import Encounter
from simsvc.scenario.assumptions.expectation import Expectation
from simsvc.scenario.assumptions.justice import Justice
from simsvc.scenario.assumptions.leading import Leading
from simsvc.scenario.assumptions.learning import Learning
from simsvc.scenario.assumptions.leaving import Leaving
from simsvc.scenario.assumptions.loyalty import Loyalty
from simsvc.scenario.assumptions.morale import Morale
from simsvc.scenario.assumptions.needs import Needs
from simsvc.scenario.assumptions.policy import Policy
from simsvc.scenario.assumptions.practice import Practice
from simsvc.scenario.assumptions.relationship import Relationship
from simsvc.scenario.assumptions.screening import Screening
from simsvc.scenario.assumptions.service_time import ServiceTime
from simsvc.scenario.assumptions.staffing_rule import StaffingRule
from simsvc.scenario.assumptions.start import Start
from simsvc.scenario.assumptions.tempering import Tempering
from simsvc.scenario.assumptions.turnover import Turnover
from simsvc.scenario.assumptions.voice import Voice
from simsvc.scenario.assumptions.word_of_mouth import WordOfMouth
from simsvc.scenario.fields import Section


class Assumptions(Section):
    """Coefficients of all mechanisms."""

    authority: Authority = Authority()
    encounter: Encounter = Encounter()
    expectation: Expectation = Expectation()
    justice: Justice = Justice()
    leading: Leading = Leading()
    learning: Learning = Learning()
    leaving: Leaving = Leaving()
    loyalty: Loyalty = Loyalty()
    morale: Morale = Morale()
    needs: Needs = Needs()
    policy: Policy = Policy()
    practice: Practice = Practice()
    relationship: Relationship = Relationship()
    screening: Screening = Screening()
    service_time: ServiceTime = ServiceTime()
    staffing_rule: StaffingRule = StaffingRule()
    start: Start = Start()
    tempering: Tempering = Tempering()
    turnover: Turnover = Turnover()
    voice: Voice = Voice()
    word_of_mouth: WordOfMouth = WordOfMouth()
